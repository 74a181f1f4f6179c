//! What checks prove, so that nobody has to read the rows for it.

use crate::catalog::{Check, Table};

/// Tells whether a validated check of the table keeps a column from being null; `without` is a check that doesn't count.
pub(crate) fn not_null(table: &Table, column: &str, without: impl Fn(&str) -> bool) -> bool {
    table.checks.iter().any(|(name, check)| check.validated && !without(name) && proves(check, column))
}

fn proves(check: &Check, column: &str) -> bool {
    check.proves_not_null.as_deref() == Some(column)
        || check.expression.columns.iter().any(|used| used == column) && says(&check.expression.text, column)
}

/// Tells whether a condition holds only where the column isn't null: `a IS NOT NULL AND …`.
fn says(condition: &str, column: &str) -> bool {
    let condition = unwrapped(condition.trim());
    let parts = conjuncts(condition);
    if parts.len() > 1 {
        return parts.into_iter().any(|part| says(part, column));
    }
    let Some(subject) = strip_suffix_words(condition, &["IS", "NOT", "NULL"]).or_else(|| strip_notnull(condition))
    else {
        return false;
    };
    let subject = unwrapped(subject.trim());
    let bare = subject.rsplit('.').next().unwrap_or(subject).trim();
    match bare.strip_prefix('"').and_then(|bare| bare.strip_suffix('"')) {
        Some(quoted) => quoted == column,
        None => bare.to_lowercase() == column,
    }
}

fn strip_notnull(text: &str) -> Option<&str> {
    strip_suffix_words(text, &["NOTNULL"])
}

fn strip_suffix_words<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().rev().try_fold(text, |text, word| {
        let at = text.trim_end().len().checked_sub(word.len())?;
        let (before, last) = text.trim_end().split_at_checked(at)?;
        last.eq_ignore_ascii_case(word).then_some(before)
    })
}

/// Takes off parentheses around the whole text.
pub(crate) fn unwrapped(mut text: &str) -> &str {
    loop {
        text = text.trim();
        let inside = text.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
        match inside.filter(|inside| is_balanced(inside)) {
            Some(inside) => text = inside,
            None => return text,
        }
    }
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0usize;
    for (_, byte) in outside_quotes(text) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return false,
            b')' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// Splits at each `AND` that stands outside parentheses; nothing is split where an `OR` or a `BETWEEN` does.
fn conjuncts(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0usize, 0, Vec::new());
    let bytes = text.as_bytes();
    let is_word = |at: usize, word: &str| {
        let apart = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at)).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
        };
        text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
            && apart(at.checked_sub(1))
            && apart(Some(at + word.len()))
    };
    for (at, byte) in outside_quotes(text) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if is_word(at, "or") || is_word(at, "between") || is_word(at, "case") => return vec![text],
            _ if is_word(at, "and") => {
                parts.push(&text[from..at]);
                from = at + 3;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Gives the bytes that stand in no quotes, each with its place.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut quote = None;
    text.bytes().enumerate().filter(move |(_, byte)| {
        let outside = quote.is_none();
        match quote {
            Some(open) if open == *byte => quote = None,
            None if matches!(byte, b'\'' | b'"') => quote = Some(*byte),
            _ => {}
        }
        outside
    })
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_condition_that_fails_for_null_is_seen() {
        for condition in [
            "a IS NOT NULL",
            "(a is not null)",
            "a IS NOT NULL AND b > 5",
            "b = 'x and y' AND ((\"a\") IS NOT NULL)",
            "t.a NOTNULL",
            "A IS NOT NULL",
        ] {
            assert!(says(condition, "a"), "{condition}");
        }
        for condition in [
            "a > 5",
            "a IS NOT NULL OR b > 5",
            "b IS NOT NULL",
            "(a IS NOT NULL) = false",
            "NOT (a IS NOT NULL)",
            "b BETWEEN 1 AND a IS NOT NULL",
            "\"A\" IS NOT NULL",
            "'a IS NOT NULL' = b",
            "(a) OR (a IS NOT NULL)",
            "aa IS NOT NULL",
        ] {
            assert!(!says(condition, "a"), "{condition}");
        }
    }
}
