//! What the catalog finds wrong with a statement.

use std::ops::Range;

/// A finding about bytes of the script that is being followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) range: Range<usize>,
    /// The stable name, without the `whimbrel::` that it is shown with.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Vec<String>,
    /// Other places that explain it: where the thing was dropped or renamed.
    pub(crate) related: Vec<(Site, String)>,
}

/// A place in any script of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// The number that whoever follows the chain has given the script.
    pub(crate) script: usize,
    pub(crate) range: Range<usize>,
}
