//! The JSON that `--json` prints; its shape is promised in `docs/cli.md`.

use super::failure::{Failure, Loss};
use super::unavailable::Unavailable;
use crate::effect::{Effect, RowWork, Significance};
use crate::history::Entry;
use crate::plan::{Finding, Step};
use crate::report::Outcome;
use crate::status::{Applied, Row, State, Status};
use crate::{Direction, Work};
use serde::Serialize;
use std::time::Duration;

/// Frames every document.
#[derive(Debug, Serialize)]
pub(super) struct Document<B> {
    pub(super) format: u32,
    pub(super) command: &'static str,
    #[serde(flatten)]
    pub(super) body: B,
}

/// Answers `status`.
#[derive(Debug, Serialize)]
pub(super) struct StatusBody<'a> {
    pub(super) applied: usize,
    pub(super) pending: usize,
    pub(super) schema: Option<String>,
    pub(super) migrations: Vec<MigrationState<'a>>,
    pub(super) findings: Vec<Found>,
}

#[derive(Debug, Serialize)]
pub(super) struct MigrationState<'a> {
    id: &'a str,
    database: &'a str,
    state: &'static str,
    description: &'a str,
    schema: Option<&'a str>,
    applied_at: Option<&'a str>,
    applied_by: Option<&'a str>,
    duration_ms: Option<u128>,
    kind: Option<&'a str>,
    out_of_order: bool,
}

impl<'a> StatusBody<'a> {
    pub(super) fn new(status: &'a Status, applied: usize) -> Self {
        Self {
            applied,
            pending: status.pending().count(),
            schema: status.schema.as_ref().map(ToString::to_string),
            migrations: status.rows.iter().map(MigrationState::new).collect(),
            findings: status.findings.iter().map(Found::new).collect(),
        }
    }
}

impl<'a> MigrationState<'a> {
    fn new(row: &'a Row) -> Self {
        let applied = applied(&row.state);
        Self {
            id: &row.id,
            database: &row.database,
            state: match &row.state {
                State::Applied(_) => "applied",
                State::Changed(_) => "changed",
                State::HalfRolledBack(..) => "half_rolled_back",
                State::Pending => "pending",
                State::Unfinished(_) => "unfinished",
                State::Missing(_) => "missing",
                State::Unknown(_) => "unknown",
            },
            description: &row.description,
            schema: row.schema.as_deref(),
            applied_at: applied.and_then(|a| known(&a.at)),
            applied_by: applied.map(|a| a.by.as_str()),
            duration_ms: applied.and_then(|a| a.duration).map(|d| d.as_millis()),
            kind: applied.map(|a| a.kind.as_str()),
            out_of_order: applied.is_some_and(|a| a.out_of_order),
        }
    }
}

/// Gives a point in time, where the ledger has one.
pub(super) fn known(time: &str) -> Option<&str> {
    (!time.is_empty()).then_some(time)
}

