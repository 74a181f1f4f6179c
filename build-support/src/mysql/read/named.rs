//! What a statement that isn't understood may be about.

use super::Reader;
use crate::mysql::deed::Words;
use crate::sql::{Token, TokenKind};
use crate::statement::QualifiedName;
use std::collections::BTreeSet;

/// Collects what code may name.
pub(super) fn words(text: &str, tokens: &[Token]) -> Words {
    let mut found = BTreeSet::new();
    for token in tokens {
        if matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String) {
            let apart = token.text(text).split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '-'));
            found.extend(apart.filter(|word| !word.is_empty()).map(str::to_lowercase));
        }
    }
    Words(found)
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
