//! Taking the lease, from whoever had it if need be, and telling of what a dead run could not tell any more.

use super::Mongodb;
use super::answer::number;
use super::exchange::{Answer, changed, found, send};
use super::lease::{self, Seen};
use crate::backend::Rows;
use crate::error::ServerErrorClass as Class;
use mongodb::bson::{Bson, DateTime, Document, doc};

/// The server's word for a command that has taken too long.
const TIME_IS_UP: &str = "50";

/// Takes the lease if it can be had now: gives `t`, or `f` and who has it.
pub(super) async fn poll(mongodb: &mut Mongodb, take: Document) -> Answer<Rows> {
    let (ledger, run) = named(&take);
    mongodb.taking = Some((ledger.clone(), run.clone()));
    for _ in 0..3 {
        match send(&mongodb.database, None, take.clone()).await {
            Ok(_) => return taken(mongodb, &ledger, &run).await,
            Err(answer) if answer.is(Class::UniqueViolation) => {}
            // Its holder is about to commit.
            Err(answer) if answer.code() == Some(TIME_IS_UP) => break,
            Err(answer) => return Err(answer),
        }
        let clock = match send(&mongodb.database, None, lease::clock(&ledger)).await {
            Ok(clock) => clock,
            // Two have asked for the first time.
            Err(answer) if answer.is(Class::UniqueViolation) => continue,
            Err(answer) => return Err(answer),
        };
        let look = send(&mongodb.database, None, lease::look(&ledger)).await?;
        let now = changed(&clock).map_or_else(DateTime::now, |clock| moment(clock, "now"));
        let there = found(&look).next();
        match lease::judge(there, now) {
            Seen::Held => {
                mongodb.taking = None;
                let mut row = vec![Some("f".to_owned())];
                row.extend(there.and_then(|lease| lease::holder(lease, now)).unwrap_or_default());
                return Ok(vec![row]);
            }
            Seen::Free => {}
            Seen::Expired { run: dead, beat } => {
                tracing::warn!(run, dead, "a run's lease has run out; it is taken over");
                send(&mongodb.database, None, lease::end(&ledger, &dead, beat)).await?;
            }
        }
    }
    Ok(vec![vec![Some("f".to_owned())]])
}

/// Reads whose lease it is to become.
fn named(take: &Document) -> (String, String) {
    let collection = take.get_str("findAndModify").unwrap_or_default();
    let set = take.get_document("update").and_then(|update| update.get_document("$set"));
    let run = set.ok().and_then(|set| set.get_str("run").ok()).unwrap_or_default();
    (collection.strip_suffix("_lock").unwrap_or(collection).into(), run.into())
}

fn moment(document: &Document, name: &str) -> DateTime {
    document.get_datetime(name).copied().unwrap_or_else(|_| DateTime::now())
}

/// The ledger's numbers go on behind the last one that is written: nobody else counts while the lease is held.
async fn taken(mongodb: &mut Mongodb, ledger: &str, run: &str) -> Answer<Rows> {
    if mongodb.transactions {
        // Before anything is read: a transaction of a run that has lost the lease is through by then, or will not be.
        match send(&mongodb.database, None, lease::fence(ledger, run)).await {
            // A run that died in its commit has the fence until the server ends its transaction; the lease is ours by then, and
            // nobody can be named who is waited for.
            Err(answer) if answer.code() == Some(TIME_IS_UP) => return Ok(vec![vec![Some("f".to_owned()), None]]),
            fenced => drop(fenced?),
        }
    }
    let [history, events] = ["history", "events"].map(|part| format!("{ledger}_{part}"));
    let last = doc! { "find": &events, "sort": { "_id": -1 }, "limit": 1, "projection": { "_id": 1 } };
    let last = send(&mongodb.database, None, last).await?;
    let last = found(&last).next().and_then(|event| number(event.get("_id"))).unwrap_or_default();
    let untold = send(&mongodb.database, None, doc! { "find": &history, "filter": { "open": true } }).await?;
    let untold: Vec<_> = found(&untold).collect();
    let rows = untold.iter().filter_map(|row| number(seq(row).as_ref()));
    mongodb.last = rows.chain([last]).max().unwrap_or_default();
    for row in untold {
        tell(mongodb, [&history, &events], row).await?;
    }
    Ok(vec![vec![Some("t".to_owned())]])
}

/// Writes the event of a row whose run has died between the two, under the number that the row has.
async fn tell(mongodb: &Mongodb, [history, events]: [&str; 2], row: &Document) -> Answer<()> {
    let Some(event) = event(row) else { return Ok(()) };
    let mut same: Document = ["registry", "database", "id", "event"]
        .iter()
        .map(|name| ((*name).to_owned(), event.get(*name).cloned().unwrap_or_default()))
        .collect();
    same.insert("_id", doc! { "$gte": event.get("_id").cloned().unwrap_or_default() });
    let told = send(&mongodb.database, None, doc! { "find": events, "filter": same, "limit": 1 }).await?;
    if found(&told).next().is_none() {
        let insert = doc! { "insert": events, "documents": [event], "writeConcern": { "w": "majority" } };
        send(&mongodb.database, None, insert).await?;
    }
    let q = doc! { "_id": row.get("_id").cloned().unwrap_or_default(), "end.seq": seq(row).unwrap_or_default() };
    let update = doc! {
        "update": history,
        "updates": [{ "q": q, "u": { "$unset": { "open": "" } } }],
        "writeConcern": { "w": "majority" },
    };
    send(&mongodb.database, None, update).await.map(drop)
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
