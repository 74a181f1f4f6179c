//! Comparing what the code has with what the ledgers say.

use super::finding::Finding;
use super::order::overtaker;
use crate::history::{History, Lost, Record, SQUASH};
use crate::nearest::nearest;
use crate::registry::{Migration, Phase, Registry};
use crate::target::Target;

/// Lists what is wrong between code and ledgers, whatever the target.
pub(crate) fn findings(registry: &Registry, history: &History) -> Vec<Finding> {
    let last = registry.migrations().last().map(|m| m.number);
    let newest = history.records().iter().map(|record| record.number).max();
    let lost = |lost: &Lost| Finding::Lost { id: lost.id.clone(), database: lost.database.clone() };
    let mut found: Vec<Finding> = history.lost().iter().map(lost).collect();
    found.extend(history.half_rollbacks().iter().map(Finding::from));
    for record in history.records() {
        let (id, database) = (record.id.clone(), record.database.clone());
        match compiled(registry, record) {
            Some(migration) => found.extend(mismatch(migration, record, newest)),
            // A newer program has replaced migrations that this one has; they have rows of their own.
            None if record.kind == SQUASH => {}
            None if last.is_none_or(|last| record.number > last) => {
                let phase = record.phase.as_deref().and_then(Phase::named);
                found.push(Finding::Unknown { id, database, app_version: record.app_version.clone(), phase });
            }
            None => found.push(Finding::Missing { id, database, source: record.source.clone() }),
        }
    }
    found.extend(registry.migrations().iter().filter_map(|squash| half_replaced(squash, history)));
    found
}

/// Lists what is pending although a later one is applied.
pub(crate) fn late(registry: &Registry, history: &History) -> Vec<Finding> {
    let (code, latest) = (registry.migrations(), latest(registry, history));
    // What a squash that is only to be recorded does was applied in its turn.
    let pending =
        code.iter().take(latest.unwrap_or_default()).filter(|m| history.record(m).is_none() && !history.covers(m));
    let late = pending.filter_map(|m| Some((m, overtaker(registry, history, latest, m)?)));
    late.map(|(m, later)| too_late(registry, history, m, later)).collect()
}

/// States that a migration is pending although a later one is applied, and what it has to do with those after it.
pub(super) fn too_late(registry: &Registry, history: &History, migration: &Migration, later: &Migration) -> Finding {
    let others = registry.migrations().iter().filter(|m| m.number > migration.number);
    let others = others.filter(|m| m.database == migration.database && history.record(m).is_some());
    let mut shares = Some(Vec::new());
    for other in others {
        shares = match (shares, migration.shares(other)) {
            (Some(all), Some(more)) => Some(all.into_iter().chain(more.into_iter().map(str::to_owned)).collect()),
            _ => None,
        };
    }
    let shares = shares.map(|mut shares: Vec<String>| {
        shares.sort();
        shares.dedup();
        shares
    });
    Finding::OutOfOrder { id: migration.id.into(), later: later.id.into(), shares }
}

/// Finds the position of the last one that is applied in its turn.
pub(super) fn latest(registry: &Registry, history: &History) -> Option<usize> {
    registry.migrations().iter().rposition(|m| history.record(m).is_some_and(|record| !record.out_of_order))
}

/// Finds a squash of whose migrations a history has some.
fn half_replaced(squash: &Migration, history: &History) -> Option<Finding> {
    let is_recorded = history.record(squash).is_some();
    let parts: Vec<&Migration> = squash.covered().into_iter().filter(|part| part.replaces.is_empty()).collect();
    let missing: Vec<String> =
        parts.iter().filter(|part| history.record(part).is_none()).map(|part| part.id.to_owned()).collect();
    let is_half = !missing.is_empty() && (is_recorded || missing.len() < parts.len());
    let (id, database) = (squash.id.to_owned(), squash.database.to_owned());
    is_half.then_some(Finding::HalfReplaced { id, database, missing, is_recorded })
}

/// Finds the code of a record, or of what has taken its place the part that stands for it.
pub(crate) fn compiled(registry: &Registry, record: &Record) -> Option<&'static Migration> {
    own(registry, record).or_else(|| {
        let squashes = registry.migrations().iter().filter(|m| !m.replaces.is_empty() && m.database == record.database);
        squashes.flat_map(Migration::covered).find(|part| part.id == record.id)
    })
}

/// Finds the code of a record among the migrations.
fn own(registry: &Registry, record: &Record) -> Option<&'static Migration> {
    let start = registry.migrations().partition_point(|m| m.number < record.number);
    let numbered = registry.migrations().iter().skip(start).take_while(|m| m.number == record.number);
    numbered.into_iter().find(|m| m.id == record.id && m.database == record.database)
}

/// Compares one record with its code. Where the algorithm is an older one only the texts can be compared.
pub(crate) fn mismatch(migration: &Migration, record: &Record, newest: Option<i64>) -> Option<Finding> {
    let known = i64::from(migration.checksum_algorithm);
    if !(1..=known).contains(&record.checksum_algorithm) {
        let (id, database) = (record.id.clone(), record.database.clone());
        return Some(Finding::UnknownChecksum { id, database, algorithm: record.checksum_algorithm, known });
    }
    let same = if known == record.checksum_algorithm {
        migration.checksum == record.checksum
    } else {
        record.text_checksum.as_deref() == Some(migration.text_checksum)
    };
    (!same).then(|| Finding::ChecksumMismatch {
        id: record.id.clone(),
        database: record.database.clone(),
        recorded: record.checksum.clone(),
        expected: migration.checksum.into(),
        place: format!("{}:{}", migration.file, migration.line),
        can_redo: !migration.sealed && newest == Some(record.number),
    })
}

pub(crate) fn no_such_migration(registry: &Registry, id: &str) -> Finding {
    let wanted = crate::registry::canonical_id(id);
    let squash = registry.migrations().iter().find(|m| m.covered().iter().any(|part| part.id == wanted));
    let squash = squash.map(|squash| squash.id);
    let begun = registry.migrations().iter().map(|m| m.id).find(|known| known.starts_with(wanted));
    let similar = squash.or(begun).or_else(|| nearest(wanted, registry.migrations().iter().map(|m| m.id)));
    Finding::NoSuchMigration { id: id.into(), similar: similar.map(Into::into) }
}

pub(crate) fn no_such_schema(registry: &Registry, target: &Target) -> Finding {
    let version = match target {
        Target::Schema(version) => version.to_string(),
        other => other.to_string(),
    };
    let mut declared: Vec<_> = registry.migrations().iter().filter_map(|m| m.schema.as_ref()).collect();
    declared.sort();
    declared.dedup();
    Finding::NoSuchSchema { version, declared: declared.into_iter().map(ToString::to_string).collect() }
}
