//! Another tool's migrations as a set, so that they are checked as they stand.

use super::{Foreign, Found, Transaction, Work, order};
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Origin, Part, Place, RustPart, Script, Set};
use crate::sql::{self, Dialect, Facts, OutsideEffect};
use whimbrel_grammar::{Arguments, DatabaseKind, Databases, Id};

/// Makes a set of what a folder holds; what can't be followed is reported.
pub(crate) fn set(found: Found, kind: DatabaseKind, files: &Files) -> (Set, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let numbers = order::numbers(&found.migrations);
    let declarations = found
        .migrations
        .into_iter()
        .zip(numbers)
        .filter_map(|(migration, number)| declaration(migration, &number, kind, files, &mut diagnostics))
        .collect();
    let databases = Databases(vec![("main".to_owned(), kind)]);
    (Set { declarations, databases, is_foreign: true, is_sound: true, ..Set::default() }, diagnostics)
}

fn declaration(
    migration: Foreign,
    number: &str,
    kind: DatabaseKind,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Declaration> {
    let id = Id::parse(&format!("{number}_{}", name(&migration.name))).ok()?;
    let mut arguments: Arguments<Place> = Arguments::default();
    let (up, place) = match migration.up {
        Work::Sql(script) => {
            let place = beginning(&script, files);
            if !is_transactional(migration.transaction, &script, kind) {
                arguments.transaction = Some((false, place.clone()));
            }
            (Part::Script(script), place)
        }
        Work::Code { file, why } => {
            let place = Place { file, range: 0..files.get(file).text.lines().next().unwrap_or_default().len() };
            diagnostics.push(
                Diagnostic::warning("foreign_code", format!("`{}` can't be followed: {why}", id.text))
                    .at(&place, "may have done anything")
                    .help("write it as a module with a function `up`, or as SQL"),
            );
            let code = RustPart { place: place.clone(), step: String::new(), checksum: String::new() };
            (Part::Rust(code), place)
        }
    };
    let origin = files.get(place.file).path.clone();
    Some(Declaration {
        together: None,
        description: id.words(),
        id,
        place,
        origin: Origin::File(origin),
        arguments,
        up,
        down: migration.down.map(Part::Script),
        require: None,
        verify: None,
    })
}

/// Gives the first line of a script that says something.
fn beginning(script: &Script, files: &Files) -> Place {
    let text = script.text.trim_start_matches('\u{feff}').trim_start();
    let start = script.text.len() - text.len();
    script.place(start..start + text.lines().next().unwrap_or_default().trim_end().len(), files)
}

/// Writes a name with the characters that an id may have.
fn name(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
    let name = name.trim_matches(['_', '.']);
    if name.is_empty() { "migration".to_owned() } else { name.to_owned() }
}

/// Tells whether a script can run in one transaction, as far as the tool leaves that open.
fn is_transactional(transaction: Transaction, script: &Script, kind: DatabaseKind) -> bool {
    let parsed = Dialect::of(kind).and_then(|dialect| sql::Script::parse(&script.text, dialect).ok());
    let Some(parsed) = parsed else { return true };
    let facts = Facts::of(&parsed);
    let needs_none = facts.outside.iter().any(|outside| outside.effect == OutsideEffect::Refused);
    match transaction {
        Transaction::None => false,
        // Every tool sends `COMMIT` on as it is, and the rest of the script behind it.
        _ if !facts.transaction_control.is_empty() => false,
        Transaction::Whole => true,
        Transaction::AsNeeded => !needs_none,
    }
}
