//! The one place where values become SQL text.

use crate::backend::Backslash;
use crate::error::{Kind, Result};

/// Writes a string literal.
pub(crate) fn string(text: &str, backslash: Backslash) -> Result<String> {
    refuse_nul(text)?;
    let quoted = text.replace('\'', "''");
    Ok(match backslash {
        Backslash::Escape if text.contains('\\') => format!("E'{}'", quoted.replace('\\', "\\\\")),
        Backslash::Bytes if text.contains('\\') => {
            let mut hex = String::with_capacity(text.len() * 2);
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
            text.bytes().for_each(|byte| hex.extend([digit(byte >> 4), digit(byte & 15)]));
            format!("_utf8mb4 X'{hex}'")
        }
        _ => format!("'{quoted}'"),
    })
}

/// Writes an identifier between two marks.
pub(crate) fn identifier(name: &str, mark: char) -> Result<String> {
    refuse_nul(name)?;
    Ok(format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}"))))
}

/// Takes apart what is joined by the record separator.
#[cfg(any(feature = "postgres", feature = "sqlite", feature = "redis"))]
pub(crate) fn parted(joined: &str) -> Vec<String> {
    joined.split('\u{1e}').map(Into::into).collect()
}

/// Writes a JSON array of strings.
#[cfg(any(feature = "sqlite", feature = "mysql", feature = "redis", test))]
pub(crate) fn json(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| json_string(item)).collect::<Vec<_>>().join(","))
}

/// Writes a string as JSON.
#[cfg(any(feature = "sqlite", feature = "mysql", feature = "redis", test))]
pub(crate) fn json_string(string: &str) -> String {
    let mut text = String::with_capacity(string.len() + 2);
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if (c as u32) < 0x20 => text.push_str(&format!("\\u{:04x}", c as u32)),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

fn refuse_nul(text: &str) -> Result<()> {
    if text.contains('\0') {
        let text = text.replace('\0', "\\0").chars().take(60).collect();
        return Err(Kind::InvalidText { text, reason: "a NUL character can't be sent to a database" }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{identifier, json, string};
    use crate::backend::Backslash::{Bytes, Escape, Plain};

    #[test]
    fn a_quote_is_doubled() {
        assert_eq!(string("it's", Escape).unwrap(), "'it''s'");
        assert_eq!(identifier("a\"b", '"').unwrap(), "\"a\"\"b\"");
        assert_eq!(identifier("a`b\"", '`').unwrap(), "`a``b\"`");
    }

    #[test]
    fn a_backslash_is_doubled_where_it_escapes_and_left_where_not() {
        assert_eq!(string(r"a\'b", Escape).unwrap(), r"E'a\\''b'");
        assert_eq!(string(r"a\'b", Plain).unwrap(), r"'a\''b'");
        assert_eq!(string(r"a\'b", Bytes).unwrap(), "_utf8mb4 X'615c2762'");
        assert_eq!(string("it's", Bytes).unwrap(), "'it''s'");
    }

    #[test]
    fn nul_is_refused() {
        let error = string("a\0b", Escape).unwrap_err();
        assert_eq!(error.to_string(), "a NUL character can't be sent to a database: `a\\0b`");
        assert!(identifier("\0", '`').is_err());
    }

    #[test]
    fn json_escapes_what_it_must() {
        assert_eq!(json(&["a\"b\\".into(), "c\nd".into()]), r#"["a\"b\\","c\u000ad"]"#);
        assert_eq!(json(&[]), "[]");
    }
}
