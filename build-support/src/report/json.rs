//! JSON as text: what Cargo reads takes no more than this.

use std::fmt::Write;

/// Writes a string.
pub(super) fn string(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            c if c < ' ' => drop(write!(json, "\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

/// Writes a list of what is written already.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// Writes an object of what is written already.
pub(super) fn object<const N: usize>(fields: [(&str, String); N]) -> String {
    let fields = fields.map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", fields.join(","))
}

/// Writes nothing.
pub(super) fn null() -> String {
    "null".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn any_text_is_read_as_it_was() {
        let every: String = (0..0x300).filter_map(char::from_u32).collect();
        for text in [every.as_str(), "", "\u{2028}\u{feff}\u{10ffff}", "\\\"\u{7f}", "\r\n\t"] {
            assert_eq!(serde_json::from_str::<Value>(&string(text)).unwrap(), json!(text));
        }
    }

    #[test]
    fn lists_and_objects_nest() {
        let inner = object([("a", 1.to_string()), ("b", null())]);
        let text = object([("list", list([inner, string("x")])), ("none", list([]))]);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value, json!({ "list": [{ "a": 1, "b": null }, "x"], "none": [] }));
    }
}
