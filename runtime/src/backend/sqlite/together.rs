//! A long script's transaction: its short statements reach SQLite many at a time, byte for byte as they are written.
//!
//! sqlx hands a result for each statement from one thread to another, which takes longer than most of them. The one
//! text that it gives to `sqlite3_exec` whole is a transaction's beginning. It counts a transaction once that text has
//! succeeded; so each text here ends in a refusal that is expected, and sqlx knows of no transaction.

use super::foreign_keys::Violations;
use super::patience::Patience;
use super::{Answer, perform, refused, send};
use crate::backend::{Course, Stop, Task};
use crate::error::ServerError;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};
use std::ops::Range;
use std::task::{Context, Waker};

/// As many bytes are sent at once.
const BYTES: usize = 1 << 16;
/// A script with fewer statements has nothing to gain.
const MANY: usize = 100;

/// Stands for the whole transaction. Each text lets go of it and sets it again, so none can run outside.
const SAVEPOINT: &str = "whimbrel_together";
/// A savepoint that is never there.
const NONE: &str = "whimbrel_none";

/// Tells whether a course is one transaction with many short statements, and without code, which sqlx's own would be for.
/// What is before the transaction must do no harm when it is done again.
pub(super) fn is_worthwhile(course: &Course) -> bool {
    let short = |task: &&Task| matches!(task, Task::Author { text, .. } if is_short(text));
    let mut tasks = course.tasks.iter().skip_while(|task| matches!(task, Task::Session(_)));
    course.statements >= MANY
        && matches!(tasks.next(), Some(Task::Begin(_)))
        && !tasks.clone().any(|task| matches!(task, Task::Begin(_) | Task::Alone { .. }))
        && !course.has_code()
        && tasks.filter(short).take(MANY).count() == MANY
}

/// Runs the transaction that begins at a task; gives the task behind its end.
pub(super) async fn transaction(
    connection: &mut SqliteConnection,
    course: &Course,
    first: usize,
    patience: &mut Patience,
    violations: &mut Option<Violations>,
    open: &mut bool,
    done: &(dyn Fn(usize) + Send + Sync),
) -> Result<usize, Stop> {
    *open = true;
    let end = run(connection, course, first, patience, violations, done).await;
    if !matches!(&end, Err(Stop::Refused { task, .. }) if *task == first) && end.is_err() {
        // SQLite ends a transaction by itself on some errors.
        send(connection, "SAVEPOINT whimbrel_end; ROLLBACK".into()).await.map_err(refused(first))?;
    }
    *open = false;
    end
}

async fn run(
    connection: &mut SqliteConnection,
    course: &Course,
    first: usize,
    patience: &mut Patience,
    violations: &mut Option<Violations>,
    done: &(dyn Fn(usize) + Send + Sync),
) -> Result<usize, Stop> {
    let mut at = first;
    while let Some(task) = course.tasks.get(at) {
        match task {
            Task::Begin(begin) => {
                exec(connection, format!("{begin};SAVEPOINT {SAVEPOINT};")).await.map_err(refused(at))?;
                patience.succeed(connection).await.map_err(refused(at + 1))?;
            }
            Task::Commit | Task::Rollback => {
                let end = if matches!(task, Task::Commit) { "COMMIT" } else { "ROLLBACK" };
                send(connection, end.into()).await.map_err(refused(at))?;
                return Ok(at + 1);
            }
            _ => {
                if let Some(bundle) = bundle(course, at) {
                    exec(connection, bundle.text).await.map_err(refused(at))?;
                    at += bundle.indexes.len();
                    bundle.indexes.map(|index| index as usize).for_each(done);
                    continue;
                }
                perform(connection, at, task, violations, done).await?;
            }
        }
        at += 1;
    }
    send(connection, "ROLLBACK".into()).await.map_err(refused(at))?;
    Ok(at)
}

/// Rolls it back in the connection's own time. On a connection of somebody else only what was opened here.
pub(super) fn abandon(connection: &mut SqliteConnection, own: bool) {
    let text = if own { "ROLLBACK".to_owned() } else { format!("RELEASE {SAVEPOINT};ROLLBACK") };
    let mut sent = Box::pin(connection.begin_with(AssertSqlSafe(text)));
    let _ = sent.as_mut().poll(&mut Context::from_waker(Waker::noop()));
}

/// Holds neighbouring statements as one text.
struct Bundle {
    text: String,
    indexes: Range<u32>,
}

/// Ties together the statements from a task on, as far as they are short and fit; none where it is not one of them.
fn bundle(course: &Course, first: usize) -> Option<Bundle> {
    let Some(Task::Author { index, .. }) = course.tasks.get(first) else { return None };
    let mut bundle = Bundle { text: format!("RELEASE {SAVEPOINT};SAVEPOINT {SAVEPOINT};"), indexes: *index..*index };
    for task in course.tasks.iter().skip(first) {
        let Task::Author { index, text } = task else { break };
        if !is_short(text) || bundle.text.len() + text.len() > BYTES {
            break;
        }
        bundle.text.push_str(text);
        bundle.text.push(';');
        bundle.indexes.end = *index + 1;
    }
    (bundle.indexes.len() > 1).then_some(bundle)
}

/// Tells whether a statement can have others behind it: SQLite keeps nothing of its text, as it does of what is created,
/// and its semicolon can't be part of a comment.
fn is_short(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["INSERT", "UPDATE", "DELETE", "REPLACE"].iter().any(|known| known.eq_ignore_ascii_case(word))
        && text.len() < BYTES / 2
        && !["--", "/*", "\0"].iter().any(|part| text.contains(part))
}

async fn exec(connection: &mut SqliteConnection, mut text: String) -> Answer<()> {
    text.push_str("RELEASE ");
    text.push_str(NONE);
    match connection.begin_with(AssertSqlSafe(text)).await.map(drop).map_err(ServerError::from) {
        Err(answer) if answer.message().strip_prefix("no such savepoint: ") == Some(NONE) => Ok(()),
        Err(answer) => Err(answer),
        Ok(()) => Err(ServerError::other("the transaction was not there any more")),
    }
}

#[cfg(test)]
mod tests;
