//! What calling a function may do to the schema, told by the words of its body.

use super::super::ast::{self, AstNode, FuncOption};
use super::super::shipped;
use super::routine::{definition, language};
use crate::sql::{Dialect, Lexer, Token, TokenKind};
use crate::statement::Effects;

/// Tells what calling a routine may do.
pub(in crate::postgres) fn effects(options: &[FuncOption], inline: Option<ast::RoutineBody>) -> Effects {
    let language = language(options).map(|language| language.to_ascii_lowercase());
    let unknown = Effects { alters: true, ..Effects::default() };
    let (body, script) = match (inline, definition(options), language.as_deref()) {
        (Some(body), ..) => (body.syntax().text().to_string(), None),
        (None, Some(literal), Some("plpgsql")) => {
            (literal.string_value().unwrap_or_default(), Some(format!("DO {}", literal.syntax().text())))
        }
        (None, Some(literal), Some("sql")) => {
            let body = literal.string_value().unwrap_or_default();
            (body.clone(), Some(body))
        }
        // What is compiled into the server, or loaded by it, isn't written to change schemas.
        (None, _, Some("internal" | "c")) => return Effects::default(),
        _ => return unknown,
    };
    match of_text(&body) {
        Some((alters, calls)) => Effects { alters, script: script.filter(|_| alters), calls },
        None => unknown,
    }
}

/// Tells whether a body may change the schema, and what it may call; `None` where it can't be read.
fn of_text(text: &str) -> Option<(bool, Vec<String>)> {
    let mut tokens = Vec::new();
    for token in Lexer::new(text, Dialect::Postgres) {
        match token {
            Ok(token) if token.kind == TokenKind::Comment => {}
            Ok(token) => tokens.push(token),
            Err(_) => return None,
        }
    }
    let mut calls: Vec<String> = Vec::new();
    let mut alters = false;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        let is = |word| token.is_word(text, word);
        let is_next = |word| next.is_some_and(|next: &Token| next.is_word(text, word));
        // What is temporary is gone when the session is.
        let creates = is("CREATE") && !is_next("TEMP") && !is_next("TEMPORARY");
        alters |= creates || is("ALTER") || is("DROP") || is("EXECUTE");
        if next.is_some_and(|next| next.is_mark(text, b'(')) {
            let name = match token.kind {
                TokenKind::Word => token.text(text).to_ascii_lowercase(),
                TokenKind::QuotedName => token.text(text).trim_matches('"').to_owned(),
                _ => continue,
            };
            if shipped::function(&name).is_none() && !calls.contains(&name) {
                calls.push(name);
            }
        }
    }
    Some((alters, calls))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_body_may_do_is_told_by_its_words() {
        let told = |text: &str| of_text(text).unwrap();
        let calls = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(told("BEGIN NEW.a = now(); RETURN NEW; END"), (false, Vec::new()));
        assert_eq!(told("SELECT own(1), lower('DROP'), \"Own\"(2) -- ALTER"), (false, calls(&["own", "Own"])));
        assert!(told("BEGIN EXECUTE format('DROP TABLE %I', t); END").0);
        assert!(told("BEGIN DROP TABLE a; END").0);
        assert!(!told("BEGIN CREATE TEMP TABLE a AS SELECT 1; INSERT INTO b SELECT * FROM a; END").0);
        assert_eq!(of_text("BEGIN 'open"), None);
    }
}
