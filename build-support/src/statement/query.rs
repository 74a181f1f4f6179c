//! What a query or an expression names, scope by scope.

use super::{Name, QualifiedName, TypeName, WriteKind};
use std::ops::Range;

/// A query's names. Columns are looked for among the relations of their own scope, then of those around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// `WITH` names that this scope and those in it see.
    pub(crate) with: Vec<With>,
    /// Whether they see themselves and each other: `WITH RECURSIVE`.
    pub(crate) recursive: bool,
    /// In the order in which they are written, joins flattened.
    pub(crate) from: Vec<Relation>,
    pub(crate) joins: Vec<Join>,
    pub(crate) columns: Vec<ColumnUse>,
    /// Relations that are named for all their columns: `t.*`, `s.t.*`.
    pub(crate) rows: Vec<QualifiedName>,
    /// Names that stand alone in `ORDER BY`, `GROUP BY` or `DISTINCT ON`: an output column, or one of `from`.
    pub(crate) sorts: Vec<Name>,
    pub(crate) functions: Vec<FunctionUse>,
    pub(crate) types: Vec<TypeName>,
    /// Relations that texts name: `'users'::regclass`, `nextval('numbers')`.
    pub(crate) registered: Vec<QualifiedName>,
    /// Queries inside this one that see its relations, the arms of a `UNION` included.
    pub(crate) inner: Vec<Scope>,
    /// Every change of rows that this scope makes, that of an `INSERT`, `UPDATE`, `DELETE`, `MERGE` or `COPY` itself included.
    pub(crate) writes: Vec<Write>,
    /// The columns that the query gives.
    pub(crate) output: Vec<Output>,
    /// Whether something in it isn't understood, so that no column can be said to be unknown.
    pub(crate) opaque: bool,
}

/// A query with a name.
#[derive(Clone, Debug)]
pub(crate) struct With {
    pub(crate) name: Name,
    /// Columns renamed, from the left.
    pub(crate) columns: Vec<Name>,
    pub(crate) query: Scope,
}

/// A change of rows.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) kind: WriteKind,
    pub(crate) table: QualifiedName,
    /// Those that are named as its targets.
    pub(crate) columns: Vec<Name>,
    pub(crate) rows: Option<Rows>,
}

/// The rows of an `INSERT`.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// Which of the inner queries gives them.
    pub(crate) query: usize,
    /// How many columns are named for them, which are the first of all that are written; 0 where none are.
    pub(crate) named: usize,
    pub(crate) range: Range<usize>,
}

/// What a `FROM`, `JOIN`, `USING` or `UPDATE` brings into a scope.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) source: Source,
    pub(crate) alias: Option<Name>,
    /// Columns renamed by the alias, from the left.
    pub(crate) columns: Vec<Name>,
    /// Whether a query in it sees the relations before it.
    pub(crate) lateral: bool,
    /// Whether it is seen under its name alone, not by `*` or by a bare column: `old` and `new` of `RETURNING`.
    pub(crate) hidden: bool,
}

/// Where rows come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Table(QualifiedName),
    Query(Box<Scope>),
    /// Columns that are known by name alone.
    Columns(Vec<Name>),
    /// The parameters of a function, whose fields are seen without parentheses.
    Parameters(Vec<Name>),
    /// A function, `JSON_TABLE`: its columns aren't followed.
    Other,
}

/// What two sides of `from` are joined by.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    /// Places in `from`.
    pub(crate) left: Range<usize>,
    pub(crate) right: Range<usize>,
    /// `USING`: columns that both sides have.
    pub(crate) columns: Vec<Name>,
    pub(crate) natural: bool,
    /// `ON`: what its condition names, which sees the two sides and nothing beside them.
    pub(crate) on: Scope,
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

/// A column, or several, that a query gives.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    Column {
        /// `None` where it isn't known what the server calls it.
        name: Option<String>,
        value: Value,
    },
    /// `*`
    All,
    /// `table.*`
    Row(QualifiedName),
    /// All that the first of the inner queries gives.
    Inner,
}

/// What a column of a query is, as far as its type can be told.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Column(ColumnUse),
    Cast(TypeName),
    Other,
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
