//! `cargo whimbrel squash`: one migration in the place of many, proved to make the same schema.

use super::arguments::SquashOptions;
use super::chain::{Chain, prefix, tally};
use super::file;
use super::joints::Joints;
use super::lock;
use super::new;
use super::output::{Exit, Failure, counted, print};
use super::project::{self, Project};
use crate::catalog::digest;
use crate::check::{Report, database, dotted};
use crate::lock::NAME;
use crate::lock::seal::Wish;
use crate::policy::Policy;
use crate::report::{Diagnostic, Level};
use crate::source::{Declaration, Origin, Part, declare};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use whimbrel_grammar::DatabaseKind;

/// Writes the squash, takes away what it replaces, and seals it.
pub(super) fn run(options: &SquashOptions) -> Result<Exit, Failure> {
    let project = project::find(&options.place)?;
    let mut chain = Chain::read(&project);
    let name = new::name(&options.name)?;
    let to = chain.id(&options.to)?.clone();
    let from = match &options.from {
        Some(id) => Some(chain.id(id)?.number),
        None => None,
    };
    let mut policy = Policy::default();
    chain.found.extend(project.settings.apply(&mut policy));
    let mut squash = planned(&chain, &project, &policy, (from, to.number))?;
    let digits = to.text.split('_').next().unwrap_or_default();
    squash.id = format!("{digits}_{name}");
    squash.prove(&mut chain, &project, &policy)?;
    if options.dry_run {
        print(&format!(
            "{}\nwould write {}, and take away:\n{}",
            squash.up,
            squash.shown(&project),
            squash.list(&project)
        ))?;
        return Ok(Exit::Done);
    }
    squash.write(&project)?;
    print(&format!("wrote {}, in the place of:\n{}", squash.shown(&project), squash.list(&project)))?;
    if !squash.modules.is_empty() {
        print("next: take these modules out by hand, then `cargo whimbrel lock`\n")?;
        return Ok(Exit::Done);
    }
    let mut chain = Chain::read(&project);
    let before = lock::before(&chain, &project)?;
    let sealed = lock::sealed(&mut chain, &project, &before, &Wish::default())?;
    let path = project.folder.join(NAME);
    file::replace(&project.package.join(&path), &sealed.text)?;
    print(&lock::told(&sealed, &format!("{}{}", prefix(&project.package), path.display()), true))?;
    Ok(Exit::Done)
}

/// A squash as it is to be written.
#[derive(Default)]
struct Squash {
    id: String,
    up: String,
    down: Option<String>,
    /// The ids that it replaces.
    replaced: Vec<String>,
    /// The files that go.
    files: Vec<String>,
    /// The modules that are to go, with their places.
    modules: Vec<String>,
    /// What the chain makes of each database.
    before: BTreeMap<String, Vec<String>>,
    /// The excuses of what it replaces: `rule`, and the header's line.
    excuses: Vec<(String, String)>,
}

/// Puts it together; everything that stands in its way is told at once.
fn planned(
    chain: &Chain,
    project: &Project,
    policy: &Policy,
    (from, to): (Option<i64>, i64),
) -> Result<Squash, Failure> {
    let report = chain.check(policy);
    refuse(chain, project, &report.diagnostics, "before anything is squashed, mend the chain")?;
    let last = report.chain.iter().position(|declaration| declaration.id.number == to).unwrap_or_default();
    let of = database(&chain.set, report.chain[last]).map(|(name, _)| name.to_owned());
    let is_part = |declaration: &Declaration| {
        let number = declaration.id.number;
        let own = database(&chain.set, declaration).map(|(name, _)| name.to_owned());
        own == of && number <= to && from.is_none_or(|from| number >= from)
    };
    if from.is_some_and(|from| from > to) {
        return Err(Failure::usage("`--from` comes after `--to`"));
    }
    let parts: Vec<usize> = (0..report.chain.len()).filter(|index| is_part(report.chain[*index])).collect();
    obstacles(&report, &parts)?;
    let is_postgres = database(&chain.set, report.chain[last]).is_some_and(|(_, kind)| kind == DatabaseKind::Postgres);
    let joints = Joints::of(parts.iter().map(|index| report.chain[*index]), is_postgres);
    let mut squash = Squash { before: digests(&report), ..Squash::default() };
    let (mut up, mut down) = (String::new(), Some(String::new()));
    for index in &parts {
        let (declaration, facts) = (report.chain[*index], &report.facts[*index]);
        let id = &declaration.id.text;
        squash.replaced.push(id.clone());
        joints.append(&mut up, declaration, &declaration.up, facts.up.as_ref())?;
        down = match (&declaration.down, down) {
            (Some(part), Some(rest)) => {
                let mut text = String::new();
                joints.append(&mut text, declaration, part, facts.down.as_ref())?;
                Some(text + &rest)
            }
            _ => None,
        };
        match &declaration.origin {
            Origin::File(_) => {
                let scripts = [Some(&declaration.up), declaration.down.as_ref()].into_iter().flatten();
                let files = scripts.filter_map(|part| match part {
                    Part::Script(script) => script.whole_file,
                    Part::Rust(_) => None,
                });
                squash.files.extend(files.map(|file| chain.files.get(file).path.clone()));
            }
            Origin::Module(path) => {
                let file = chain.files.get(declaration.place.file);
                let line = file.position(declaration.place.range.start).0;
                squash.modules.push(format!("{}:{line} (`{}`)", file.path, path.join("::")));
            }
        }
        for allow in &declaration.arguments.allow {
            let line = format!("-- allow: {}, {}\n", allow.rule, allow.reason);
            if !squash.excuses.iter().any(|(rule, _)| *rule == allow.rule) {
                squash.excuses.push((allow.rule.clone(), line));
            }
        }
    }
    squash.up = header(chain, &report, &parts, down.is_none()) + &up;
    squash.down = down;
    Ok(squash)
}