/// Gives what is known of a migration that the ledger has.
pub(super) fn applied(state: &State) -> Option<&Applied> {
    match state {
        State::Applied(applied)
        | State::Changed(applied)
        | State::HalfRolledBack(applied, _)
        | State::Missing(applied)
        | State::Unknown(applied) => Some(applied),
        State::Pending | State::Unfinished(_) => None,
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Found {
    kind: &'static str,
    id: Option<String>,
    message: String,
}

impl Found {
    pub(super) fn new(finding: &Finding) -> Self {
        let (kind, id) = match finding {
            Finding::ChecksumMismatch { id, .. } => ("checksum_mismatch", Some(id)),
            Finding::UnknownChecksum { id, .. } => ("unknown_checksum", Some(id)),
            Finding::Lost { id, .. } => ("lost", Some(id)),
            Finding::HalfRolledBack { id, .. } => ("half_rolled_back", Some(id)),
            Finding::Missing { id, .. } => ("missing", Some(id)),
            Finding::Unknown { id, .. } => ("unknown", Some(id)),
            Finding::HalfReplaced { id, .. } => ("half_replaced", Some(id)),
            Finding::OutOfOrder { id, .. } => ("out_of_order", Some(id)),
            Finding::NotReady { id, .. } => ("not_ready", Some(id)),
            Finding::Irreversible { id, .. } => ("irreversible", Some(id)),
            Finding::NotStored { id, .. } => ("not_stored", Some(id)),
            Finding::NoRollback { id } => ("no_rollback", Some(id)),
            Finding::Needed { id, .. } => ("needed", Some(id)),
            Finding::NoSuchMigration { id, .. } => ("no_such_migration", Some(id)),
            Finding::TargetNotApplied { id } => ("target_not_applied", Some(id)),
            Finding::NoSuchSchema { .. } => ("no_such_schema", None),
        };
        Self { kind, id: id.cloned(), message: finding.to_string() }
    }
}

/// Answers `plan`, and a dry run with the statements.
#[derive(Debug, Serialize)]
pub(super) struct PlanBody {
    pub(super) direction: &'static str,
    pub(super) steps: Vec<PlannedStep>,
    #[serde(flatten)]
    pub(super) unavailable: Unavailable,
}

#[derive(Debug, Serialize)]
pub(super) struct PlannedStep {
    id: &'static str,
    database: &'static str,
    description: &'static str,
    schema: Option<String>,
    kind: &'static str,
    transactional: bool,
    out_of_order: bool,
    recorded: bool,
    reversible: bool,
    irreversible: Option<&'static str>,
    rollback_loses: &'static [&'static str],
    effect: Option<PlannedEffect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) statements: Option<Vec<String>>,
}

impl PlannedStep {
    pub(super) fn new(step: &Step, direction: Direction) -> Self {
        let m = step.migration;
        Self {
            id: m.id(),
            database: m.database(),
            description: m.description(),
            schema: m.schema().map(ToString::to_string),
            kind: if matches!(m.up(), Work::Script(_)) { "sql" } else { "rust" },
            transactional: m.is_transactional(),
            out_of_order: step.out_of_order,
            recorded: step.recorded,
            reversible: m.irreversible().is_none() && m.down().is_some(),
            irreversible: m.irreversible(),
            rollback_loses: m.down_loses(),
            effect: m
                .effect()
                .filter(|_| direction == Direction::Up && !step.recorded)
                .map(|effect| PlannedEffect::new(&effect)),
            statements: None,
        }
    }
}

#[derive(Debug, Serialize)]
struct PlannedEffect {
    complete: bool,
    significance: Option<&'static str>,
    changes: Vec<PlannedChange>,
    locks: Vec<PlannedLock>,
    rewrites: Vec<&'static str>,
    builds: Vec<&'static str>,
    scans: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct PlannedChange {
    significance: &'static str,
    kind: &'static str,
    change: &'static str,
}

#[derive(Debug, Serialize)]
struct PlannedLock {
    relation: &'static str,
    lock: &'static str,
    blocks: &'static [&'static str],
}

impl PlannedEffect {
    fn new(effect: &Effect) -> Self {
        let with = |work| {
            let worked_on = effect.relations.iter().filter(|relation| relation.row_work == Some(work));
            worked_on.map(|relation| relation.relation).collect()
        };
        let change = |change: &crate::SchemaChange| PlannedChange {
            significance: change.significance.as_str(),
            kind: change.kind.as_str(),
            change: change.description,
        };
        let lock = |relation_effect: &crate::RelationEffect| {
            let blocks: &[&str] = match (relation_effect.blocks_reads, relation_effect.blocks_writes) {
                (true, _) => &["reads", "writes"],
                (false, true) => &["writes"],
                (false, false) => &[],
            };
            relation_effect.lock.map(|lock| PlannedLock { relation: relation_effect.relation, lock, blocks })
        };
        Self {
            complete: effect.is_complete,
            significance: effect.significance().map(Significance::as_str),
            changes: effect.changes.iter().map(change).collect(),
            locks: effect.relations.iter().filter_map(lock).collect(),
            rewrites: with(RowWork::Rewrite),
            builds: with(RowWork::IndexBuild),
            scans: with(RowWork::Scan),
        }
    }
}

