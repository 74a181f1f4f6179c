//! `cargo whimbrel import`, and what `check --from` reads.

use super::arguments::ImportOptions;
use super::chain::{Chain, prefix};
use super::dialect::{self, Dialect};
use super::output::{Exit, Failure, counted, print};
use super::project::{self, Project};
use super::{file, lock};
use crate::import::{self, Tool};
use crate::lock::seal::Wish;
use crate::lock::{Lock, NAME};
use crate::policy::Policy;
use crate::report::Level;
use crate::source::{Declaration, Files, Part, normal};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use whimbrel_grammar::header;

/// Another tool's folder, read as a chain.
pub(super) struct Foreign {
    pub(super) chain: Chain,
    pub(super) policy: Policy,
    tool: Tool,
    left_out: Vec<(String, String)>,
    /// What is to be known about the server that was named.
    note: String,
}

/// Reads another tool's folder, whose path is seen from the current one.
pub(super) fn read(
    folder: &Path,
    tool: Option<Tool>,
    dialect: Option<&str>,
    as_it_is: bool,
) -> Result<Foreign, Failure> {
    let Some(dialect) = dialect else {
        return Err(Failure::usage("what the folder's SQL is written for is not known").help(
            "say it: `--dialect postgres@15`, `--dialect mysql@8.0`, `--dialect mariadb@10.11`, `--dialect sqlite`",
        ));
    };
    let Dialect { kind, policy, note } = dialect::read(dialect)?;
    let here = std::env::current_dir().map_err(|error| Failure::file("read", "the current folder", &error))?;
    let folder = PathBuf::from(normal(folder));
    let mut files = Files::new(&here);
    if !here.join(&folder).is_dir() {
        return Err(Failure::usage(format!("there is no folder `{}`", folder.display())));
    }
    let tool = match tool {
        Some(tool) => tool,
        None => {
            import::detect(&mut files, &folder).map_err(|unclear| Failure::usage(unclear.why).help(unclear.help))?
        }
    };
    let mut found = import::read(&mut files, &folder, tool).map_err(Failure::wrong)?;
    // What is taken over has to say all that the old files said.
    if as_it_is {
        found.leave_rows_out(&files, tool);
    }
    let left_out = found.left_out.clone();
    if found.migrations.is_empty() {
        let failure = Failure::usage(format!("`{}` has no migrations as {} names them", folder.display(), tool.name()));
        return Err(match left_out.first() {
            Some((path, why)) => failure.help(format!("`{path}` is none: {why}")),
            None => failure,
        });
    }
    let (set, found) = import::set(found, kind, &files);
    Ok(Foreign { chain: Chain { files, set, found }, policy, tool, left_out, note })
}

impl Foreign {
    /// Names the files that are no part of the chain, and what else is to be known.
    pub(super) fn left_out(&self) -> String {
        let left_out = self.left_out.iter().map(|(path, why)| format!("left out: {path}: {why}\n"));
        std::iter::once(self.note.clone()).chain(left_out).collect()
    }
}

/// A file that is to be written.
struct Written {
    name: String,
    text: String,
}

