//! How an `ALTER TABLE` of MySQL or MariaDB is taken up again: all of it is done or nothing, so one of its changes tells for all.

use super::Retry;
use super::mysql::{Qualified, name, part};
use super::shown::{Thing, seen};
use crate::sql::Cursor;

/// One change.
enum Change {
    /// Something of the table is there afterwards, or gone.
    Shown { kind: Kind, name: String, there: bool },
    /// One name takes another's place.
    Renamed { kind: Kind, from: String, to: String },
    /// The table has another name.
    Moved(Qualified),
    /// To do it again does no harm.
    Again,
    /// Only who knows it can tell.
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Column,
    Index,
    Constraint,
}

impl Kind {
    fn thing<'a>(self, table: &'a Qualified, name: &'a str) -> Thing<'a> {
        match self {
            Kind::Column => Thing::Column { table, name },
            Kind::Index => Thing::Index { table, name },
            Kind::Constraint => Thing::Constraint { table, name },
        }
    }
}

/// Judges what stands behind `ALTER TABLE`.
pub(super) fn altered(mut at: Cursor<'_>) -> Retry {
    let may_be_gone = at.eat(&["IF", "EXISTS"]);
    let Some(table) = name(&mut at) else { return Retry::Ask };
    if may_be_gone {
        return Retry::Ask;
    }
    let mut changes = Vec::new();
    loop {
        changes.push(change(at));
        if !at.next_item() {
            break;
        }
    }
    if changes.iter().any(|change| matches!(change, Change::Unknown)) {
        return Retry::Ask;
    }
    let moved = changes.iter().find_map(|change| if let Change::Moved(to) = change { Some(to) } else { None });
    if let Some(to) = moved {
        // One that names no database is in the session's.
        return seen(&[(Thing::Table(to), true), (Thing::Table(&table), false)]);
    }
    // A name that two changes are about tells nothing, and to do both again may undo something.
    let named = |kind: Kind, name: &str| {
        let is =
            |known: &Kind, names: [&str; 2]| *known == kind && names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let about = |change: &&Change| match change {
            Change::Shown { kind, name, .. } => is(kind, [name, name]),
            Change::Renamed { kind, from, to } => is(kind, [from, to]),
            _ => false,
        };
        changes.iter().filter(about).count()
    };
    let mut is_harmless = true;
    for change in &changes {
        match change {
            Change::Shown { kind, name, there } if named(*kind, name) == 1 => {
                return seen(&[(kind.thing(&table, name), *there)]);
            }
            Change::Renamed { kind, from, to } if named(*kind, from) == 1 && named(*kind, to) == 1 => {
                return seen(&[(kind.thing(&table, to), true), (kind.thing(&table, from), false)]);
            }
            // An index that is dropped and made anew in one change.
            Change::Shown { kind: Kind::Index, .. } | Change::Again => {}
            _ => is_harmless = false,
        }
    }
    if is_harmless { Retry::Again } else { Retry::Ask }
}

fn change(mut at: Cursor<'_>) -> Change {
    let verb = at.eat_any(&[
        "ADD",
        "DROP",
        "MODIFY",
        "CHANGE",
        "RENAME",
        "ALTER",
        "COMMENT",
        "ENGINE",
        "AUTO_INCREMENT",
        "CONVERT",
        "DEFAULT",
        "CHARACTER",
        "CHARSET",
        "COLLATE",
        "ROW_FORMAT",
        "ALGORITHM",
        "LOCK",
        "FORCE",
        "ENABLE",
        "DISABLE",
        "WAIT",
        "NOWAIT",
        "KEY_BLOCK_SIZE",
        "STATS_PERSISTENT",
        "STATS_AUTO_RECALC",
        "STATS_SAMPLE_PAGES",
        "MAX_ROWS",
        "MIN_ROWS",
        "AVG_ROW_LENGTH",
    ]);
    match verb {
        Some("ADD") => added(at).unwrap_or(Change::Unknown),
        Some("DROP") => dropped(at).unwrap_or(Change::Unknown),
        Some("MODIFY") => Change::Again,
        Some("CHANGE") => {
            at.eat(&["COLUMN"]);
            if at.eat(&["IF", "EXISTS"]) {
                return Change::Unknown;
            }
            match (part(&mut at), part(&mut at)) {
                (Some(from), Some(to)) if from.eq_ignore_ascii_case(&to) => Change::Again,
                (Some(from), Some(to)) => Change::Renamed { kind: Kind::Column, from, to },
                _ => Change::Unknown,
            }
        }
        Some("RENAME") => renamed(at).unwrap_or(Change::Unknown),
        // A column's default, an index's visibility.
        Some(_) => Change::Again,
        None => Change::Unknown,
    }
}

