//! Replies as rows of cells, in the order in which the engine reads them.

use super::answer::number;
use super::exchange::{Answer, changed, found};
use super::ledger::{BEGINNING, ENDS};
use super::{extended_json, lease};
use crate::backend::Rows;
use crate::error::{ServerError, ServerErrorClass as Class};
use crate::ledger::{COLUMNS, SELF};
use mongodb::bson::{Bson, DateTime, Document};
use std::collections::HashMap;

/// Understands the replies to a text of the ledger's by what it was for; what changes something gives no rows.
pub(super) fn rows(purpose: &str, replies: &[Document]) -> Answer<Rows> {
    let documents = |at: usize| replies.get(at).into_iter().flat_map(found).collect::<Vec<_>>();
    match purpose {
        "glance" => glance(&documents(0)),
        "probe" if documents(0).is_empty() => Err(missing()),
        "any" => Ok(documents(0).iter().map(|row| vec![cell(row.get("_id"))]).collect()),
        "read" => read(&documents(0), &documents(1)),
        "attempts" => Ok(attempts(&documents(0), &documents(1))),
        "events" | "unfinished" => Ok(events(replies, &documents(1), &documents(2), purpose == "unfinished")),
        "holder" => Ok(documents(1).iter().filter_map(|lease| lease::holder(lease, time(replies))).collect()),
        "examine" => Ok(vec![examined(replies)]),
        _ => Ok(Rows::new()),
    }
}

fn missing() -> ServerError {
    ServerError { class: Class::UndefinedTable, ..ServerError::other("the ledger is not there, or not all of it") }
}

/// Reads the server's time from the answer to a `hello`.
fn time(replies: &[Document]) -> DateTime {
    let time = replies.first().and_then(|hello| hello.get_datetime("localTime").ok().copied());
    time.unwrap_or_else(DateTime::now)
}

/// Shows a value as text.
pub(super) fn cell(value: Option<&Bson>) -> Option<String> {
    Some(match value? {
        Bson::Null | Bson::Undefined => return None,
        Bson::String(text) => text.clone(),
        Bson::Boolean(truth) => if *truth { "t" } else { "f" }.into(),
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) => number.to_string(),
        Bson::DateTime(moment) => rfc3339(*moment),
        Bson::ObjectId(id) => id.to_hex(),
        Bson::Decimal128(number) => number.to_string(),
        other => extended_json::value(other),
    })
}

/// Shows a moment with its milliseconds, always as long.
fn rfc3339(moment: DateTime) -> String {
    let text = moment.try_to_rfc3339_string().unwrap_or_default();
    let (whole, fraction) = text.trim_end_matches('Z').split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    format!("{whole}.{fraction:0<3}Z")
}

fn text<'a>(document: &'a Document, name: &str) -> &'a str {
    document.get_str(name).unwrap_or_default()
}

fn is_true(document: &Document, name: &str) -> bool {
    document.get_bool(name).unwrap_or_default()
}

fn sequence(document: &Document) -> i64 {
    number(document.get("_id")).unwrap_or_default()
}

/// Gives the number of the change that a row is as it is by.
fn end(row: &Document) -> i64 {
    row.get_document("end").ok().and_then(|end| number(end.get("seq"))).unwrap_or_default()
}

fn glance(rows: &[&Document]) -> Answer<Rows> {
    if rows.is_empty() {
        return Err(missing());
    }
    let (format, mut rows): (Vec<&Document>, Vec<&Document>) =
        rows.iter().partition(|row| text(row, "registry") == SELF);
    let ordinal = |row: &Document| number(row.get("ordinal")).unwrap_or_default();
    rows.sort_by(|a, b| (ordinal(a), text(a, "id")).cmp(&(ordinal(b), text(b, "id"))));
    let format = format.iter().map(|row| ordinal(row)).max().unwrap_or_default();
    let lines: Vec<_> = rows.iter().map(|row| format!("{} {}", text(row, "id"), text(row, "checksum"))).collect();
    let half = rows.iter().filter(|row| row.get_datetime("rollback_started_at").is_ok()).count();
    let (count, format, half) = (rows.len().to_string(), format.to_string(), half.to_string());
    Ok(vec![vec![Some(count), Some(format), Some(lines.join("\n")), Some(half)]])
}

