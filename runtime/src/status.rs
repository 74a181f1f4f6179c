//! Where every migration stands.

use crate::history::{Attempt, HalfRollback, History, SQUASH};
use crate::plan::{Finding, compiled, findings, late, mismatch};
use crate::registry::{Migration, Phase, Registry};
use semver::Version;
use std::time::Duration;

/// Shows where every migration of the registry and of the history stands.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Status {
    /// A row for each, in ascending order.
    pub rows: Vec<Row>,
    /// What keeps a run from going on; what is out of order only where that is not allowed.
    pub findings: Vec<Finding>,
    /// The schema version that is reached; every migration up to the one that declares it is applied.
    pub schema: Option<Version>,
}

impl Status {
    /// Lists what is still to be applied.
    pub fn pending(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.state, State::Pending | State::Unfinished(_)))
    }
    /// Tells whether all is applied and nothing is wrong.
    pub fn is_current(&self) -> bool {
        self.findings.is_empty() && self.pending().next().is_none()
    }
}

/// Shows one migration.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Row {
    /// The id.
    pub id: String,
    /// The database.
    pub database: String,
    /// The description.
    pub description: String,
    /// The schema version that it declares.
    pub schema: Option<String>,
    /// The part that it has in a change, where that is known.
    pub phase: Option<Phase>,
    /// Where it stands.
    pub state: State,
    /// The compiled migration; none where only the ledger knows it.
    pub migration: Option<&'static Migration>,
}

/// Says where a migration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It is applied, and its code is as it was.
    Applied(Applied),
    /// It is applied, and its code has changed since.
    Changed(Applied),
    /// It is applied, and a rollback without a transaction has undone a part of it.
    HalfRolledBack(Applied, HalfRollback),
    /// It waits to be applied.
    Pending,
    /// It was tried and is not applied: it failed, or died on the way.
    Unfinished(Attempt),
    /// The ledger has it, and the code had it once: it is numbered before the code's last.
    Missing(Applied),
    /// The ledger has it, and the code is older: it is numbered after the code's last.
    Unknown(Applied),
}

/// Says when, by whom and how long a migration was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// When, as RFC 3339 in UTC; empty where the ledger has something else than a time.
    pub at: String,
    /// By which user.
    pub by: String,
    /// How long it took.
    pub duration: Option<Duration>,
    /// `sql`, `rust`, `baseline` or `squash`.
    pub kind: String,
    /// Whether it was applied out of order.
    pub out_of_order: bool,
}

/// Compares the code with the history.
pub fn status(registry: &Registry, history: &History) -> Status {
    let mut findings = findings(registry, history);
    if registry.migrations().iter().all(|m| history.record(m).is_some()) {
        findings.retain(|finding| !finding.is_compatible());
    }
    findings.extend(late(registry, history));
    let last = registry.migrations().last().map(|m| m.number);
    let mut rows: Vec<(i64, Row)> = Vec::new();
    for migration in registry.migrations() {
        let state = match history.record(migration) {
            Some(record) => match (history.half_rollback(migration), mismatch(migration, record, None)) {
                (Some(half), _) => State::HalfRolledBack(record.into(), half.clone()),
                (None, Some(Finding::ChecksumMismatch { .. })) => State::Changed(record.into()),
                (None, _) => State::Applied(record.into()),
            },
            None => history.attempt(migration).cloned().map_or(State::Pending, State::Unfinished),
        };
        rows.push((migration.number, row_of(migration, state)));
    }
    for record in history.records() {
        if compiled(registry, record).is_some() {
            continue;
        }
        // What a newer squash has replaced has rows of its own, wherever the squash's number is.
        let newer = record.kind == SQUASH || last.is_none_or(|last| record.number > last);
        let state = if newer { State::Unknown(record.into()) } else { State::Missing(record.into()) };
        let (description, schema) = (record.name.clone(), record.schema_version.clone());
        let (id, database) = (record.id.clone(), record.database.clone());
        let phase = record.phase.as_deref().and_then(Phase::named);
        rows.push((record.number, Row { id, database, description, schema, phase, state, migration: None }));
    }
    rows.sort_by(|(a, x), (b, y)| (a, &x.id).cmp(&(b, &y.id)));
    let applied = registry.migrations().iter().take_while(|m| history.record(m).is_some());
    let schema = applied.filter_map(|m| m.schema.clone()).max();
    Status { rows: rows.into_iter().map(|(_, row)| row).collect(), findings, schema }
}

fn row_of(migration: &'static Migration, state: State) -> Row {
    Row {
        id: migration.id.into(),
        database: migration.database.into(),
        description: migration.description.into(),
        schema: migration.schema.as_ref().map(ToString::to_string),
        phase: migration.phase,
        state,
        migration: Some(migration),
    }
}

impl From<&crate::history::Record> for Applied {
    fn from(record: &crate::history::Record) -> Self {
        Self {
            at: record.applied_at.clone(),
            by: record.applied_by.clone(),
            duration: record.duration,
            kind: record.kind.clone(),
            out_of_order: record.out_of_order,
        }
    }
}
