//! Expressions that are the same to a server, though they are written differently.

use crate::sql::{Dialect, Script, TokenKind};

/// Tells whether two expressions differ only in how they are written: case, white space, parentheses, casts of literals, and
/// words that the second one has others for.
pub(in crate::catalog) fn is_same(one: &str, other: &str, called: &[(String, String)]) -> bool {
    let (Some(one), Some(other)) = (words(one), words(other)) else { return false };
    let is_called = |one: &str, other: &str| {
        let is = |name: &str, word: &str| name == word || name.eq_ignore_ascii_case(word);
        one == other || called.iter().any(|(was, now)| is(was, one) && is(now, other))
    };
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| is_called(one, other))
}

/// Lists the words that count.
fn words(text: &str) -> Option<Vec<String>> {
    let script = Script::parse(text, Dialect::Postgres).ok()?;
    let tokens: Vec<_> = script.statements().iter().flat_map(|statement| script.tokens_of(statement)).collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let word = token.text(text);
        at += 1;
        match token.kind {
            TokenKind::Punctuation if matches!(word, "(" | ")" | ";") => {}
            TokenKind::Operator if word == "::" => at += type_length(&tokens[at..], text),
            TokenKind::Word => words.push(synonym(&word.to_ascii_lowercase()).to_owned()),
            TokenKind::QuotedName => words.push(word.trim_matches('"').to_owned()),
            TokenKind::String => words.push(folded(word)),
            _ => words.push(word.to_owned()),
        }
    }
    Some(words)
}

/// Counts the tokens of a type behind `::`.
fn type_length(tokens: &[&crate::sql::Token], text: &str) -> usize {
    let is_part = |word: &str| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "varying" | "precision" | "with" | "without" | "time" | "zone" | "." | "[" | "]"
        )
    };
    let mut length = usize::from(!tokens.is_empty());
    let mut depth = 0usize;
    while let Some(token) = tokens.get(length) {
        let word = token.text(text);
        match word {
            "(" => depth += 1,
            ")" if depth == 0 => break,
            ")" => depth -= 1,
            _ if depth > 0 || is_part(word) || tokens.get(length - 1).is_some_and(|last| last.text(text) == ".") => {}
            _ => break,
        }
        length += 1;
    }
    length
}

/// Gives one word for those that mean the same.
fn synonym(word: &str) -> &str {
    match word {
        "current_timestamp" | "transaction_timestamp" => "now",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "timestamptz" => "timestamp with time zone",
        "varchar" => "character varying",
        "procedure" => "function",
        other => other,
    }
}

/// Writes a text with single spaces.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_said_otherwise_is_the_same() {
        for (one, other) in [
            ("now()", "CURRENT_TIMESTAMP"),
            ("'a'::text", "'a'"),
            ("'a'::character varying(8)", "('a')"),
            ("a>0 and  b IS NULL", "(a > 0) AND (b is null)"),
            ("x = 'a'::app.mood[] OR y", "x = 'a' or y"),
        ] {
            assert!(is_same(one, other, &[]), "{one} | {other}");
        }
        for (one, other) in [("'a'", "'A'"), ("a > 0", "a >= 0"), ("0", "1"), ("'a'::text || b", "'a'")] {
            assert!(!is_same(one, other, &[]), "{one} | {other}");
        }
    }

    #[test]
    fn what_has_another_name_is_the_same() {
        let called = [("mail".to_owned(), "email".to_owned())];
        assert!(is_same("Mail <> '' AND a > mail", "email <> '' and a > \"email\"", &called));
        assert!(!is_same("mail <> ''", "mail2 <> ''", &called));
        assert!(!is_same("email <> ''", "mail <> ''", &called));
    }
}
