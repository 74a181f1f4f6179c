//! What the build script understands of a SQL script: its tokens, its statements, what they do to the database, its checksum.
//!
//! Words alone, no grammar: what isn't recognised is left to the server, never refused.

mod body;
pub(crate) mod checksum;
mod cursor;
mod error;
mod facts;
mod lex;
mod loss;
mod needed;
mod outside;
mod pragma;
mod retry;
mod script;
mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod timescale;
mod token;
mod transaction;

pub(crate) use checksum::{ALGORITHM, checksum, text_checksum};
pub(crate) use cursor::Cursor;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(crate) use cursor::unquoted;
pub(crate) use error::{SqlError, SqlErrorKind};
pub(crate) use facts::{Facts, Finding};
pub(crate) use lex::Lexer;
pub(crate) use outside::OutsideEffect;
pub(crate) use retry::Retry;
pub(crate) use script::{Script, Statement};
pub(crate) use token::{Token, TokenKind};

use whimbrel_grammar::DatabaseKind;

impl Dialect {
    /// Gives the SQL that a server speaks; `None` where it speaks none.
    pub(crate) fn of(kind: DatabaseKind) -> Option<Dialect> {
        match kind {
            DatabaseKind::Sqlite => Some(Dialect::Sqlite),
            DatabaseKind::Postgres => Some(Dialect::Postgres),
            DatabaseKind::Mysql => Some(Dialect::Mysql),
            DatabaseKind::Redis | DatabaseKind::Neo4j | DatabaseKind::Mongodb => None,
        }
    }
}

/// Names the SQL that a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    /// SQLite's own.
    Sqlite,
    /// PostgreSQL's, with `standard_conforming_strings` on.
    Postgres,
    /// MySQL's and MariaDB's, with backslashes as escapes and `"` around strings.
    Mysql,
}
