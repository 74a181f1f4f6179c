//! The lease: one document, whose fields only the server's clock and counter fill.
//!
//! ```text
//! { _id: "lease", run: <who has it, or "">, seq: <the ledger's counter>, term: <how often it changed hands>,
//!   beat: <when it was last kept alive>, since: <when it was taken>, pid, host, user, application, doing }
//! ```
//!
//! It is taken by one upsert: somebody else's document has the same `_id`, so the insertion is refused as a duplicate. How old a
//! holder's last sign of life is is asked of the server too: it writes this moment beside it, by the clock that wrote the other.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/command/findAndModify/>,
//! <https://www.mongodb.com/docs/manual/reference/operator/update/currentDate/>

use super::extended_json::text;
use crate::backend::LockName;
use crate::ledger::user;
use mongodb::bson::{Bson, DateTime, Document, doc};
use std::time::Duration;

/// So long a lease lasts without a sign of life.
pub(super) const TERM: Duration = Duration::from_secs(15);
/// So often one is given.
pub(super) const BEAT: Duration = Duration::from_secs(5);
/// So long a command about the lease may take, in milliseconds: a transaction of the holder's may stand before it.
const PATIENCE: i32 = 4000;

/// Names the collection.
pub(super) fn collection(ledger: &str) -> String {
    format!("{ledger}_lock")
}

/// Writes a change of the one document, whose answer is the document as it is afterwards.
fn change(ledger: &str, query: Document, update: Document, comment: &str) -> Document {
    let mut whole = doc! { "_id": "lease" };
    whole.extend(query);
    doc! {
        "findAndModify": collection(ledger),
        "query": whole,
        "update": update,
        "new": true,
        "maxTimeMS": PATIENCE,
        "writeConcern": { "w": "majority" },
        "comment": format!("whimbrel: {comment}"),
    }
}

/// Writes who holds it from now on.
fn held(name: &LockName<'_>) -> Document {
    doc! {
        "$set": {
            "run": name.run,
            "pid": i64::from(std::process::id()),
            "host": host(),
            "user": user(),
            "application": "whimbrel",
            "doing": "",
        },
        "$inc": { "term": 1 },
        "$currentDate": { "beat": true, "since": true },
    }
}

/// Takes it where nobody has it.
pub(super) fn take(name: &LockName<'_>) -> Document {
    let mut take = change(name.ledger, doc! { "run": "" }, held(name), "take");
    take.insert("upsert", true);
    take
}

/// Looks who has it, and writes what time it is.
pub(super) fn look(ledger: &str) -> Document {
    change(ledger, doc! {}, doc! { "$currentDate": { "now": true } }, "look")
}

/// Takes it from one whose time is up, if it has given no sign of life since.
pub(super) fn take_over(name: &LockName<'_>, run: &str, beat: DateTime) -> Document {
    change(name.ledger, doc! { "run": run, "beat": beat }, held(name), "take over")
}

/// Keeps it alive.
pub(super) fn beat(ledger: &str, run: &str) -> Document {
    change(ledger, doc! { "run": run }, doc! { "$currentDate": { "beat": true } }, "beat")
}

/// Keeps it alive and counts: the next change of the ledger is this one's, if the lease still is.
pub(super) fn count(ledger: &str, run: &str, doing: &str) -> Document {
    let mut update = doc! { "$inc": { "seq": 1 }, "$currentDate": { "beat": true } };
    if !doing.is_empty() {
        update.insert("$set", doc! { "doing": doing });
    }
    change(ledger, doc! { "run": run }, update, "count")
}

/// Lets the counter go on behind what is there: the collection may have been dropped.
pub(super) fn catch_up(ledger: &str, run: &str, seq: i64) -> Document {
    change(ledger, doc! { "run": run }, doc! { "$max": { "seq": seq } }, "catch up")
}

/// Holds the lease at the end of a transaction: it commits with this, or not at all.
pub(super) fn hold(ledger: &str, run: &str) -> Document {
    doc! {
        "update": collection(ledger),
        "updates": [{ "q": { "_id": "lease", "run": run }, "u": { "$currentDate": { "beat": true } } }],
        "comment": "whimbrel: hold",
    }
}

/// Gives it back.
pub(super) fn release(ledger: &str, run: &str) -> Document {
    change(ledger, doc! { "run": run }, doc! { "$set": { "run": "", "doing": "" } }, "release")
}

pub(super) fn poll_text(name: &LockName<'_>) -> String {
    text(&take(name))
}

pub(super) fn release_text(name: &LockName<'_>) -> String {
    text(&release(name.ledger, name.run))
}

