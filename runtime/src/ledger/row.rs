//! What a ledger's rows hold, as names and values that each language writes in its own way.

use super::{Happening, Ledger};
use crate::history::Record;
use crate::plan::Step;
use crate::registry::{Migration, Phase, Work};
use crate::target::Direction;
use std::borrow::Cow;

/// Lists a row's columns that have a value to be written, with it.
pub(crate) type Row<'a> = Vec<(&'static str, Cell<'a>)>;

/// Lists the history's columns in the order in which they are read.
pub(crate) const COLUMNS: [&str; 22] = [
    "registry",
    "id",
    "database",
    "ordinal",
    "name",
    "source",
    "kind",
    "phase",
    "schema_version",
    "checksum",
    "checksum_algorithm",
    "text_checksum",
    "down_checksum",
    "transactional",
    "out_of_order",
    "applied_at",
    "applied_by",
    "duration_ms",
    "rollback",
    "app_version",
    "whimbrel_version",
    "rollback_started_at",
];

/// Holds a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    Number(i64),
    Truth(bool),
    /// This moment, by the server's clock.
    Now,
    /// How many milliseconds ago this transaction began, where [`Language::times`](super::Language::times) says so.
    Elapsed,
    /// A moment, as RFC 3339 in UTC.
    Moment(&'a str),
    /// Whoever the server takes us for, or the user of the process.
    Actor,
    Texts(Vec<String>),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(text.into())
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(text.into())
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

impl From<usize> for Cell<'_> {
    fn from(number: usize) -> Self {
        Cell::Number(number as i64)
    }
}

/// Gives the row of a migration that is applied or recorded now.
pub(super) fn applied<'a>(ledger: &Ledger<'a>, step: &Step, kind: &'a str) -> Row<'a> {
    let m = step.migration;
    vec![
        ("registry", ledger.registry.name.into()),
        ("id", m.id.into()),
        ("database", ledger.database.into()),
        ("ordinal", Cell::Number(m.number)),
        ("name", m.description.into()),
        ("source", m.source.into()),
        ("kind", kind.into()),
        ("phase", m.phase.map(Phase::as_str).into()),
        ("schema_version", m.schema.as_ref().map(ToString::to_string).into()),
        ("checksum", m.checksum.into()),
        ("checksum_algorithm", Cell::Number(m.checksum_algorithm.into())),
        ("text_checksum", m.text_checksum.into()),
        ("down_checksum", m.down_checksum.into()),
        ("transactional", Cell::Truth(m.transactional)),
        ("out_of_order", Cell::Truth(step.out_of_order)),
        ("applied_at", Cell::Now),
        ("applied_by", Cell::Actor),
        ("rollback", rollback(m)),
        ("app_version", ledger.registry.app_version.into()),
        ("whimbrel_version", env!("CARGO_PKG_VERSION").into()),
    ]
}

/// Gives a row as another database's ledger has it.
pub(super) fn copied<'a>(ledger: &Ledger<'a>, record: &'a Record) -> Row<'a> {
    let text = |text: &'a String| Cell::from(text.as_str());
    let optional = |text: &'a Option<String>| Cell::from(text.as_deref());
    vec![
        ("registry", ledger.registry.name.into()),
        ("id", text(&record.id)),
        ("database", ledger.database.into()),
        ("ordinal", Cell::Number(record.number)),
        ("name", text(&record.name)),
        ("source", text(&record.source)),
        ("kind", text(&record.kind)),
        ("phase", optional(&record.phase)),
        ("schema_version", optional(&record.schema_version)),
        ("checksum", text(&record.checksum)),
        ("checksum_algorithm", Cell::Number(record.checksum_algorithm)),
        ("text_checksum", optional(&record.text_checksum)),
        ("down_checksum", optional(&record.down_checksum)),
        ("transactional", Cell::Truth(record.transactional)),
        ("out_of_order", Cell::Truth(record.out_of_order)),
        ("applied_at", if record.applied_at.is_empty() { Cell::Now } else { Cell::Moment(&record.applied_at) }),
        ("applied_by", text(&record.applied_by)),
        ("duration_ms", record.duration.map(|duration| duration.as_millis() as usize).into()),
        ("rollback", if record.rollback.is_empty() { Cell::Null } else { Cell::Texts(record.rollback.clone()) }),
        ("app_version", optional(&record.app_version)),
        ("whimbrel_version", text(&record.whimbrel_version)),
    ]
}

/// Gives what is written anew of a migration that was changed after it was applied.
pub(super) fn realigned(m: &Migration) -> Row<'static> {
    vec![
        ("checksum", m.checksum.into()),
        ("checksum_algorithm", Cell::Number(m.checksum_algorithm.into())),
        ("text_checksum", m.text_checksum.into()),
        ("down_checksum", m.down_checksum.into()),
        ("rollback", rollback(m)),
    ]
}

/// Gives what says whether a rollback without a transaction was begun that has not ended.
pub(super) fn rolling_back(is_begun: bool) -> Row<'static> {
    vec![("rollback_started_at", if is_begun { Cell::Now } else { Cell::Null })]
}

/// Gives the row of an event.
pub(super) fn event<'a>(
    ledger: &Ledger<'a>,
    migration: &Migration,
    direction: Direction,
    what: &Happening<'_>,
) -> Row<'a> {
    let clean = |text: Option<&str>| Cell::from(text.map(|text| text.replace('\0', "\\0")));
    vec![
        ("at", Cell::Now),
        ("registry", ledger.registry.name.into()),
        ("id", migration.id.into()),
        ("database", ledger.database.into()),
        ("run", ledger.run.into()),
        ("event", what.event.into()),
        ("direction", direction.as_str().into()),
        ("statement", what.statement.map(|(statement, _)| statement).into()),
        ("statements", what.statement.map(|(_, statements)| statements).into()),
        ("checksum", migration.checksum.into()),
        ("message", clean(what.message)),
        ("detail", clean(what.detail)),
        ("actor", Cell::Actor),
        ("whimbrel_version", env!("CARGO_PKG_VERSION").into()),
    ]
}

/// Gives the statements that roll a migration back; who does not know a squash does not know either what else goes with it.
fn rollback(m: &Migration) -> Cell<'static> {
    match &m.down {
        Some(down @ Work::Script(_)) if m.replaces.is_empty() => Cell::Texts(down.statements()),
        _ => Cell::Null,
    }
}

/// Names the user of this process, for servers that don't know one.
pub(crate) fn user() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    user.unwrap_or_else(|| "unknown".into()).replace('\0', "")
}
