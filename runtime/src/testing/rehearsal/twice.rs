//! A chain in which every statement that says `IF NOT EXISTS` stands twice, one right after the other.

use crate::registry::{Migration, Migrations, Registry, Work};
use crate::script::{Script, Statement};

/// Writes such a chain. It is as constant as the one that it was made from: a test program makes one or two.
pub(super) fn registry(plain: &'static Registry) -> &'static Registry {
    let migrations: Vec<Migration> = plain.migrations().iter().map(migration).collect();
    let Registry { name, app_version, digest, databases, .. } = *plain;
    Box::leak(Box::new(Registry {
        name,
        app_version,
        digest,
        databases,
        migrations: Migrations::Made(Vec::leak(migrations)),
    }))
}

fn migration(plain: &Migration) -> Migration {
    let mut migration = plain.clone();
    if let Work::Script(script) = &mut migration.up {
        script.statements = Vec::leak(statements(script));
    }
    migration
}

fn statements(script: &Script) -> Vec<Statement> {
    let mut ranges = Vec::new();
    for (range, statement) in script.statements.iter().zip(script.statements()) {
        ranges.push(*range);
        if says_if_not_exists(statement) {
            ranges.push(*range);
        }
    }
    ranges
}

fn says_if_not_exists(statement: &str) -> bool {
    let words: Vec<&str> = statement.split_ascii_whitespace().collect();
    let said = ["IF", "NOT", "EXISTS"];
    words.windows(3).any(|three| three.iter().zip(said).all(|(word, said)| word.eq_ignore_ascii_case(said)))
}
