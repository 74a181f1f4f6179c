//! What SQLite's answers mean to the engine.

use crate::error::{Notes, ServerError, ServerErrorClass as Class};
use sqlx::sqlite::SqliteError;

/// Sorts SQLite's answer by its primary result code.
///
/// # Source
/// <https://www.sqlite.org/rescode.html>
pub(crate) fn answer(error: &SqliteError) -> ServerError {
    use sqlx::error::DatabaseError;
    let code = error.code().unwrap_or_default().into_owned();
    let number: u32 = code.parse().unwrap_or(1);
    let message = error.message();
    let class = match (number & 0xff, number) {
        (5 | 6, _) => Class::Locked,
        (3 | 23, _) => Class::PermissionDenied,
        (8, _) => Class::ReadOnly,
        (26, _) => Class::NotADatabase,
        (_, 1555 | 2067) => Class::UniqueViolation,
        (1, _) if message.starts_with("no such table") => Class::UndefinedTable,
        (1, _) if message.starts_with("no such column") => Class::UndefinedColumn,
        (1, _) if message.starts_with("no such savepoint") => Class::TransactionEnded,
        _ => Class::Other,
    };
    let hint = matches!(number, READONLY_RECOVERY | READONLY_CANTINIT | READONLY_DIRECTORY).then(|| {
        "SQLite creates files beside the database, in WAL mode even to read it: let the user write in its folder; to \
         read a file that nobody writes to, and that has no `-wal` beside it, add `?immutable=1` to its URL"
    });
    let notes = hint.map(|hint| Box::new(Notes { hint: Some(hint.into()), ..Notes::default() }));
    ServerError { class, code: Some(code), notes, ..ServerError::other(message) }
}

const READONLY_RECOVERY: u32 = 264;
const READONLY_CANTINIT: u32 = 1288;
const READONLY_DIRECTORY: u32 = 1544;
