//! What a script has done, statement by statement, for the rules.

use super::refusal::Reason;
use super::session::Session;
use super::statement::Effect;
use super::words::{self, Named};
use crate::sql::{Cursor, Script, Statement};

/// A statement that SQLite takes.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) effect: Effect,
    pub(crate) rows: Option<Rows>,
    pub(crate) refusal: Option<RowRefusal>,
}

/// What a statement that reads or writes rows is about.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub(crate) copy: Option<Copy>,
    /// All words that may be names, folded.
    pub(crate) words: Vec<String>,
}

/// Rows of a query that are put into a table.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub(crate) into: Named,
    /// The columns that get values, folded; `None` where that is all of them, in their order.
    pub(crate) columns: Option<Vec<String>>,
    /// The table of `SELECT * FROM table`, where that is the query.
    pub(crate) all_of: Option<String>,
}

/// Why SQLite refuses a new column where the table has rows, and takes it where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowRefusal {
    NotNull,
    NonConstantDefault,
    Stored,
}

/// Reads what a statement is about that reads or writes rows.
pub(super) fn rows(script: &Script<'_>, statement: &Statement) -> Rows {
    let mut found = Vec::new();
    words::each(script.tokens_of(statement), script.text(), |word| found.push(word.to_owned()));
    Rows { copy: copy(Cursor::new(script, statement)), words: found }
}

fn copy(mut cursor: Cursor<'_>) -> Option<Copy> {
    match cursor.eat_any(&["INSERT", "REPLACE"])? {
        "INSERT" if cursor.eat(&["OR"]) => drop(cursor.next()),
        _ => {}
    }
    if !cursor.eat(&["INTO"]) {
        return None;
    }
    let into = Named::read(&mut cursor)?;
    if cursor.eat(&["AS"]) {
        cursor.next();
    }
    let columns = match cursor.eat_mark(b'(') {
        true => {
            let mut columns = vec![cursor.name_part()?];
            while cursor.eat_mark(b',') {
                columns.push(cursor.name_part()?);
            }
            cursor.eat_mark(b')').then_some(())?;
            Some(columns)
        }
        false => None,
    };
    let with = cursor.eat(&["WITH"]);
    if !with && !cursor.eat(&["SELECT"]) {
        return None;
    }
    let all = !with && cursor.next().is_some_and(|token| cursor.text_of(token) == "*") && cursor.eat(&["FROM"]);
    let all_of = if all { Named::read(&mut cursor).map(|from| from.name) } else { None };
    Some(Copy { into, columns, all_of: all_of.filter(|_| cursor.is_done()) })
}

/// Asks SQLite about a new column where there is a row.
pub(super) fn refusal(definition: &str, session: &Session) -> Option<RowRefusal> {
    const TABLE: &str = "whimbrel_one_row";
    session.run(&format!("CREATE TEMP TABLE {TABLE} (whimbrel_column)")).ok()?;
    let _ = session.run(&format!("INSERT INTO temp.{TABLE} VALUES (1)"));
    let refused = session.run(&format!("ALTER TABLE temp.{TABLE} ADD COLUMN {definition}"));
    let _ = session.run(&format!("DROP TABLE temp.{TABLE}"));
    let Reason::Other(message) = refused.err()?.reason else { return None };
    let message = message.to_ascii_lowercase();
    [
        ("cannot add a not null column", RowRefusal::NotNull),
        ("cannot add a column with non-constant default", RowRefusal::NonConstantDefault),
        ("cannot add a stored column", RowRefusal::Stored),
    ]
    .into_iter()
    .find(|(words, _)| message.contains(words))
    .map(|(_, refusal)| refusal)
}
