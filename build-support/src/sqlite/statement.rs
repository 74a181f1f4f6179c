//! What a statement is to SQLite: whether it may be run here, and what it makes, takes away or changes.

use super::words::Named;
use crate::sql::{Cursor, Script, Statement};
use std::ops::Range;

/// How far a statement goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// It changes the schema, and is run.
    Run,
    /// It reads or writes rows, and is compiled and not run.
    Prepare,
    /// It is about files, transactions or the connection: its grammar is looked at, and what it does is left out.
    Read,
}

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    View,
    Index,
    Trigger,
}

/// What a statement does to a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Nothing,
    Create {
        kind: Kind,
        name: Named,
        /// Whether nothing happens where the name is taken.
        optional: bool,
        /// Whether rows of a query come along.
        filled: bool,
    },
    Drop {
        kind: Kind,
        name: Named,
    },
    Rename {
        table: Named,
        to: Named,
    },
    RenameColumn {
        table: Named,
        column: Named,
        to: Named,
    },
    DropColumn {
        table: Named,
        column: Named,
    },
    AddColumn {
        table: Named,
        column: Named,
        /// From the column's name on.
        definition: Range<usize>,
    },
    /// Another change of a table.
    Alter {
        table: Named,
    },
    /// Everything since a savepoint is undone.
    Undo,
    /// `PRAGMA writable_schema`, `ROLLBACK`: the schema is changed behind SQLite's back, or what was done is undone.
    Anything,
}

/// Reads a statement, as far as its first words tell.
pub(super) fn read(script: &Script<'_>, statement: &Statement) -> (Course, Effect) {
    let mut cursor = Cursor::new(script, statement);
    let effect = match cursor.eat_any(&["CREATE", "DROP", "ALTER", "PRAGMA", "ROLLBACK", "SAVEPOINT", "RELEASE"]) {
        Some("CREATE") => create(cursor),
        Some("DROP") => drop(cursor),
        Some("ALTER") => alter(cursor, statement),
        Some("PRAGMA") => return pragma(cursor),
        Some("ROLLBACK") => {
            cursor.eat_any(&["TRANSACTION", "WORK"]);
            let to_savepoint = cursor.eat(&["TO"]);
            return if to_savepoint { (Course::Run, Effect::Undo) } else { (Course::Read, Effect::Anything) };
        }
        Some(_) => return (Course::Run, Effect::Nothing),
        None => {
            let course =
                match cursor.eat_any(&["BEGIN", "COMMIT", "END", "ATTACH", "DETACH", "VACUUM", "ANALYZE", "REINDEX"]) {
                    Some("ANALYZE" | "REINDEX") => Course::Run,
                    Some(_) => Course::Read,
                    None => Course::Prepare,
                };
            return (course, Effect::Nothing);
        }
    };
    (Course::Run, effect.unwrap_or(Effect::Nothing))
}

fn create(mut cursor: Cursor<'_>) -> Option<Effect> {
    cursor.eat_any(&["TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"]);
    let kind = kind(&mut cursor)?;
    let optional = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let name = Named::read(&mut cursor)?;
    let filled = kind == Kind::Table && cursor.eat(&["AS"]);
    Some(Effect::Create { kind, name, optional, filled })
}

fn drop(mut cursor: Cursor<'_>) -> Option<Effect> {
    let kind = kind(&mut cursor)?;
    cursor.eat(&["IF", "EXISTS"]);
    Some(Effect::Drop { kind, name: Named::read(&mut cursor)? })
}

fn kind(cursor: &mut Cursor<'_>) -> Option<Kind> {
    Some(match cursor.eat_any(&["TABLE", "VIEW", "INDEX", "TRIGGER"])? {
        "TABLE" => Kind::Table,
        "VIEW" => Kind::View,
        "INDEX" => Kind::Index,
        _ => Kind::Trigger,
    })
}

fn alter(mut cursor: Cursor<'_>, statement: &Statement) -> Option<Effect> {
    if !cursor.eat(&["TABLE"]) {
        return None;
    }
    let table = Named::read(&mut cursor)?;
    if cursor.eat(&["RENAME", "TO"]) {
        return Some(Effect::Rename { table, to: Named::read(&mut cursor)? });
    }
    if cursor.eat(&["RENAME"]) {
        cursor.eat(&["COLUMN"]);
        let column = Named::read(&mut cursor)?;
        return match cursor.eat(&["TO"]) {
            true => Some(Effect::RenameColumn { table, column, to: Named::read(&mut cursor)? }),
            false => Some(Effect::Alter { table }),
        };
    }
    if cursor.eat(&["DROP"]) && (cursor.eat(&["COLUMN"]) || !cursor.eat(&["CONSTRAINT"])) {
        return Some(Effect::DropColumn { table, column: Named::read(&mut cursor)? });
    }
    if cursor.eat(&["ADD"]) && (cursor.eat(&["COLUMN"]) || !cursor.eat(&["CONSTRAINT"])) {
        let start = cursor.peek()?.start;
        let definition = start..statement.range.end.max(start);
        return Some(Effect::AddColumn { table, column: Named::read(&mut cursor)?, definition });
    }
    Some(Effect::Alter { table })
}

fn pragma(mut cursor: Cursor<'_>) -> (Course, Effect) {
    let Some(name) = Named::read(&mut cursor) else { return (Course::Read, Effect::Nothing) };
    match name.name.as_str() {
        "legacy_alter_table" => (Course::Run, Effect::Nothing),
        "writable_schema" => (Course::Read, Effect::Anything),
        _ => (Course::Read, Effect::Nothing),
    }
}
