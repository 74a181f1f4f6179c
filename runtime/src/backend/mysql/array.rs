//! An array of strings, which the ledger keeps as JSON and the server hands out as such.

/// Reads a JSON array of strings; what is none gives the strings that were read before it.
pub(super) fn strings(json: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), json.trim_start().strip_prefix('[').unwrap_or_default());
    while let Some((string, behind)) = rest.trim_start_matches([' ', ',', '\n']).strip_prefix('"').and_then(string) {
        found.push(string);
        rest = behind;
    }
    found
}

/// Reads up to the closing quote; gives what stands behind it too.
fn string(text: &str) -> Option<(String, &str)> {
    let (mut read, mut rest) = (String::new(), text);
    loop {
        let at = rest.find(['"', '\\'])?;
        let (plain, behind) = rest.split_at_checked(at)?;
        read.push_str(plain);
        let Some(escape) = behind.strip_prefix('\\') else { return Some((read, behind.get(1..)?)) };
        let mut chars = escape.chars();
        let c = match chars.next()? {
            'u' => {
                let (c, behind) = unicode(chars.as_str())?;
                chars = behind.chars();
                c
            }
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            c => c,
        };
        read.push(c);
        rest = chars.as_str();
    }
}

/// Reads the digits of `\u`, those of a pair of surrogates together.
fn unicode(digits: &str) -> Option<(char, &str)> {
    let unit = |digits: &str| u32::from_str_radix(digits.get(..4)?, 16).ok();
    let (high, rest) = (unit(digits)?, digits.get(4..)?);
    if let (0xd800..=0xdbff, Some(pair)) = (high, rest.strip_prefix("\\u"))
        && let (Some(low @ 0xdc00..=0xdfff), Some(rest)) = (unit(pair), pair.get(4..))
    {
        return Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, rest));
    }
    Some((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), rest))
}

#[cfg(test)]
mod tests {
    use super::strings;
    use crate::ledger::quote::json;

    #[test]
    fn what_is_written_is_read() {
        let items: Vec<String> =
            ["DROP TABLE a", "", "x = 'it''s \"\\'", "a\nb\u{1}\t", "\u{1f426}ä"].map(Into::into).into();
        assert_eq!(strings(&json(&items)), items);
        assert_eq!(strings("[]"), Vec::<String>::new());
        assert_eq!(strings(r#" [ "a" , "b"]"#), ["a", "b"]);
        assert_eq!(strings(r#"["\ud83d\udc26\u00e4\/"]"#), ["\u{1f426}ä/"]);
    }

    #[test]
    fn what_is_cut_or_none_never_panics() {
        let whole = r#"["a\n", "\ud83d\udc26", "\u12"]"#;
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            assert!(strings(&whole[..end]).len() <= 2);
        }
        assert!(strings(r#"{"a": 1}"#).is_empty());
    }
}
