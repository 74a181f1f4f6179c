//! Performing a course: in transactions on a replica set, one by one elsewhere.

use super::again::send_again;
use super::answer::number;
use super::exchange::{Answer, commands, exchange, lease_lost, purpose, send};
use super::{Mongodb, MongodbStep, extended_json, lease, rows};
use crate::backend::{Course, Stop, Task, foreign, guarded, judge};
use crate::error::{ServerError, ServerErrorClass as Class};
use crate::step::{RustCheck, RustWork};
use mongodb::bson::{Bson, Document};
use mongodb::error::Error;
use mongodb::options::{ReadConcern, WriteConcern};
use std::time::Instant;

type Done<'a> = &'a (dyn Fn(usize) + Send + Sync);

fn refused(task: usize) -> impl Fn(ServerError) -> Stop {
    move |answer| Stop::Refused { task, position: None, answer }
}

fn driver(error: Error) -> ServerError {
    super::answer::answer(&error)
}

/// Runs it; what stops it inside of a transaction leaves nothing of that.
pub(super) async fn run(mongodb: &mut Mongodb, course: &Course, done: Done<'_>) -> Result<(), Stop> {
    let life = mongodb.heartbeat.as_ref().map(|heartbeat| heartbeat.life().clone());
    let begun = MongodbStep::begin(&mongodb.database, life).await;
    let mut step = begun.map_err(|error| refused(0)(driver(error)))?;
    let end = walk(mongodb, &mut step, course, done).await;
    if step.is_open {
        // What failed is told; a transaction that is left alone is aborted by the server.
        let _ = step.session.abort_transaction().await;
    }
    end
}

async fn walk(mongodb: &mut Mongodb, step: &mut MongodbStep, course: &Course, done: Done<'_>) -> Result<(), Stop> {
    for (at, task) in course.tasks.iter().enumerate() {
        match task {
            Task::Session(text) | Task::Ledger(text) => {
                ledger(mongodb, Some(step), text).await.map_err(refused(at))?;
            }
            Task::Begin(_) => begin(mongodb, step).await.map_err(refused(at))?,
            Task::Key(text) => match ledger(mongodb, Some(step), text).await {
                Err(answer) if answer.is(Class::UniqueViolation) => return Err(Stop::Stale),
                keyed => drop(keyed.map_err(refused(at))?),
            },
            Task::One(text) => {
                let replies = ledger(mongodb, Some(step), text).await.map_err(refused(at))?;
                if replies.last().and_then(|reply| number(reply.get("n"))) != Some(1) {
                    return Err(Stop::Stale);
                }
            }
            Task::Author { index, text } | Task::Alone { index, text } => {
                let alone = matches!(task, Task::Alone { .. });
                author(mongodb, step, text, alone).await.map_err(|failed| failed.at(at))?;
                done(*index as usize);
            }
            Task::Query { text, .. } => {
                let reply = author(mongodb, step, text, false).await.map_err(|failed| failed.at(at))?;
                judge(&rows::queried(&reply)).map_err(|answer| Stop::Untrue { task: at, answer })?;
            }
            Task::Rust(code) => {
                mongodb.check().map_err(refused(at))?;
                let called = call(step, code).await.map_err(|message| Stop::Panicked { message })?;
                called.map_err(|error| Stop::Code { task: at, error })?;
            }
            Task::RustQuery { code, .. } => {
                let called = asked(step, code).await.map_err(|message| Stop::Panicked { message })?;
                if !called.map_err(|error| Stop::Code { task: at, error })? {
                    return Err(Stop::Untrue { task: at, answer: "`false`".into() });
                }
            }
            Task::ForeignKeys => {}
            Task::Commit => commit(mongodb, step).await.map_err(refused(at))?,
            Task::Rollback => {
                if std::mem::take(&mut step.is_open) {
                    step.session.abort_transaction().await.map_err(|error| refused(at)(driver(error)))?;
                }
            }
        }
    }
    Ok(())
}

