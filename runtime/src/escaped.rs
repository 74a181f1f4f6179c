//! Text from elsewhere (a ledger, a server, another tool's table) as people may see it.

use std::fmt::{self, Write};

/// Shows a text on one line, with whatever would move or colour what stands around it as an escape.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| if moves(c) { write!(f, "{}", c.escape_default()) } else { f.write_char(c) })
    }
}

/// Tells control characters, and those that turn the direction of writing or end a line.
fn moves(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Keeps the lines of a text, and escapes what is in them.
#[cfg(feature = "cli")]
pub(crate) fn lines(text: &str) -> String {
    text.split('\n').map(|line| Escaped(line).to_string()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn what_moves_is_escaped_and_the_rest_is_not() {
        let shown = Escaped("ä ✓ \\ 'a'\r\n\t\u{1b}[2J\u{9b}\u{202e}").to_string();
        assert_eq!(shown, "ä ✓ \\ 'a'\\r\\n\\t\\u{1b}[2J\\u{9b}\\u{202e}");
    }
}
