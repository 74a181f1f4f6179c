//! A script's file and the database that it is for: that both speak one language.

use crate::report::Diagnostic;
use crate::source::{Declaration, Set};
use whimbrel_grammar::{DatabaseKind, Language};

/// Tells whether a file's ending says another language than its database's.
pub(super) fn differs(declaration: &Declaration, kind: DatabaseKind) -> bool {
    declaration.language().is_some_and(|language| language != kind.language())
}

/// Reports a file whose ending says another language than its database's.
pub(super) fn mismatch(set: &Set, declaration: &Declaration, (name, kind): (&str, DatabaseKind)) -> Option<Diagnostic> {
    let language = declaration.language().filter(|_| differs(declaration, kind))?;
    let (_, place) = declaration.arguments.on.as_ref()?;
    let finding = Diagnostic::error(
        "script_language",
        format!(
            "`{}` is written in {}, but database `{name}` is {}",
            declaration.source(),
            language.name(),
            kind.name()
        ),
    )
    .at(place, format!("takes {}: `.{}`", kind.language().name(), kind.language().extension()));
    let others = speaking(set, language);
    Some(finding.help(match others.as_slice() {
        [] => format!("rename the file to `.{}`, or {}", kind.language().extension(), declare(language)),
        others => format!("rename the file to `.{}`, or name {}", kind.language().extension(), listed(others)),
    }))
}

/// Reports a file that names no database where none, or more than one, speaks its language.
pub(super) fn undecided(set: &Set, declaration: &Declaration) -> Diagnostic {
    let language = declaration.language().unwrap_or(Language::Sql);
    let others = speaking(set, language);
    let message = match others.as_slice() {
        [] => format!("no database that `registry!` declares takes {}", language.name()),
        others => format!("`{}` could be for {}", declaration.source(), listed(others)),
    };
    let finding = Diagnostic::error("script_language", message);
    match others.first() {
        None => {
            let declared: Vec<&(String, DatabaseKind)> = set.databases.0.iter().collect();
            finding.at(&declaration.place, format!("in {}", language.name())).help(format!(
                "`registry!` declares {}; {}",
                listed(&declared),
                declare(language)
            ))
        }
        Some((first, _)) => finding
            .at(&declaration.place, "says nothing about its database")
            .help(format!("begin the file with `{} on: {first}`", language.comment())),
    }
}

fn speaking(set: &Set, language: Language) -> Vec<&(String, DatabaseKind)> {
    set.databases.0.iter().filter(|(_, kind)| kind.language() == language).collect()
}

/// Lists databases as `registry!` has them.
fn listed(databases: &[&(String, DatabaseKind)]) -> String {
    let all: Vec<String> = databases.iter().map(|(name, kind)| format!("`{name}: {}`", kind.name())).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => all.concat(),
    }
}

fn declare(language: Language) -> String {
    let (kind, name) = match language {
        Language::Sql => ("Sqlite", "main"),
        Language::Redis => ("Redis", "cache"),
        Language::Cypher => ("Neo4j", "graph"),
        Language::Mongodb => ("Mongodb", "docs"),
    };
    format!("declare one: `{name}: {kind}`")
}
