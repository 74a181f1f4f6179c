//! One line of a lock file: the few forms of TOML that it is written in, with the bytes of each word.

use std::ops::Range;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Nothing, or a comment.
    Empty,
    /// `[[migration]]`
    Header,
    /// `key = "text"` or `key = 1`
    Pair { key: Word<'a>, value: Word<'a>, is_text: bool },
    /// A line that git leaves where two branches changed the same: `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>`.
    Conflict(char),
}

/// A word with its bytes in the file; a text's bytes are those between its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) range: Range<usize>,
}

/// What is wrong with a line, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
}

/// Reads a line that begins at a byte of the file.
pub(super) fn read(line: &str, start: usize) -> Result<Line<'_>, Wrong> {
    if let Some(mark) = conflict(line) {
        return Ok(Line::Conflict(mark));
    }
    let text = line.trim();
    let start = start + (line.len() - line.trim_start().len());
    let wrong = |range: Range<usize>, message| Err(Wrong { range: start + range.start..start + range.end, message });
    if text.is_empty() || text.starts_with('#') {
        return Ok(Line::Empty);
    }
    if text.starts_with('[') {
        let header = text.split('#').next().unwrap_or_default().trim_end();
        return match header {
            "[[migration]]" => Ok(Line::Header),
            _ => wrong(0..header.len(), "no other table than `[[migration]]` stands here"),
        };
    }
    let Some(equals) = text.find('=') else {
        return wrong(0..text.len(), "expected `key = value`");
    };
    let key = text[..equals].trim_end();
    if key.is_empty() {
        return wrong(equals..equals + 1, "expected a key before `=`");
    }
    let after = &text[equals + 1..];
    let at = equals + 1 + (after.len() - after.trim_start().len());
    let rest = &text[at..];
    let (value, is_text, end) = if let Some(open) = rest.strip_prefix('"') {
        let Some(close) = open.find('"') else {
            return wrong(at..text.len(), "this text is never closed");
        };
        if let Some(escape) = open[..close].find('\\') {
            let at = at + 1 + escape;
            return wrong(at..at + 1, "nothing is escaped in a lock file");
        }
        (at + 1..at + 1 + close, true, at + close + 2)
    } else {
        let length = rest.find(|c: char| c == '#' || c.is_whitespace()).unwrap_or(rest.len());
        (at..at + length, false, at + length)
    };
    if value.is_empty() && !is_text {
        return wrong(0..equals + 1, "expected a value after `=`");
    }
    let behind = text[end..].trim_start();
    if !behind.is_empty() && !behind.starts_with('#') {
        return wrong(text.len() - behind.len()..text.len(), "expected the end of the line");
    }
    let word = |range: Range<usize>| Word { text: &text[range.clone()], range: start + range.start..start + range.end };
    Ok(Line::Pair { key: word(0..key.len()), value: word(value), is_text })
}

fn conflict(line: &str) -> Option<char> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '<' | '|' | '=' | '>'))?;
    let rest = line.trim_start_matches(mark);
    (line.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with([' ', '\r', '\n']))).then_some(mark)
}
