use super::cursor::Cursor;

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
