//! Statements that were done already: what is there alike is as good as made, and what is there and differs is told.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/error-codes/>: 26 NamespaceNotFound, 27 IndexNotFound, 48 NamespaceExists,
//! 85 IndexOptionsConflict, 86 IndexKeySpecsConflict.

use super::answer::number;
use super::exchange::{Answer, found, send};
use super::extended_json::{text, value};
use crate::error::{ServerError, ServerErrorClass as Class};
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};

/// Sends a statement of the author's by itself, and recognises what is there.
pub(super) async fn send_again(database: &Database, command: Document) -> Answer<Document> {
    let name = command.keys().next().cloned().unwrap_or_default();
    if name == "insert" {
        return insert(database, command).await;
    }
    let answer = match send(database, None, command.clone()).await {
        Ok(reply) => return Ok(reply),
        Err(answer) => answer,
    };
    match (name.as_str(), answer.code()) {
        ("create", Some("48")) => match differs(database, &command).await? {
            None => Ok(Document::new()),
            Some(difference) => Err(with_detail(answer, difference)),
        },
        ("createIndexes", Some("85" | "86")) => {
            let list = doc! { "listIndexes": command.get("createIndexes").cloned().unwrap_or_default() };
            let there = send(database, None, list).await?;
            let wanted = command.get("indexes").map(value).unwrap_or_default();
            let there = found(&there).map(text).collect::<Vec<_>>().join(", ");
            Err(with_detail(answer, format!("wanted: {wanted}; there: [{there}]")))
        }
        ("drop", Some("26")) | ("dropIndexes", Some("26" | "27")) => Ok(Document::new()),
        _ => Err(answer),
    }
}

fn with_detail(mut answer: ServerError, detail: String) -> ServerError {
    answer.notes.get_or_insert_default().detail = Some(detail);
    answer
}

/// Inserts in order, and passes over what is there with the same content.
async fn insert(database: &Database, command: Document) -> Answer<Document> {
    let mut left = command.get_array("documents").cloned().unwrap_or_default();
    let collection = command.get("insert").cloned().unwrap_or_default();
    if left.is_empty() || command.get_bool("ordered").is_ok_and(|ordered| !ordered) {
        return send(database, None, command).await;
    }
    loop {
        let mut part = command.clone();
        part.insert("documents", left.clone());
        let reply = database.run_command(part).await.map_err(|error| super::answer::answer(&error))?;
        let Some(answer) = super::answer::failed(&reply) else { return Ok(reply) };
        let at = reply.get_array("writeErrors").ok().and_then(|errors| errors.first()?.as_document());
        let at = at.and_then(|error| number(error.get("index"))).and_then(|index| usize::try_from(index).ok());
        let refused = at.and_then(|at| left.get(at)).and_then(Bson::as_document);
        let (Some(at), Some(refused)) = (at, refused.filter(|_| answer.is(Class::UniqueViolation))) else {
            return Err(answer);
        };
        let Some(id) = refused.get("_id") else { return Err(answer) };
        let find = doc! { "find": collection.clone(), "filter": { "_id": { "$eq": id.clone() } }, "limit": 1 };
        match found(&send(database, None, find).await?).next() {
            Some(there) if is_alike(there, refused) => {}
            Some(there) => return Err(with_detail(answer, difference(refused, there))),
            // Another key of the document's is there already.
            None => return Err(answer),
        }
        left.drain(..=at);
        if left.is_empty() {
            return Ok(reply);
        }
    }
}

/// Tells what differs of a collection that is there from the one that was to be created.
async fn differs(database: &Database, create: &Document) -> Answer<Option<String>> {
    let name = create.get_str("create").unwrap_or_default();
    let list = doc! { "listCollections": 1, "filter": { "name": name } };
    let there = send(database, None, list).await?;
    let there = found(&there).next().and_then(|there| there.get_document("options").ok()).cloned().unwrap_or_default();
    let wanted = options(create);
    Ok((!is_alike(&wanted, &there)).then(|| difference(&wanted, &there)))
}

/// What a creation says that is no option of the collection.
const APART: [&str; 4] = ["create", "writeConcern", "comment", "maxTimeMS"];

fn options(create: &Document) -> Document {
    create
        .iter()
        .filter(|(key, _)| !APART.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Compares as the server keeps: the order of a document's keys counts inside of values only, and numbers by their value.
pub(super) fn is_alike(one: &Document, other: &Document) -> bool {
    one.len() == other.len() && one.iter().all(|(key, value)| other.get(key).is_some_and(|there| same(value, there)))
}

fn same(one: &Bson, other: &Bson) -> bool {
    match (one, other) {
        (Bson::Document(one), Bson::Document(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|((a, x), (b, y))| a == b && same(x, y))
        }
        (Bson::Array(one), Bson::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other || (is_whole(one) && number(Some(one)) == number(Some(other)) && is_whole(other)),
    }
}

fn is_whole(value: &Bson) -> bool {
    match value {
        Bson::Double(number) => number.fract() == 0.0 && number.abs() < 9.0e15,
        Bson::Int32(_) | Bson::Int64(_) => true,
        _ => false,
    }
}

/// Shows what differs, key by key.
fn difference(wanted: &Document, there: &Document) -> String {
    let shown = |document: &Document, key: &str| document.get(key).map_or("nothing".into(), value);
    let differs = |key: &&String| match (wanted.get(*key), there.get(*key)) {
        (Some(one), Some(other)) => !same(one, other),
        _ => true,
    };
    let keys = wanted.keys().chain(there.keys().filter(|key| !wanted.contains_key(*key)));
    let line = |key: &String| format!("`{key}`: wanted {}, there is {}", shown(wanted, key), shown(there, key));
    keys.filter(differs).map(line).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_is_what_the_server_would_keep_alike() {
        assert!(is_alike(&doc! { "a": 1, "b": 2.0 }, &doc! { "b": 2_i64, "a": 1.0 }));
        assert!(!is_alike(&doc! { "a": 1 }, &doc! { "a": 1, "b": 1 }));
        assert!(!is_alike(&doc! { "a": "1" }, &doc! { "a": 1 }));
        assert!(!is_alike(&doc! { "k": { "x": 1, "y": 1 } }, &doc! { "k": { "y": 1, "x": 1 } }), "an index's keys");
        assert!(!is_alike(&doc! { "a": 0.5 }, &doc! { "a": 0 }));
    }

    #[test]
    fn a_difference_is_shown_key_by_key() {
        let (wanted, there) = (doc! { "_id": 1, "a": "x", "b": true }, doc! { "_id": 1, "a": "y", "c": [] });
        let shown =
            "`a`: wanted \"x\", there is \"y\"; `b`: wanted true, there is nothing; `c`: wanted nothing, there is []";
        assert_eq!(difference(&wanted, &there), shown);
    }

    #[test]
    fn only_options_count() {
        let create = doc! { "create": "t", "capped": true, "size": 10, "comment": "c", "writeConcern": { "w": 1 } };
        assert_eq!(options(&create), doc! { "capped": true, "size": 10 });
    }
}
