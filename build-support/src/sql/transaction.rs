use std::ops::Range;

use super::cursor::Cursor;
use super::{Dialect, Finding, Script, Statement};

/// Finds a plain `BEGIN … COMMIT` around all other statements, with nothing of the kind between, and gives the places of both.
///
/// One with an isolation level or another mode isn't plain: taking it off would change what the script does.
pub(crate) fn outer(script: &Script<'_>) -> Option<(Range<usize>, Range<usize>)> {
    let [first, between @ .., last] = script.statements() else { return None };
    let plain = opens_plainly(Cursor::new(script, first)) && closes_plainly(Cursor::new(script, last));
    let alone = || !between.iter().any(|statement| controls(Cursor::new(script, statement)));
    (plain && alone()).then(|| (first.range.clone(), last.range.clone()))
}

/// Finds each statement that begins or ends a transaction. Savepoints do neither.
pub(crate) fn control(script: &Script<'_>, statements: &[Statement]) -> Vec<Finding> {
    let finding = |statement: &Statement| {
        let cursor = Cursor::new(script, statement);
        controls(cursor).then(|| Finding { range: statement.range.clone(), words: cursor.words(2) })
    };
    statements.iter().filter_map(finding).collect()
}

/// Finds the statements, by their positions, from each `BEGIN` to the `COMMIT` that belongs to it.
pub(crate) fn blocks(script: &Script<'_>, statements: &[Statement]) -> Vec<Range<usize>> {
    let (mut blocks, mut open) = (Vec::new(), None);
    for (at, statement) in statements.iter().enumerate() {
        let cursor = Cursor::new(script, statement);
        if !controls(cursor) {
            continue;
        }
        if closes_plainly(cursor) {
            blocks.extend(open.take().map(|begin| begin..at + 1));
        } else {
            open = opens(cursor).then_some(at);
        }
    }
    blocks
}

fn opens(mut cursor: Cursor<'_>) -> bool {
    cursor.eat(&["BEGIN"]) || cursor.eat(&["START", "TRANSACTION"])
}

fn controls(mut cursor: Cursor<'_>) -> bool {
    if cursor.eat(&["ROLLBACK"]) {
        cursor.eat_any(&["WORK", "TRANSACTION"]);
        return !cursor.eat(&["TO"]);
    }
    if cursor.dialect() == Dialect::Postgres && cursor.eat(&["PREPARE"]) {
        return cursor.eat(&["TRANSACTION"]);
    }
    cursor.eat_any(&["BEGIN", "COMMIT", "END", "ABORT"]).is_some() || cursor.eat(&["START", "TRANSACTION"])
}

fn opens_plainly(mut cursor: Cursor<'_>) -> bool {
    if cursor.eat(&["BEGIN"]) {
        if cursor.dialect() == Dialect::Sqlite {
            cursor.eat_any(&["DEFERRED", "IMMEDIATE", "EXCLUSIVE"]);
        }
        cursor.eat_any(&["WORK", "TRANSACTION"]);
        return cursor.is_done();
    }
    cursor.eat(&["START", "TRANSACTION"]) && cursor.is_done()
}

fn closes_plainly(mut cursor: Cursor<'_>) -> bool {
    if cursor.eat_any(&["COMMIT", "END"]).is_none() {
        return false;
    }
    cursor.eat_any(&["WORK", "TRANSACTION"]);
    cursor.eat(&["AND", "NO", "CHAIN"]);
    cursor.is_done()
}
