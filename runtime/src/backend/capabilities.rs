//! How databases differ, as data: the engine asks these and never which database it is.

use crate::error::{Result, ServerError};
use crate::ledger::Language;
use std::time::Duration;

/// Writes the text that lists those of some names which the server does not have.
pub(crate) type Missing = fn(&[&str]) -> Result<String>;

/// Says what a database can do, and with which words.
#[derive(Debug)]
pub(crate) struct Capabilities {
    /// What its ledger is written in.
    pub(crate) language: &'static dyn Language,
    /// How a transaction that writes is begun.
    pub(crate) begin: &'static str,
    /// Whether a migration can be one transaction; where not, it goes statement by statement whatever it says.
    pub(crate) transactions: bool,
    /// Whether what stops in the middle of a transaction leaves nothing of it; where not, it leaves what came before, with its notes.
    pub(crate) rolls_back: bool,
    /// Tells whether a statement that is sent by itself may have done a part of its work when it is refused like this.
    pub(crate) partial: fn(&str, &ServerError) -> bool,
    /// Whether code is watched by a savepoint.
    pub(crate) savepoints: bool,
    /// Whether a transaction takes back what was made and changed besides rows; where not, such a statement commits.
    pub(crate) transactional_ddl: bool,
    /// The lock that keeps the peace for a whole run; where there is none each transaction decides for itself.
    pub(crate) lock: Option<SessionLock>,
    /// Begins each transaction with a lock that ends with it, where no lock lasts for a whole run: fails where somebody else has it.
    pub(crate) guard: Option<fn(&LockName<'_>) -> String>,
    /// Whether what is set or done by itself stays with this connection: not where a pooler hands out the server's.
    pub(crate) session: bool,
    /// Whether the server hashes the ledger's rows, or hands out the text.
    pub(crate) hashes: bool,
    /// The one log that all commits are written to in their order, where a transaction can choose not to wait for it.
    pub(crate) log: Option<Log>,
    /// What takes back the settings that a script changed, statement by statement.
    pub(crate) reset: &'static [&'static str],
    /// Writes the texts that limit how long statements wait and run, where the server has such settings.
    pub(crate) limits: fn(Limits) -> Vec<String>,
    /// Takes these limits back.
    pub(crate) unlimited: &'static [&'static str],
    /// Whether limits that were set inside a transaction end with it.
    pub(crate) local_limits: bool,
    /// Whether others queue behind a statement that runs by itself and waits.
    pub(crate) queues: bool,
    /// Names who holds what a statement (its text) waits for.
    pub(crate) blocker: Option<fn(&str) -> Result<String>>,
    /// Gives one row about an index that is built by itself, from its table and its name: whether it is valid, NULL
    /// where there is none, and what it is called.
    pub(crate) index: fn(&str, &str) -> Result<String>,
    /// Gives one row: whether no relation has this name.
    pub(crate) gone: fn(&str) -> Result<String>,
    /// Lists those of some extensions that the server does not have.
    pub(crate) missing: Option<Missing>,
    /// Gives one row about the server: its name and version, the user, whether nothing can be written, whether this user may create
    /// tables in the ledger's schema (its argument; NULL where there are no permissions), and its clock in milliseconds since 1970.
    pub(crate) examine: fn(&str) -> Result<String>,
    /// Lists the invalid indexes that failed statements leave.
    pub(crate) leftovers: Option<&'static str>,
    /// Writes the statement that drops one of them, if it is still invalid and nobody is building it.
    pub(crate) drop_leftover: fn(&str) -> String,
}

impl Capabilities {
    /// Gives those of a database with nothing special: a migration is one transaction, whatever is in it, and nobody is locked out.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "mysql", feature = "redis", feature = "neo4j", feature = "mongodb")),
        allow(dead_code)
    )]
    pub(crate) const fn plain(language: &'static dyn Language) -> Self {
        Self {
            language,
            begin: "BEGIN",
            transactions: true,
            rolls_back: true,
            partial: |_, _| false,
            savepoints: false,
            transactional_ddl: true,
            lock: None,
            guard: None,
            session: true,
            hashes: false,
            log: None,
            reset: &[],
            limits: |_| Vec::new(),
            unlimited: &[],
            local_limits: true,
            queues: false,
            blocker: None,
            index: |_, _| Ok(String::new()),
            gone: |_| Ok(String::new()),
            missing: None,
            examine: |_| Ok(String::new()),
            leftovers: None,
            drop_leftover: |_| String::new(),
        }
    }
}

/// Holds the texts about a log of commits.
#[derive(Debug)]
pub(crate) struct Log {
    /// Inside a transaction: its commit does not wait for the disk.
    pub(crate) relax: &'static str,
    /// Waits until everything that is committed is on the disk.
    pub(crate) flush: &'static str,
}

/// Says how long statements may wait for locks, and run; zero is no limit, `None` leaves the server's own.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
pub(crate) struct Limits {
    pub(crate) lock: Option<Duration>,
    /// The author has asked for this limit on locks, or there is no other; else it gives way to what the server has.
    pub(crate) is_declared: bool,
    pub(crate) statement: Option<Duration>,
    /// For a transaction only, and inside it.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    pub(crate) inside: bool,
}