fn added(mut at: Cursor<'_>) -> Option<Change> {
    let there = |kind, name| Some(Change::Shown { kind, name, there: true });
    if at.eat_any(&["PARTITION", "SYSTEM", "PERIOD"]).is_some() {
        return None;
    }
    let mut constraint = None;
    if at.eat(&["CONSTRAINT"]) {
        if at.eat(&["IF", "NOT", "EXISTS"]) {
            return Some(Change::Again);
        }
        if !is_next(at, &["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]) {
            constraint = Some(part(&mut at)?);
        }
    }
    if at.eat(&["PRIMARY", "KEY"]) {
        return there(Kind::Index, "PRIMARY".to_owned());
    }
    if at.eat(&["FOREIGN", "KEY"]) || at.eat(&["CHECK"]) {
        return constraint.and_then(|name| there(Kind::Constraint, name));
    }
    let index = at.eat_any(&["UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"]).is_some();
    if at.eat_any(&["INDEX", "KEY"]).is_some() || index {
        if at.eat(&["IF", "NOT", "EXISTS"]) {
            return Some(Change::Again);
        }
        let unnamed = is_next(at, &["USING"]) || at.eat_mark(b'(');
        let name = if unnamed { constraint } else { part(&mut at) };
        return name.and_then(|name| there(Kind::Index, name));
    }
    at.eat(&["COLUMN"]);
    if at.eat(&["IF", "NOT", "EXISTS"]) {
        return Some(Change::Again);
    }
    at.eat_mark(b'(');
    part(&mut at).and_then(|name| there(Kind::Column, name))
}

fn dropped(mut at: Cursor<'_>) -> Option<Change> {
    let gone = |kind, name| Some(Change::Shown { kind, name, there: false });
    if at.eat_any(&["PARTITION", "SYSTEM", "PERIOD"]).is_some() {
        return None;
    }
    if at.eat(&["PRIMARY", "KEY"]) {
        return gone(Kind::Index, "PRIMARY".to_owned());
    }
    let kind = match at.eat_any(&["INDEX", "KEY", "CONSTRAINT", "CHECK", "FOREIGN", "COLUMN"]) {
        Some("INDEX" | "KEY") => Kind::Index,
        Some("CONSTRAINT" | "CHECK") => Kind::Constraint,
        Some("FOREIGN") if at.eat(&["KEY"]) => Kind::Constraint,
        Some("FOREIGN") => return None,
        _ => Kind::Column,
    };
    if at.eat(&["IF", "EXISTS"]) {
        return Some(Change::Again);
    }
    part(&mut at).and_then(|name| gone(kind, name))
}

fn renamed(mut at: Cursor<'_>) -> Option<Change> {
    let kind = match at.eat_any(&["COLUMN", "INDEX", "KEY"]) {
        None => {
            at.eat_any(&["TO", "AS"]);
            return name(&mut at).map(Change::Moved);
        }
        Some("COLUMN") => Kind::Column,
        Some(_) => Kind::Index,
    };
    if at.eat(&["IF", "EXISTS"]) {
        return None;
    }
    let from = part(&mut at)?;
    let to = if at.eat(&["TO"]) { part(&mut at)? } else { return None };
    Some(Change::Renamed { kind, from, to })
}

fn is_next(mut at: Cursor<'_>, words: &[&'static str]) -> bool {
    at.eat_any(words).is_some()
}