/// Tells which migrations can't be part of a script that replaces them.
fn obstacles(report: &Report<'_>, parts: &[usize]) -> Result<(), Failure> {
    if parts.len() < 2 {
        return Err(Failure::usage("a squash replaces two migrations or more"));
    }
    let ids = |wanted: &dyn Fn(usize) -> bool| {
        let ids =
            parts.iter().filter(|index| wanted(**index)).map(|index| format!("`{}`", report.chain[*index].id.text));
        ids.collect::<Vec<_>>().join(", ")
    };
    let unsealed = ids(&|index| !report.facts[index].is_sealed);
    if !unsealed.is_empty() {
        return Err(Failure::wrong(format!("not sealed yet: {unsealed}"))
            .help("`cargo whimbrel lock` first: databases are told by checksums what they have"));
    }
    let shared = ids(&|index| report.chain[index].together.is_some());
    if !shared.is_empty() {
        return Err(Failure::wrong(format!(
            "several databases share the id of {shared}, and one script is for one of them"
        ))
        .help("write the squash by hand: `on = all` and `replaces(…)`, or a file for each database"));
    }
    let code = ids(&|index| matches!(report.chain[index].up, Part::Rust(_)));
    if !code.is_empty() {
        return Err(Failure::wrong(format!("Rust code can't be put into one script: {code}"))
            .help("squash what comes before with `--to`, or write the squash by hand with `replaces(…)`"));
    }
    Ok(())
}

/// Writes what stands above the statements.
fn header(chain: &Chain, report: &Report<'_>, parts: &[usize], is_irreversible: bool) -> String {
    let declarations = || parts.iter().map(|index| report.chain[*index]);
    let mut text = String::new();
    if let (Some(first), Some(last)) = (declarations().next(), declarations().next_back()) {
        let _ = writeln!(text, "-- What `{}` to `{}` did.", first.id.text, last.id.text);
        if let Some((name, _)) = database(&chain.set, last).filter(|_| chain.set.databases.0.len() > 1) {
            let _ = writeln!(text, "-- on: {name}");
        }
    }
    if let Some((version, _)) =
        declarations().filter_map(|declaration| declaration.arguments.schema.as_ref()).next_back()
    {
        let _ = writeln!(text, "-- schema: {}", dotted(*version));
    }
    if declarations().any(|declaration| !declaration.is_transactional()) {
        text += "-- transaction: false\n";
    }
    let mut line = String::new();
    for declaration in declarations() {
        let id = &declaration.id.text;
        if !line.is_empty() && line.len() + id.len() > 100 {
            let _ = writeln!(text, "-- replaces: {line}");
            line.clear();
        }
        let gap = if line.is_empty() { "" } else { ", " };
        let _ = write!(line, "{gap}{id}");
    }
    let _ = writeln!(text, "-- replaces: {line}");
    if is_irreversible {
        text += "-- irreversible: not everything that it replaces has a rollback\n";
    }
    text
}

/// Describes what a chain makes of each database.
fn digests(report: &Report<'_>) -> BTreeMap<String, Vec<String>> {
    report.catalogs.iter().map(|followed| (followed.database.clone(), digest(&followed.catalog))).collect()
}

