//! How a statement of MySQL or MariaDB is taken up again: changes of rows in a transaction, changes of a schema by what is there
//! afterwards, for each of them commits by itself and is done or not.

#[cfg(test)]
mod tests;

use super::Retry;
use super::shown::{Thing, quoted, seen};
use crate::sql::cursor::{Cursor, unquoted};
use crate::sql::{Token, TokenKind};

pub(super) fn retry(cursor: Cursor<'_>) -> Retry {
    if let Some(comment) = cursor.executable() {
        return executable(comment);
    }
    let mut at = cursor;
    let first = at.eat_any(&[
        "INSERT",
        "REPLACE",
        "UPDATE",
        "DELETE",
        "SELECT",
        "WITH",
        "VALUES",
        "DO",
        "SHOW",
        "EXPLAIN",
        "DESCRIBE",
        "DESC",
        "SAVEPOINT",
        "BEGIN",
        "START",
        "COMMIT",
        "ROLLBACK",
        "SET",
        "PREPARE",
        "DEALLOCATE",
        "GRANT",
        "ANALYZE",
        "OPTIMIZE",
        "CHECK",
        "CHECKSUM",
        "REPAIR",
        "FLUSH",
        "UNLOCK",
        "CREATE",
        "DROP",
        "ALTER",
        "RENAME",
    ]);
    match first {
        Some("SELECT" | "WITH") if mentions(cursor, &["OUTFILE", "DUMPFILE"]) => Retry::Ask,
        Some("SELECT") if carries(cursor) => Retry::Session,
        Some("SET") => set(at),
        Some("PREPARE" | "DEALLOCATE") => Retry::Session,
        Some("GRANT" | "ANALYZE" | "OPTIMIZE" | "CHECK" | "CHECKSUM" | "REPAIR" | "FLUSH" | "UNLOCK") => Retry::Again,
        Some("CREATE") => create(at),
        Some("DROP") => drop(at),
        Some("ALTER") if at.eat(&["TABLE"]) => super::altered::altered(at),
        Some("ALTER") if at.eat_any(&["DATABASE", "SCHEMA"]).is_some() => Retry::Again,
        Some("RENAME") if at.eat_any(&["TABLE", "TABLES"]).is_some() => rename(at),
        Some("ALTER" | "RENAME") | None => Retry::Ask,
        Some(_) => Retry::Together,
    }
}

/// Dumps set what only some servers know.
fn executable(comment: &str) -> Retry {
    let inside = comment.trim_start_matches("/*!").trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    match inside.get(..4) {
        Some(set) if set.eq_ignore_ascii_case("SET ") => Retry::Session,
        _ => Retry::Ask,
    }
}

fn set(mut at: Cursor<'_>) -> Retry {
    match at.eat_any(&["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT", "RESOURCE"]) {
        Some("DEFAULT" | "RESOURCE" | "PASSWORD") => Retry::Again,
        Some(_) => Retry::Again,
        None => Retry::Session,
    }
}

/// Tells a query that gives its session a value.
pub(super) fn carries(mut at: Cursor<'_>) -> bool {
    let mut into = false;
    while let Some(token) = at.next() {
        let text = at.text_of(token);
        if into && text.starts_with('@') || text == ":=" {
            return true;
        }
        into = token.kind == TokenKind::Word && text.eq_ignore_ascii_case("INTO");
    }
    false
}

fn mentions(mut at: Cursor<'_>, words: &[&str]) -> bool {
    while let Some(token) = at.next() {
        if token.kind == TokenKind::Word && words.iter().any(|word| at.text_of(token).eq_ignore_ascii_case(word)) {
            return true;
        }
    }
    false
}

fn create(mut at: Cursor<'_>) -> Retry {
    let replaces = at.eat(&["OR", "REPLACE"]);
    if at.eat_any(&["TEMPORARY", "AGGREGATE"]) == Some("TEMPORARY") {
        // It lasts as long as the session.
        return Retry::Carries;
    }
    // What stands before the kind: `DEFINER = a@b SQL SECURITY INVOKER`, `UNIQUE`.
    let kind = loop {
        if let Some(kind) = kind(&mut at) {
            break kind;
        }
        if at.next().is_none_or(|token| token.is_mark_of(at, b'(')) {
            return Retry::Ask;
        }
    };
    if at.eat(&["IF", "NOT", "EXISTS"]) {
        return if kind == Kind::Table && mentions(at, &["SELECT", "VALUES"]) { Retry::Ask } else { Retry::Again };
    }
    let Some(name) = name(&mut at) else { return Retry::Ask };
    match kind {
        Kind::Table if replaces || mentions(at, &["SELECT"]) => Retry::Ask,
        _ if replaces => Retry::Again,
        Kind::Index => {
            if at.eat(&["USING"]) {
                at.next();
            }
            let table = if at.eat(&["ON"]) { self::name(&mut at) } else { None };
            table.map_or(Retry::Ask, |table| seen(&[(Thing::Index { table: &table, name: name.last() }, true)]))
        }
        kind => kind.thing(&name).map_or(Retry::Ask, |thing| seen(&[(thing, true)])),
    }
}

