//! Mistakes in plain words.

use super::super::SyntaxError;
use super::foreign;
use super::repair::{self, Edit, Wrong};
use super::tokens::Token;
use squawk_parser::SyntaxKind::{self, *};
use std::ops::Range;

/// Says what is wrong with a statement.
pub(super) fn error(wrong: &Wrong<'_>) -> SyntaxError {
    lexical(wrong).or_else(|| meant(wrong)).unwrap_or_else(|| expected(wrong))
}

/// Says what is wrong with a single word.
fn lexical(wrong: &Wrong<'_>) -> Option<SyntaxError> {
    let said = wrong.said;
    let token = wrong.tokens.get(wrong.at)?;
    let opening = |bytes: usize| token.range.start..(token.range.start + bytes).min(token.range.end);
    let (range, message, help) = match () {
        () if said.starts_with("Missing trailing `'`") => {
            (opening(1), "this string is never closed", "close it with `'`")
        }
        () if said.starts_with("Missing trailing \"") => {
            (opening(1), "this quoted name is never closed", "close it with `\"`")
        }
        () if said.starts_with("Unterminated dollar") => {
            (opening(1), "this text is never closed", "write its `$…$` once more where it ends")
        }
        () if said.starts_with("trailing junk after numeric") => (
            token.range.clone(),
            "this number runs into a word",
            "put a space between them; a name that begins with a digit needs quotes",
        ),
        () if said.starts_with("empty delimited") => {
            (token.range.clone(), "a name can't be empty", "write one between the quotes")
        }
        () if said.starts_with("Missing digits") => (token.range.clone(), "this number breaks off", "write its digits"),
        () => return None,
    };
    Some(SyntaxError { range, message: message.to_owned(), help: Some(help.to_owned()) })
}

/// Says what is wrong where it is known what was meant.
pub(super) fn meant(wrong: &Wrong<'_>) -> Option<SyntaxError> {
    foreign::error(wrong).or_else(|| Some(mended(wrong, &repair::find(wrong)?)))
}

/// Says what is wrong by what makes it right.
fn mended(wrong: &Wrong<'_>, edit: &Edit) -> SyntaxError {
    let shown = |at: usize| wrong.tokens.get(at).map(Token::shown).unwrap_or_default();
    let text = |at: usize| wrong.tokens.get(at).map_or("", |token| token.text);
    let (range, message, help) = match edit {
        Edit::Insert(at, word) => return missing(wrong, *at, word),
        Edit::Replace(at, word) => {
            let (what, help) = match word.as_bytes().first() {
                Some(b'\'') => ("a string", format!("write `{word}`")),
                Some(b'"') => ("a name", format!("names are quoted by `\"`: write `{word}`")),
                Some(b'(') => ("parentheses", format!("write `{}{word}`", text(at.wrapping_sub(1)))),
                _ if word.contains(' ') => (word.as_str(), format!("write `{word}`")),
                _ => (word.as_str(), format!("did you mean `{word}`?")),
            };
            (place(wrong, *at), format!("expected {what}, found {}", shown(*at)), help)
        }
        Edit::Remove(at) => {
            let again = at.checked_sub(1).is_some_and(|before| text(before).eq_ignore_ascii_case(text(*at)));
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
        Edit::Join(at) => {
            let range = place(wrong, *at).start..place(wrong, at + 2).end;
            let name = wrong.text.get(range.clone()).unwrap_or_default();
            (range, format!("the name \"{name}\" needs quotes"), format!("write `\"{name}\"`"))
        }
    };
    SyntaxError { range, message, help: Some(help) }
}

/// Says what is missing before a word.
fn missing(wrong: &Wrong<'_>, at: usize, word: &str) -> SyntaxError {
    let behind = wrong.tokens.get(at);
    let before = at.checked_sub(1).and_then(|before| wrong.tokens.get(before));
    let before_it = behind.map(Token::shown).unwrap_or_default();
    let after_it = before.map(Token::shown).unwrap_or_default();
    let mut range = place(wrong, at);
    let (message, help) = match word {
        "," => (format!("missing comma before {before_it}"), Some("separate the two by a comma".to_owned())),
        ";" => {
            let end = before.map(|before| format!("end the statement before it: `{};`", before.text));
            (format!("missing semicolon before {before_it}"), end)
        }
        ")" | "]" => {
            let (mark, name) = if word == ")" { (L_PAREN, "parenthesis") } else { (L_BRACK, "bracket") };
            if let Some(open) = unclosed(wrong.tokens.get(..at).unwrap_or_default(), mark) {
                range = open.range.clone();
            }
            let before = before.filter(|before| before.range != range);
            (format!("this {name} is never closed"), before.map(|before| format!("close it after `{}`", before.text)))
        }
        "(" if balance(wrong.tokens) < 0 => {
            let help = "open it here, or take out the one that closes it".to_owned();
            (format!("missing parenthesis before {before_it}"), Some(help))
        }
        "_" => (format!("expected a name after {after_it}"), None),
        word if word.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let behind = behind.filter(|behind| behind.is_word() || behind.text.starts_with(['"', '\'']));
            let words = [before.map(|before| before.text), Some(word), behind.map(|behind| behind.text)];
            let meant = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let help = (!meant.contains('\n')).then(|| format!("write `{meant}`"));
            (format!("expected {word} after {after_it}"), help)
        }
        word => (format!("expected \"{word}\" after {after_it}"), None),
    };
    SyntaxError { range, message, help: help.filter(|help| !help.contains('\n')) }
}