/// Takes over a folder.
pub(super) fn run(options: &ImportOptions) -> Result<Exit, Failure> {
    let mut project = project::find(&options.place)?;
    if let Some(to) = &options.to {
        let here = std::env::current_dir().map_err(|error| Failure::file("read", "the current folder", &error))?;
        project.folder = project::inside(&project.package, &here.join(to));
    }
    let target = project.package.join(&project.folder);
    let has_mod = target.join("mod.rs").is_file();
    let there = has_mod.then(|| Chain::read(&project));
    let declared =
        there.as_ref().and_then(|chain| chain.set.databases.0.first()).map(|(_, kind)| kind.name().to_lowercase());
    let dialect = options.dialect.clone().or(declared);
    let foreign = read(&options.from, options.tool, dialect.as_deref(), false)?;
    if there.as_ref().is_some_and(|chain| !chain.set.declarations.is_empty() || chain.set.lock.is_some()) {
        return Err(Failure::wrong(format!(
            "`{}` has migrations already, and history comes before them",
            project.folder.display()
        ))
        .help("import into a folder that has none: `--to FOLDER`"));
    }
    let written: Vec<Written> = foreign.chain.set.declarations.iter().flat_map(written).collect();
    if let Some(known) = written.iter().find(|file| target.join(&file.name).exists()) {
        return Err(Failure::wrong(format!(
            "`{}` is there already, and is left as it is",
            project.folder.join(&known.name).display()
        )));
    }
    let shown = format!("{}{}", prefix(&project.package), project.folder.display());
    let mut said = String::new();
    for file in &written {
        let _ = writeln!(said, "{} {shown}/{}", if options.dry_run { "would write" } else { "wrote" }, file.name);
    }
    said += &foreign.left_out();
    let code: Vec<&Declaration> =
        foreign.chain.set.declarations.iter().filter(|declaration| matches!(declaration.up, Part::Rust(_))).collect();
    let mut seen = foreign.chain.check(&Policy::default()).diagnostics;
    if options.dry_run {
        print(&said)?;
        foreign.chain.show(&seen, "")?;
        print(&format!(
            "{} of {}; nothing was written\n",
            counted(foreign.chain.set.declarations.len(), "migration"),
            foreign.tool.name()
        ))?;
        return Ok(Exit::Done);
    }
    std::fs::create_dir_all(&target).map_err(|error| Failure::file("made", target.display(), &error))?;
    for one in &written {
        file::create(&target.join(&one.name), &one.text)?;
    }
    if !has_mod {
        let kind = foreign.chain.set.databases.0.first().map_or("Sqlite", |(_, kind)| kind.name());
        file::create(&target.join("mod.rs"), &format!("whimbrel::registry! {{ main: {kind} }}\n"))?;
        let _ = writeln!(said, "wrote {shown}/mod.rs");
    }
    print(&said)?;
    // Errors are shown where they can be mended, in the files that were written; warnings of history once, and here.
    seen.retain(|diagnostic| diagnostic.level != Level::Error);
    foreign.chain.show(&seen, "")?;
    if !code.is_empty() {
        let last = foreign.chain.set.declarations.last().map_or("ID", |declaration| declaration.id.text.as_str());
        return Err(Failure::wrong(format!(
            "{} can't be imported, and nothing is sealed",
            counted(code.len(), "migration")
        ))
        .help(format!("write them as modules of the same number, then `cargo whimbrel lock --history {last}`")));
    }
    seal(&project, &shown, &foreign)
}

/// Seals what was written as history.
fn seal(project: &Project, shown: &str, foreign: &Foreign) -> Result<Exit, Failure> {
    let mut chain = Chain::read(project);
    let last = chain.set.declarations.iter().map(|declaration| &declaration.id).max_by_key(|id| id.number).cloned();
    let history = last.as_ref().map(|id| id.number);
    let help = last.map_or_else(String::new, |id| format!("mend it, then `cargo whimbrel lock --history {}`", id.text));
    let wish = Wish { accepted: &[], history };
    let sealed = lock::sealed(&mut chain, project, &Lock::default(), &wish).map_err(|failure| failure.help(help))?;
    file::replace(&project.package.join(&project.folder).join(NAME), &sealed.text)?;
    print(&format!("sealed as history: {} in {shown}/{NAME}\n", counted(sealed.changes.len(), "migration")))?;
    let from = match foreign.tool {
        Tool::Sqlx | Tool::Refinery | Tool::Diesel | Tool::Flyway | Tool::Prisma => {
            format!("--from {}", foreign.tool.name())
        }
        Tool::Dbmate | Tool::GolangMigrate => "--from schema_migrations".to_owned(),
        Tool::Goose | Tool::SeaOrmSql | Tool::Numbered => "--to ID".to_owned(),
    };
    print(&format!(
        "next: `whimbrel_build::check(\"{}\")` in build.rs, and `app baseline {from}` for each database that has them\n",
        project.folder.display()
    ))?;
    Ok(Exit::Done)
}

/// Writes a declaration as files of its own.
fn written(declaration: &Declaration) -> Vec<Written> {
    let Part::Script(up) = &declaration.up else { return Vec::new() };
    let id = &declaration.id.text;
    let text = text(&up.text, declaration.is_transactional());
    let mut files = vec![Written { name: format!("{id}.sql"), text }];
    if let Some(Part::Script(down)) = &declaration.down {
        files.push(Written {
            name: format!("{id}.down.sql"),
            text: down.text.trim_start_matches('\u{feff}').to_owned(),
        });
    }
    files
}

/// Writes a script with its header; comments that would be read as one are kept as comments.
fn text(script: &str, is_transactional: bool) -> String {
    let mut text = if is_transactional { String::new() } else { "-- transaction: false\n".to_owned() };
    let mut rest = script.trim_start_matches('\u{feff}');
    while let Some(line) = rest.split_inclusive('\n').next() {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with("--") {
            break;
        }
        text += &if means_something(trimmed) { line.replacen("--", "-- imported:", 1) } else { line.to_owned() };
        rest = &rest[line.len()..];
    }
    text + rest
}

/// Tells whether a comment would be read as an argument.
fn means_something(comment: &str) -> bool {
    let (header, mistakes) = header::read(comment);
    let is_prose = !header.description.is_empty() || comment.trim_start_matches('-').trim().is_empty();
    !mistakes.is_empty() || !is_prose
}
