//! Texts that nobody wrote: whatever stands there, reading it ends, and every place lies within it.

use super::{Role, read};
use crate::fuzzing;
use whimbrel_grammar::DatabaseKind;

/// Mostly what means something to one of the languages, so that short inputs get far.
const PIECES: [&str; 72] = [
    "'",
    "\"",
    "`",
    "\\",
    "\\x4",
    "\\u0041",
    "\\ud83d",
    "//",
    "/*",
    "*/",
    "#",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u{b}",
    ";",
    ":",
    ",",
    ".",
    "..",
    "$",
    "$a",
    "$`",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    "-",
    "->",
    "<-",
    "+",
    "=",
    "*",
    "|",
    "1",
    "0x1",
    "1.5",
    "1e-",
    "-1",
    "\u{e9}",
    "\u{feff}",
    "\u{a0}",
    "\0",
    "\u{1f}",
    "SET ",
    "GET a",
    "WHIMBREL.COPY a:* TO b:*",
    "MATCH (n) ",
    "CREATE ",
    "INDEX ",
    "DROP ",
    "MERGE ",
    "DETACH DELETE n",
    "WHERE ",
    "CALL (n) {",
    "} IN TRANSACTIONS",
    "IF EXISTS",
    "n.a = 1",
    "\"insert\"",
    "\"documents\": [{\"_id\": 1}]",
    "\"update\": \"a\"",
    "\"updates\": [{\"q\": {}, \"u\": {\"$set\": {}}}]",
    "true",
    "null",
    "{\"drop\": \"a\"}",
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

/// What gets mutated: a script of each language that says much.
const SCRIPTS: [&str; 3] = [
    "# A\nSET a \"b\\n\\x41\" EX 10\nHSET h f 'it\\'s'\nWHIMBREL.RENAME a:* TO b:*\nGET a = \"b\"\n",
    "// A\nMATCH (n:A {a: 'x\\'y'})-[r:R]->(m) WHERE n.`b c` > 1.5 CALL (n) { SET n.a = toLower(n.b), n:B REMOVE n.c } IN TRANSACTIONS OF 10 ROWS;\nCREATE CONSTRAINT c FOR (n:A) REQUIRE n.a IS UNIQUE;\nMATCH (n) DETACH DELETE n;\nCREATE (n {a: {b: 1}})",
    "// A\n{\"update\": \"a\", \"updates\": [{\"q\": {\"_id\": {\"$oid\": \"0\"}}, \"u\": {\"$set\": {\"x.$[]\": -1.5e3}}, \"multi\": true}]};\n{\"aggregate\": \"a\", \"pipeline\": [{\"$merge\": {\"into\": \"b\", \"whenMatched\": \"merge\"}}], \"cursor\": {}}",
];

#[test]
fn every_text_is_read_to_its_end_in_order() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let kinds = [DatabaseKind::Redis, DatabaseKind::Neo4j, DatabaseKind::Mongodb];
    let mut readable = [0; 3];
    for round in 0..6_000 {
        let text = if round % 2 == 0 { random.mutated() } else { random.text() };
        fuzzing::script(&text);
        for (count, kind) in readable.iter_mut().zip(kinds) {
            let reading = read(&text, kind, Role::Work).unwrap();
            *count += usize::from(reading.is_readable && !reading.statements.is_empty());
        }
    }
    assert!(readable.iter().all(|count| *count > 80), "only {readable:?} texts show anything");
}

impl Random {
    /// Cuts, doubles or replaces a piece or two of a script that can be read.
    fn mutated(&mut self) -> String {
        let mut text = SCRIPTS[self.below(SCRIPTS.len())].to_owned();
        for _ in 0..1 + self.below(2) {
            let from = text.floor_char_boundary(self.below(text.len() + 1));
            let to = text.floor_char_boundary((from + self.below(9)).min(text.len()));
            let piece = match self.below(3) {
                0 => String::new(),
                1 => text[from..to].repeat(2),
                _ => PIECES[self.below(PIECES.len())].to_owned(),
            };
            text.replace_range(from..to, &piece);
        }
        text
    }
}
