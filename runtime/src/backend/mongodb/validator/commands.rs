//! The commands that put a validator in force, and the questions that go before them; each as the manual has it.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/command/collMod/>, <https://www.mongodb.com/docs/manual/reference/command/count/>,
//! <https://www.mongodb.com/docs/manual/reference/operator/aggregation/documents/>,
//! <https://www.mongodb.com/docs/manual/core/index-unique/convert-to-unique/>

use mongodb::bson::{Bson, Document, doc};

/// Changes a validator. At the level `moderate` documents that it would refuse already may go on being changed.
pub(super) fn set_validator(collection: &str, validator: &Document, level: &str, action: &str) -> Document {
    doc! {
        "collMod": collection,
        "validator": validator.clone(),
        "validationLevel": level,
        "validationAction": action,
        "writeConcern": { "w": "majority" },
    }
}

/// Asks for a collection with its options.
pub(super) fn options(collection: &str) -> Document {
    doc! { "listCollections": 1, "filter": { "name": collection } }
}

/// Names the documents that a validator refuses.
pub(super) fn refused(validator: &Document) -> Document {
    doc! { "$nor": [validator.clone()] }
}

pub(super) fn count(collection: &str, filter: Document) -> Document {
    doc! { "count": collection, "query": filter }
}

/// Asks for the `_id` of ten of them.
pub(super) fn samples(collection: &str, filter: Document) -> Document {
    doc! { "find": collection, "filter": filter, "projection": { "_id": 1 }, "limit": 10, "singleBatch": true }
}

/// Asks which of these documents a validator refuses: each has its number in `n`, and none is stored anywhere.
pub(super) fn judge(examples: &[Document], validator: &Document) -> Document {
    let documents: Vec<_> = examples.iter().zip(0_i32..).map(|(example, n)| doc! { "n": n, "document": example }).collect();
    let literal = doc! { "$literal": documents };
    // `$jsonSchema` is about a whole document, so each becomes one, and its number goes along in a name that no field has.
    let numbered = doc! { "$mergeObjects": ["$d.document", { "whimbrel: n": "$d.n" }] };
    doc! {
        "aggregate": 1,
        "pipeline": [
            { "$documents": [{ "d": literal }] },
            { "$unwind": "$d" },
            { "$replaceRoot": { "newRoot": numbered } },
            { "$match": refused(&open(validator)) },
            { "$project": { "_id": 0, "n": "$whimbrel: n" } },
        ],
        "cursor": {},
    }
}

/// Lets a validator take the number that goes along.
fn open(validator: &Document) -> Document {
    let mut open = validator.clone();
    if let Ok(schema) = open.get_document_mut("$jsonSchema")
        && let Ok(properties) = schema.get_document_mut("properties")
    {
        properties.insert("whimbrel: n", doc! {});
    }
    open
}

/// Weakens a validator so that these fields may be missing.
pub(super) fn without(validator: &Document, fields: &[String]) -> Document {
    let mut weak = validator.clone();
    if let Ok(schema) = weak.get_document_mut("$jsonSchema") {
        let left: Option<Vec<Bson>> = schema.get_array("required").ok().map(|required| {
            let is_kept = |name: &&Bson| !name.as_str().is_some_and(|name| fields.iter().any(|field| field == name));
            required.iter().filter(is_kept).cloned().collect()
        });
        match left {
            // An empty list is none that MongoDB takes.
            Some(left) if left.is_empty() => drop(schema.remove("required")),
            Some(left) => drop(schema.insert("required", left)),
            None => {}
        }
    }
    weak
}

/// Asks for ten keys that more than one document has.
pub(super) fn duplicates(collection: &str, keys: &Document) -> Document {
    let key: Document = keys.keys().map(|field| (field.replace('.', "_"), Bson::String(format!("${field}")))).collect();
    doc! {
        "aggregate": collection,
        "pipeline": [
            { "$group": { "_id": key, "count": { "$sum": 1 }, "ids": { "$push": "$_id" } } },
            { "$match": { "count": { "$gt": 1 } } },
            { "$limit": 10 },
            { "$project": { "count": 1, "ids": { "$slice": ["$ids", 10] } } },
        ],
        "cursor": {},
        "allowDiskUse": true,
    }
}

pub(super) fn create_index(collection: &str, name: &str, keys: &Document) -> Document {
    doc! {
        "createIndexes": collection,
        "indexes": [{ "key": keys.clone(), "name": name }],
        "writeConcern": { "w": "majority" },
    }
}

/// Lets an index refuse new duplicates, or no longer.
pub(super) fn prepare_unique(collection: &str, name: &str, prepared: bool) -> Document {
    let index = doc! { "name": name, "prepareUnique": prepared };
    doc! { "collMod": collection, "index": index, "writeConcern": { "w": "majority" } }
}

/// Makes an index that is prepared for it a unique one.
pub(super) fn make_unique(collection: &str, name: &str) -> Document {
    let index = doc! { "name": name, "unique": true };
    doc! { "collMod": collection, "index": index, "writeConcern": { "w": "majority" } }
}
