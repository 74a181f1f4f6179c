//! JSON, as much as a diagnostic needs: a parser and its kin would be four crates more in every application's build.

use std::fmt::{self, Write};

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    Null,
    Truth(bool),
    Number(usize),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// Takes a text.
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Truth(truth) => write!(f, "{truth}"),
            Json::Number(number) => write!(f, "{number}"),
            Json::Text(text) => quote(text, f),
            Json::List(items) => {
                f.write_char('[')?;
                for (n, item) in items.iter().enumerate() {
                    f.write_str(if n == 0 { "" } else { "," })?;
                    write!(f, "{item}")?;
                }
                f.write_char(']')
            }
            Json::Object(entries) => {
                f.write_char('{')?;
                for (n, (name, value)) in entries.iter().enumerate() {
                    f.write_str(if n == 0 { "" } else { "," })?;
                    quote(name, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quote(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_written_is_what_a_parser_reads() {
        let nasty: String =
            (0..0x300).filter_map(char::from_u32).chain("\u{2028}\u{1f426}{whimbrel:package}/".chars()).collect();
        let value = Json::Object(vec![
            ("$message_type", Json::text(nasty.clone())),
            ("spans", Json::List(vec![Json::Number(7), Json::Truth(true), Json::Null, Json::List(vec![])])),
            ("code", Json::Object(vec![])),
        ]);
        let written = value.to_string();
        assert!(!written.contains('\n'), "a diagnostic is one line");
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read, serde_json::json!({ "$message_type": nasty, "spans": [7, true, null, []], "code": {} }));
    }
}