fn drop(mut at: Cursor<'_>) -> Retry {
    if at.eat(&["TEMPORARY"]) {
        return Retry::Session;
    }
    let Some(kind) = kind(&mut at) else {
        // A user, a role, a server: with these words it does no harm.
        at.next();
        return if at.eat(&["IF", "EXISTS"]) { Retry::Again } else { Retry::Ask };
    };
    if at.eat(&["IF", "EXISTS"]) {
        return Retry::Again;
    }
    let Some(name) = name(&mut at) else { return Retry::Ask };
    if kind == Kind::Index {
        let table = if at.eat(&["ON"]) { self::name(&mut at) } else { None };
        return table.map_or(Retry::Ask, |table| seen(&[(Thing::Index { table: &table, name: name.last() }, false)]));
    }
    at.eat_any(&["RESTRICT", "CASCADE"]);
    // Of several MariaDB drops one after the other.
    match kind.thing(&name) {
        Some(thing) if at.is_done() => seen(&[(thing, false)]),
        _ => Retry::Ask,
    }
}

fn rename(mut at: Cursor<'_>) -> Retry {
    let (Some(from), true, Some(to)) = (name(&mut at), at.eat(&["TO"]), name(&mut at)) else { return Retry::Ask };
    match at.is_done() {
        true => seen(&[(Thing::Table(&to), true), (Thing::Table(&from), false)]),
        false => Retry::Ask,
    }
}

/// What a schema has, as it is created and dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Table,
    Index,
    View,
    Trigger,
    Routine,
    Event,
    Database,
}

impl Kind {
    fn thing(self, name: &Qualified) -> Option<Thing<'_>> {
        match self {
            Kind::Table | Kind::View => Some(Thing::Table(name)),
            Kind::Trigger => Some(Thing::Trigger(name)),
            Kind::Routine => Some(Thing::Routine(name)),
            Kind::Event => Some(Thing::Event(name)),
            Kind::Database => Some(Thing::Database(name.last())),
            Kind::Index => None,
        }
    }
}

fn kind(at: &mut Cursor<'_>) -> Option<Kind> {
    let word = at.eat_any(&[
        "TABLE",
        "SEQUENCE",
        "INDEX",
        "VIEW",
        "TRIGGER",
        "PROCEDURE",
        "FUNCTION",
        "EVENT",
        "DATABASE",
        "SCHEMA",
    ])?;
    Some(match word {
        "TABLE" | "SEQUENCE" => Kind::Table,
        "INDEX" => Kind::Index,
        "VIEW" => Kind::View,
        "TRIGGER" => Kind::Trigger,
        "PROCEDURE" | "FUNCTION" => Kind::Routine,
        "EVENT" => Kind::Event,
        _ => Kind::Database,
    })
}

/// A name as the server keeps it, with the database that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Qualified(Vec<String>);

impl Qualified {
    pub(super) fn last(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// Writes the database that it is in.
    pub(super) fn database(&self) -> String {
        match self.0.split_last() {
            Some((_, [.., database])) => quoted(database),
            _ => "DATABASE()".to_owned(),
        }
    }
}

/// Takes a name, its case kept; none that has a backslash, which a literal could mean something else by.
pub(super) fn name(at: &mut Cursor<'_>) -> Option<Qualified> {
    let mut ahead = *at;
    let mut parts = vec![part(&mut ahead)?];
    while ahead.eat_mark(b'.') {
        parts.push(part(&mut ahead)?);
    }
    *at = ahead;
    Some(Qualified(parts))
}

pub(super) fn part(at: &mut Cursor<'_>) -> Option<String> {
    let token = at.next()?;
    let text = at.text_of(token);
    let name = match token.kind {
        TokenKind::Word => text.to_owned(),
        TokenKind::QuotedName => unquoted(text),
        _ => return None,
    };
    (!name.contains('\\')).then_some(name)
}

impl Token {
    fn is_mark_of(self, at: Cursor<'_>, mark: u8) -> bool {
        self.kind == TokenKind::Punctuation && at.text_of(self).as_bytes() == [mark]
    }
}