/// Answers `apply`, `rollback`, `redo` and `baseline`.
#[derive(Debug, Serialize)]
pub(super) struct RunBody {
    pub(super) done: Vec<Done>,
    pub(super) duration_ms: u128,
    #[serde(flatten)]
    pub(super) unavailable: Unavailable,
}

/// Names one migration that was applied, rolled back or baselined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Done {
    pub(super) id: &'static str,
    pub(super) database: &'static str,
    pub(super) direction: &'static str,
    pub(super) duration_ms: u128,
}

impl Done {
    pub(super) fn new(id: &'static str, database: &'static str, direction: Direction, duration: Duration) -> Self {
        Self { id, database, direction: direction.as_str(), duration_ms: duration.as_millis() }
    }
    pub(super) fn of(outcome: &Outcome, direction: Direction) -> Self {
        Self::new(outcome.id, outcome.database, direction, outcome.duration)
    }
}

/// Answers `init`.
#[derive(Debug, Serialize)]
pub(super) struct InitBody {
    pub(super) databases: Vec<Made>,
}

#[derive(Debug, Serialize)]
pub(super) struct Made {
    pub(super) name: &'static str,
    pub(super) database_created: bool,
    pub(super) ledger_created: bool,
}

/// Answers `verify`.
#[derive(Debug, Serialize)]
pub(super) struct VerifyBody {
    pub(super) verified: Vec<&'static str>,
}

/// Answers `history`, the oldest entry first.
#[derive(Debug, Serialize)]
pub(super) struct HistoryBody<'a> {
    pub(super) entries: Vec<JournalEntry<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct JournalEntry<'a> {
    at: Option<&'a str>,
    event: &'a str,
    direction: &'a str,
    id: &'a str,
    database: &'a str,
    run: &'a str,
    statement: Option<usize>,
    statements: Option<usize>,
    message: Option<&'a str>,
    actor: &'a str,
}

impl<'a> From<&'a Entry> for JournalEntry<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            at: known(&entry.at),
            event: &entry.event,
            direction: &entry.direction,
            id: &entry.id,
            database: &entry.database,
            run: &entry.run,
            statement: entry.statement,
            statements: entry.statements,
            message: entry.message.as_deref(),
            actor: &entry.actor,
        }
    }
}

/// Answers any command that failed.
#[derive(Debug, Serialize)]
pub(super) struct Problem<'a> {
    error: ProblemText<'a>,
    #[serde(skip_serializing_if = "<[Done]>::is_empty")]
    done: &'a [Done],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<Left>,
}

/// Names one migration that a run over several databases did not come to.
#[derive(Debug, Serialize)]
struct Left {
    id: &'static str,
    database: &'static str,
}

#[derive(Debug, Serialize)]
struct ProblemText<'a> {
    kind: &'static str,
    exit: u8,
    message: &'a str,
    causes: &'a [String],
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Found>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    loses: Vec<Lost>,
}

#[derive(Debug, Serialize)]
struct Lost {
    id: &'static str,
    loses: &'static str,
}

impl<'a> Problem<'a> {
    pub(super) fn new(failure: &'a Failure, messages: &'a [String], help: Option<&'a str>) -> Self {
        let (message, causes) = messages.split_first().map_or(("", messages), |(first, rest)| (first.as_str(), rest));
        let findings = failure.error().map(|error| error.findings()).unwrap_or_default();
        let losses: &[Loss] = if let Failure::Consent(losses) = failure { losses } else { &[] };
        let error = ProblemText {
            kind: failure.kind(),
            exit: failure.exit() as u8,
            message,
            causes,
            help,
            findings: findings.iter().map(Found::new).collect(),
            loses: losses.iter().map(|loss| Lost { id: loss.id, loses: loss.loses }).collect(),
        };
        let halfway = failure.error().and_then(|error| error.halfway());
        let left = halfway.into_iter().flat_map(|halfway| &halfway.left);
        let left = left.map(|(id, database)| Left { id, database }).collect();
        Self { error, done: failure.done(), left }
    }
}
