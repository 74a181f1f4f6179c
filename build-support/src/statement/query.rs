//! What a query or an expression names, scope by scope.

use super::{Name, QualifiedName, TypeName};
use std::ops::Range;

/// A query's names. Columns are looked for among the relations of their own scope, then of those around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// `WITH` names that this scope and those in it see, each with its query.
    pub(crate) with: Vec<(Name, Vec<Name>, Scope)>,
    pub(crate) from: Vec<Relation>,
    pub(crate) columns: Vec<ColumnUse>,
    pub(crate) functions: Vec<FunctionUse>,
    pub(crate) types: Vec<TypeName>,
    /// Queries inside this one, the arms of a `UNION` included.
    pub(crate) inner: Vec<Scope>,
    /// The columns that the query gives, where all are known by name; `None` where there is a `*` or a nameless expression.
    pub(crate) output: Option<Vec<String>>,
    /// Output names, which `ORDER BY` and `GROUP BY` may use besides columns.
    pub(crate) aliases: Vec<String>,
    /// Whether something in it isn't understood, so that no column can be said to be unknown.
    pub(crate) opaque: bool,
}

/// What a `FROM`, `JOIN`, `USING`, `INTO` or `UPDATE` brings into a scope.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) source: Source,
    pub(crate) alias: Option<Name>,
    /// Columns renamed by the alias, from the left.
    pub(crate) columns: Vec<Name>,
}

/// Where rows come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Table(QualifiedName),
    Query(Box<Scope>),
    /// A function, `VALUES`, `JSON_TABLE`: its columns aren't followed.
    Other,
}

/// A column that is used.
#[derive(Clone, Debug)]
pub(crate) struct ColumnUse {
    pub(crate) schema: Option<Name>,
    /// The table or alias before the dot.
    pub(crate) table: Option<Name>,
    pub(crate) name: Name,
}

/// A function that is called.
#[derive(Clone, Debug)]
pub(crate) struct FunctionUse {
    pub(crate) name: QualifiedName,
    pub(crate) arguments: usize,
}

/// An expression: its text and what it needs.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) range: Range<usize>,
    /// As it was written, comments dropped and white space folded.
    pub(crate) text: String,
    pub(crate) volatility: Volatility,
    pub(crate) uses: Scope,
}

/// How often an expression has to be evaluated. Ordered: the later, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volatility {
    Null,
    /// A literal, or an immutable function of literals.
    Constant,
    /// Once in a statement: `now()`.
    Stable,
    /// For each row: `random()`, `nextval()`, `clock_timestamp()`.
    Volatile,
    /// A function that isn't known.
    Unknown,
}