/// Asks for the time and for the holder, and writes nothing.
pub(super) fn holder_text(name: &LockName<'_>) -> String {
    let find = doc! { "find": collection(name.ledger), "filter": { "_id": "lease" }, "comment": "whimbrel: holder" };
    format!("{}\n{}", text(&doc! { "hello": 1 }), text(&find))
}

/// Says what a look has shown.
#[derive(Debug, PartialEq)]
pub(super) enum Seen {
    /// It is this run's: an earlier answer was lost.
    Mine,
    /// Its time is up.
    Expired { run: String, beat: DateTime },
    /// Somebody has it.
    Held,
    /// It has been given back, or is not there any more.
    Free,
}

/// Judges the document that a look gave.
pub(super) fn judge(lease: &Document, run: &str) -> Seen {
    let holder = lease.get_str("run").unwrap_or_default();
    let (Ok(beat), Ok(now)) = (lease.get_datetime("beat"), lease.get_datetime("now")) else { return Seen::Free };
    match holder {
        "" => Seen::Free,
        holder if holder == run => Seen::Mine,
        holder if is_over(*beat, *now) => Seen::Expired { run: holder.into(), beat: *beat },
        _ => Seen::Held,
    }
}

fn is_over(beat: DateTime, now: DateTime) -> bool {
    let silent = now.timestamp_millis() - beat.timestamp_millis();
    u64::try_from(silent).is_ok_and(|silent| silent >= TERM.as_millis() as u64)
}

/// Gives the cells that tell who has it: none where nobody does, or whoever did is dead.
pub(super) fn holder(lease: &Document, now: DateTime) -> Option<Vec<Option<String>>> {
    let text = |name| lease.get_str(name).ok().filter(|text| !text.is_empty()).map(str::to_owned);
    text("run")?;
    if lease.get_datetime("beat").is_ok_and(|beat| is_over(*beat, now)) {
        return None;
    }
    let pid = super::answer::number(lease.get("pid")).map(|pid| pid.to_string());
    let since = lease.get("since").and_then(Bson::as_datetime).and_then(|since| since.try_to_rfc3339_string().ok());
    let state = Some("migrating".to_owned());
    Some(vec![pid.or(Some("0".into())), text("application"), text("user"), text("host"), since, state, text("doing")])
}

/// Names this machine, as far as it says.
fn host() -> String {
    let named = std::env::var("HOSTNAME").ok().filter(|name| !name.is_empty());
    let named = named.or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok());
    named.map(|name| name.trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: LockName<'static> = LockName { key: 1, ledger: "whimbrel", run: "r1" };

    fn lease(run: &str, silent: i64) -> Document {
        let beat = DateTime::from_millis(1_000_000);
        doc! { "_id": "lease", "run": run, "beat": beat, "now": DateTime::from_millis(1_000_000 + silent) }
    }

    #[test]
    fn it_is_over_after_fifteen_seconds_of_the_servers() {
        assert_eq!(judge(&lease("r2", 14_999), "r1"), Seen::Held);
        assert_eq!(judge(&lease("r2", -5), "r1"), Seen::Held);
        let beat = DateTime::from_millis(1_000_000);
        assert_eq!(judge(&lease("r2", 15_000), "r1"), Seen::Expired { run: "r2".into(), beat });
        assert_eq!(judge(&lease("r1", 20_000), "r1"), Seen::Mine);
        assert_eq!(judge(&lease("", 0), "r1"), Seen::Free);
        assert!(holder(&lease("r2", 0), DateTime::from_millis(1_020_000)).is_none());
        assert!(holder(&lease("r2", 0), DateTime::from_millis(1_010_000)).is_some());
    }

    #[test]
    fn a_command_is_written_as_the_manual_has_it() {
        let beat = beat("whimbrel", "r1");
        assert_eq!(
            text(&beat),
            "{\"findAndModify\": \"whimbrel_lock\", \"query\": {\"_id\": \"lease\", \"run\": \"r1\"}, \"update\": \
             {\"$currentDate\": {\"beat\": true}}, \"new\": true, \"maxTimeMS\": 4000, \"writeConcern\": {\"w\": \
             \"majority\"}, \"comment\": \"whimbrel: beat\"}"
        );
        let over = text(&take_over(&NAME, "r0", DateTime::from_millis(0)));
        let start = "{\"findAndModify\": \"whimbrel_lock\", \"query\": {\"_id\": \"lease\", \"run\": \"r0\", \"beat\": \
                     {\"$date\": \"1970-01-01T00:00:00Z\"}}, ";
        assert!(over.starts_with(start), "{over}");
        assert!(poll_text(&NAME).ends_with("\"comment\": \"whimbrel: take\", \"upsert\": true}"));
    }
}
