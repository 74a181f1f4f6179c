//! The one place where values become SQL text.

use crate::error::{Kind, Result};

/// Writes a string literal. `escapes` is for servers that may read a backslash as an escape.
pub(crate) fn string(text: &str, escapes: bool) -> Result<String> {
    refuse_nul(text)?;
    let quoted = text.replace('\'', "''");
    if escapes && text.contains('\\') {
        return Ok(format!("E'{}'", quoted.replace('\\', "\\\\")));
    }
    Ok(format!("'{quoted}'"))
}

/// Writes an identifier.
pub(crate) fn identifier(name: &str) -> Result<String> {
    refuse_nul(name)?;
    Ok(format!("\"{}\"", name.replace('"', "\"\"")))
}

/// Writes a JSON array of strings.
#[cfg(any(feature = "sqlite", test))]
pub(crate) fn json(items: &[String]) -> String {
    let item = |item: &String| {
        let mut text = String::with_capacity(item.len() + 2);
        text.push('"');
        for c in item.chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                c if (c as u32) < 0x20 => text.push_str(&format!("\\u{:04x}", c as u32)),
                c => text.push(c),
            }
        }
        text.push('"');
        text
    };
    format!("[{}]", items.iter().map(item).collect::<Vec<_>>().join(","))
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

    #[test]
    fn a_quote_is_doubled() {
        assert_eq!(string("it's", true).unwrap(), "'it''s'");
        assert_eq!(identifier("a\"b").unwrap(), "\"a\"\"b\"");
    }

    #[test]
    fn a_backslash_is_doubled_where_it_escapes_and_left_where_not() {
        assert_eq!(string(r"a\'b", true).unwrap(), r"E'a\\''b'");
        assert_eq!(string(r"a\'b", false).unwrap(), r"'a\''b'");
    }

    #[test]
    fn nul_is_refused() {
        let error = string("a\0b", true).unwrap_err();
        assert_eq!(error.to_string(), "a NUL character can't be sent to a database: `a\\0b`");
        assert!(identifier("\0").is_err());
    }

    #[test]
    fn json_escapes_what_it_must() {
        assert_eq!(json(&["a\"b\\".into(), "c\nd".into()]), r#"["a\"b\\","c\u000ad"]"#);
        assert_eq!(json(&[]), "[]");
    }
}