/// Names a ledger's lock, and who asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LockName<'a> {
    /// For servers whose locks are numbers.
    #[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
    pub(crate) key: i64,
    /// How the names of the ledger's parts begin, for servers where it is a record beside them.
    #[cfg_attr(not(any(feature = "redis", feature = "neo4j", feature = "mongodb")), allow(dead_code))]
    pub(crate) ledger: &'a str,
    /// The run: the fencing token of a lease.
    #[cfg_attr(not(any(feature = "redis", feature = "neo4j", feature = "mongodb")), allow(dead_code))]
    pub(crate) run: &'a str,
}

/// Holds the texts of a lock that belongs to a connection, or of a lease that is kept alive over it ([`Backend::keep`](super::Backend::keep)).
#[derive(Debug)]
pub(crate) struct SessionLock {
    /// Begins a text that goes on only with the lock, where the server can be told so; elsewhere it is polled first.
    pub(crate) opening: Option<Opening>,
    /// Gives one row: whether it is taken now, and who holds it if that costs nothing.
    pub(crate) poll: fn(&LockName<'_>) -> String,
    /// Gives one row about who holds it, or none where nobody does; of a lease with the milliseconds that it lasts unless it is renewed.
    pub(crate) holder: fn(&LockName<'_>) -> String,
    /// Gives it back.
    pub(crate) release: fn(&LockName<'_>) -> String,
}

/// Holds statements that end the text they stand in.
#[derive(Debug)]
pub(crate) struct Opening {
    /// Takes the lock, or fails.
    pub(crate) take: fn(&LockName<'_>) -> String,
    /// Fails, as if a table were missing, where a ledger's events (the second name) are there without their history.
    pub(crate) whole: fn(&str, &str) -> Result<String>,
}

/// Holds the words of a ledger's texts.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// How a string literal is written that has a backslash in it.
    pub(crate) backslash: Backslash,
    /// What stands around an identifier.
    pub(crate) mark: char,
    /// The column `database`, which is a reserved word somewhere.
    pub(crate) database: &'static str,
    /// Whether tables are in schemas.
    pub(crate) schemas: bool,
    /// Creates a schema where it is not there; none where it always is.
    pub(crate) create_schema: fn(&str) -> Result<Option<String>>,
    /// The type of a text.
    pub(crate) text: &'static str,
    /// The type of a text that is a part of a key.
    pub(crate) key: &'static str,
    /// What a value is cast to, to be read as text.
    pub(crate) cast: &'static str,
    /// The type of a point in time.
    pub(crate) timestamp: &'static str,
    /// The type of an array of strings.
    pub(crate) array: &'static str,
    /// The type of a key that counts up by itself.
    pub(crate) sequence: &'static str,
    /// What the definitions of the two tables end with.
    pub(crate) storage: [&'static str; 2],
    /// Whether the events have an index by migration: where what is read on the way is locked. Elsewhere each event would pay
    /// for it, and nobody reads so many of them that it shows.
    pub(crate) indexed: bool,
    /// What stands before and behind an insertion that passes over a row whose key is there.
    pub(crate) insert_new: [&'static str; 2],
    /// This moment.
    pub(crate) now: &'static str,
    /// The moment at which the transaction began, where the server knows it.
    pub(crate) began: Option<&'static str>,
    /// The user, where the server knows one.
    pub(crate) actor: Option<&'static str>,
    /// Shows a point in time as RFC 3339 in UTC; NULL for what is none.
    pub(crate) rfc3339: fn(&str) -> String,
    /// Reads a point in time that [`rfc3339`](Self::rfc3339) has shown, from a literal.
    pub(crate) moment: fn(&str) -> String,
    /// Gives the milliseconds since a point in time.
    pub(crate) elapsed: fn(&str) -> String,
    /// Writes an array of strings.
    pub(crate) statements: fn(&[String]) -> Result<String>,
    /// Shows an array of strings, in a way that [`parted`](Self::parted) takes apart.
    pub(crate) joined: fn(&str) -> String,
    /// Takes it apart.
    pub(crate) parted: fn(&str) -> Vec<String>,
    /// Lets a role (the second) read tables and views in a schema (the last) and no more.
    pub(crate) readable: fn(&[String], &str, &str) -> Result<Vec<String>>,
    /// What creates a view, or leaves one that is there.
    pub(crate) create_view: &'static str,
    /// Lists the tables that are not the server's own: schema, name, and the columns joined by the unit separator (0x1F).
    pub(crate) tables: &'static str,
    /// Tells whether a name that was written without quotes, if it had any, can be this one of the server's.
    pub(crate) is_called: fn(&str, &str) -> bool,
    /// Gives count, format, the rows' digest (or their text), and how many are half rolled back, from table, registry and database.
    pub(crate) glance: fn(&str, &str, &str) -> String,
}

/// Names the ways to write a backslash in a string literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backslash {
    /// It stands for itself.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    Plain,
    /// Doubled in `E'…'`, whatever the server's settings.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    Escape,
    /// All of the text by its bytes: settings decide what it means in a literal, and a script may change them.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code))]
    Bytes,
}
