//! Tables, columns and constraints, as a statement declares them.

use super::{Expression, Name, QualifiedName, TypeName};
use std::ops::Range;

/// How long a relation lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Persistence {
    #[default]
    Lasting,
    Unlogged,
    Temporary,
}

/// `CREATE TABLE`, foreign tables included.
#[derive(Clone, Debug)]
pub(crate) struct CreateTable {
    pub(crate) name: QualifiedName,
    pub(crate) persistence: Persistence,
    pub(crate) foreign: bool,
    pub(crate) if_not_exists: bool,
    pub(crate) columns: Vec<Column>,
    /// The table's constraints; those that stand with a column are the column's.
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) like: Vec<Like>,
    pub(crate) inherits: Vec<QualifiedName>,
    pub(crate) partition_of: Option<PartitionOf>,
    /// The columns that rows are distributed by, where it is partitioned; an expression is `None`.
    pub(crate) partition_by: Option<Vec<Option<Name>>>,
    /// `OF type`.
    pub(crate) of_type: Option<QualifiedName>,
}

/// `PARTITION OF parent FOR VALUES …`.
#[derive(Clone, Debug)]
pub(crate) struct PartitionOf {
    pub(crate) parent: QualifiedName,
    pub(crate) default: bool,
}

/// `LIKE table INCLUDING …`.
#[derive(Clone, Debug)]
pub(crate) struct Like {
    pub(crate) table: QualifiedName,
    pub(crate) defaults: bool,
    pub(crate) constraints: bool,
    pub(crate) indexes: bool,
    pub(crate) generated: bool,
    pub(crate) identity: bool,
    pub(crate) comments: bool,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: Name,
    /// SQLite takes columns without one; a typed table's columns have none either.
    pub(crate) ty: Option<TypeName>,
    /// Where `NOT NULL` stands.
    pub(crate) not_null: Option<Range<usize>>,
    pub(crate) default: Option<Expression>,
    pub(crate) generated: Option<Generated>,
    /// Keys, references and checks that stand with the column; each names it.
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) range: Range<usize>,
}

/// How a column's value is made.
#[derive(Clone, Debug)]
pub(crate) enum Generated {
    Identity {
        always: bool,
    },
    /// Kept in the row.
    Stored(Expression),
    Virtual(Expression),
}

/// A constraint of a table or a domain.
#[derive(Clone, Debug)]
pub(crate) struct Constraint {
    pub(crate) name: Option<Name>,
    pub(crate) kind: ConstraintKind,
    pub(crate) not_valid: bool,
    pub(crate) range: Range<usize>,
}

/// What a constraint demands.
#[derive(Clone, Debug)]
pub(crate) enum ConstraintKind {
    Key {
        kind: KeyKind,
        columns: Vec<Name>,
        include: Vec<Name>,
        using_index: Option<Name>,
        nulls_not_distinct: bool,
    },
    ForeignKey(ForeignKey),
    Check(Expression),
    /// `EXCLUDE`; expressions among the columns are left out.
    Exclude {
        columns: Vec<Name>,
        method: Option<String>,
    },
    /// PostgreSQL 18 has it for a table.
    NotNull(Name),
}

/// The kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Primary,
    Unique,
}

/// `FOREIGN KEY`, `REFERENCES`.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKey {
    pub(crate) columns: Vec<Name>,
    pub(crate) table: QualifiedName,
    /// Empty where the other table's primary key is meant.
    pub(crate) references: Vec<Name>,
    /// `CASCADE`, `SET NULL`, …; `NO ACTION` where nothing is said.
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
}
