//! A line, split into arguments as redis-cli does it.

use super::unclosed;
use crate::language::Complaint;
use std::ops::Range;

/// An argument of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    /// Its bytes in the text, quotes included.
    pub(super) range: Range<usize>,
    /// What is sent.
    pub(super) value: Vec<u8>,
}

impl Argument {
    /// Gives what is sent, for people.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }

    /// Tells whether it is this word, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.value.eq_ignore_ascii_case(word.as_bytes())
    }
}

/// Splits a line that begins at an offset of the text; none of a comment or an empty line.
pub(super) fn split(line: &str, offset: usize) -> Result<Vec<Argument>, Complaint> {
    let bytes = line.as_bytes();
    let mut arguments = Vec::new();
    let mut at = 0;
    loop {
        while bytes.get(at).is_some_and(is_blank) {
            at += 1;
        }
        match bytes.get(at) {
            None => return Ok(arguments),
            Some(b'#') if arguments.is_empty() => return Ok(arguments),
            Some(_) => {}
        }
        let start = at;
        let mut value = Vec::new();
        while let Some(byte) = bytes.get(at).filter(|byte| !is_blank(byte)) {
            at = match byte {
                b'"' | b'\'' => quoted(line, at, offset, &mut value)?,
                byte => {
                    value.push(*byte);
                    at + 1
                }
            };
        }
        arguments.push(Argument { range: offset + start..offset + at, value });
    }
}

/// C's `isspace`, which redis-cli asks.
fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c)
}

/// Takes what is in quotes; gives the place behind them.
fn quoted(line: &str, open: usize, offset: usize, value: &mut Vec<u8>) -> Result<usize, Complaint> {
    let bytes = line.as_bytes();
    let quote = bytes.get(open).copied().unwrap_or_default();
    let end = line.trim_end_matches(['\n', '\r']).len();
    let mut at = open + 1;
    while at < end {
        let (byte, next) = (bytes[at], bytes.get(at + 1).copied().filter(|_| at + 1 < end));
        at += match (byte, next) {
            (b'\\', Some(escape)) if quote == b'"' => unescape(&bytes[at + 1..end], escape, value),
            (b'\\', Some(b'\'')) => {
                value.push(b'\'');
                2
            }
            (byte, next) if byte == quote => {
                if let Some(behind) = next.filter(|behind| !is_blank(behind)) {
                    let behind = line[at + 1..].chars().next().map_or(usize::from(behind > 0), char::len_utf8);
                    let range = offset + at + 1..offset + at + 1 + behind;
                    return Err(Complaint::error("unclosed", &range, "a quote is closed in the middle of an argument")
                        .label("follows the quote")
                        .help(
                            "write a blank between arguments; a quote inside a string is written with a `\\` before it",
                        ));
                }
                return Ok(at + 1);
            }
            (byte, _) => {
                value.push(byte);
                1
            }
        };
    }
    Err(unclosed(&(offset + open..offset + end), char::from(quote)))
}

/// Takes an escape behind its backslash; gives how many bytes it is with that.
fn unescape(rest: &[u8], escape: u8, value: &mut Vec<u8>) -> usize {
    let digit =
        |at: usize| rest.get(at).and_then(|digit| char::from(*digit).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    if let (b'x', Some(high), Some(low)) = (escape, digit(1), digit(2)) {
        value.push(high << 4 | low);
        return 4;
    }
    value.push(match escape {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        other => other,
    });
    2
}
