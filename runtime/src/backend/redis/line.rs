//! A command as one line: words and quotes as redis-cli reads and writes them.

/// Holds a word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) bytes: Vec<u8>,
    /// It stood in quotes, so it is no sign of ours.
    pub(super) is_quoted: bool,
}

/// Holds what is sent of a command.
pub(super) type Words = Vec<Vec<u8>>;

/// Takes a line apart; none where a quote is not closed, or closed in the middle of a word.
pub(super) fn words(line: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut bytes = line.bytes().peekable();
    loop {
        while bytes.next_if(|byte| is_blank(*byte)).is_some() {}
        let Some(&first) = bytes.peek() else { return Some(words) };
        let mut word = Word { bytes: Vec::new(), is_quoted: matches!(first, b'"' | b'\'') };
        while let Some(byte) = bytes.next_if(|byte| !is_blank(*byte)) {
            if !matches!(byte, b'"' | b'\'') {
                word.bytes.push(byte);
                continue;
            }
            loop {
                match (bytes.next()?, bytes.peek().copied()) {
                    (b'\\', Some(_)) if byte == b'"' => escape(&mut bytes, &mut word.bytes)?,
                    (b'\\', Some(b'\'')) if byte == b'\'' => word.bytes.extend(bytes.next()),
                    (end, behind) if end == byte => {
                        if behind.is_some_and(|behind| !is_blank(behind)) {
                            return None;
                        }
                        break;
                    }
                    (other, _) => word.bytes.push(other),
                }
            }
        }
        words.push(word);
    }
}

/// Takes a line apart; gives what is sent.
pub(super) fn split(line: &str) -> Option<Words> {
    words(line).map(|words| words.into_iter().map(|word| word.bytes).collect())
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c)
}

/// Reads what stands behind a backslash.
fn escape(bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>, word: &mut Vec<u8>) -> Option<()> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = match bytes.next()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        b'x' => {
            let mut ahead = bytes.clone();
            match (ahead.next().and_then(digit), ahead.next().and_then(digit)) {
                (Some(high), Some(low)) => {
                    *bytes = ahead;
                    high << 4 | low
                }
                _ => b'x',
            }
        }
        other => other,
    };
    word.push(byte);
    Some(())
}

/// Writes a line.
pub(super) fn join<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        quote(word, &mut line);
    }
    line
}

fn quote(word: &str, line: &mut String) {
    let plain = |c: char| c.is_alphanumeric() || "_-:.,/{}()*+@%^=<>".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        line.push_str(word);
        return;
    }
    // JSON is full of double quotes, and reads better in single ones.
    if word.contains('"') && !word.contains(|c: char| c == '\\' || c == '\'' || c.is_control()) {
        line.extend(["'", word, "'"]);
        return;
    }
    line.push('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => line.extend(['\\', c]),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => line.push_str(&format!("\\x{:02x}", c as u32)),
            c => line.push(c),
        }
    }
    line.push('"');
}

/// Shows a command to people.
pub(super) fn shown(words: &[Vec<u8>]) -> String {
    let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word)).collect();
    let line = join(words.iter().map(|word| &**word));
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{join, split, words};

    #[test]
    fn a_line_is_read_as_redis_cli_reads_it() {
        let read =
            |line| split(line).unwrap().iter().map(|w| String::from_utf8_lossy(w).into_owned()).collect::<Vec<_>>();
        assert_eq!(read("SET a  b"), ["SET", "a", "b"]);
        assert_eq!(read(r#"SET "a b" 'it\'s "x" \n'"#), ["SET", "a b", r#"it's "x" \n"#]);
        assert_eq!(read(r#"SET a "\"\\\n\x41\xzz""#), ["SET", "a", "\"\\\nAxzz"]);
        assert_eq!(read("SET a \"\""), ["SET", "a", ""]);
        assert_eq!(split(r#""\xff""#).unwrap(), [[0xff]]);
        assert!(split("SET \"a").is_none() && split("SET 'a'b").is_none() && split("SET 'a").is_none());
        assert!(words("a '='").unwrap().last().unwrap().is_quoted);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let hostile = [
            "",
            " ",
            "a b",
            "it's",
            "\"",
            "\\",
            "\\n",
            "\n\r\t\0\u{7f}",
            "{\"a\":\"b\"}",
            "{\"a\":\"it's\\n\"}",
            "é🐦\u{2028}",
            "#",
            "'\"'",
            "=",
            "\u{85}",
        ];
        let read: Vec<_> =
            split(&join(hostile)).unwrap().into_iter().map(|word| String::from_utf8(word).unwrap()).collect();
        assert_eq!(read, hostile);
        assert_eq!(
            join(["HSETNX", "{whimbrel}:history", "app/0001_a/main", "{\"a\":1}"]),
            "HSETNX {whimbrel}:history app/0001_a/main '{\"a\":1}'"
        );
    }
}
