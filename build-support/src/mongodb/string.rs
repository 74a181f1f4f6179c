//! Strings of JSON.

use crate::language::Complaint;

/// Reads the string that a text begins with; gives it, and how many bytes it has with its quotes.
pub(super) fn read(rest: &str, start: usize) -> Result<(String, usize), Complaint> {
    let wrong = |at: usize, length: usize, message: &str| {
        Complaint::error("json_syntax", &(start + at..start + at + length), message)
    };
    let mut text = String::new();
    let mut at = 1;
    loop {
        let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()).filter(|c| *c != '\n') else {
            return Err(Complaint::error("unclosed", &(start..start + 1), "this string is never closed")
                .help("close it with `\"` on the same line; a line feed inside is written `\\n`, a quote `\\\"`"));
        };
        match c {
            '"' => return Ok((text, at + 1)),
            '\\' => {
                let (c, length) = escape(&rest[at..]).ok_or_else(|| {
                    let length = 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
                    wrong(at, length, "JSON has no such escape")
                        .help("there are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\u0041`")
                })?;
                text.push(c);
                at += length;
            }
            c if c < ' ' => {
                return Err(wrong(at, 1, "a control character inside a string")
                    .help(format!("write it as `\\u{:04x}`", u32::from(c))));
            }
            c => {
                text.push(c);
                at += c.len_utf8();
            }
        }
    }
}

/// Reads an escape with its backslash; gives the character, and how many bytes it is.
fn escape(rest: &str) -> Option<(char, usize)> {
    let c = match rest.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = unit(rest)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            // What is beyond sixteen bits is written as two of them.
            let low = unit(rest.get(6..)?).filter(|low| (0xdc00..0xe000).contains(low))?;
            return Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 12));
        }
        _ => return None,
    };
    Some((c, 2))
}

/// Reads `\u0041`.
fn unit(rest: &str) -> Option<u32> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}
