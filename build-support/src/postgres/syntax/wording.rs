//! Mistakes in plain words.

use super::super::SyntaxError;
use super::foreign;
use super::repair::{self, Edit, Wrong};
use super::tokens::Token;
use squawk_syntax::SyntaxKind::*;
use std::ops::Range;

/// Says what is wrong with a statement.
pub(super) fn error(wrong: &Wrong<'_>) -> SyntaxError {
    if let Some(error) = foreign::error(wrong) {
        return error;
    }
    match repair::find(wrong) {
        Some(edit) => mended(wrong, &edit),
        None => expected(wrong),
    }
}

/// Says what is wrong by what makes it right.
fn mended(wrong: &Wrong<'_>, edit: &Edit) -> SyntaxError {
    let token = |at: usize| wrong.tokens.get(at);
    let shown = |at: usize| token(at).map(Token::shown).unwrap_or_default();
    let text = |at: usize| token(at).map_or("", |token| token.text);
    let (range, message, help) = match edit {
        Edit::Replace(at, word) if word.contains(' ') => {
            let message = format!("expected {word}, found {}", shown(*at));
            (place(wrong, *at), message, format!("write `{word}`"))
        }
        Edit::Replace(at, word) => {
            let message = format!("expected {word}, found {}", shown(*at));
            (place(wrong, *at), message, format!("did you mean `{word}`?"))
        }
        Edit::Insert(at, word) => match word.as_str() {
            "," => (
                place(wrong, *at),
                format!("missing comma before {}", shown(*at)),
                "separate the two by a comma".to_owned(),
            ),
            ";" => {
                let message = format!("missing semicolon before {}", shown(*at));
                let before = text(at.wrapping_sub(1));
                (place(wrong, *at), message, format!("end the statement before it: `{before};`"))
            }
            ")" => {
                let open = unclosed(&wrong.tokens[..(*at).min(wrong.tokens.len())]);
                let range = open.map_or_else(|| place(wrong, *at), |open| open.range.clone());
                let before = wrong.tokens.get(at.wrapping_sub(1));
                let help = before.map_or_else(String::new, |before| format!("close it after `{}`", before.text));
                (range, "this parenthesis is never closed".to_owned(), help)
            }
            "_" => {
                let message = format!("expected a name after {}", shown(at.wrapping_sub(1)));
                (place(wrong, *at), message, String::new())
            }
            "(" if unclosed_balance(wrong.tokens) < 0 => {
                let message = format!("missing parenthesis before {}", shown(*at));
                (place(wrong, *at), message, "open it here, or take out the one that closes it".to_owned())
            }
            word if *at == 0 => {
                let message = format!("expected {word} before {}", shown(0));
                (place(wrong, 0), message, format!("write `{word} {}`", text(0)))
            }
            word => {
                let message = format!("expected {word} after {}", shown(at - 1));
                let (before, behind) = (text(at.wrapping_sub(1)), text(*at).trim_end_matches(';'));
                let meant = format!("{before} {word} {behind}");
                let help = if meant.contains('\n') { String::new() } else { format!("write `{}`", meant.trim()) };
                (place(wrong, *at), message, help)
            }
        },
        Edit::Remove(at) => {
            let again = token(at.wrapping_sub(1)).is_some_and(|before| before.text.eq_ignore_ascii_case(text(*at)));
            let message = match text(*at) {
                "," => "a comma too many".to_owned(),
                ")" => "this parenthesis closes none".to_owned(),
                _ if again => format!("{} stands twice", shown(*at)),
                _ => format!("unexpected {}", shown(*at)),
            };
            (place(wrong, *at), message, "take it out".to_owned())
        }
        Edit::Quote(at) => {
            let message = format!("{} is a reserved word", shown(*at));
            (place(wrong, *at), message, format!("to use it as a name, write `\"{}\"`", text(*at).to_lowercase()))
        }
        Edit::Swap(at) => {
            let (first, second) = (text(*at), text(at + 1));
            let message = format!("expected \"{second} {first}\", found \"{first} {second}\"");
            let range = place(wrong, *at).start..place(wrong, at + 1).end;
            (range, message, format!("write `{second} {first}`"))
        }
    };
    SyntaxError { range, message, help: Some(help).filter(|help| !help.is_empty()) }
}

/// Says what the parser would have liked.
fn expected(wrong: &Wrong<'_>) -> SyntaxError {
    let (said, at) = (wrong.said, wrong.at);
    let found = wrong.tokens.get(at).filter(|token| token.kind != SEMICOLON);
    let before = at.checked_sub(1).and_then(|before| wrong.tokens.get(before));
    let behind = before.map(|before| format!(" after {}", before.shown())).unwrap_or_default();
    let stray = format!("unexpected {}", found.map(Token::shown).unwrap_or_default());
    let message = match (what(said, at), found) {
        (Some(what), Some(found)) if before.is_none() => format!("expected {what}, found {}", found.shown()),
        (Some(what), Some(found)) if found.kind == R_PAREN || found.kind == COMMA => format!("expected {what}{behind}"),
        (Some(what), Some(found)) => format!("expected {what}{behind}, found {}", found.shown()),
        (Some(what), None) => format!("expected {what}{behind}"),
        (None, Some(_)) if !behind.is_empty() => format!("{stray}{behind}"),
        (None, Some(_)) => stray,
        (None, None) => format!("the statement ends too early{behind}"),
    };
    let help = (at == 0).then(|| "write a statement: `CREATE TABLE …`, `ALTER TABLE …`".to_owned());
    SyntaxError { range: place(wrong, at), message, help }
}

