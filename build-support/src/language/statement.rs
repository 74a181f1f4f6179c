use crate::sql::Retry;
use std::ops::Range;

/// A statement of a script that isn't SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Its bytes in the text, without what ends it and the comments around it.
    pub(crate) range: Range<usize>,
    /// Those of its tokens, without comments.
    pub(crate) tokens: Vec<Range<usize>>,
    /// How it is taken up again after a run died on it.
    pub(crate) retry: Retry,
    /// Whether the server takes it into one transaction with others.
    pub(crate) is_data: bool,
}
