//! Statements of MySQL and MariaDB that hang together: those that change rows one after the other, in one transaction; and those
//! that give their session a value for later ones.

use super::{Retry, mysql};
use crate::sql::cursor::Cursor;
use crate::sql::{Script, Statement};

/// Joins neighbours, and finds the values that could not be had again in another session.
pub(in crate::sql) fn join(script: &Script<'_>, body: &[Statement], retries: &mut [Retry]) {
    let text =
        |at: usize| body.get(at).and_then(|statement| script.text().get(statement.range.clone())).unwrap_or_default();
    let variable: Vec<bool> = (0..retries.len()).map(|at| assigns(Cursor::new(script, &body[at]))).collect();
    // The last statement that mentions a variable of the session.
    let last = (0..retries.len()).rev().find(|at| mentions_variable(text(*at)));
    let mut ends = retries.len();
    let mut next_rows = None;
    for at in (0..retries.len()).rev() {
        let is_rows = retries[at] == Retry::Together;
        let stays = is_rows || retries[at] == Retry::Session && variable[at];
        if !stays {
            (ends, next_rows) = (at, None);
            continue;
        }
        if variable[at] && !is_repeatable(text(at)) && last.is_some_and(|last| last >= ends) {
            retries[at] = Retry::Carries;
        }
        if is_rows {
            if next_rows.is_some() {
                retries[at] = Retry::Joined;
            }
            next_rows = Some(at);
        }
    }
}

/// Tells a statement that gives a variable of the session a value.
fn assigns(mut at: Cursor<'_>) -> bool {
    if mysql::carries(at) {
        return true;
    }
    at.eat(&["SET"]) && at.peek().is_some_and(|token| is_variable(at.text_of(token)))
}

/// Tells a value that is the same whenever it is asked for: one that is written down, or one of the schema.
fn is_repeatable(text: &str) -> bool {
    !text.contains('(') || text.to_ascii_lowercase().contains("information_schema")
}

fn is_variable(text: &str) -> bool {
    text.starts_with('@') && !text.starts_with("@@")
}

/// Tells whether a variable may be meant: `a@b` is one's account, and taken for one all the same.
fn mentions_variable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |n: usize| bytes.get(n) == Some(&b'@');
    (0..bytes.len()).any(|n| at(n) && !at(n + 1) && !(n > 0 && at(n - 1)))
}
