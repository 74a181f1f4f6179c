//! What a ledger is written in: each database has a language of its own, and the engine knows none of them.

use super::{Ledger, Location, Row};
use crate::backend::Dialect;
use crate::error::Result;
use crate::registry::Migration;
use crate::script::Retry;
use crate::target::Direction;
use semver::Version;
use std::fmt::Debug;

/// Writes a ledger's texts in one database's language. A text is one command, and what it gives are rows of text.
///
/// The history is a row for each migration that is applied, found by registry, id and database; the events are rows in the order in
/// which they were written. Where a lease keeps the peace instead of a session's lock, what changes the ledger also asks whether the
/// lease is still that of [`Ledger::run`], and changes nothing where it isn't.
pub(crate) trait Language: Debug + Sync {
    /// Gives SQL's words, if it is SQL.
    fn sql(&self) -> Option<&Dialect> {
        None
    }
    /// What a comment begins with.
    fn comment(&self) -> &'static str {
        "--"
    }
    /// What stands behind a text that another one follows.
    fn separator(&self) -> &'static str {
        ";"
    }
    /// How a transaction's end is shown.
    fn commit(&self) -> &'static str {
        "COMMIT"
    }
    /// Names the history or the events as a user would.
    fn shown(&self, location: &Location, name: &str) -> String;
    /// Writes such a name as the texts do.
    fn table(&self, ledger: &Ledger<'_>, name: &str) -> Result<String> {
        Ok(self.shown(ledger.location, name))
    }
    /// Creates both where they are not there, and last records the format as the ledger's own migration.
    fn create(&self, ledger: &Ledger<'_>) -> Result<Vec<String>>;
    /// Creates what a ledger of an older whimbrel may lack although its format is the same; can be repeated.
    fn complete(&self, _: &Ledger<'_>) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    /// Lets readers read it and no more, where the server has such users.
    fn grants(&self, _: &Ledger<'_>) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    /// Gives one row: how many are applied, the format, their digest or lines of `id checksum` joined by line feeds, and how many of
    /// them have a rollback that was begun and has not ended.
    fn glance(&self, ledger: &Ledger<'_>) -> Result<String>;
    /// Asks for nothing of the history, then of the events: the answer tells whether it is there.
    fn probes(&self, ledger: &Ledger<'_>) -> Result<[String; 2]>;
    /// Gives a row where the history has any.
    fn any(&self, ledger: &Ledger<'_>) -> Result<String>;
    /// Reads the rows of this database and the ledger's own, in the order of [`COLUMNS`](super::COLUMNS) and of their ordinals; then, in
    /// rows of one column, the ids of what was applied, as the events have it, and has no row any more. Fails where the events are missing.
    /// Where rows may have to be as they were seen ([`When::Rows`]) each has one cell more: the sequence of the newest event.
    fn read(&self, ledger: &Ledger<'_>) -> Result<String>;
    /// Reads, for each migration that is not applied, the last event if it is `started`, `statement` or `failed`: id, database, event,
    /// time, statement, statements, message.
    fn read_attempts(&self, ledger: &Ledger<'_>) -> Result<String>;
    /// Reads the events in their order: of one migration those since it was last applied, baselined or rolled back, or all of this
    /// database: sequence, time, id, database, run, event, direction, statement, statements, checksum, message, detail, actor, and how
    /// many milliseconds ago it was.
    fn read_events(&self, ledger: &Ledger<'_>, unfinished: Option<&str>) -> Result<String>;
    /// Tells whether the server knows how long a transaction has taken, so that its row can have that from the beginning.
    fn times(&self) -> bool {
        false
    }
    /// Adds a row to the history.
    fn insert(&self, ledger: &Ledger<'_>, row: &Row<'_>, when: When) -> Result<String>;
    /// Takes a row away.
    fn delete(&self, ledger: &Ledger<'_>, id: &str, when: When) -> Result<String>;
    /// Notes how long a migration took: since its row, or (without a transaction) since this run's first event about it.
    fn duration(&self, ledger: &Ledger<'_>, migration: &Migration) -> Result<String>;
    /// Changes a row: whatever it has, or only if its checksum is this one.
    fn realign(&self, ledger: &Ledger<'_>, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String>;
    /// Appends an event; with a claim only where that holds.
    fn event(&self, ledger: &Ledger<'_>, row: &Row<'_>, claim: Option<Claim<'_>>) -> Result<String>;
    /// Says which schema version the database is at, where its users look for it; none where the history shows that by itself.
    ///
    /// It is asked for wherever a step changes that version, up or down, and is sent between the same `Begin` and `Commit` as the step's row;
    /// where the step goes statement by statement it comes right before the row, so that whoever dies between them sends it again: it must
    /// do no harm then. `version` is what the database is at after the step, none where it has none any more; `migration` is the one that it has this
    /// version from: the step's own going up, an earlier one going down (the step's own where none is left), and `breaking` tells of that
    /// one whether programs from before it stop working. It holds for this registry and database alone; several registries may share one.
    /// Where a lease keeps the peace it is fenced like all other texts.
    fn version(
        &self,
        _: &Ledger<'_>,
        _migration: &Migration,
        _version: Option<&Version>,
        _breaking: bool,
    ) -> Result<Option<String>> {
        Ok(None)
    }
    /// Says how a statement of the author's is taken up again where none can be one with the note about it; none where what the build
    /// script says holds.
    fn apart(&self, _text: &str) -> Option<Retry> {
        None
    }
    /// Takes apart what [`read`](Self::read) gives for an array of strings.
    fn parted(&self, joined: &str) -> Vec<String>;
}

/// Says when a row is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    /// Only where the rows of this database are as they were seen.
    Rows(Known),
    /// Only where it isn't there.
    Absent,
}

/// Says how a history was seen: so many rows. Whoever changes them adds an event, so where the newest one is known and still the newest
/// nobody has to count them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) rows: usize,
    pub(crate) newest: Option<i64>,
}

/// Says what has to be true where no lock keeps others away: the history is as it was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) migration: &'a Migration,
    /// Going up it has no row; going down it has one.
    pub(crate) direction: Direction,
    pub(crate) fence: Fence,
}

/// Says what a look has shown, for databases where no lock keeps it from changing before the transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fence {
    /// So many rows.
    pub(crate) rows: usize,
    /// So many events since the migration's last end.
    pub(crate) events: usize,
}