/// Puts what the parser expected in plain words; `None` where it says no more than that it is lost.
fn what(said: &str, at: usize) -> Option<String> {
    if said.starts_with("expected command") {
        return (at == 0)
            .then(|| "a statement".to_owned())
            .or_else(|| (at == 1).then(|| "what it is about".to_owned()));
    }
    let wanted = said.strip_prefix("expected ").or_else(|| said.strip_prefix("Expected "))?;
    let wanted = wanted.split(", got ").next()?.split(", found ").next()?.split(" but got ").next()?;
    let wanted = wanted.trim_end_matches('.').trim_start_matches("an ").trim_start_matches("a ");
    let plain = match wanted {
        "expression"
        | "expr"
        | "target"
        | "condition"
        | "expression list"
        | "expression or select"
        | "row expression or sub-select" => "an expression",
        "type name" | "type" | "simple type name" => "a type",
        "path name" | "name" | "identifier" | "name ref list" | "database object name" => "a name",
        "table relation name"
        | "relation name"
        | "table name after comma"
        | "table name"
        | "table reference"
        | "from table"
        | "table name or SELECT" => "a table",
        "column_name" | "column label" | "name ref" => "a column",
        "column list" => "a list of columns in parentheses",
        "param list" => "the arguments in parentheses",
        "from item" | "from_item" | "FROM item after comma" => "a table or a query",
        "select stmt" | "start of a select statement" | "query" | "SELECT statement" | "sub-SELECT" => "a query",
        "string literal" | "string literal or NULL" => "a string",
        "integer literal" | "numeric literal" | "numeric" | "unsigned integer literal" | "count" => "a number",
        "call expression" => "a function's name and its arguments in parentheses",
        "function option" => "an option of the function, such as LANGUAGE or AS",
        "alter column option" => "TYPE, SET, DROP or ADD",
        "foreign key action" => "CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION",
        "constraint type" => "PRIMARY KEY, UNIQUE, CHECK or FOREIGN KEY",
        "at least one item" => "at least one",
        "options" | "role option" | "role option after comma" => "an option",
        "role" => "a role",
        "language name" => "a language",
        "field name" => "a field's name",
        "L_PAREN" => "\"(\"",
        "R_PAREN" => "\")\"",
        "L_BRACK" | "L_BRACK for ARRAY_TYPE" => "\"[\"",
        "R_BRACK" => "\"]\"",
        "COMMA" => "a comma",
        "EQ" => "\"=\"",
        "DOT" => "\".\"",
        "SEMICOLON" => "a semicolon",
        _ => {
            let capital = |word: &str| word.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '_' | ',' | '\''));
            if let Some(word) = wanted.strip_suffix("_KW").filter(|word| capital(word)) {
                return Some(word.to_owned());
            }
            // A list of words is plain already, but for the serial comma.
            let listed = wanted.split(' ').all(|word| capital(word) || matches!(word, "or" | "and"));
            return listed.then(|| wanted.replace(", or ", " or "));
        }
    };
    Some(plain.to_owned())
}

/// Gives the bytes that show a mistake: those of a word, or what stands behind the last one.
pub(super) fn place(wrong: &Wrong<'_>, at: usize) -> Range<usize> {
    match wrong.tokens.get(at) {
        Some(token) if token.kind != SEMICOLON || at == 0 => token.range.clone(),
        _ => {
            let end =
                wrong.tokens.get(..at.min(wrong.tokens.len())).and_then(<[_]>::last).map_or(0, |last| last.range.end);
            let next = wrong.text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            end..end + next
        }
    }
}

/// Finds the innermost parenthesis that is open at the end.
fn unclosed<'a>(tokens: &'a [Token<'a>]) -> Option<&'a Token<'a>> {
    let mut closed = 0;
    tokens.iter().rev().find(|token| match token.kind {
        R_PAREN => {
            closed += 1;
            false
        }
        L_PAREN if closed > 0 => {
            closed -= 1;
            false
        }
        L_PAREN => true,
        _ => false,
    })
}

fn unclosed_balance(tokens: &[Token<'_>]) -> i32 {
    let weight = |token: &Token<'_>| match token.kind {
        L_PAREN => 1,
        R_PAREN => -1,
        _ => 0,
    };
    tokens.iter().map(weight).sum()
}
