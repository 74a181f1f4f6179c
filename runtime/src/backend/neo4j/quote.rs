//! The one place where values become Cypher.

use crate::error::{Kind, Result};
use std::fmt::Write;

/// Writes a string literal, on one line.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// Writes a name: a label, a type, a property. A backslash in one is refused: Neo4j reads `\u0060` there as the mark that ends it.
pub(super) fn name(name: &str) -> Result<String> {
    if name.is_empty() || name.contains(['\0', '\\']) {
        let text = name.replace('\0', "\\0");
        return Err(
            Kind::InvalidText { text, reason: "a name in Neo4j is not empty and has no NUL and no backslash" }.into()
        );
    }
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Ok(if plain { name.to_owned() } else { format!("`{}`", name.replace('`', "``")) })
}

/// Writes a map's entries, each a name and the text of its value.
pub(super) fn entries(entries: &[(&str, String)]) -> String {
    entries.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
}

/// Puts the words of a prefix together as the beginning of a label: `my_app` gives `MyApp`.
pub(super) fn camel(prefix: &str) -> String {
    let mut label = String::with_capacity(prefix.len());
    for word in prefix.split(|c: char| !c.is_alphanumeric()) {
        let mut chars = word.chars();
        label.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        label.push_str(chars.as_str());
    }
    label
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{camel, name, string};

    #[test]
    fn what_is_hostile_stays_a_string() {
        assert_eq!(string("it's"), r"'it\'s'");
        assert_eq!(string(r"a\' OR 1"), r"'a\\\' OR 1'");
        assert_eq!(string(r"\u0027"), r"'\\u0027'");
        assert_eq!(string("a;\nb\t\r\0"), r"'a;\nb\t\r\u0000'");
        assert_eq!(string("\u{1f426} // /* ` $x"), "'\u{1f426} // /* ` $x'");
    }

    #[test]
    fn a_name_is_quoted_where_it_has_to_be() {
        assert_eq!(name("PARTICIPATED_IN").unwrap(), "PARTICIPATED_IN");
        assert_eq!(name("my type`) DETACH DELETE n //").unwrap(), "`my type``) DETACH DELETE n //`");
        assert_eq!(name("1st").unwrap(), "`1st`");
        for wrong in ["", "a\0", "a\\u0060b"] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_prefix_becomes_the_beginning_of_a_label() {
        assert_eq!(camel("whimbrel"), "Whimbrel");
        assert_eq!(camel("my_app-2"), "MyApp2");
    }
}
