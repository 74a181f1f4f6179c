//! The texts that change it.

use super::{BEGINNING, ENDS, Texts, lines, row};
use crate::error::Result;
use crate::ledger::{Cell, FORMAT, Row, SELF, When, user};
use crate::registry::Migration;
use mongodb::bson::{Document, doc};
use semver::Version;

const ROW: &str = "row";

impl Texts<'_> {
    /// Creates both, the format last: without it this was only begun.
    pub(super) fn create(&self) -> Result<Vec<String>> {
        let (history, events, majority) = (self.collection("history")?, self.collection("events")?, "majority");
        let comment = "whimbrel: create";
        let create = |name: &str| doc! { "create": name, "writeConcern": { "w": majority }, "comment": comment };
        let index = doc! { "key": { "registry": 1, "database": 1, "id": 1, "_id": 1 }, "name": "whimbrel_migration" };
        let indexes = doc! {
            "createIndexes": &events, "indexes": [index], "writeConcern": { "w": majority }, "comment": comment,
        };
        let beginning =
            doc! { "$setOnInsert": { "event": "created", "registry": SELF }, "$currentDate": { "at": true } };
        let format = doc! {
            "$set": {
                "registry": SELF, "id": "ledger_0001", "database": "*", "ordinal": FORMAT, "name": "The ledger itself",
                "source": "whimbrel", "kind": "sql", "checksum": "-", "checksum_algorithm": 0, "transactional": true,
                "out_of_order": false, "applied": true, "applied_by": user(), "whimbrel_version": env!("CARGO_PKG_VERSION"),
            },
            "$currentDate": { "applied_at": true },
        };
        Ok(vec![
            lines(&[create(&history)]),
            lines(&[create(&events)]),
            lines(&[indexes]),
            lines(&[self.update("events", doc! { "_id": BEGINNING }, beginning, true, "create")?]),
            lines(&[self.update(
                "history",
                doc! { "_id": format!("{SELF}/ledger_0001/*") },
                format,
                true,
                "create",
            )?]),
        ])
    }

    /// Where the migration is applied the insertion is refused: its document is there, as applied. What is covered is passed over there,
    /// without a collision: that would end the transaction.
    pub(super) fn insert(&self, columns: &Row<'_>, when: When) -> Result<String> {
        let mut set = row(columns);
        let covered = when == When::Absent;
        let id = set.get_str("id").unwrap_or_default().to_owned();
        for unset in ["duration_ms", "rollback", "rollback_started_at"]
            .into_iter()
            .filter(|name| !set.contains_key(name))
            .collect::<Vec<_>>()
        {
            set.insert(unset, mongodb::bson::Bson::Null);
        }
        let event = if set.get_str("kind").is_ok_and(|kind| kind == "baseline") { "baselined" } else { "applied" };
        set.insert("applied", true);
        set.insert("end", self.end(event, "up", set.get("checksum").cloned().unwrap_or_default()));
        set.insert("open", !covered);
        let key = self.key(&id);
        let update = match covered {
            true => {
                let updates = [
                    doc! { "q": { "_id": &key, "applied": false }, "u": { "$set": set.clone() }, "upsert": false },
                    doc! { "q": { "_id": key }, "u": { "$setOnInsert": set }, "upsert": true },
                ];
                self.updates("history", &updates, ROW)?
            }
            false => {
                let q = doc! { "_id": key, "applied": { "$ne": true } };
                self.update("history", q, doc! { "$set": set }, true, ROW)?
            }
        };
        Ok(lines(&[self.hold(&format!("up {id}"))?, update]))
    }

    /// Says how a row came to be as it is, in its own document.
    fn end(&self, event: &str, direction: &str, checksum: mongodb::bson::Bson) -> Document {
        doc! {
            "seq": "$$seq", "at": "$$now", "event": event, "direction": direction, "run": self.ledger.run,
            "checksum": checksum, "actor": user(), "whimbrel_version": env!("CARGO_PKG_VERSION"),
        }
    }

    pub(super) fn delete(&self, id: &str) -> Result<String> {
        let mine = |m: &&Migration| m.id == id && m.database == self.ledger.database;
        let checksum = self.ledger.registry.migrations().iter().find(mine).map(|m| m.checksum);
        let end = self.end("rolled_back", "down", checksum.into());
        let q = doc! { "_id": self.key(id), "applied": true };
        let update = doc! { "$set": { "applied": false, "end": end, "open": true } };
        Ok(lines(&[self.hold(&format!("down {id}"))?, self.update("history", q, update, false, ROW)?]))
    }

    /// Since its row, or since this run's first event about it.
    pub(super) fn duration(&self, migration: &Migration) -> Result<String> {
        let (id, key) = (migration.id, self.key(migration.id));
        let mut since = match migration.transactional {
            true => self.find("history", doc! { "_id": &key }, doc! { "_id": 1 }, "since")?,
            false => {
                let mut first = self.mine();
                first.extend(doc! { "id": id, "run": self.ledger.run, "direction": "up" });
                self.find("events", first, doc! { "_id": 1 }, "since")?
            }
        };
        since.insert("limit", 1);
        let update = doc! { "$set": { "duration_ms": "$$elapsed" } };
        let update = self.update("history", doc! { "_id": key, "applied": true }, update, false, "duration")?;
        Ok(lines(&[self.hold("")?, since, update]))
    }

    pub(super) fn realign(&self, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String> {
        let mut q = doc! { "_id": self.key(id), "applied": true };
        q.extend(recorded.map(|recorded| doc! { "checksum": recorded }).unwrap_or_default());
        let update = self.update("history", q, doc! { "$set": row(values) }, false, ROW)?;
        Ok(lines(&[self.hold("")?, update]))
    }

    /// An end is told of once: with it the row no longer says that it is to be told of.
    pub(super) fn event(&self, columns: &Row<'_>) -> Result<String> {
        let text = |name: &str| {
            let cell = columns.iter().find(|(column, _)| *column == name).map(|(_, cell)| cell);
            match cell {
                Some(Cell::Text(text)) => text.to_string(),
                _ => String::new(),
            }
        };
        let mut event = doc! { "_id": "$$seq" };
        event.extend(row(columns));
        let insert = doc! {
            "insert": self.collection("events")?,
            "documents": [event],
            "writeConcern": { "w": "majority" },
            "comment": "whimbrel: event",
        };
        let mut commands = vec![self.hold(&format!("{} {}", text("direction"), text("id")))?, insert];
        if ENDS.contains(&text("event").as_str()) {
            let update = doc! { "$unset": { "open": "" } };
            commands.push(self.update("history", doc! { "_id": self.key(&text("id")) }, update, false, "told")?);
        }
        Ok(lines(&commands))
    }

    /// Shows the schema version where a database's users look for it.
    pub(super) fn version(&self, migration: &Migration, version: Option<&Version>, breaking: bool) -> Result<String> {
        let place = format!("{}/{}", self.ledger.registry.name, self.ledger.database);
        let (q, majority) = (doc! { "_id": place }, doc! { "w": "majority" });
        let (collection, comment) = ("schema_version", "whimbrel: version");
        let change = match version {
            Some(version) => {
                let set = doc! {
                    "version": version.to_string(), "migration": migration.id, "description": migration.description,
                    "breaking": breaking, "applied_at": "$$now",
                };
                let updates = [doc! { "q": q, "u": { "$set": set }, "upsert": true }];
                doc! { "update": collection, "updates": updates, "writeConcern": majority, "comment": comment }
            }
            None => {
                let deletes = [doc! { "q": q, "limit": 1 }];
                doc! { "delete": collection, "deletes": deletes, "writeConcern": majority, "comment": comment }
            }
        };
        Ok(lines(&[self.hold("")?, change]))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::super::Commands;
    use super::*;
    use crate::ledger::{Ledger, Location};
    use crate::registry::Registry;

    #[test]
    fn what_is_covered_collides_with_nothing() {
        let location = Location::default();
        let ledger =
            Ledger { language: &Commands, location: &location, registry: &Registry::EMPTY, database: "docs", run: "r" };
        let text = Texts { ledger: &ledger }.insert(&vec![("id", "0001_a".into())], When::Absent).unwrap();
        let commands = super::super::super::extended_json::documents(&text).unwrap();
        let updates = commands[1].get_array("updates").unwrap().iter().map(|update| update.as_document().unwrap());
        let shapes: Vec<_> = updates
            .map(|update| {
                let names = |part: &str| update.get_document(part).unwrap().keys().cloned().collect::<Vec<_>>();
                (names("q"), names("u"), update.get_bool("upsert").unwrap())
            })
            .collect();
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        // An upsert that looks at more than the `_id` inserts one that is there already.
        let wanted = [(of(&["_id", "applied"]), of(&["$set"]), false), (of(&["_id"]), of(&["$setOnInsert"]), true)];
        assert_eq!(shapes, wanted);
    }
}
