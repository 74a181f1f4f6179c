//! The names in a query, looked up as the server would.

use super::{Catalog, Finding};
use crate::statement::Scope;

/// Where names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(crate) catalog: &'a Catalog,
    /// The schemas of the search path that exist, in order, `pg_catalog` left out.
    pub(crate) path: &'a [String],
    /// Relations that are seen besides those of the query: a check's or an index's own table, `new` and `old` of a rule.
    pub(crate) around: &'a [Around<'a>],
}

/// A relation that an expression sees without naming it.
#[derive(Clone, Debug)]
pub(crate) struct Around<'a> {
    /// The schema, where it can be said before the name.
    pub(crate) schema: Option<&'a str>,
    pub(crate) name: &'a str,
    /// `None` where they aren't known.
    pub(crate) columns: Option<Vec<&'a str>>,
}

/// What is known of a query once its names are looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    pub(crate) findings: Vec<Finding>,
    /// `schema.table` of what it reads or writes, sorted, each once.
    pub(crate) tables: Vec<String>,
    /// `schema.table.column` of what it names, sorted, each once; `*` where all are meant.
    pub(crate) columns: Vec<String>,
    /// The columns that it gives, with their types, empty where they aren't known; `None` where the names aren't.
    pub(crate) output: Option<Vec<(String, String)>>,
}

/// Looks up the names of a query or an expression.
pub(crate) fn resolve(_scope: &Scope, _names: Names<'_>) -> Resolved {
    Resolved::default()
}
