use super::Dialect;
use super::cursor::Cursor;

/// What these pragmas set lies in the file or ends with the transaction, or they set nothing for all their argument.
const PASSING_PRAGMAS: [&str; 20] = [
    "application_id",
    "auto_vacuum",
    "defer_foreign_keys",
    "encoding",
    "foreign_key_check",
    "foreign_key_list",
    "incremental_vacuum",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "optimize",
    "page_size",
    "quick_check",
    "schema_version",
    "table_info",
    "table_list",
    "table_xinfo",
    "user_version",
    "wal_checkpoint",
];

/// Tells whether the connection has other settings after the statement than before, beyond its transaction.
pub(crate) fn changes(mut cursor: Cursor<'_>) -> bool {
    if cursor.dialect() == Dialect::Sqlite {
        let pragma = Pragma::read(cursor);
        return pragma.is_some_and(|pragma| pragma.value.is_some() && !PASSING_PRAGMAS.contains(&pragma.name.as_str()));
    }
    if cursor.eat(&["SET"]) {
        return cursor.eat_any(&["LOCAL", "CONSTRAINTS", "TRANSACTION"]).is_none();
    }
    cursor.eat_any(&["RESET", "DISCARD"]).is_some() || calls_set_config(cursor)
}

/// Finds a `set_config` whose third argument isn't plainly `true`.
fn calls_set_config(mut cursor: Cursor<'_>) -> bool {
    while !cursor.is_done() {
        if !cursor.eat(&["set_config"]) {
            cursor.next();
        } else if cursor.eat_mark(b'(') {
            let local = cursor.next_item() && cursor.next_item() && cursor.eat(&["TRUE"]) && cursor.eat_mark(b')');
            if !local {
                return true;
            }
        }
    }
    false
}

/// Holds a pragma's name and the value it is given, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pragma {
    /// Names it, without a schema.
    pub(crate) name: String,
    /// Gives what stands behind `=` or in parentheses, without quotes.
    pub(crate) value: Option<String>,
}

impl Pragma {
    /// Reads a pragma; `None` for any other statement.
    pub(crate) fn read(mut cursor: Cursor<'_>) -> Option<Self> {
        if !cursor.eat(&["PRAGMA"]) {
            return None;
        }
        let name = cursor.name()?;
        let name = name.rsplit('.').next().unwrap_or_default().to_owned();
        let assigns = cursor.next().is_some_and(|token| matches!(cursor.text_of(token), "=" | "("));
        let value = assigns.then(|| cursor.name().or_else(|| Some(cursor.text_of(cursor.peek()?).to_owned())));
        Some(Self { name, value: value.flatten() })
    }
}
