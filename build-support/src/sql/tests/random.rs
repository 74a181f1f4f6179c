use super::super::checksum::checksum;
use super::{Dialect, Facts, Lexer, Script};

/// Mostly what means something to the lexer or to the facts, so that short inputs get far.
const PIECES: [&str; 64] = [
    "'",
    "\"",
    "`",
    "[",
    "]",
    "$",
    "$$",
    "$a$",
    "$1",
    "\\",
    "\\.",
    "/*",
    "*/",
    "/*+",
    "/*!",
    "--",
    "\n",
    "\r\n",
    "\r",
    " ",
    ";",
    ";\n",
    "(",
    ")",
    ",",
    ".",
    ":",
    "::",
    ":=",
    "<=",
    "-",
    "+",
    "=",
    "?",
    "@",
    "E'",
    "U&",
    "x'",
    "0x1",
    "1e-",
    "1.",
    "é",
    "\u{feff}",
    "\0",
    "\u{1f}",
    "CREATE ",
    "TEMP ",
    "TABLE ",
    "TRIGGER ",
    "FUNCTION ",
    "BEGIN ",
    "ATOMIC ",
    "END",
    "COPY t FROM STDIN",
    "ALTER ",
    "DROP ",
    "RENAME TO ",
    "UPDATE ",
    "IF EXISTS ",
    "PRAGMA foreign_keys",
    "REINDEX ",
    "CONCURRENTLY ",
    "set_config",
    "a",
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn text(&mut self) -> String {
        let length = self.below(16);
        if self.below(8) == 0 {
            let bytes: Vec<u8> = (0..length * 2).map(|_| self.below(256) as u8).collect();
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        (0..length).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

#[test]
fn every_text_is_read_to_its_end_in_order() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut readable = 0;
    for _ in 0..100_000 {
        let text = random.text();
        for dialect in [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql] {
            let mut at = 0;
            for next in Lexer::new(&text, dialect) {
                let range = next.map_or_else(|error| error.range, |token| token.range());
                assert!(at <= range.start && range.start < range.end, "{text:?}");
                assert!(text.get(range.clone()).is_some(), "{text:?}");
                at = range.end;
            }
            let Ok(script) = Script::parse(&text, dialect) else { continue };
            let facts = Facts::of(&script);
            assert!(script.body().len() <= script.statements().len());
            assert!(facts.transaction_control.len() <= script.body().len());
            readable += 1;
            lays_out_freely(&text, &script, dialect);
        }
    }
    assert!(readable > 20_000, "only {readable} texts show anything");
}

/// Tokens are what they are alone: laid out in another way they are read as the same ones.
fn lays_out_freely(text: &str, script: &Script<'_>, dialect: Dialect) {
    let apart: Vec<&str> = script.tokens().iter().map(|token| token.text(text)).collect();
    let relaid = format!("\n{}", apart.join(" /* else */\n"));
    let again = Script::parse(&relaid, dialect);
    assert_eq!(again.map(|again| checksum(&again, &[])), Ok(checksum(script, &[])), "{text:?} as {relaid:?}");
}
