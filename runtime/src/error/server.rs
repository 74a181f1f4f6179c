//! What a server, or SQLite, answered.

use std::error::Error as StdError;
use std::fmt;

/// Holds a server's answer to a statement that it refused, or the loss of the connection.
#[derive(Debug)]
pub struct ServerError {
    pub(crate) class: ServerErrorClass,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) notes: Option<Box<Notes>>,
    /// In characters from 1, within the text that was sent.
    pub(crate) position: Option<usize>,
}

/// Holds what a server adds to a message.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) detail: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) context: Option<String>,
}

/// Sorts servers' errors by what can be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServerErrorClass {
    /// A table that the statement names does not exist.
    UndefinedTable,
    /// A column that the statement names does not exist.
    UndefinedColumn,
    /// A row with this key exists already.
    UniqueViolation,
    /// Somebody else holds a lock.
    Locked,
    /// The user lacks a permission.
    PermissionDenied,
    /// The database only allows reading.
    ReadOnly,
    /// The transaction, or the savepoint in it, is over.
    TransactionEnded,
    /// A statement before has failed, and the transaction takes no more.
    TransactionFailed,
    /// The connection is gone.
    ConnectionLost,
    /// The lease ran out, or somebody else has taken it over; nothing was changed.
    LeaseLost,
    /// The file is not a database.
    NotADatabase,
    /// Anything else.
    Other,
}

impl ServerError {
    /// Sorts the error.
    pub fn class(&self) -> ServerErrorClass {
        self.class
    }
    /// Gives the server's code: SQLSTATE (`42703`), or SQLite's extended code (`2067`).
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
    /// Gives the server's message.
    pub fn message(&self) -> &str {
        &self.message
    }
    /// Gives the server's detail.
    pub fn detail(&self) -> Option<&str> {
        self.notes.as_ref()?.detail.as_deref()
    }
    /// Gives the server's hint.
    pub fn hint(&self) -> Option<&str> {
        self.notes.as_ref()?.hint.as_deref()
    }
    /// Gives the position of the mistake in characters from 1, within the text that was sent.
    pub fn position(&self) -> Option<usize> {
        self.position
    }
    fn advice(&self) -> Option<&'static str> {
        match self.class {
            ServerErrorClass::PermissionDenied => Some("grant the user what is missing, or connect as another"),
            // The hint says more than that, and that it is no matter of writing.
            ServerErrorClass::ReadOnly if self.hint().is_some() => None,
            ServerErrorClass::ReadOnly => Some("connect to a database that can be written to"),
            ServerErrorClass::LeaseLost => {
                Some("run again: what was done is recorded, and the next run goes on from there")
            }
            ServerErrorClass::Locked => Some("wait until the other process is done, and run again"),
            _ => None,
        }
    }
    pub(crate) fn is(&self, class: ServerErrorClass) -> bool {
        self.class == class
    }
    pub(crate) fn other(message: impl Into<String>) -> Self {
        Self { class: ServerErrorClass::Other, code: None, message: message.into(), notes: None, position: None }
    }
}

impl From<sqlx::Error> for ServerError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => crate::backend::answer(&**database),
            sqlx::Error::Io(io) => {
                ServerError { class: ServerErrorClass::ConnectionLost, ..ServerError::other(lost(&io.to_string())) }
            }
            sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => {
                ServerError { class: ServerErrorClass::ConnectionLost, ..ServerError::other(lost(&error.to_string())) }
            }
            other => ServerError::other(other.to_string()),
        }
    }
}

pub(crate) fn lost(reason: &str) -> String {
    format!("the connection was lost: {reason}")
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        let context = self.notes.as_ref().and_then(|notes| notes.context.as_deref());
        let notes = [("detail", self.detail()), ("hint", self.hint()), ("context", context), ("advice", self.advice())];
        let mut given = notes.iter().filter_map(|(name, text)| text.map(|text| (name, text)));
        given.try_for_each(|(name, text)| write!(f, "\n  {name}: {text}"))
    }
}

// The driver's answer is taken over whole: as a cause it would only be said twice.
impl StdError for ServerError {}
