//! Relaxed Extended JSON: commands as the shell's `runCommand` takes them, read and written.
//!
//! # Source
//! <https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>

use mongodb::bson::{Bson, Document, deserialize_from_bson};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Says why a text is no sequence of documents, and at which byte of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) message: String,
    pub(super) position: usize,
}

/// Reads documents that stand one after another, with comments from `//` to the end of a line.
pub(super) fn documents(text: &str) -> Result<Vec<Document>, Misread> {
    let mut all = Vec::new();
    let text = &uncommented(text);
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let misread = |message: String, position| Misread { message, position };
        match value {
            Ok(Value(Bson::Document(document))) if !document.is_empty() => all.push(document),
            Ok(_) => return Err(misread("a command is a document: `{\"command\": …}`".into(), 0)),
            Err(error) => {
                let position = byte(text, error.line(), error.column());
                return Err(misread(format!("this is no Extended JSON: {error}"), position));
            }
        }
    }
    if all.is_empty() {
        return Err(Misread { message: "there is no command".into(), position: 0 });
    }
    Ok(all)
}

/// Blanks comments, so that all else stays at its place.
fn uncommented(text: &str) -> Cow<'_, str> {
    if !text.contains("//") {
        return Cow::Borrowed(text);
    }
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['"', '/']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let length = if from.starts_with("//") { from.find('\n').unwrap_or(from.len()) } else { string(from) };
        let (piece, after) = from.split_at(length);
        match piece.starts_with("//") {
            true => plain.extend(std::iter::repeat_n(' ', piece.len())),
            false => plain.push_str(piece),
        }
        rest = after;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Finds where the string ends that begins here; what is none is one byte long.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().enumerate().skip(1).find(|(_, byte)| {
        let is_end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    });
    if text.starts_with('"') { end.map_or(text.len(), |(at, _)| at + 1) } else { 1 }
}

fn byte(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Reads numbers as the shell does, and keeps the order of keys: bson's own reader makes every negative number a long.
#[derive(Debug)]
struct Value(Bson);

/// How the types begin that JSON has not.
const WRAPPED: [&str; 16] = [
    "$oid",
    "$date",
    "$numberInt",
    "$numberLong",
    "$numberDouble",
    "$numberDecimal",
    "$binary",
    "$uuid",
    "$timestamp",
    "$regularExpression",
    "$minKey",
    "$maxKey",
    "$undefined",
    "$symbol",
    "$code",
    "$dbPointer",
];

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value(Bson::Boolean(value)))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value(i32::try_from(value).map_or(Bson::Int64(value), Bson::Int32)))
    }
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        let value = i64::try_from(value).map_err(|_| E::custom(format!("{value} is too large for a long")))?;
        self.visit_i64(value)
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value(Bson::Double(value)))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value(Bson::String(value.into())))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value(Bson::Null))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Value(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value(Bson::Array(array)))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut document = Document::new();
        while let Some((key, Value(value))) = entries.next_entry::<String, Value>()? {
            if document.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("`{key}` is there twice")));
            }
        }
        if document.keys().next().is_some_and(|key| WRAPPED.contains(&key.as_str())) {
            return deserialize_from_bson(Bson::Document(document)).map(Value).map_err(A::Error::custom);
        }
        Ok(Value(Bson::Document(document)))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Writes a document on one line.
pub(super) fn text(document: &Document) -> String {
    let mut text = String::new();
    write_document(&mut text, document);
    text
}

/// Writes a value on one line.
pub(super) fn value(value: &Bson) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_document(text: &mut String, document: &Document) {
    text.push('{');
    for (at, (key, value)) in document.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { ", " });
        write_string(text, key);
        text.push_str(": ");
        write_value(text, value);
    }
    text.push('}');
}

