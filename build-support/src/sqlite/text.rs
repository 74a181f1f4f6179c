//! SQL as it is shown and compared: without comments, white space folded, keywords in capitals.

use crate::sql::{Dialect, Script, Token};

/// Keywords that nobody names a column after.
const KEYWORDS: [&str; 45] = [
    "ALL",
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "COLLATE",
    "CROSS",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FALSE",
    "FROM",
    "GLOB",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INTERSECT",
    "IS",
    "ISNULL",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NOT",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "SELECT",
    "THEN",
    "TRUE",
    "UNION",
    "WHERE",
];

/// Writes tokens.
pub(super) fn of(tokens: &[Token], source: &str) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in tokens {
        if end.is_some_and(|end| end < token.start) {
            text.push(' ');
        }
        match KEYWORDS.iter().find(|keyword| token.is_word(source, keyword)) {
            Some(keyword) => text.push_str(keyword),
            None => text.push_str(token.text(source)),
        }
        end = Some(token.end);
    }
    text
}

/// Writes a whole text; one that can't be read is left as it is.
pub(super) fn folded(text: &str) -> String {
    match Script::parse(text, Dialect::Sqlite) {
        Ok(script) => of(script.tokens(), text),
        Err(_) => text.to_owned(),
    }
}
