//! Plain migrations as one text, from the beginning of their transaction to its end: each text more is two changes of
//! threads, which take longer than what most migrations do, and each transaction more waits four times for the disk.
//!
//! sqlx gives a transaction's beginning to `sqlite3_exec` as it is, and then finds that none has begun. Whatever is
//! refused is told by the same course again, text by text.

use super::{Answer, send};
use crate::backend::{Course, Task};
use crate::error::ServerError;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A longer one has other costs, and its progress is of interest.
const BYTES: usize = 1 << 16;

/// So long may a text be at it and still begin another migration.
const SLOW: Duration = Duration::from_secs(1);

/// Refuses to go on where not exactly one row was changed; SQLite has no statement for that.
const ONE: &str = "SELECT json(CASE changes() WHEN 1 THEN '1' ELSE '' END)";
/// Refuses to go on where a row has lost the row that it refers to.
const FOREIGN_KEYS: &str =
    "SELECT json(CASE WHEN EXISTS (SELECT 1 FROM pragma_foreign_key_check) THEN '' ELSE '1' END)";

/// Writes a course as one text, each statement byte for byte as it would be sent by itself; none where it isn't plain.
pub(super) fn text(course: &Course) -> Option<String> {
    joined(std::slice::from_ref(course)).map(|(text, _)| text)
}

/// Writes as many of the first courses as are plain, but not too long together, as one text with one transaction; tells how many.
pub(super) fn joined(courses: &[Course]) -> Option<(String, usize)> {
    let mut all = String::new();
    let mut count = 0;
    let mut end = String::new();
    let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    for course in courses {
        let Some([opening, work, closing]) = parts(course) else { break };
        if all.len() + work.len() > BYTES {
            break;
        }
        if count == 0 {
            all.push_str(&opening);
        } else {
            all.push_str(&in_time(begun));
        }
        all.push_str(&work);
        (end, count) = (closing, count + 1);
    }
    all.push_str(&end);
    (count > 0).then_some((all, count))
}

/// Refuses to go on a second after a text was sent: what takes so long is done by itself.
fn in_time(begun: Duration) -> String {
    let until = (begun + SLOW).as_millis();
    format!("SELECT json(CASE WHEN (julianday('now') - 2440587.5) * 86400000 < {until} THEN '1' ELSE '' END);")
}

/// Writes what comes up to the beginning of a course's transaction, what is in it, and its end with what comes after.
fn parts(course: &Course) -> Option<[String; 3]> {
    let begins = |task: &&Task| matches!(task, Task::Begin(_));
    if course.tasks.iter().filter(begins).count() != 1 {
        return None;
    }
    let mut parts = [const { String::new() }; 3];
    let mut at = 0;
    for task in &course.tasks {
        at = at.max(usize::from(matches!(task, Task::Commit)) * 2);
        let text = &mut parts[at];
        match task {
            Task::Session(own) | Task::Begin(own) | Task::Ledger(own) => text.push_str(own),
            Task::Key(own) | Task::One(own) => {
                text.push_str(own);
                text.push(';');
                text.push_str(ONE);
            }
            Task::Author { text: author, .. } if is_plain(author.trim()) => text.push_str(author.trim()),
            Task::ForeignKeys => text.push_str(FOREIGN_KEYS),
            Task::Commit => text.push_str("COMMIT"),
            _ => return None,
        }
        text.push(';');
        if text.len() > BYTES {
            return None;
        }
        at = at.max(usize::from(matches!(task, Task::Begin(_))));
    }
    Some(parts)
}

/// Finds the task that may have to wait for others.
pub(super) fn begin(course: &Course) -> usize {
    course.tasks.iter().position(|task| matches!(task, Task::Begin(_))).unwrap_or_default()
}

/// Runs it. When it is refused nothing of it is left.
pub(super) async fn run(connection: &mut SqliteConnection, text: String) -> Answer<()> {
    match connection.begin_with(AssertSqlSafe(text)).await.map(drop) {
        Err(sqlx::Error::BeginFailed) => Ok(()),
        end => {
            // SQLite ends a transaction by itself on some errors.
            send(connection, "SAVEPOINT whimbrel_end; ROLLBACK".into()).await?;
            Err(end.map_or_else(ServerError::from, |()| ServerError::other("the transaction did not end")))
        }
    }
}

/// Tells whether a statement changes nothing but what a rollback restores, and leaves its semicolon alone.
fn is_plain(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let line = text.rsplit('\n').next().unwrap_or_default();
    let open = text.rsplit_once("/*").is_some_and(|(_, comment)| !comment.contains("*/"));
    let known = ["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "REPLACE"];
    known.iter().any(|known| known.eq_ignore_ascii_case(word)) && !open && !line.contains("--") && !text.contains('\0')
}

#[cfg(test)]
mod tests;