fn write_value(text: &mut String, value: &Bson) {
    match value {
        Bson::String(string) => write_string(text, string),
        Bson::Document(document) => write_document(text, document),
        Bson::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                write_value(text, item);
            }
            text.push(']');
        }
        Bson::Boolean(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Bson::Null => text.push_str("null"),
        Bson::Int32(number) => text.push_str(&format!("{number}")),
        // A reader makes an int of what fits into one.
        Bson::Int64(number) if i32::try_from(*number).is_ok() => {
            text.push_str(&format!("{{\"$numberLong\": \"{number}\"}}"))
        }
        Bson::Int64(number) => text.push_str(&format!("{number}")),
        Bson::Double(number) if number.is_finite() => text.push_str(&format!("{number:?}")),
        Bson::DateTime(moment) => match moment.try_to_rfc3339_string() {
            Ok(moment) => text.push_str(&format!("{{\"$date\": \"{moment}\"}}")),
            Err(_) => text.push_str(&format!("{{\"$date\": {{\"$numberLong\": \"{}\"}}}}", moment.timestamp_millis())),
        },
        Bson::ObjectId(id) => text.push_str(&format!("{{\"$oid\": \"{id}\"}}")),
        // The rest is only ever shown.
        other => match serde_json::to_string(other) {
            Ok(json) => text.push_str(&json),
            Err(_) => text.push_str(&format!("{other}")),
        },
    }
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if (c as u32) < 0x20 => text.push_str(&format!("\\u{:04x}", c as u32)),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{documents, text};
    use mongodb::bson::{Bson, DateTime, doc, oid::ObjectId};

    #[test]
    fn a_command_keeps_its_order_and_its_types() {
        let read =
            documents(r#"{"update": "t", "a": [1, -1, 2.5, 3000000000, null, true], "n": {"$numberLong": "7"}}"#);
        let wanted = doc! { "update": "t", "a": [1, -1, 2.5, 3_000_000_000_i64, Bson::Null, true], "n": 7_i64 };
        assert_eq!(read.unwrap(), [wanted]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let id = ObjectId::from_bytes([7; 12]);
        let all = doc! {
            "s": "a\"b\\c\n\u{1}\u{1f426} $x", "i": -5, "l": 5_i64, "big": i64::MAX, "f": 1.0, "t": true, "n": Bson::Null,
            "d": DateTime::from_millis(1_700_000_000_123), "o": id, "e": {}, "a": [{ "$set": { "x": [] } }],
        };
        assert_eq!(documents(&text(&all)).unwrap(), [all]);
    }

    #[test]
    fn moments_are_read_in_either_form() {
        let read = documents(r#"{"a": {"$date": "2026-01-02T03:04:05.006Z"}, "b": {"$date": {"$numberLong": "1"}}}"#);
        let read = read.unwrap().remove(0);
        assert_eq!(read.get_datetime("a").unwrap().timestamp_millis(), 1_767_323_045_006);
        assert_eq!(read.get_datetime("b").unwrap().timestamp_millis(), 1);
    }

    #[test]
    fn operators_stay_operators() {
        let read = documents(r#"{"find": "t", "filter": {"a": {"$regex": "^x", "$options": "i"}, "b": {"$gt": 1}}}"#);
        assert_eq!(
            read.unwrap().remove(0).get_document("filter").unwrap(),
            &doc! { "a": { "$regex": "^x", "$options": "i" }, "b": { "$gt": 1 } }
        );
    }

    #[test]
    fn comments_are_left_out() {
        let read = documents("{ // what \"it\" is\n\"drop\": \"a//b\\\\\", // the end\n\"x\": \"\\\"//\" }").unwrap();
        assert_eq!(read, [doc! { "drop": "a//b\\", "x": "\"//" }]);
        assert_eq!(documents("{\"a\": 1, // \u{e9}\n oops}").unwrap_err().position, 16);
    }

    #[test]
    fn a_mistake_has_its_place() {
        let misread = documents("{\"find\": \"t\",\n \"filter\": oops}").unwrap_err();
        assert_eq!(misread.position, 25);
        assert!(misread.message.starts_with("this is no Extended JSON: expected value"), "{misread:?}");
        for wrong in ["", "  ", "[]", "7", "{}", "{\"a\": 1, \"a\": 2}", "{\"_id\": {\"$oid\": \"x\"}}", "{\"a\": 1} }"]
        {
            assert!(documents(wrong).is_err(), "{wrong}");
        }
        assert_eq!(documents("{\"a\": 1}\n{\"b\": 2}").unwrap().len(), 2);
    }
}
