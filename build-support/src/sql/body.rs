use super::{Token, TokenKind};

/// Follows a statement of MySQL, token by token, to tell the semicolon that ends it from those in its body.
///
/// Only a stored program has a body. An `END` says what it ends, but for that of a `BEGIN` and of a `CASE`, so those two are
/// counted, and the others only where no `BEGIN` is around them: there a call of the function `IF` could be taken for one.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    /// How many tokens there were.
    seen: usize,
    kind: Kind,
    depth: usize,
    /// Blocks outside of any `BEGIN`.
    bare: usize,
    /// Whether a statement of the body may begin here.
    begins: bool,
    /// How deep it was before the `END` that came last.
    ended: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// It may still turn out to make a stored program.
    #[default]
    Open,
    Plain,
    Program,
}

/// What stands between `CREATE` and the kind of what is made: `DEFINER = root@localhost`, `OR REPLACE`.
const BEFORE_KIND: usize = 16;

const BLOCKS: [&str; 4] = ["IF", "LOOP", "WHILE", "REPEAT"];
/// Words behind which a statement may begin.
const LEADS: [&str; 8] = ["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ATOMIC", "ROW"];

impl Body {
    /// Takes the next token; tells whether it ends the statement.
    pub(super) fn ends(&mut self, text: &str, token: &Token) -> bool {
        if token.is_mark(text, b';') {
            (self.begins, self.ended) = (true, None);
            return self.depth == 0 && self.bare == 0;
        }
        if token.kind == TokenKind::Word {
            self.word(&token.text(text).to_ascii_uppercase());
        } else {
            // A label stands before what it names, the parameters before the body.
            self.begins = token.is_mark(text, b':') || token.is_mark(text, b')') && self.depth + self.bare == 0;
            self.ended = None;
        }
        self.seen += 1;
        false
    }

    fn word(&mut self, word: &str) {
        match self.kind {
            Kind::Plain => return,
            Kind::Open => {
                self.kind = match word {
                    "PROCEDURE" | "FUNCTION" | "TRIGGER" | "EVENT" if self.seen > 0 => Kind::Program,
                    // An anonymous block of MariaDB, no transaction.
                    "NOT" if self.seen == 1 => Kind::Program,
                    "TABLE" | "INDEX" | "VIEW" | "DATABASE" | "SCHEMA" | "USER" | "SELECT" => Kind::Plain,
                    "CREATE" | "BEGIN" if self.seen == 0 => Kind::Open,
                    _ if self.seen == 0 || self.seen > BEFORE_KIND => Kind::Plain,
                    _ => Kind::Open,
                };
                self.depth = usize::from(self.kind == Kind::Program && word == "NOT");
                return;
            }
            Kind::Program => {}
        }
        let (begins, ended) = (self.begins, self.ended);
        (self.begins, self.ended) = (LEADS.contains(&word), None);
        match (word, ended) {
            ("END", _) => {
                self.ended = Some(self.depth);
                self.depth = self.depth.saturating_sub(1);
            }
            (word, Some(depth)) if BLOCKS.contains(&word) => {
                (self.depth, self.begins) = (depth, false);
                self.bare = self.bare.saturating_sub(usize::from(depth == 0));
            }
            ("CASE", Some(_)) => {}
            ("BEGIN" | "CASE", None) => self.depth += 1,
            (word, None) if begins && self.depth == 0 && BLOCKS.contains(&word) => self.bare += 1,
            _ => {}
        }
    }
}
