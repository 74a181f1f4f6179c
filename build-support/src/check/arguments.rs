//! What the arguments say about each other: versions go up, databases exist, a reason is not contradicted.

use super::language;
use crate::report::Diagnostic;
use crate::source::{Declaration, Part, Set};
use whimbrel_grammar::names::nearest;
use whimbrel_grammar::{DatabaseKind, Language};

/// Reports a schema version that is lower than one before it.
pub(super) fn versions(chain: &[&Declaration], found: &mut Vec<Diagnostic>) {
    let mut highest: Option<(&Declaration, [u64; 3])> = None;
    for declaration in chain {
        let Some((version, place)) = &declaration.arguments.schema else { continue };
        match highest {
            Some((before, reached)) if reached > *version => {
                let (reached, version) = (dotted(reached), dotted(*version));
                let mut diagnostic = Diagnostic::error(
                    "schema_goes_backwards",
                    format!("schema version {version} is lower than {reached}, which was reached before"),
                )
                .at(place, "goes back");
                if let Some((_, place)) = &before.arguments.schema {
                    diagnostic = diagnostic.at(place, "reached here");
                }
                found.push(diagnostic.help(format!("write `{reached}` or higher")));
            }
            _ => highest = Some((declaration, *version)),
        }
    }
}

/// Reports a database that is not declared, and a function that takes another database's connection.
pub(super) fn databases(set: &Set, chain: &[&Declaration], found: &mut Vec<Diagnostic>) {
    for declaration in chain {
        let Some((name, kind)) = database(set, declaration) else {
            if let Some((name, place)) = &declaration.arguments.on {
                let known: Vec<&str> = set.databases.0.iter().map(|(name, _)| name.as_str()).collect();
                let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let help = nearest(name, known).map_or_else(
                    || format!("`registry!` declares {listed}"),
                    |meant| format!("did you mean `{meant}`?"),
                );
                found.push(
                    Diagnostic::error("unknown_database", format!("there is no database `{name}`"))
                        .at(place, "not declared")
                        .help(help),
                );
            } else {
                found.push(language::undecided(set, declaration));
            }
            continue;
        };
        found.extend(language::mismatch(set, declaration, (name, kind)));
        let (wanted, _) = step(kind);
        for part in parts(declaration) {
            let Part::Rust(function) = part else { continue };
            let is_of = |kind| <[&str; 2]>::from(step(kind)).contains(&function.step.as_str());
            // Another name may be an author's own for the right type: rustc decides.
            if DatabaseKind::ALL.iter().any(|(_, other)| *other != kind && is_of(*other)) {
                found.push(
                    Diagnostic::error(
                        "wrong_step",
                        format!("the function takes a `{}`, but database `{name}` is {}", function.step, kind.name()),
                    )
                    .at(&function.place, format!("has to take `&mut {wanted}`")),
                );
            }
        }
    }
}

/// Gives the names of the connection that a database's code is lent: whimbrel's, and sqlx's.
fn step(kind: DatabaseKind) -> (&'static str, &'static str) {
    match kind {
        DatabaseKind::Sqlite => ("SqliteStep", "SqliteConnection"),
        DatabaseKind::Postgres => ("PostgresStep", "PgConnection"),
        DatabaseKind::Mysql => ("MysqlStep", "MySqlConnection"),
        // whimbrel's own alone: what a driver lends is no connection that can be told by its name.
        DatabaseKind::Redis => ("RedisStep", "RedisStep"),
        DatabaseKind::Neo4j => ("Neo4jStep", "Neo4jStep"),
        DatabaseKind::Mongodb => ("MongodbStep", "MongodbStep"),
    }
}

/// Reports a migration that has a rollback and says that it can't have one.
pub(super) fn contradictions(chain: &[&Declaration], found: &mut Vec<Diagnostic>) {
    for declaration in chain {
        if let (Some((_, place)), Some(_)) = (&declaration.arguments.irreversible, &declaration.down) {
            found.push(
                Diagnostic::error(
                    "contradiction",
                    format!("`{}` says it is irreversible, and has a rollback", declaration.id.text),
                )
                .at(place, "says it can't be rolled back")
                .help("take the reason out, or the rollback"),
            );
        }
    }
}

/// Finds the database that a declaration is for; `None` where it names an unknown one, or leaves open which.
pub(crate) fn database<'a>(set: &'a Set, declaration: &Declaration) -> Option<(&'a str, DatabaseKind)> {
    let mut known = set.databases.0.iter().map(|(name, kind)| (name.as_str(), *kind));
    match (&declaration.arguments.on, declaration.language()) {
        (Some((wanted, _)), _) => known.find(|(name, _)| name == wanted),
        (None, None) => known.next(),
        (None, Some(language)) => {
            let mut speaking = known.filter(|(_, kind)| kind.language() == language);
            let first = speaking.next();
            // SQL belongs to the first that reads it, as a module does.
            first.filter(|_| language == Language::Sql || speaking.next().is_none())
        }
    }
}

/// Lists the parts that a declaration has.
pub(super) fn parts(declaration: &Declaration) -> impl Iterator<Item = &Part> {
    std::iter::once(&declaration.up)
        .chain([&declaration.down, &declaration.require, &declaration.verify].into_iter().flatten())
}

/// Writes a version as people do.
pub(crate) fn dotted([major, minor, patch]: [u64; 3]) -> String {
    format!("{major}.{minor}.{patch}")
}
