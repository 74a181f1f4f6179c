//! The texts that read it, and write nothing.

use super::{BEGINNING, ENDS, Texts, lines};
use crate::error::Result;
use crate::ledger::SELF;
use mongodb::bson::{Document, doc};

impl Texts<'_> {
    /// Names the rows of this database, and that of the format.
    fn rows(&self, applied: bool) -> Document {
        let mut mine = self.mine();
        if applied {
            mine.insert("applied", true);
        }
        doc! { "$or": [mine, { "registry": SELF }] }
    }

    /// One command is all that a start with nothing to do sends.
    pub(super) fn glance(&self) -> Result<String> {
        let mut find = self.find("history", self.rows(true), doc! { "ordinal": 1 }, "glance")?;
        let columns = doc! { "_id": 0, "registry": 1, "id": 1, "ordinal": 1, "checksum": 1, "rollback_started_at": 1 };
        find.insert("projection", columns);
        Ok(lines(&[find]))
    }

    pub(super) fn probes(&self) -> Result<[String; 2]> {
        let probe = |name: &str| -> Result<String> {
            let filter = doc! { "name": self.collection(name)? };
            let list = doc! { "listCollections": 1, "filter": filter, "nameOnly": true, "comment": "whimbrel: probe" };
            Ok(lines(&[list]))
        };
        Ok([probe("history")?, probe("events")?])
    }

    pub(super) fn any(&self) -> Result<String> {
        let mut find = self.find("history", doc! {}, doc! { "_id": 1 }, "any")?;
        find.insert("limit", 1);
        Ok(lines(&[find]))
    }

    /// Rows first, then the ends and the beginning of the events: without a beginning they are missing.
    pub(super) fn read(&self) -> Result<String> {
        let mut ends = self.mine();
        ends.insert("event", doc! { "$in": ENDS.to_vec() });
        let filter = doc! { "$or": [{ "_id": BEGINNING }, ends] };
        let rows = self.find("history", self.rows(false), doc! { "ordinal": 1 }, "read")?;
        let mut ends = self.find("events", filter, doc! { "_id": 1 }, "read")?;
        ends.insert("projection", doc! { "id": 1, "event": 1 });
        Ok(lines(&[rows, ends]))
    }

    pub(super) fn read_attempts(&self) -> Result<String> {
        let mut rows = self.find("history", self.mine(), doc! { "_id": 1 }, "attempts")?;
        rows.insert("projection", doc! { "id": 1, "applied": 1, "end": 1 });
        let mut events = self.find("events", self.mine(), doc! { "_id": 1 }, "attempts")?;
        events.insert("projection", doc! { "detail": 0 });
        Ok(lines(&[rows, events]))
    }

    /// The time first: the events tell how long ago they were.
    pub(super) fn read_events(&self, unfinished: Option<&str>) -> Result<String> {
        let comment = if unfinished.is_some() { "unfinished" } else { "events" };
        let mut which = self.mine();
        which.extend(unfinished.map(|id| doc! { "id": id }).unwrap_or_default());
        let mut rows = self.find("history", which.clone(), doc! { "_id": 1 }, comment)?;
        rows.insert("projection", doc! { "end": 1 });
        let events = self.find("events", which, doc! { "_id": 1 }, comment)?;
        Ok(lines(&[doc! { "hello": 1 }, rows, events]))
    }
}
