//! What a database has in it at one point of a chain.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All schemas of a database. Two catalogs are equal where the databases behind them are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Catalog {
    pub(crate) schemas: BTreeMap<String, Schema>,
    /// Extensions, each with the schema that it lives in.
    pub(crate) extensions: BTreeMap<String, String>,
    /// Whether anything may exist besides what is here: something was done that can't be followed.
    pub(crate) opaque: bool,
}

/// A schema. Tables, views, sequences and indexes share their names.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub(crate) relations: BTreeMap<String, Relation>,
    pub(crate) types: BTreeMap<String, Type>,
    /// Functions, procedures and aggregates, all of a name together.
    pub(crate) functions: BTreeMap<String, Vec<Function>>,
    pub(crate) comment: Option<String>,
    /// Whether anything may exist in it besides what is here.
    pub(crate) opaque: bool,
}

/// Whatever has a name among a schema's relations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Relation {
    Table(Box<Table>),
    View(View),
    Sequence(Sequence),
    /// The index itself is kept with its table, which has this name and lives in the same schema.
    Index(String),
    /// Something of this name may be there, and nothing is known of it.
    Opaque,
}

/// A table.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    /// In the order in which they were added.
    pub(crate) columns: Vec<Column>,
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) references: BTreeMap<String, Reference>,
    pub(crate) checks: BTreeMap<String, Check>,
    /// All indexes, those behind keys and exclusions included.
    pub(crate) indexes: BTreeMap<String, Index>,
    pub(crate) triggers: BTreeMap<String, Trigger>,
    /// Names of exclusion constraints; each has an index of its name.
    pub(crate) exclusions: Vec<String>,
    pub(crate) unlogged: bool,
    pub(crate) temporary: bool,
    pub(crate) foreign: bool,
    /// Whether rows are kept in partitions.
    pub(crate) partitioned: bool,
    /// `schema.table`, of which this one is a partition.
    pub(crate) partition_of: Option<String>,
    /// `schema.table`, from which columns are inherited.
    pub(crate) inherits: Vec<String>,
    pub(crate) comment: Option<String>,
    /// Whether it may have columns, constraints and indexes besides those here.
    pub(crate) opaque: bool,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// As the server prints it: `character varying(8)`, `text[]`. Empty where it isn't known.
    pub(crate) ty: String,
    pub(crate) not_null: bool,
    pub(crate) default: Default,
    pub(crate) comment: Option<String>,
}

/// Where a column's value comes from when none is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Default {
    None,
    /// An expression's text.
    Expression(String),
    /// `serial`: the next value of a sequence of this name.
    Sequence(String),
    Identity {
        always: bool,
    },
    /// Generated from other columns.
    Generated {
        text: String,
        stored: bool,
    },
}

/// A primary key or a unique constraint. Its index has its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    pub(crate) columns: Vec<String>,
}

/// The kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyKind {
    Primary,
    Unique,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reference {
    pub(crate) columns: Vec<String>,
    /// `schema.table`.
    pub(crate) table: String,
    pub(crate) references: Vec<String>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    pub(crate) validated: bool,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Check {
    /// As it was written.
    pub(crate) text: String,
    /// The columns that it names.
    pub(crate) columns: Vec<String>,
    /// The column that it keeps from being null, where it does just that: `CHECK (a IS NOT NULL)`.
    pub(crate) proves_not_null: Option<String>,
    pub(crate) validated: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) unique: bool,
    pub(crate) method: String,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) include: Vec<String>,
    pub(crate) predicate: Option<String>,
    /// The columns that its expressions and its predicate name.
    pub(crate) uses: Vec<String>,
    pub(crate) comment: Option<String>,
}

/// What an index is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexKey {
    /// The column's name, or an expression's text.
    pub(crate) text: String,
    pub(crate) expression: bool,
    pub(crate) options: String,
}

/// A view, materialized or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct View {
    pub(crate) materialized: bool,
    /// The names of its columns, where all are known.
    pub(crate) columns: Option<Vec<String>>,
    /// `schema.table` of what its query reads.
    pub(crate) reads: Vec<String>,
    /// `schema.table.column` of what its query names, as far as that is known.
    pub(crate) reads_columns: Vec<String>,
    /// The indexes of a materialized view.
    pub(crate) indexes: BTreeMap<String, Index>,
    pub(crate) comment: Option<String>,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sequence {
    /// `(schema.table, column)` that it goes with.
    pub(crate) owned_by: Option<(String, String)>,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trigger {
    /// `schema.function`, where it is known.
    pub(crate) function: Option<String>,
}

/// A type of an author's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Type {
    Enum(Vec<String>),
    /// Names and types of its fields.
    Composite(Vec<(String, String)>),
    Domain {
        base: String,
        not_null: bool,
        default: Option<String>,
        checks: BTreeMap<String, Check>,
    },
    Other,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Function {
    /// The types of its input arguments, as the server prints them; `None` where they aren't known.
    pub(crate) arguments: Option<Vec<String>>,
    pub(crate) returns: Option<String>,
}
