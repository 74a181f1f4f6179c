use std::ops::Range;

/// Names what a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword or an unquoted name.
    Word,
    /// A name in quotes.
    QuotedName,
    /// A literal in quotes, its prefix included, or a dollar-quoted text.
    String,
    /// A number.
    Number,
    /// A placeholder, such as `$1`.
    Parameter,
    /// An operator as the server would read it: `<=`, not `<` and `=`.
    Operator,
    /// Any other character, such as `(` or `;`.
    Punctuation,
    /// A comment, of no effect.
    Comment,
    /// A comment that some software obeys: `/*! … */` or `/*+ … */`.
    ExecutableComment,
}

/// Holds the kind and the place of a piece of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Names what it is.
    pub(crate) kind: TokenKind,
    /// Gives its first byte.
    pub(crate) start: usize,
    /// Gives the byte after its last.
    pub(crate) end: usize,
}

impl Token {
    /// Gives the token's bytes in the text.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Gives the token's text.
    pub(crate) fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.range()).unwrap_or_default()
    }

    /// Tells whether it is this keyword, in any case.
    pub(crate) fn is_word(&self, source: &str, word: &str) -> bool {
        self.kind == TokenKind::Word
            && self.end - self.start == word.len()
            && self.text(source).eq_ignore_ascii_case(word)
    }

    /// Tells whether it is this punctuation.
    pub(crate) fn is_mark(&self, source: &str, mark: u8) -> bool {
        self.kind == TokenKind::Punctuation && source.as_bytes().get(self.start) == Some(&mark)
    }
}
