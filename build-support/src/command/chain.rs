//! A chain as a command sees it: read, checked, and shown.

use super::arguments::Source;
use super::import;
use super::output::{Failure, counted, is_coloured, print};
use super::project::{self, Project};
use crate::check::{self, Report};
use crate::policy::Policy;
use crate::report::{self, Diagnostic, Level, drawn};
use crate::source::{self, Files, Set};
use std::path::{Path, PathBuf};
use whimbrel_grammar::Id;
use whimbrel_grammar::names::nearest;

/// A chain that was read, and how it is to be checked.
pub(super) struct Opened {
    pub(super) chain: Chain,
    pub(super) policy: Policy,
    /// What the files' paths are below.
    pub(super) base: PathBuf,
    /// The folder, as it is shown.
    pub(super) shown: PathBuf,
    /// What another tool's folder has that is no migration, in words.
    pub(super) left_out: String,
}

/// Reads a package's migrations, or another tool's folder as it is.
pub(super) fn open(source: &Source) -> Result<Opened, Failure> {
    if let Some(folder) = &source.from {
        let foreign = import::read(folder, source.tool, source.dialect.as_deref(), true)?;
        let left_out = foreign.left_out();
        return Ok(Opened {
            chain: foreign.chain,
            policy: foreign.policy,
            base: PathBuf::from("."),
            shown: folder.clone(),
            left_out,
        });
    }
    let (mut policy, mistake) = Policy::from_environment(|name| std::env::var(name).ok());
    let project = project::find(&source.place)?;
    let mut chain = Chain::read(&project);
    chain.found.extend(project.settings.apply(&mut policy));
    chain.found.extend(mistake);
    Ok(Opened { chain, policy, base: project.package, shown: project.folder, left_out: String::new() })
}

/// A chain that was read, with what reading it has found.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) files: Files,
    pub(super) set: Set,
    pub(super) found: Vec<Diagnostic>,
}

impl Chain {
    /// Reads a package's migrations.
    pub(super) fn read(project: &Project) -> Chain {
        let (files, set, found) = source::read(&project.package, &project.folder);
        Chain { files, set, found }
    }

    /// Checks it; the report has everything that was found, as it is to be read.
    pub(super) fn check(&self, policy: &Policy) -> Report<'_> {
        let mut report = check::check(&self.set, &self.files, policy);
        report.diagnostics.extend(self.found.iter().cloned());
        report::sort(&mut report.diagnostics);
        report
    }

    /// Shows findings as rustc does, and how many there are.
    pub(super) fn show(&self, found: &[Diagnostic], prefix: &str) -> Result<(), Failure> {
        let coloured = is_coloured(&std::io::stdout());
        let mut text = String::new();
        for diagnostic in found {
            text += &drawn(diagnostic, &self.files, prefix, coloured);
            text.push('\n');
        }
        print(&text)
    }

    /// Finds the id that was typed: itself, its module's name, or its number.
    pub(super) fn id(&self, typed: &str) -> Result<&Id, Failure> {
        let wanted = whimbrel_grammar::id::canonical(typed);
        let ids = || self.set.declarations.iter().map(|declaration| &declaration.id);
        let number: Option<i64> = wanted.parse().ok();
        ids().find(|id| id.text == wanted).or_else(|| ids().find(|id| Some(id.number) == number)).ok_or_else(|| {
            let failure = Failure::usage(format!("there is no migration `{typed}`"));
            let begun = ids().map(|id| id.text.as_str()).find(|id| id.starts_with(wanted));
            match begun.or_else(|| nearest(wanted, ids().map(|id| id.text.as_str()))) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure,
            }
        })
    }
}

/// Counts findings in words: `2 errors, 1 warning`.
pub(super) fn tally(found: &[Diagnostic]) -> String {
    let count = |level| found.iter().filter(|diagnostic| diagnostic.level == level).count();
    match (count(Level::Error), count(Level::Warning)) {
        (0, 0) => "nothing is wrong".to_owned(),
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

/// Gives what stands in front of a path below a folder, seen from the current one.
pub(super) fn prefix(folder: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    match folder.strip_prefix(&here).unwrap_or(&folder).to_string_lossy() {
        path if path.is_empty() => String::new(),
        path => format!("{}/", path.replace('\\', "/")),
    }
}