async fn begin(mongodb: &Mongodb, step: &mut MongodbStep) -> Answer<()> {
    if !mongodb.transactions {
        return Ok(());
    }
    let begin = step.session.start_transaction();
    begin.read_concern(ReadConcern::snapshot()).write_concern(WriteConcern::majority()).await.map_err(driver)?;
    step.is_open = true;
    Ok(())
}

/// Commits together with a change of the fence: whoever has lost the lease commits nothing.
async fn commit(mongodb: &mut Mongodb, step: &mut MongodbStep) -> Answer<()> {
    if !step.is_open {
        return Ok(());
    }
    if let Some(heartbeat) = &mongodb.heartbeat {
        let commit = lease::commit(&heartbeat.ledger, &heartbeat.run);
        let reply = send(&step.database, Some(&mut step.session), commit).await?;
        if number(reply.get("n")) != Some(1) {
            return Err(lease_lost());
        }
    }
    step.session.commit_transaction().await.map_err(driver)?;
    step.is_open = false;
    Ok(())
}

/// Sends a text of the ledger's.
pub(super) async fn ledger(mongodb: &mut Mongodb, step: Option<&mut MongodbStep>, text: &str) -> Answer<Vec<Document>> {
    let commands = commands(text)?;
    let first = commands.first().map(purpose).unwrap_or_default().to_owned();
    if first == "release" {
        // Before it is gone: the heartbeat would think that somebody else has it.
        mongodb.heartbeat = None;
    }
    if first == "hold" {
        mongodb.check()?;
    }
    let sent = Instant::now();
    let session = step.filter(|step| step.is_open).map(|step| &mut step.session);
    let replies = exchange(&mongodb.database, session, commands, &mut mongodb.last).await?;
    if let Some(heartbeat) = mongodb.heartbeat.as_ref().filter(|_| first == "hold") {
        heartbeat.life().renew(sent);
    }
    Ok(replies)
}

/// Says what stopped a statement of the author's, and where in its text.
struct Failed {
    position: Option<usize>,
    answer: ServerError,
}

impl From<ServerError> for Failed {
    fn from(answer: ServerError) -> Self {
        Self { position: None, answer }
    }
}

impl Failed {
    fn at(self, task: usize) -> Stop {
        Stop::Refused { task, position: self.position, answer: self.answer }
    }
}

/// Sends a statement of the author's; by itself what is there already counts as made.
async fn author(mongodb: &Mongodb, step: &mut MongodbStep, text: &str, alone: bool) -> Result<Document, Failed> {
    mongodb.check()?;
    let mut commands = extended_json::documents(text)
        .map_err(|wrong| Failed { position: Some(wrong.position), answer: super::answer::misread(&wrong) })?;
    let mut command = match (commands.pop(), commands.is_empty()) {
        (Some(command), true) => command,
        _ => return Err(ServerError::other("a statement is one command").into()),
    };
    if step.is_open {
        return Ok(send(&step.database, Some(&mut step.session), command).await?);
    }
    confirm(&mut command);
    match alone {
        true => Ok(send_again(&step.database, command).await?),
        false => Ok(send(&step.database, None, command).await?),
    }
}

/// The commands that take a write concern.
const WRITES: [&str; 10] = [
    "insert",
    "update",
    "delete",
    "findAndModify",
    "create",
    "createIndexes",
    "dropIndexes",
    "drop",
    "collMod",
    "renameCollection",
];

/// Asks for a majority where the author says nothing.
fn confirm(command: &mut Document) {
    let writes = command.keys().next().is_some_and(|name| WRITES.contains(&name.as_str()));
    if writes && !command.contains_key("writeConcern") {
        command.insert("writeConcern", Bson::Document(mongodb::bson::doc! { "w": "majority" }));
    }
}

async fn call(step: &mut MongodbStep, code: &RustWork) -> Result<crate::Result<()>, String> {
    match code {
        RustWork::Mongodb(code) => guarded(code(step)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}

async fn asked(step: &mut MongodbStep, code: &RustCheck) -> Result<crate::Result<bool>, String> {
    match code {
        RustCheck::Mongodb(code) => guarded(code(step)).await,
        #[allow(unreachable_patterns)]
        _ => Ok(Err(foreign())),
    }
}
