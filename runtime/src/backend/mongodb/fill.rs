//! Filling a field of many documents, batch by batch, with a cursor that outlives the run.

use super::answer::number;
use super::exchange::found;
use super::step::MongodbStep;
use crate::error::Result;
use mongodb::bson::{Bson, Document, doc};

/// Prepares the filling of a field; begun by [`MongodbStep::fill`].
#[derive(Debug)]
pub struct Fill<'a> {
    step: &'a mut MongodbStep,
    collection: String,
    field: String,
    value: Bson,
    batch: u32,
}

/// Where the cursors are kept: a document for each collection and field that is being filled.
const STATE: &str = "whimbrel_backfills";

impl MongodbStep {
    /// Gives a field a value in all documents of a collection that lack it.
    ///
    /// What is filled is never filled twice, whoever died meanwhile: a document that has the field is passed over.
    pub fn fill(&mut self, collection: &str, field: &str, value: impl Into<Bson>) -> Fill<'_> {
        Fill { step: self, collection: collection.into(), field: field.into(), value: value.into(), batch: 1000 }
    }
}

impl Fill<'_> {
    /// Fills so many documents at a time; the default is 1,000.
    #[must_use]
    pub fn batches_of(self, documents: u32) -> Self {
        Self { batch: documents.max(1), ..self }
    }

    /// Does it; gives how many documents were filled.
    ///
    /// # Errors
    /// What the server refuses; the batches before it stay filled.
    pub async fn apply(self) -> Result<u64> {
        let Fill { step, collection, field, value, batch } = self;
        let place = format!("{field} of {collection}");
        let find = doc! { "find": STATE, "filter": { "_id": &place }, "limit": 1 };
        let mut after = found(&step.run_command(find).await?).next().and_then(|state| state.get("after").cloned());
        let mut filled = 0;
        loop {
            let reply = step.run_command(batch_of(&collection, &field, after.as_ref(), batch)).await?;
            let ids: Vec<Bson> = found(&reply).filter_map(|document| document.get("_id").cloned()).collect();
            let Some(last) = ids.last().cloned() else {
                // A cursor sees the `_id`s of its own type alone, and not those before it.
                if after.take().is_none() {
                    break;
                }
                continue;
            };
            let done = step.run_command(set(&collection, &field, ids, &value)).await?;
            filled += number(done.get("nModified")).and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
            step.run_command(keep(&place, &last)).await?;
            tracing::info!(collection, field, filled, "a batch is filled");
            after = Some(last);
        }
        let deletes = [doc! { "q": { "_id": place }, "limit": 1 }];
        step.run_command(doc! { "delete": STATE, "deletes": deletes }).await?;
        Ok(filled)
    }
}

/// Asks for the next documents that lack the field, by their `_id`.
fn batch_of(collection: &str, field: &str, after: Option<&Bson>, batch: u32) -> Document {
    let mut filter = doc! { field: { "$exists": false } };
    if let Some(after) = after {
        filter.insert("_id", doc! { "$gt": after.clone() });
    }
    let sort = doc! { "_id": 1 };
    doc! {
        "find": collection, "filter": filter, "projection": { "_id": 1 }, "sort": sort, "limit": i64::from(batch),
    }
}

/// Fills them, except those that somebody else has filled.
fn set(collection: &str, field: &str, ids: Vec<Bson>, value: &Bson) -> Document {
    let q = doc! { "_id": { "$in": ids }, field: { "$exists": false } };
    let updates = [doc! { "q": q, "u": { "$set": { field: value.clone() } }, "multi": true }];
    doc! { "update": collection, "updates": updates, "writeConcern": { "w": "majority" } }
}

fn keep(place: &str, last: &Bson) -> Document {
    let updates = [doc! { "q": { "_id": place }, "u": { "$set": { "after": last.clone() } }, "upsert": true }];
    doc! { "update": STATE, "updates": updates, "writeConcern": { "w": "majority" } }
}

#[cfg(test)]
mod tests {
    use super::super::extended_json::text;
    use super::*;

    #[test]
    fn a_batch_is_what_lacks_the_field_behind_the_cursor() {
        assert_eq!(
            text(&batch_of("tenants", "tier", Some(&Bson::Int32(7)), 2)),
            "{\"find\": \"tenants\", \"filter\": {\"tier\": {\"$exists\": false}, \"_id\": {\"$gt\": 7}}, \"projection\": \
             {\"_id\": 1}, \"sort\": {\"_id\": 1}, \"limit\": {\"$numberLong\": \"2\"}}"
        );
        assert_eq!(
            text(&set("tenants", "tier", vec![Bson::Int32(8)], &"basic".into())),
            "{\"update\": \"tenants\", \"updates\": [{\"q\": {\"_id\": {\"$in\": [8]}, \"tier\": {\"$exists\": false}}, \
             \"u\": {\"$set\": {\"tier\": \"basic\"}}, \"multi\": true}], \"writeConcern\": {\"w\": \"majority\"}}"
        );
    }
}