/// Says what the parser would have liked.
fn expected(wrong: &Wrong<'_>) -> SyntaxError {
    let (said, at) = (wrong.said, wrong.at);
    let found = wrong.tokens.get(at).filter(|token| token.kind != SEMICOLON);
    let before = at.checked_sub(1).and_then(|before| wrong.tokens.get(before));
    let behind = before.map(|before| format!(" after {}", before.shown())).unwrap_or_default();
    let stray = format!("unexpected {}", found.map(Token::shown).unwrap_or_default());
    if said.starts_with("expected SEMICOLON") && before.is_some() {
        let message = format!("missing semicolon{behind}");
        return SyntaxError { range: place(wrong, at), message, help: None };
    }
    let message = match (what(said, at, wrong.tokens), found) {
        (Some(what), Some(found)) if before.is_none() => format!("expected {what}, found {}", found.shown()),
        (Some(what), Some(found)) if found.kind == R_PAREN || found.kind == COMMA => format!("expected {what}{behind}"),
        (Some(what), Some(found)) => format!("expected {what}{behind}, found {}", found.shown()),
        (Some(what), None) => format!("expected {what}{behind}"),
        (None, Some(_)) if !behind.is_empty() => format!("{stray}{behind}"),
        (None, Some(_)) => stray,
        (None, None) => format!("the statement ends too early{behind}"),
    };
    let help = (at == 0).then(|| "a statement begins with a word such as `CREATE`, `ALTER` or `INSERT`".to_owned());
    SyntaxError { range: place(wrong, at), message, help }
}

/// Puts what the parser expected in plain words; `None` where it says no more than that it is lost.
fn what(said: &str, at: usize, tokens: &[Token<'_>]) -> Option<String> {
    if said.starts_with("expected command") {
        return match (at, tokens.first().map(|first| first.kind)) {
            (0, _) => Some("a statement".to_owned()),
            (1, Some(ALTER_KW)) => Some("what to alter".to_owned()),
            (1, Some(CREATE_KW)) => Some("what to create".to_owned()),
            (1, Some(DROP_KW)) => Some("what to drop".to_owned()),
            _ => None,
        };
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

/// Finds the innermost parenthesis, or bracket, that is open at the end.
fn unclosed<'a>(tokens: &'a [Token<'a>], mark: SyntaxKind) -> Option<&'a Token<'a>> {
    let closing = if mark == L_PAREN { R_PAREN } else { R_BRACK };
    let mut closed = 0_usize;
    for token in tokens.iter().rev() {
        if token.kind == closing {
            closed += 1;
        } else if token.kind == mark {
            match closed.checked_sub(1) {
                Some(left) => closed = left,
                None => return Some(token),
            }
        }
    }
    None
}

fn balance(tokens: &[Token<'_>]) -> isize {
    let weight = |token: &Token<'_>| match token.kind {
        L_PAREN => 1,
        R_PAREN => -1,
        _ => 0,
    };
    tokens.iter().map(weight).sum()
}
