//! What a statement that isn't understood may be about.

use super::Reader;
use crate::mysql::deed::Words;
use crate::sql::{Token, TokenKind, unquoted};
use crate::statement::QualifiedName;

/// Collects what code may name.
pub(super) fn words(text: &str, tokens: &[Token]) -> Words {
    let mut found = Words::default();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_word(text, "CALL") {
            found.calls.insert(called(text, &tokens[at + 1..]).unwrap_or_default());
        }
        if matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String) {
            let apart = token.text(text).split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '-'));
            for word in apart.filter(|word| !word.is_empty()).map(str::to_lowercase) {
                if word == "call" && token.kind == TokenKind::String {
                    found.calls.insert(String::new());
                }
                found.all.insert(word);
            }
        }
    }
    found
}

/// Gives the procedure that a call names, in lower case.
fn called(text: &str, tokens: &[Token]) -> Option<String> {
    let is_qualified = tokens.get(1).is_some_and(|token| token.is_mark(text, b'.'));
    let name = tokens.get(if is_qualified { 2 } else { 0 })?;
    match name.kind {
        TokenKind::Word => Some(name.text(text).to_lowercase()),
        TokenKind::QuotedName => Some(unquoted(name.text(text)).to_lowercase()),
        _ => None,
    }
}

/// Gives the tables that a statement may be about, by the words in front of them: none, where it could be any.
pub(super) fn tables_named(reader: &mut Reader<'_>) -> Vec<QualifiedName> {
    let mut names = Vec::new();
    let first = reader.word().unwrap_or_default();
    if !matches!(
        first.as_str(),
        "CREATE" | "ALTER" | "DROP" | "RENAME" | "TRUNCATE" | "LOAD" | "INSERT" | "UPDATE" | "DELETE"
    ) {
        return names;
    }
    while let Some(token) = reader.next() {
        let names_one =
            ["TABLE", "VIEW", "SEQUENCE", "ON", "INTO", "TO"].iter().any(|word| token.is_word(reader.text, word));
        if names_one {
            reader.if_exists();
            reader.if_not_exists();
            if let Ok(name) = reader.qualified() {
                names.push(name);
            }
        }
    }
    names
}