/// Shows what is wrong, if anything is.
fn refuse(chain: &Chain, project: &Project, found: &[Diagnostic], why: &str) -> Result<(), Failure> {
    let errors: Vec<Diagnostic> = found.iter().filter(|one| one.level == Level::Error).cloned().collect();
    if errors.is_empty() {
        return Ok(());
    }
    chain.show(&errors, &prefix(&project.package))?;
    Err(Failure::wrong(format!("nothing is written: {}, shown above", tally(&errors))).help(why))
}

impl Squash {
    /// Checks the chain as it will be: nothing is wrong with it, and it makes the same schema.
    fn prove(&mut self, chain: &mut Chain, project: &Project, policy: &Policy) -> Result<(), Failure> {
        chain.set.declarations.retain(|declaration| !self.replaced.contains(&declaration.id.text));
        let mut found = Vec::new();
        let declare_it = |squash: &Squash, chain: &mut Chain, found: &mut Vec<Diagnostic>| {
            let path = |end: &str| project.folder.join(format!("{}{end}", squash.id));
            let up = chain.files.add(&path(".sql"), squash.up.clone());
            let down = squash.down.as_ref().map(|down| chain.files.add(&path(".down.sql"), down.clone()));
            declare(&chain.files, up, down, &mut chain.set, found);
        };
        declare_it(self, chain, &mut found);
        let is_excused = |rule: &str| {
            let report = chain.check(policy);
            report.diagnostics.iter().any(|one| one.code.replace('_', "-") == rule.replace('_', "-"))
        };
        let needed: String =
            self.excuses.iter().filter(|(rule, _)| is_excused(rule)).map(|(_, line)| line.as_str()).collect();
        if let Some(at) = self.up.find("\n\n").filter(|_| !needed.is_empty()) {
            self.up.insert_str(at + 1, &needed);
            chain.set.declarations.retain(|declaration| declaration.id.text != self.id);
            declare_it(self, chain, &mut found);
        }
        chain.found.extend(found);
        let report = chain.check(policy);
        refuse(
            chain,
            project,
            &report.diagnostics,
            "write the squash by hand with `replaces(…)`, or squash less with `--to`",
        )?;
        let after = digests(&report);
        let lines = |of: &BTreeMap<String, Vec<String>>| {
            of.iter()
                .flat_map(|(name, lines)| lines.iter().map(move |line| format!("{name}: {line}")))
                .collect::<Vec<_>>()
        };
        let (before, after) = (lines(&self.before), lines(&after));
        let differs: Vec<&String> = before
            .iter()
            .filter(|line| !after.contains(line))
            .chain(after.iter().filter(|line| !before.contains(line)))
            .collect();
        if let Some(first) = differs.first() {
            return Err(Failure::wrong(format!(
                "nothing is written: the squash would make another schema, first in `{first}`"
            ))
            .help("write it by hand with `replaces(…)`"));
        }
        Ok(())
    }

    /// Writes its files, then removes those of what it replaces.
    fn write(&self, project: &Project) -> Result<(), Failure> {
        let folder = project.package.join(&project.folder);
        let names = [Some(format!("{}.sql", self.id)), self.down.as_ref().map(|_| format!("{}.down.sql", self.id))];
        if let Some(path) = names.into_iter().flatten().map(|name| folder.join(name)).find(|path| path.exists()) {
            return Err(Failure::wrong(format!("`{}` is there already; nothing is written", path.display())));
        }
        file::create(&folder.join(format!("{}.sql", self.id)), &self.up)?;
        if let Some(down) = &self.down {
            file::create(&folder.join(format!("{}.down.sql", self.id)), down)?;
        }
        for path in &self.files {
            let path = project.package.join(Path::new(path));
            std::fs::remove_file(&path).map_err(|error| Failure::file("removed", path.display(), &error))?;
        }
        Ok(())
    }

    fn shown(&self, project: &Project) -> String {
        let path = format!("{}{}/{}", prefix(&project.package), project.folder.display(), self.id);
        format!("{path}.sql{}", if self.down.is_some() { " and its rollback" } else { "" })
    }

    fn list(&self, project: &Project) -> String {
        let prefix = prefix(&project.package);
        let all = self.files.iter().chain(&self.modules);
        let list: String = all.map(|path| format!("  {prefix}{path}\n")).collect();
        format!("{list}{} replaced\n", counted(self.replaced.len(), "migration"))
    }
}
