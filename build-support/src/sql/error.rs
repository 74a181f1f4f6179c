use std::fmt;
use std::ops::Range;

/// Tells what can't be read in a script, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SqlError {
    /// Names the mistake.
    pub(crate) kind: SqlErrorKind,
    /// Gives the bytes of the text that show it: an opening quote, a whole command.
    pub(crate) range: Range<usize>,
}

/// Names a mistake that makes a script unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum SqlErrorKind {
    /// A string without its closing quote.
    UnterminatedString,
    /// A quoted name without the closing quote given here.
    UnterminatedName(char),
    /// A block comment without its `*/`.
    UnterminatedComment {
        /// Whether a comment may hold another one.
        nests: bool,
    },
    /// A dollar-quoted string without a second tag, given here.
    UnterminatedDollarQuote(String),
    /// A command of psql, such as `\d`.
    PsqlCommand(String),
    /// A command of the sqlite3 shell, such as `.mode`.
    ShellCommand(String),
    /// `DELIMITER` of the mysql client.
    Delimiter,
    /// `COPY … FROM stdin`.
    CopyFromStdin,
}

impl SqlError {
    /// Says what to write instead.
    pub(crate) fn help(&self) -> String {
        match &self.kind {
            SqlErrorKind::UnterminatedString => {
                "close it with `'`; a quote inside a string is written twice, `''`".into()
            }
            SqlErrorKind::UnterminatedName(close) => format!("close it with `{close}`"),
            SqlErrorKind::UnterminatedComment { nests: true } => {
                "close it with `*/`; comments nest here, so that each `/*` inside needs its own".into()
            }
            SqlErrorKind::UnterminatedComment { nests: false } => "close it with `*/`".into(),
            SqlErrorKind::UnterminatedDollarQuote(tag) => format!("write `{tag}` once more where the text ends"),
            SqlErrorKind::PsqlCommand(_) | SqlErrorKind::ShellCommand(_) => {
                "take the line out, or write the SQL that it stands for".into()
            }
            SqlErrorKind::Delimiter => {
                "take it out: a body from BEGIN to END is one statement here, whatever semicolons are in it".into()
            }
            SqlErrorKind::CopyFromStdin => {
                "write the rows as `INSERT INTO … VALUES`, or send them from an `up` function in Rust".into()
            }
        }
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SqlErrorKind::UnterminatedString => write!(f, "this string is never closed"),
            SqlErrorKind::UnterminatedName(_) => write!(f, "this quoted name is never closed"),
            SqlErrorKind::UnterminatedComment { .. } => write!(f, "this comment is never closed"),
            SqlErrorKind::UnterminatedDollarQuote(tag) => write!(f, "the text that `{tag}` opens is never closed"),
            SqlErrorKind::PsqlCommand(name) => write!(f, "`{name}` is a command of psql, not SQL"),
            SqlErrorKind::ShellCommand(name) => write!(f, "`{name}` is a command of the sqlite3 shell, not SQL"),
            SqlErrorKind::Delimiter => write!(f, "`DELIMITER` is a command of the mysql client, not SQL"),
            SqlErrorKind::CopyFromStdin => write!(f, "`COPY … FROM stdin` reads rows that a migration can't send"),
        }
    }
}

impl std::error::Error for SqlError {}
