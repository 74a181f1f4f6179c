//! The words of what is followed, for what is kept as it was written.

use crate::sql::{Dialect, Script, Token};
use std::ops::Range;

/// The text of an act.
#[derive(Clone, Debug, Default)]
pub(super) struct Excerpt {
    start: usize,
    text: String,
}

impl Excerpt {
    pub(super) fn new(script: &str, range: &Range<usize>) -> Excerpt {
        Excerpt { start: range.start, text: script.get(range.clone()).unwrap_or_default().to_owned() }
    }

    /// Gives the text of a range of the script.
    pub(super) fn of(&self, range: Range<usize>) -> &str {
        let (start, end) = (range.start.checked_sub(self.start), range.end.checked_sub(self.start));
        start.zip(end).and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default().trim()
    }

    /// Gives what stands behind a place.
    pub(super) fn behind(&self, place: usize) -> &str {
        self.of(place..self.start + self.text.len()).trim_end_matches(';').trim_end()
    }

    /// Reads whether a constraint is checked later than each statement.
    pub(super) fn deferral(&self, constraint: &Range<usize>) -> String {
        let text = self.of(constraint.clone()).to_ascii_uppercase();
        let is_deferrable = text.contains("DEFERRABLE") && !text.contains("NOT DEFERRABLE");
        match (text.contains("INITIALLY DEFERRED"), is_deferrable) {
            (true, _) => "DEFERRABLE INITIALLY DEFERRED".to_owned(),
            (false, true) => "DEFERRABLE".to_owned(),
            _ => String::new(),
        }
    }

    /// Reads `RANGE (day)` behind `PARTITION BY`.
    pub(super) fn partition_key(&self) -> String {
        let Ok(script) = Script::parse(&self.text, Dialect::Postgres) else { return String::new() };
        let tokens = tokens(&script);
        let is = |token: &Token, word| token.is_word(&self.text, word);
        let Some(at) = tokens.windows(2).position(|pair| is(&pair[0], "PARTITION") && is(&pair[1], "BY")) else {
            return String::new();
        };
        self.up_to_parenthesis(tokens.get(at + 2..).unwrap_or_default(), 1)
    }

    /// Reads `FOR VALUES …` or `DEFAULT` behind a place.
    pub(super) fn bounds(&self, place: usize) -> String {
        let Ok(script) = Script::parse(&self.text, Dialect::Postgres) else { return String::new() };
        let tokens = tokens(&script);
        let behind: Vec<Token> = tokens.into_iter().filter(|token| token.start + self.start >= place).collect();
        let is = |token: &Token, word| token.is_word(&self.text, word);
        match behind.iter().position(|token| is(token, "FOR") || is(token, "DEFAULT")) {
            Some(at) if is(&behind[at], "DEFAULT") => "DEFAULT".to_owned(),
            Some(at) => {
                let lists = if behind[at..].iter().any(|token| is(token, "TO")) { 2 } else { 1 };
                self.up_to_parenthesis(&behind[at..], lists)
            }
            None => String::new(),
        }
    }

    /// Gives the text from the first token to where the last of some lists in parentheses is closed.
    fn up_to_parenthesis(&self, tokens: &[Token], lists: usize) -> String {
        let (mut depth, mut closed) = (0usize, 0usize);
        let Some(first) = tokens.first() else { return String::new() };
        for token in tokens {
            if token.is_mark(&self.text, b'(') {
                depth += 1;
            } else if token.is_mark(&self.text, b')') {
                depth = depth.saturating_sub(1);
                closed += usize::from(depth == 0);
                if closed == lists {
                    return folded(self.text.get(first.start..token.end).unwrap_or_default());
                }
            }
        }
        String::new()
    }
}

fn tokens(script: &Script<'_>) -> Vec<Token> {
    script.statements().iter().flat_map(|statement| script.tokens_of(statement)).copied().collect()
}

/// Writes a text with single spaces.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_partitions_say_is_kept() {
        let text = "CREATE TABLE p (a int CHECK (a > 0))  PARTITION BY RANGE (a, (b + 1)) WITH (x = 1);";
        assert_eq!(Excerpt::new(text, &(0..text.len())).partition_key(), "RANGE (a, (b + 1))");
        let text = "CREATE TABLE c PARTITION OF p FOR VALUES FROM (1,\n 2) TO (3, 4) TABLESPACE x";
        assert_eq!(Excerpt::new(text, &(0..text.len())).bounds(30), "FOR VALUES FROM (1, 2) TO (3, 4)");
        let text = "x CREATE TABLE c PARTITION OF p DEFAULT";
        assert_eq!(Excerpt::new(text, &(2..text.len())).bounds(32), "DEFAULT");
    }
}
