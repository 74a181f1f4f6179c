//! The words of a script, comments and quoted text left out.

use std::ops::Range;

/// Lists the bytes of each word, in order. What stands in single quotes, dollar quotes or comments is no word.
pub(crate) fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += skipped(rest).unwrap_or_else(|| {
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if length > 0 && !rest.starts_with(|c: char| c.is_ascii_digit()) {
                found.push(at..at + length);
            }
            length.max(rest.chars().next().map_or(1, char::len_utf8))
        });
    }
    found
}

/// Gives the length of a comment or a quoted text at the beginning.
fn skipped(rest: &str) -> Option<usize> {
    let until = |open: usize, close: &str| {
        rest.get(open..).and_then(|body| body.find(close)).map_or(rest.len(), |end| open + end + close.len())
    };
    if rest.starts_with("--") {
        return Some(until(2, "\n"));
    }
    if rest.starts_with("/*") {
        return Some(until(2, "*/"));
    }
    if rest.starts_with('\'') {
        return Some(until(1, "'"));
    }
    let tag_end = rest.strip_prefix('$')?.find('$')? + 2;
    let tag = rest.get(..tag_end)?;
    let is_tag = tag.trim_matches('$').chars().all(|c| c.is_alphanumeric() || c == '_');
    is_tag.then(|| until(tag_end, tag))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_stand_outside_of_quotes_and_comments() {
        let text = "ALTER x -- no\n /* nor */ 'this' $$ or that $$ \"Q\" b2 3c $a$ n $a$ end";
        let found: Vec<&str> = words(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["ALTER", "x", "Q", "b2", "end"]);
    }
}
