//! The lease: one document, whose times only the server's clock writes.
//!
//! ```text
//! { _id: "lease", run: <who has it>, beat: <when it was last kept alive>, since: <when it was taken>,
//!   pid, host, user, application, doing }
//! ```
//!
//! It is taken by one upsert: where somebody else's document has the `_id`, the insertion is refused as a duplicate. It is given back by
//! deleting it, and one whose time is up is deleted by whoever has seen that. What time it is the server is asked by letting it write
//! that into a second document, `clock`, so that the holder's own is not touched by those who wait.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/command/findAndModify/>,
//! <https://www.mongodb.com/docs/manual/reference/operator/update/currentDate/>

use super::extended_json::text;
use crate::backend::LockName;
use crate::backend::lease::host;
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

/// Writes a change of one document, whose answer is the document as it is afterwards.
fn change(ledger: &str, query: Document, update: Document, upsert: bool, comment: &str) -> Document {
    doc! {
        "findAndModify": collection(ledger),
        "query": query,
        "update": update,
        "upsert": upsert,
        "new": true,
        "maxTimeMS": PATIENCE,
        "writeConcern": { "w": "majority" },
        "comment": format!("whimbrel: {comment}"),
    }
}

fn deletion(ledger: &str, query: Document, comment: &str) -> Document {
    doc! {
        "delete": collection(ledger),
        "deletes": [{ "q": query, "limit": 1 }],
        "maxTimeMS": PATIENCE,
        "writeConcern": { "w": "majority" },
        "comment": format!("whimbrel: {comment}"),
    }
}

/// Takes it where nobody has it.
pub(super) fn take(name: &LockName<'_>) -> Document {
    let holder = doc! {
        "pid": i64::from(std::process::id()),
        "host": host(),
        "user": user(),
        "application": "whimbrel",
        "doing": "",
    };
    let update = doc! { "$set": holder, "$currentDate": { "beat": true, "since": true } };
    change(name.ledger, doc! { "_id": "lease", "run": name.run }, update, true, "take")
}

/// Asks what time it is, by the clock that writes when a lease was kept alive.
pub(super) fn clock(ledger: &str) -> Document {
    change(ledger, doc! { "_id": "clock" }, doc! { "$currentDate": { "now": true } }, true, "clock")
}

/// Looks who has it.
pub(super) fn look(ledger: &str) -> Document {
    doc! { "find": collection(ledger), "filter": { "_id": "lease" }, "limit": 1, "comment": "whimbrel: look" }
}

/// Ends one whose time is up, if it has given no sign of life since.
pub(super) fn end(ledger: &str, run: &str, beat: DateTime) -> Document {
    deletion(ledger, doc! { "_id": "lease", "run": run, "beat": beat }, "end")
}

/// Keeps it alive.
pub(super) fn beat(ledger: &str, run: &str) -> Document {
    let query = doc! { "_id": "lease", "run": run };
    change(ledger, query, doc! { "$currentDate": { "beat": true } }, false, "beat")
}

/// Keeps it alive, and says what is being done: the change of the ledger that follows is this run's, if the lease still is.
pub(super) fn hold(ledger: &str, run: &str, doing: &str) -> Document {
    let mut update = doc! { "$currentDate": { "beat": true } };
    if !doing.is_empty() {
        update.insert("$set", doc! { "doing": doing });
    }
    change(ledger, doc! { "_id": "lease", "run": run }, update, false, "hold")
}

/// Says in a third document whose transactions may commit: one that no sign of life changes, for a change of it since a transaction
/// began keeps that from committing.
pub(super) fn fence(ledger: &str, run: &str) -> Document {
    doc! {
        "update": collection(ledger),
        "updates": [{ "q": { "_id": "fence" }, "u": { "$set": { "run": run } }, "upsert": true }],
        "maxTimeMS": PATIENCE,
        "writeConcern": { "w": "majority" },
        "comment": "whimbrel: fence",
    }
}

/// Ends a transaction: it commits with this, or not at all.
pub(super) fn commit(ledger: &str, run: &str) -> Document {
    doc! {
        "update": collection(ledger),
        "updates": [{ "q": { "_id": "fence", "run": run }, "u": { "$inc": { "commits": 1 } } }],
        "comment": "whimbrel: commit",
    }
}

/// Gives it back.
pub(super) fn release(ledger: &str, run: &str) -> Document {
    deletion(ledger, doc! { "_id": "lease", "run": run }, "release")
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
    /// Its time is up.
    Expired { run: String, beat: DateTime },
    /// Somebody has it.
    Held,
    /// It has been given back.
    Free,
}

