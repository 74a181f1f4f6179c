//! Indexes.

use super::{Expression, Name, QualifiedName};

/// `CREATE INDEX`.
#[derive(Clone, Debug)]
pub(crate) struct CreateIndex {
    /// The server makes one where there is none.
    pub(crate) name: Option<Name>,
    pub(crate) table: QualifiedName,
    pub(crate) unique: bool,
    pub(crate) concurrently: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) only: bool,
    /// `btree`, unless said otherwise.
    pub(crate) method: String,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) include: Vec<Name>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) predicate: Option<Expression>,
}

/// What an index is sorted by.
#[derive(Clone, Debug)]
pub(crate) struct IndexKey {
    /// The column; `None` for an expression.
    pub(crate) column: Option<Name>,
    /// What the server calls it when it makes up a name for the index: the column, or a function's name; `None` is `expr`.
    pub(crate) called: Option<String>,
    /// As it was written, with white space folded.
    pub(crate) expression: Expression,
    /// `DESC NULLS LAST`, an operator class, a collation: what stands behind it.
    pub(crate) options: String,
}
