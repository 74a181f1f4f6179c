//! The registry as code: constants only, which `registry!` includes.
//!
//! ```text
//! pub static MIGRATIONS: ::whimbrel::Registry = { use ::whimbrel::__private::*; Registry {
//!     name: "app", app_version: "0.1.0", digest: "…",
//!     databases: &[Database { name: "main", kind: DatabaseKind::Sqlite, digest: "…", catalog: "" }],
//!     migrations: &[
//!         Migration::written(("0001_init", 1), …, Work::Script(Script::pieces(self::release_1_0::m0001_init::__UP, …)))
//!             .has_down(…),
//!     ],
//! } };
//! ```

use crate::check::{Facts, Report, ScriptFacts, database, dotted};
use crate::source::{Declaration, Files, Origin, Part, Script, Set};
use crate::sql::{ALGORITHM, text_checksum};
use std::fmt::Write;

/// Names the package that the registry is for.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// Writes the registry of a set that was checked.
pub(crate) fn registry(package: &Package, set: &Set, report: &Report<'_>, files: &Files) -> String {
    let sound = report.errors() == 0;
    let chain: Vec<(&Declaration, &Facts)> =
        report.chain.iter().copied().zip(&report.facts).filter(|_| sound).collect();
    let lines = |wanted: &dyn Fn(&Declaration) -> bool| {
        let lines =
            chain.iter().filter(|(d, _)| wanted(d)).map(|(d, facts)| format!("{} {}", d.id.text, checksum(d, facts)));
        text_checksum(&lines.collect::<Vec<_>>().join("\n"))
    };
    let mut code = String::new();
    for kind in ["Sqlite", "Postgres"] {
        if set.databases.0.iter().any(|(_, declared)| declared.name() == kind) {
            let _ = writeln!(code, "::whimbrel::__require_{}!();", kind.to_lowercase());
        }
    }
    let _ = write!(
        code,
        "/// Every migration of this package, in order.\n#[allow(unreachable_pub, clippy::all, clippy::pedantic)]\n\
         pub static MIGRATIONS: ::whimbrel::Registry = {{ use ::whimbrel::__private::*; Registry {{ name: {:?}, app_version: {:?}, digest: {:?}, databases: &[",
        package.name,
        package.version,
        lines(&|_| true)
    );
    for (name, kind) in &set.databases.0 {
        let digest = lines(&|d| database(set, d).is_some_and(|(of, _)| of == name));
        let _ = write!(
            code,
            "Database {{ name: {name:?}, kind: DatabaseKind::{}, digest: {digest:?}, catalog: \"\" }}, ",
            kind.name()
        );
    }
    code.push_str("], migrations: &[\n");
    let mut tables = Tables::default();
    for (declaration, facts) in &chain {
        let (creates, drops) = tables.follow(facts);
        migration(&mut code, set, declaration, facts, (&creates, &drops), files);
    }
    code.push_str("] } };\n");
    code
}

/// The tables that are known to exist, as the chain goes on.
#[derive(Default)]
struct Tables(Vec<String>);

impl Tables {
    /// Gives the tables that a migration creates, and those that may be gone because of it.
    fn follow(&mut self, facts: &Facts) -> (Vec<String>, Vec<String>) {
        match &facts.up {
            // Code may have done anything with what was there before.
            None => (Vec::new(), std::mem::take(&mut self.0)),
            Some(up) if up.hides_tables => (Vec::new(), std::mem::take(&mut self.0)),
            Some(up) => {
                self.0.retain(|table| !up.drops.contains(table));
                self.0.extend(up.creates.iter().cloned());
                (up.creates.clone(), up.drops.clone())
            }
        }
    }
}

