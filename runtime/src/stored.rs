//! Migrations that a newer program has applied, as its ledger rows tell of them: enough to roll them back.

use crate::error::{Error, Result};
use crate::history::{History, Record};
use crate::plan::{Finding, findings};
use crate::registry::{Migration, Migrations, Phase, Registry, Work};
use crate::script::{Retry, Script, Statement};

/// Says of each what nobody here can know better.
const MAY_LOSE: &[&str] = &["whatever the statements in the ledger drop"];

/// Adds to a registry what only the history knows. It lives as long as the program: one is made for a rollback.
///
/// # Errors
/// A migration of which the ledger has no statements that roll it back.
pub(crate) fn with_stored(registry: &'static Registry, history: &History) -> Result<&'static Registry> {
    let unknown = findings(registry, history);
    let is_unknown = |record: &&Record| {
        unknown.iter().any(|finding| {
            matches!(finding, Finding::Unknown { id, database, .. } if *id == record.id && *database == record.database)
        })
    };
    let records: Vec<&Record> = history.records().iter().filter(is_unknown).collect();
    let bare = records.iter().filter(|record| record.rollback.is_empty());
    let missing: Vec<Finding> = bare
        .map(|record| Finding::NotStored { id: record.id.clone(), app_version: record.app_version.clone() })
        .collect();
    if !missing.is_empty() {
        return Err(Error::refused(missing));
    }
    let mut migrations = registry.migrations().to_vec();
    migrations.extend(records.into_iter().map(migration));
    let Registry { name, app_version, digest, databases, .. } = *registry;
    let migrations = Migrations::Made(Vec::leak(migrations));
    Ok(Box::leak(Box::new(Registry { name, app_version, digest, databases, migrations })))
}

fn migration(record: &Record) -> Migration {
    Migration {
        id: kept(&record.id),
        number: record.number,
        source: kept(&record.source),
        file: "the ledger",
        description: kept(&record.name),
        database: kept(&record.database),
        transactional: record.transactional,
        phase: record.phase.as_deref().and_then(Phase::named),
        checksum: kept(&record.checksum),
        checksum_algorithm: u16::try_from(record.checksum_algorithm).unwrap_or_default(),
        text_checksum: record.text_checksum.as_deref().map_or("", kept),
        down_checksum: record.down_checksum.as_deref().map(kept),
        down: Some(Work::Script(script(&record.rollback))),
        down_loses: MAY_LOSE,
        ..Migration::BLANK
    }
}

/// Puts statements together to a script; how each is taken up again nobody has written down.
fn script(statements: &[String]) -> Script {
    let (mut text, mut places) = (String::new(), Vec::new());
    for statement in statements {
        let start = text.len();
        text.push_str(statement);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        places.push(Statement { start: place(start), end: place(text.len()), retry: Retry::Ask });
        text.push_str(";\n");
    }
    Script { text: kept(&text), file: "the ledger", statements: Vec::leak(places), anchors: &[] }
}

fn kept(text: &str) -> &'static str {
    String::leak(text.to_owned())
}
