//! Scripts: their text, with their statements' ranges and places as the build script found them.

/// Carries a script, with its statements' ranges and places as the build script found them.
#[derive(Debug, Clone)]
pub struct Script {
    #[doc(hidden)]
    pub text: &'static str,
    #[doc(hidden)]
    pub file: &'static str,
    #[doc(hidden)]
    pub statements: &'static [Statement],
    #[doc(hidden)]
    pub anchors: &'static [Anchor],
}

impl Script {
    /// Gives the whole text as written, comments included.
    pub const fn text(&self) -> &'static str {
        self.text
    }
    /// Gives each statement's text in order, without its final semicolon.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = &'static str> {
        let text = self.text;
        self.statements.iter().map(move |at| text.get(at.start as usize..at.end as usize).unwrap_or_default())
    }
    /// Gives each statement's position from 0, its text, and how it is taken up again.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (usize, &'static str, Retry)> {
        self.statements().zip(self.statements).enumerate().map(|(index, (text, at))| (index, text, at.retry))
    }
    /// Finds the author's file, line and column (both from 1, columns in characters) of a byte of the text.
    pub fn place(&self, offset: usize) -> Place {
        let fallback = Anchor { offset: 0, file: self.file, line: 1, column: 1 };
        let anchor = self.anchors.iter().rev().find(|a| a.offset as usize <= offset).unwrap_or(&fallback);
        let between = self.text.get(anchor.offset as usize..offset).unwrap_or_default();
        match between.rsplit_once('\n') {
            None => Place { file: anchor.file, line: anchor.line, column: anchor.column + count(between) },
            Some((lines, last)) => Place {
                file: anchor.file,
                line: anchor.line + 1 + lines.matches('\n').count() as u32,
                column: 1 + count(last),
            },
        }
    }
}

/// Says where a statement is, and how it is taken up again.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    pub start: u32,
    pub end: u32,
    pub retry: Retry,
}

/// Names how a statement is taken up again after a run died on it, where its migration has no transaction.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It runs in a transaction of its own, with what is written down about it: it is done with that or not at all.
    Together,
    /// It belongs to a transaction of the script's own, up to the one that closes it: all of it is done or nothing.
    Inside,
    /// It commits a transaction of the script's own.
    Closes,
    /// It runs by itself, and to do it again does no harm.
    Again,
    /// It runs by itself, and only somebody who knows it can tell whether it took effect.
    Ask,
    /// It builds an index of this name by itself, on this table.
    BuildsIndex { table: &'static str, name: &'static str },
    /// It drops this index by itself.
    DropsIndex(&'static str),
    /// It runs by itself, and this query tells whether it took effect.
    Seen(&'static str),
    /// It belongs to one transaction with what follows, up to the next that is done together with its note.
    Joined,
    /// It says how its session is, and has to be said again in another.
    Session,
    /// It gives its session a value that a later statement needs and that can't be had a second time.
    Carries,
}

fn count(text: &str) -> u32 {
    text.chars().count() as u32
}

/// Ties a byte of a script's text to a place in the author's file; the text runs on from there unchanged.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Anchor {
    pub offset: u32,
    pub file: &'static str,
    pub line: u32,
    pub column: u32,
}

/// Names a place in an author's file; displayed as `file:line:column`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, relative to the package's folder.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