/// Judges a look at the lease.
pub(super) fn judge(lease: Option<&Document>, now: DateTime) -> Seen {
    let Some(lease) = lease else { return Seen::Free };
    match lease.get_datetime("beat") {
        Ok(beat) if is_over(*beat, now) => {
            Seen::Expired { run: lease.get_str("run").unwrap_or_default().into(), beat: *beat }
        }
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
    let beat = lease.get_datetime("beat").ok();
    if beat.is_some_and(|beat| is_over(*beat, now)) {
        return None;
    }
    let silent = beat.map(|beat| u64::try_from(now.timestamp_millis() - beat.timestamp_millis()).unwrap_or_default());
    let left = silent.map(|silent| (TERM.as_millis() as u64).saturating_sub(silent).to_string());
    let pid = super::answer::number(lease.get("pid")).map(|pid| pid.to_string());
    let since = lease.get("since").and_then(Bson::as_datetime).and_then(|since| since.try_to_rfc3339_string().ok());
    let state = Some("migrating".to_owned());
    Some(vec![
        pid.or(Some("0".into())),
        text("application"),
        text("user"),
        text("host"),
        since,
        state,
        text("doing"),
        left,
    ])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const NAME: LockName<'static> = LockName { key: 1, ledger: "whimbrel", run: "r1" };

    #[test]
    fn it_is_over_after_fifteen_seconds_of_the_servers() {
        let beat = DateTime::from_millis(1_000_000);
        let lease = doc! { "_id": "lease", "run": "r2", "beat": beat };
        let after = |silent: i64| judge(Some(&lease), DateTime::from_millis(1_000_000 + silent));
        assert_eq!(after(14_999), Seen::Held);
        assert_eq!(after(-5), Seen::Held);
        assert_eq!(after(15_000), Seen::Expired { run: "r2".into(), beat });
        assert_eq!(judge(None, beat), Seen::Free);
        assert!(holder(&lease, DateTime::from_millis(1_020_000)).is_none());
        let left = holder(&lease, DateTime::from_millis(1_010_000)).and_then(|cells| cells[7].clone());
        assert_eq!(left.as_deref(), Some("5000"));
    }

    #[test]
    fn a_command_is_written_as_the_manual_has_it() {
        assert_eq!(
            text(&beat("whimbrel", "r1")),
            "{\"findAndModify\": \"whimbrel_lock\", \"query\": {\"_id\": \"lease\", \"run\": \"r1\"}, \"update\": \
             {\"$currentDate\": {\"beat\": true}}, \"upsert\": false, \"new\": true, \"maxTimeMS\": 4000, \"writeConcern\": \
             {\"w\": \"majority\"}, \"comment\": \"whimbrel: beat\"}"
        );
        assert_eq!(
            text(&end("whimbrel", "r0", DateTime::from_millis(0))),
            "{\"delete\": \"whimbrel_lock\", \"deletes\": [{\"q\": {\"_id\": \"lease\", \"run\": \"r0\", \"beat\": {\"$date\": \
             \"1970-01-01T00:00:00Z\"}}, \"limit\": 1}], \"maxTimeMS\": 4000, \"writeConcern\": {\"w\": \"majority\"}, \
             \"comment\": \"whimbrel: end\"}"
        );
        assert_eq!(
            text(&commit("whimbrel", "r1")),
            "{\"update\": \"whimbrel_lock\", \"updates\": [{\"q\": {\"_id\": \"fence\", \"run\": \"r1\"}, \"u\": {\"$inc\": \
             {\"commits\": 1}}}], \"comment\": \"whimbrel: commit\"}"
        );
        let start =
            "{\"findAndModify\": \"whimbrel_lock\", \"query\": {\"_id\": \"lease\", \"run\": \"r1\"}, \"update\": ";
        assert!(poll_text(&NAME).starts_with(start) && poll_text(&NAME).contains("\"upsert\": true"));
    }
    #[test]
    fn what_a_transaction_changes_is_changed_by_nothing_that_goes_on_beside_it() {
        let written = |command: &Document| match command.get_array("updates") {
            Ok(updates) => text(updates[0].as_document().unwrap().get_document("q").unwrap()),
            Err(_) => text(command.get_document("query").unwrap()),
        };
        let inside = written(&commit("whimbrel", "r1"));
        assert_eq!(inside, "{\"_id\": \"fence\", \"run\": \"r1\"}");
        for beside in [beat("whimbrel", "r1"), hold("whimbrel", "r1", "up 0001"), clock("whimbrel"), take(&NAME)] {
            assert!(!written(&beside).contains("fence"), "{beside}");
        }
        assert_eq!(written(&fence("whimbrel", "r2")), "{\"_id\": \"fence\"}");
    }
}