fn migration(
    code: &mut String,
    set: &Set,
    declaration: &Declaration,
    facts: &Facts,
    (creates, drops): (&[String], &[String]),
    files: &Files,
) {
    let (database, kind) = database(set, declaration).unwrap_or(("", whimbrel_grammar::DatabaseKind::Sqlite));
    let file = files.get(declaration.place.file);
    let schema = declaration.arguments.schema.as_ref().map_or("None".to_owned(), |(version, _)| {
        format!("Some(Version::new({}))", dotted(*version).replace('.', ", "))
    });
    let checksum = checksum(declaration, facts);
    let text_checksum = facts.up.as_ref().map_or(checksum, |facts| &facts.text_checksum);
    let door = Door { declaration, kind: kind.name(), files };
    let _ = write!(
        code,
        "Migration::written(({:?}, {}), ({:?}, {:?}, {}), {:?}, {database:?}, {schema}, \
         ({ALGORITHM}, {checksum:?}, {text_checksum:?}), {})",
        declaration.id.text,
        declaration.id.number,
        declaration.source(),
        file.path,
        file.position(declaration.place.range.start).0,
        declaration.description,
        door.part("up", "Work", &declaration.up, facts.up.as_ref()),
    );
    if let Some(ids) = &declaration.arguments.after {
        let ids: Vec<&str> = ids.iter().map(|(id, _)| id.as_str()).collect();
        let _ = write!(code, ".comes_after(&{ids:?})");
    }
    if !declaration.is_transactional() {
        code.push_str(".without_transaction()");
    }
    if !facts.is_sealed {
        code.push_str(".unsealed()");
    }
    if let Some((reason, _)) = &declaration.arguments.irreversible {
        let _ = write!(code, ".is_irreversible({reason:?})");
    }
    // A rollback that can't be read, which only history may have, is none: run as nothing it would seem to have worked.
    let down = declaration.down.as_ref();
    if let Some(down) = down.filter(|down| matches!(down, Part::Rust(_)) || facts.down.is_some()) {
        let down = door.part("down", "Work", down, facts.down.as_ref());
        let checksum = down_checksum(declaration, facts).unwrap_or_default();
        let _ = write!(code, ".has_down({down}, {checksum:?}, &{:?})", loses(declaration, facts));
    }
    if let Some(check) = &declaration.require {
        let _ = write!(code, ".requires({})", door.part("require", "Check", check, facts.require.as_ref()));
    }
    if let Some(check) = &declaration.verify {
        let _ = write!(code, ".verifies({})", door.part("verify", "Check", check, facts.verify.as_ref()));
    }
    if !(creates.is_empty() && drops.is_empty()) {
        let _ = write!(code, ".with_tables(&{creates:?}, &{drops:?})");
    }
    code.push_str(",\n");
}

/// Gives the checksum of what applying does.
pub(crate) fn checksum<'a>(declaration: &'a Declaration, facts: &'a Facts) -> &'a str {
    match &declaration.up {
        Part::Rust(function) => &function.checksum,
        Part::Script(_) => facts.up.as_ref().map_or("", |facts| &facts.checksum),
    }
}

/// Gives the checksum of what rolling back does.
pub(crate) fn down_checksum<'a>(declaration: &'a Declaration, facts: &'a Facts) -> Option<&'a str> {
    match &declaration.down {
        Some(Part::Rust(function)) => Some(&function.checksum),
        _ => facts.down.as_ref().map(|facts| facts.checksum.as_str()),
    }
}

/// Lists what a rollback may lose; Rust code may lose anything.
fn loses(declaration: &Declaration, facts: &Facts) -> Vec<String> {
    match &declaration.down {
        Some(Part::Rust(_)) => vec!["runs Rust code".to_owned()],
        _ => facts.down.as_ref().map(|facts| facts.loses.clone()).unwrap_or_default(),
    }
}

/// Writes how the registry reaches the parts of one declaration.
struct Door<'a> {
    declaration: &'a Declaration,
    kind: &'static str,
    files: &'a Files,
}

impl Door<'_> {
    fn part(&self, name: &str, variant: &str, part: &Part, facts: Option<&ScriptFacts>) -> String {
        match part {
            Part::Script(script) => format!("{variant}::Script({})", self.script(&name.to_uppercase(), script, facts)),
            Part::Rust(_) => {
                let pointer = if variant == "Work" { "RustWork" } else { "RustCheck" };
                format!("{variant}::Rust({pointer}::{}({}))", self.kind, self.path(name))
            }
        }
    }

    fn path(&self, name: &str) -> String {
        match &self.declaration.origin {
            Origin::Module(path) => format!("self::{}::__{name}", path.join("::")),
            Origin::File(_) => String::new(),
        }
    }

    fn script(&self, name: &str, script: &Script, facts: Option<&ScriptFacts>) -> String {
        let mut statements = String::new();
        for range in facts.map_or(&[][..], |facts| &facts.statements) {
            let _ = write!(statements, "({}, {}), ", range.start, range.end);
        }
        if let Some(file) = script.whole_file {
            let path = &self.files.get(file).path;
            return format!("Script::file({}, {path:?}, &[{statements}])", include(path));
        }
        let mut anchors = String::new();
        for &(offset, file, byte) in script.anchors() {
            let file = self.files.get(file);
            let (line, column) = file.position(byte);
            let path = &file.path;
            let _ = write!(anchors, "Anchor {{ offset: {offset}, file: {path:?}, line: {line}, column: {column} }}, ");
        }
        format!("Script::pieces({}, &[{statements}], &[{anchors}])", self.path(name))
    }
}

fn include(path: &str) -> String {
    if path.starts_with('/') {
        return format!("include_str!({path:?})");
    }
    format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))", format!("/{path}"))
}
