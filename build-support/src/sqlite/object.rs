//! What a database has in it: tables, views, indexes and triggers, each by the statement that makes it.

use super::names::Key;
use super::session::Row;
use super::words;
use crate::catalog::Relation;
use crate::encoding::{self, Decoder, Encoded, encode_bytes};
use crate::sql::{Dialect, Script};
use std::sync::OnceLock;

/// What an object is, in the order in which objects can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ObjectKind {
    Table,
    /// A virtual table.
    Virtual,
    /// A table that a virtual one keeps its rows in.
    Shadow,
    View,
    Index,
    Trigger,
}

impl ObjectKind {
    /// Gives what SQLite calls it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            ObjectKind::Table | ObjectKind::Virtual | ObjectKind::Shadow => "table",
            ObjectKind::View => "view",
            ObjectKind::Index => "index",
            ObjectKind::Trigger => "trigger",
        }
    }
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) name: String,
    /// Its table, folded: an index's, a trigger's, the virtual one of a shadow; otherwise the object itself.
    pub(super) table: String,
    /// The statement that makes it, as SQLite keeps it.
    pub(super) sql: String,
    /// What it may name, folded: all words of a view or a trigger, the tables that a table refers to.
    pub(super) words: Vec<String>,
    /// What a table or a view is in the catalog's words; nothing for others.
    pub(super) described: Described,
}

/// A relation as it is kept, and what that says, once somebody has asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    bytes: Vec<u8>,
    read: OnceLock<Relation>,
}

impl Described {
    /// Describes a relation.
    pub(super) fn new(relation: Relation) -> Described {
        Described { bytes: encoding::encode(&relation), read: relation.into() }
    }

    /// Gives it as it is.
    pub(super) fn relation(&self) -> &Relation {
        self.read.get_or_init(|| encoding::decode(&self.bytes).unwrap_or(Relation::Opaque))
    }
}

impl Encoded for Described {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_bytes(&self.bytes, to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(Described { bytes: from.bytes()?.to_owned(), read: OnceLock::new() })
    }
}

impl PartialEq for Described {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Described {}

impl Object {
    /// Takes over what SQLite lists. `virtual_tables` are the names of those, folded.
    pub(super) fn of(row: Row, shadows: &[String], virtual_tables: &[String]) -> Object {
        let folded = row.name.to_ascii_lowercase();
        let mut table = row.table.to_ascii_lowercase();
        let kind = match row.kind.as_str() {
            "view" => ObjectKind::View,
            "index" => ObjectKind::Index,
            "trigger" => ObjectKind::Trigger,
            _ if is_virtual(&row.sql) => ObjectKind::Virtual,
            _ if shadows.contains(&folded) => {
                let owns =
                    |owner: &&String| folded.strip_prefix(owner.as_str()).is_some_and(|rest| rest.starts_with('_'));
                let owner = virtual_tables.iter().filter(owns).max_by_key(|owner| owner.len());
                table = owner.cloned().unwrap_or(table);
                if owner.is_some() { ObjectKind::Shadow } else { ObjectKind::Table }
            }
            _ => ObjectKind::Table,
        };
        let words = mentioned(kind, &row.sql);
        Object { kind, name: row.name, table, sql: row.sql, words, described: Described::default() }
    }

    /// Gives what it is known by.
    pub(super) fn key(&self) -> Key {
        key(self.kind == ObjectKind::Trigger, &self.name)
    }
}

/// Gives what something of this name is known by.
pub(super) fn key(is_trigger: bool, name: &str) -> Key {
    let name = name.to_ascii_lowercase();
    if is_trigger { Key::Trigger(name) } else { Key::Relation(name) }
}

/// Tells a virtual table by the statement that SQLite keeps.
pub(super) fn is_virtual(sql: &str) -> bool {
    sql.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("CREATE VIRTUAL"))
}

fn mentioned(kind: ObjectKind, sql: &str) -> Vec<String> {
    let mut mentioned = Vec::new();
    let Ok(script) = Script::parse(sql, Dialect::Sqlite) else { return mentioned };
    match kind {
        ObjectKind::View | ObjectKind::Trigger => {
            words::each(script.tokens(), sql, |word| mentioned.push(word.to_owned()));
        }
        ObjectKind::Table => {
            let mut refers = false;
            words::each(script.tokens(), sql, |word| {
                if std::mem::replace(&mut refers, word == "references") {
                    mentioned.push(word.to_owned());
                }
            });
        }
        ObjectKind::Virtual | ObjectKind::Shadow | ObjectKind::Index => {}
    }
    mentioned.sort();
    mentioned.dedup();
    mentioned
}
