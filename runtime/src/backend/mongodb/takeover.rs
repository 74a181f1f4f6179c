//! Taking the lease, from whoever had it if need be, and telling of what a dead run could not tell any more.

use super::Mongodb;
use super::answer::number;
use super::exchange::{Answer, changed, found, send};
use super::lease::{self, Seen};
use crate::backend::{LockName, Rows};
use crate::error::ServerErrorClass as Class;
use mongodb::bson::{Bson, DateTime, Document, doc};

/// The server's word for a command that has taken too long.
const TIME_IS_UP: &str = "50";

/// Takes the lease if it can be had now: gives `t`, or `f` and who has it.
pub(super) async fn poll(mongodb: &mut Mongodb, take: Document) -> Answer<Rows> {
    let (ledger, run) = named(&take);
    let name = LockName { key: 0, ledger: &ledger, run: &run };
    for _ in 0..2 {
        match send(&mongodb.database, None, take.clone()).await {
            Ok(reply) => return taken(mongodb, &name, changed(&reply)).await,
            Err(answer) if answer.is(Class::UniqueViolation) => {}
            Err(answer) if answer.code() == Some(TIME_IS_UP) => return Ok(held(None)),
            Err(answer) => return Err(answer),
        }
        let look = match send(&mongodb.database, None, lease::look(&ledger)).await {
            Ok(look) => look,
            // Its holder is about to commit.
            Err(answer) if answer.code() == Some(TIME_IS_UP) => return Ok(held(None)),
            Err(answer) => return Err(answer),
        };
        let Some(there) = changed(&look) else { continue };
        match lease::judge(there, &run) {
            Seen::Mine => return taken(mongodb, &name, Some(there)).await,
            Seen::Held => return Ok(held(Some(there))),
            Seen::Free => {}
            Seen::Expired { run: dead, beat } => {
                let over = send(&mongodb.database, None, lease::take_over(&name, &dead, beat)).await?;
                if let Some(lease) = changed(&over) {
                    tracing::warn!(run = dead, "a run's lease has run out; it is taken over");
                    return taken(mongodb, &name, Some(lease)).await;
                }
            }
        }
    }
    Ok(held(None))
}

/// Reads whose lease it is to become.
fn named(take: &Document) -> (String, String) {
    let collection = take.get_str("findAndModify").unwrap_or_default();
    let set = take.get_document("update").and_then(|update| update.get_document("$set"));
    let run = set.ok().and_then(|set| set.get_str("run").ok()).unwrap_or_default();
    (collection.strip_suffix("_lock").unwrap_or(collection).into(), run.into())
}

fn held(lease: Option<&Document>) -> Rows {
    let mut row = vec![Some("f".to_owned())];
    row.extend(lease.and_then(|lease| lease::holder(lease, moment(lease, "beat"))).unwrap_or_default());
    vec![row]
}

fn moment(lease: &Document, name: &str) -> DateTime {
    lease.get_datetime(name).copied().unwrap_or_else(|_| DateTime::now())
}

async fn taken(mongodb: &mut Mongodb, name: &LockName<'_>, lease: Option<&Document>) -> Answer<Rows> {
    if lease.is_some_and(|lease| !lease.contains_key("seq")) {
        catch_up(mongodb, name).await?;
    }
    tell(mongodb, name).await?;
    Ok(vec![vec![Some("t".to_owned())]])
}

/// Lets the counter of a new lease go on behind the events that are there.
async fn catch_up(mongodb: &Mongodb, name: &LockName<'_>) -> Answer<()> {
    let last = doc! { "find": format!("{}_events", name.ledger), "sort": { "_id": -1 }, "limit": 1, "projection": { "_id": 1 } };
    let last = send(&mongodb.database, None, last).await?;
    if let Some(seq) = found(&last).next().and_then(|event| number(event.get("_id"))).filter(|seq| *seq > 0) {
        send(&mongodb.database, None, lease::catch_up(name.ledger, name.run, seq)).await?;
    }
    Ok(())
}

/// Writes the events of rows whose run has died between the two; each under the number that its row has.
async fn tell(mongodb: &Mongodb, name: &LockName<'_>) -> Answer<()> {
    let [history, events] = ["history", "events"].map(|part| format!("{}_{part}", name.ledger));
    let untold = send(&mongodb.database, None, doc! { "find": &history, "filter": { "open": true } }).await?;
    for row in found(&untold) {
        let Some(event) = event(row) else { continue };
        let told = doc! {
            "find": &events,
            "filter": {
                "registry": event.get("registry").cloned().unwrap_or_default(),
                "database": event.get("database").cloned().unwrap_or_default(),
                "id": event.get("id").cloned().unwrap_or_default(),
                "event": event.get("event").cloned().unwrap_or_default(),
                "_id": { "$gt": event.get("_id").cloned().unwrap_or_default() },
            },
            "limit": 1,
        };
        if found(&send(&mongodb.database, None, told).await?).next().is_none() {
            let insert = doc! { "insert": &events, "documents": [event], "writeConcern": { "w": "majority" } };
            match send(&mongodb.database, None, insert).await {
                // Another one before this has died in the middle too.
                Err(answer) if answer.is(Class::UniqueViolation) => {}
                sent => drop(sent?),
            }
        }
        let q = doc! { "_id": row.get("_id").cloned().unwrap_or_default(), "end.seq": seq(row).unwrap_or_default() };
        let update = doc! {
            "update": &history,
            "updates": [{ "q": q, "u": { "$unset": { "open": "" } } }],
            "writeConcern": { "w": "majority" },
        };
        send(&mongodb.database, None, update).await?;
    }
    Ok(())
}

fn seq(row: &Document) -> Option<Bson> {
    row.get_document("end").ok()?.get("seq").cloned()
}

/// Makes the event that a row's document tells of.
fn event(row: &Document) -> Option<Document> {
    let end = row.get_document("end").ok()?;
    let from = |document: &Document, name: &str| document.get(name).cloned().unwrap_or_default();
    Some(doc! {
        "_id": seq(row)?, "at": from(end, "at"), "registry": from(row, "registry"), "id": from(row, "id"),
        "database": from(row, "database"), "run": from(end, "run"), "event": from(end, "event"),
        "direction": from(end, "direction"), "statement": Bson::Null, "statements": Bson::Null,
        "checksum": from(end, "checksum"), "message": "written down by a later run: this one died right after its row",
        "detail": Bson::Null, "actor": from(end, "actor"), "whimbrel_version": from(end, "whimbrel_version"),
    })
}
