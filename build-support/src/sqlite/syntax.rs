//! Where SQLite's grammar ends, and what was probably meant there: whatever mends it, as SQLite itself says.

use super::doubt::Question;
use super::refusal::Reason;
use super::session::Session;
use crate::catalog::Finding;
use crate::sql::{Token, TokenKind};
use std::ops::Range;
use whimbrel_grammar::names::nearest;

/// The longest statement that corrections are tried on.
const LENGTH: usize = 64 << 10;

/// The words of SQLite's grammar.
const KEYWORDS: [&str; 147] = [
    "ABORT",
    "ACTION",
    "ADD",
    "AFTER",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ATTACH",
    "AUTOINCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONFLICT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATABASE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DETACH",
    "DISTINCT",
    "DO",
    "DROP",
    "EACH",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXISTS",
    "EXPLAIN",
    "FAIL",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUP",
    "GROUPS",
    "HAVING",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "IN",
    "INDEX",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INSTEAD",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "NULLS",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "PRIMARY",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REFERENCES",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TIES",
    "TO",
    "TRANSACTION",
    "TRIGGER",
    "UNBOUNDED",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VACUUM",
    "VALUES",
    "VIEW",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHOUT",
];

/// Says where a statement stops being SQL.
pub(super) fn finding(question: Question<'_>, near: &str, session: &Session) -> Finding {
    let Question { script, statement, refusal } = question;
    let tokens = script.tokens_of(statement);
    let text = script.text();
    let at = refusal.offset.map(|offset| statement.range.start + offset);
    let found = match at {
        _ if near.is_empty() => None,
        Some(at) => tokens.iter().position(|token| token.end > at),
        None => tokens.iter().position(|token| token.text(text) == near),
    };
    let Some(index) = found else {
        let last = tokens.last().map_or(statement.range.clone(), Token::range);
        return Finding {
            range: last,
            code: "sql_syntax",
            message: "the statement ends too early".to_owned(),
            label: "something is missing after this".to_owned(),
            help: open_parentheses(question).into_iter().collect(),
            related: Vec::new(),
        };
    };
    let mend = (statement.range.len() <= LENGTH).then(|| mend(question, index, session)).flatten();
    let wrong = mend.as_ref().map_or(index, |mend| mend.index);
    let range = tokens.get(wrong).map_or(statement.range.clone(), Token::range);
    let shown = text.get(range.clone()).unwrap_or_default();
    Finding {
        message: format!("syntax error at `{}`", short(shown)),
        range,
        code: "sql_syntax",
        label: "SQLite can't read this".to_owned(),
        help: mend.map(|mend| mend.help).into_iter().collect(),
        related: Vec::new(),
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && text.chars().count() <= 40 {
        return text.to_owned();
    }
    format!("{}…", line.chars().take(40).collect::<String>())
}

/// Says that a parenthesis is never closed.
fn open_parentheses(Question { script, statement, .. }: Question<'_>) -> Option<String> {
    let tokens = script.tokens_of(statement);
    let count = |mark| tokens.iter().filter(|token| token.is_mark(script.text(), mark)).count();
    (count(b'(') > count(b')')).then(|| "a `(` is never closed".to_owned())
}

/// A correction that SQLite reads further with.
struct Mend {
    /// The token that is wrong.
    index: usize,
    help: String,
}

/// Tries corrections at the token where the grammar ends, and at the two before it.
fn mend(question: Question<'_>, index: usize, session: &Session) -> Option<Mend> {
    let Question { script, statement, .. } = question;
    let tokens = script.tokens_of(statement);
    let text = script.text();
    let end = tokens.get(index)?.end;
    for index in (index.saturating_sub(2)..=index).rev() {
        let token = tokens.get(index)?;
        let word = token.text(text);
        let meant = keywords(token, word);
        if let Some(meant) = meant.into_iter().find(|meant| reads_on(question, token.range(), meant, end, session)) {
            let meant = if word.chars().all(char::is_lowercase) { meant.to_lowercase() } else { meant.to_owned() };
            return Some(Mend { index, help: format!("did you mean `{meant}`?") });
        }
    }
    let token = tokens.get(index)?;
    let word = token.text(text);
    let before = index.checked_sub(1).and_then(|before| Some((before, tokens.get(before)?)));
    if let Some((before, comma)) = before.filter(|(_, before)| before.is_mark(text, b','))
        && reads_on(question, comma.range(), "", end, session)
    {
        return Some(Mend { index: before, help: "take this comma out".to_owned() });
    }
    if token.is_mark(text, b',') && reads_on(question, token.range(), "", end, session) {
        return Some(Mend { index, help: "take this comma out".to_owned() });
    }
    if token.kind == TokenKind::Word && KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word)) {
        let name = format!("\"{word}\"");
        if reads_on(question, token.range(), &name, end, session) {
            return Some(Mend { index, help: format!("`{word}` is a keyword; as a name it is written `{name}`") });
        }
    }
    if reads_on(question, token.start..token.start, ", ", end, session) {
        return Some(Mend { index, help: format!("is a comma missing before `{}`?", short(word)) });
    }
    None
}

/// Finds the keywords that a word was probably meant to be, the nearest first.
fn keywords(token: &Token, word: &str) -> Vec<&'static str> {
    let mut left: Vec<&str> = KEYWORDS.to_vec();
    let mut found = Vec::new();
    if token.kind != TokenKind::Word || left.iter().any(|keyword| keyword.eq_ignore_ascii_case(word)) {
        return found;
    }
    while let Some(meant) = nearest(word, left.iter().copied()).filter(|_| found.len() < 4) {
        left.retain(|keyword| *keyword != meant);
        found.push(meant);
    }
    found
}

/// Tells whether SQLite reads on behind a byte of the text once these bytes are replaced.
fn reads_on(question: Question<'_>, range: Range<usize>, with: &str, end: usize, session: &Session) -> bool {
    let Question { script, statement, .. } = question;
    let text = script.text();
    let before = text.get(statement.range.start..range.start).unwrap_or_default();
    let after = text.get(range.end..statement.range.end).unwrap_or_default();
    let changed = format!("{before}{with}{after}");
    let end = (end - statement.range.start + with.len()).saturating_sub(range.len());
    match session.prepare(&changed) {
        Ok(()) => true,
        Err(refusal) => match refusal.reason {
            Reason::Syntax(near) => near.is_empty() || refusal.offset.is_some_and(|offset| offset >= end),
            _ => true,
        },
    }
}
