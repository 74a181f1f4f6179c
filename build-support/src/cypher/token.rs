use std::ops::Range;

/// Names what a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name.
    Word,
    /// A name in backticks.
    Name,
    /// A string, its quotes included.
    String,
    Number,
    /// `$name`.
    Parameter,
    /// Any other character.
    Mark,
}

/// A piece of a script; comments and white space are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}
