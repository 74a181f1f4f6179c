//! The words of a script that SQLite may take for names.

use crate::sql::{Cursor, Script, Statement, Token, TokenKind, unquoted};
use std::ops::Range;

/// Folds a token to what SQLite compares names by; `None` for what can't be one. A string can: SQLite is lenient there.
fn fold<'b>(token: &Token, source: &str, into: &'b mut String) -> Option<&'b str> {
    into.clear();
    match token.kind {
        TokenKind::Word => into.push_str(token.text(source)),
        TokenKind::QuotedName | TokenKind::String => into.push_str(&unquoted(token.text(source))),
        _ => return None,
    }
    into.make_ascii_lowercase();
    Some(into)
}

/// Hands on each word of these tokens, folded.
pub(super) fn each(tokens: &[Token], source: &str, mut take: impl FnMut(&str)) {
    let mut buffer = String::new();
    for token in tokens {
        if let Some(word) = fold(token, source, &mut buffer) {
            take(word);
        }
    }
}

/// Finds the tokens of a statement that are this name, the ones at or after a byte of the text first.
pub(super) fn find(script: &Script<'_>, statement: &Statement, name: &str, from: usize) -> Option<Range<usize>> {
    let folded = name.to_ascii_lowercase();
    let mut buffer = String::new();
    let mut before = None;
    for token in script.tokens_of(statement) {
        if fold(token, script.text(), &mut buffer).is_some_and(|word| word == folded) {
            if token.start >= from {
                return Some(token.range());
            }
            before.get_or_insert(token.range());
        }
    }
    before
}

/// A name of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Folded.
    pub(crate) schema: Option<String>,
    /// Folded.
    pub(crate) name: String,
    /// The bytes of the name without the schema.
    pub(crate) range: Range<usize>,
}

impl Named {
    /// Takes a name, `table` or `schema.table`, if one comes next.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Named> {
        let mut range = cursor.peek()?.range();
        let mut name = cursor.name_part()?;
        let mut schema = None;
        if cursor.eat_mark(b'.') {
            range = cursor.peek()?.range();
            schema = Some(std::mem::replace(&mut name, cursor.name_part()?));
        }
        Some(Named { schema, name, range })
    }
}