/// Gives the rows, and after them what was applied by the events and has no row any more: its document is gone, or says no longer that
/// it is applied without saying that it was rolled back.
fn read(rows: &[&Document], events: &[&Document]) -> Answer<Rows> {
    if rows.is_empty() || !events.iter().any(|event| sequence(event) == BEGINNING) {
        return Err(missing());
    }
    let is_applied = |row: &&&Document| is_true(row, "applied");
    let mut cells: Rows = rows.iter().filter(is_applied).map(|row| columns(row)).collect();
    let mut last: HashMap<&str, &Document> = HashMap::new();
    for event in events.iter().filter(|event| sequence(event) != BEGINNING) {
        last.insert(text(event, "id"), event);
    }
    let explains = |event: &Document| {
        let row = rows.iter().find(|row| text(row, "id") == text(event, "id") && text(row, "registry") != SELF);
        row.is_some_and(|row| is_applied(&row) || end(row) > sequence(event))
    };
    let mut lost: Vec<_> =
        last.into_values().filter(|event| text(event, "event") != "rolled_back" && !explains(event)).collect();
    lost.sort_by_key(|event| sequence(event));
    cells.extend(lost.into_iter().map(|event| vec![cell(event.get("id"))]));
    Ok(cells)
}

fn columns(row: &Document) -> Vec<Option<String>> {
    COLUMNS.iter().map(|column| cell(row.get(*column))).collect()
}

fn attempts(rows: &[&Document], events: &[&Document]) -> Rows {
    let mut last: HashMap<&str, &Document> = HashMap::new();
    last.extend(events.iter().map(|event| (text(event, "id"), *event)));
    let is_open = |event: &&Document| {
        let row = rows.iter().find(|row| text(row, "id") == text(event, "id"));
        ["started", "statement", "failed"].contains(&text(event, "event"))
            && row.is_none_or(|row| !is_true(row, "applied") && end(row) < sequence(event))
    };
    let mut open: Vec<_> = last.into_values().filter(is_open).collect();
    open.sort_by_key(|event| sequence(event));
    let columns = ["id", "database", "event", "at", "statement", "statements", "message"];
    open.iter().map(|event| columns.iter().map(|column| cell(event.get(*column))).collect()).collect()
}

/// Gives the events; of one migration only those behind its last end, which its row tells too.
fn events(replies: &[Document], rows: &[&Document], events: &[&Document], unfinished: bool) -> Rows {
    let ends = events.iter().filter(|event| ENDS.contains(&text(event, "event"))).map(|event| sequence(event));
    let after = ends.chain(rows.iter().map(|row| end(row))).max().filter(|_| unfinished).unwrap_or(BEGINNING);
    let columns = [
        "_id",
        "at",
        "id",
        "database",
        "run",
        "event",
        "direction",
        "statement",
        "statements",
        "checksum",
        "message",
        "detail",
        "actor",
    ];
    let now = time(replies).timestamp_millis();
    let told = events.iter().filter(|event| sequence(event) > after);
    told.map(|event| {
        let age = event.get_datetime("at").map_or(0, |at| (now - at.timestamp_millis()).max(0));
        let cells = columns.iter().map(|column| cell(event.get(*column)));
        cells.chain([Some(age.to_string())]).collect()
    })
    .collect()
}

/// Tells of the server: hello, buildInfo, connectionStatus.
fn examined(replies: &[Document]) -> Vec<Option<String>> {
    let reply = |at: usize| replies.get(at).cloned().unwrap_or_default();
    let (hello, build, status) = (reply(0), reply(1), reply(2));
    let version = text(&build, "version");
    let server = match build.get("ferretdbVersion") {
        Some(_) => format!("FerretDB, as MongoDB {version}"),
        None => format!("MongoDB {version}"),
    };
    let users = status.get_document("authInfo").and_then(|info| info.get_array("authenticatedUsers"));
    let user = users.ok().and_then(|users| users.first()?.as_document()?.get_str("user").ok().map(str::to_owned));
    let read_only = !is_true(&hello, "isWritablePrimary");
    let clock = time(replies).timestamp_millis().to_string();
    vec![Some(server), user, Some(if read_only { "t" } else { "f" }.into()), None, Some(clock)]
}

/// Gives the rows of a query of the author's: a cursor's documents, a count, distinct values, or what was changed.
pub(super) fn queried(reply: &Document) -> Rows {
    if reply.get_document("cursor").is_ok() {
        return found(reply).map(|row| row.values().map(|value| cell(Some(value))).collect()).collect();
    }
    if let Ok(values) = reply.get_array("values") {
        return values.iter().map(|value| vec![cell(Some(value))]).collect();
    }
    if reply.contains_key("value") {
        return changed(reply).map(|row| row.values().map(|value| cell(Some(value))).collect()).into_iter().collect();
    }
    vec![vec![cell(reply.get("n").or_else(|| reply.get("ok")))]]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use mongodb::bson::doc;

    fn row(id: &str, applied: bool, seq: i64) -> Document {
        doc! { "registry": "app", "id": id, "applied": applied, "end": { "seq": seq } }
    }

    fn lost(rows: &[Document], events: &[Document]) -> Vec<String> {
        let beginning = doc! { "_id": 0_i64 };
        let rows: Vec<_> = rows.iter().collect();
        let events: Vec<_> = std::iter::once(&beginning).chain(events).collect();
        read(&rows, &events).unwrap().into_iter().filter(|row| row.len() == 1).flatten().flatten().collect()
    }

    #[test]
    fn a_row_is_lost_where_nothing_says_that_it_was_rolled_back() {
        let applied = [doc! { "_id": 2_i64, "id": "1", "event": "applied" }];
        assert!(lost(&[row("1", true, 1)], &applied).is_empty());
        // A run died before it could tell that it had rolled it back.
        assert!(lost(&[row("1", false, 3)], &applied).is_empty());
        assert_eq!(lost(&[row("0", true, 1)], &applied), ["1"]);
        assert_eq!(lost(&[row("1", false, 1)], &applied), ["1"]);
        let back = [applied[0].clone(), doc! { "_id": 4_i64, "id": "1", "event": "rolled_back" }];
        assert!(lost(&[row("0", true, 1)], &back).is_empty());
    }

    #[test]
    fn a_ledger_without_rows_or_beginning_is_missing() {
        assert!(read(&[], &[&doc! { "_id": 0_i64 }]).unwrap_err().is(Class::UndefinedTable));
        assert!(read(&[&row("1", true, 1)], &[]).unwrap_err().is(Class::UndefinedTable));
        assert!(glance(&[]).unwrap_err().is(Class::UndefinedTable));
    }

    #[test]
    fn what_is_unfinished_begins_behind_the_rows_own_end() {
        let told = |seq: i64| {
            let all = [1, 2, 5].map(|seq: i64| doc! { "_id": seq, "id": "1", "event": "statement" });
            let row = doc! { "end": { "seq": seq } };
            let all: Vec<_> = all.iter().collect();
            events(&[], &[&row], &all, true).len()
        };
        assert_eq!([told(0), told(2), told(4), told(5)], [3, 1, 1, 0]);
    }

    #[test]
    fn a_moment_has_always_its_milliseconds() {
        assert_eq!(rfc3339(DateTime::from_millis(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(DateTime::from_millis(120)), "1970-01-01T00:00:00.120Z");
    }

    #[test]
    fn a_query_gives_rows() {
        let cursor = doc! { "cursor": { "id": 0_i64, "firstBatch": [{ "a": 1, "b": "x" }] } };
        assert_eq!(queried(&cursor), [[Some("1".to_owned()), Some("x".to_owned())]]);
        assert_eq!(queried(&doc! { "n": 0, "ok": 1.0 }), [[Some("0".to_owned())]]);
        assert_eq!(queried(&doc! { "values": ["a"], "ok": 1.0 }), [[Some("a".to_owned())]]);
        assert!(queried(&doc! { "value": Bson::Null, "ok": 1.0 }).is_empty());
    }
}
