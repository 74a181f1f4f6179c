//! What a database has in it at one point of a chain.

use super::shared::SharedMap;
use crate::by_name::ByName;
use crate::statement::Effects;
use std::collections::BTreeSet;
use std::sync::Arc;

/// All schemas of a database. A clone shares what it holds until one of the two changes it.
///
/// `schema.name` stands for an object wherever one names another.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Catalog {
    /// Those of temporary objects are together in `pg_temp`; the server's own aren't here.
    pub(crate) schemas: ByName<Arc<Schema>>,
    /// Extensions, each with the schema that it lives in.
    pub(crate) extensions: ByName<String>,
    /// Names of what may exist besides what is here.
    pub(crate) strangers: BTreeSet<Stranger>,
    /// Whether anything may exist besides what is here: something was done that can't be followed.
    pub(crate) opaque: bool,
}

/// A name of something that may exist, with `HOLE` in the place of what isn't known of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Stranger {
    pub(crate) kind: StrangerKind,
    /// Its schema, or the whole that it is a part of; nothing where that isn't known.
    pub(crate) of: String,
    pub(crate) name: String,
}

/// The kinds of things that may exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum StrangerKind {
    Schema,
    /// A table, a view or a sequence.
    Relation,
    Index,
    Type,
    Function,
    /// A part of a table.
    Trigger,
    /// What lets values of one type stand for those of another; it has no name.
    Cast,
}

/// A schema. Tables, views, sequences and indexes share their names.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Schema {
    pub(crate) relations: SharedMap<Relation>,
    pub(crate) types: SharedMap<Type>,
    /// Functions, procedures and aggregates, all of a name together.
    pub(crate) functions: SharedMap<Vec<Function>>,
    pub(crate) comment: Option<String>,
    /// Names of relations, types and functions that may not be there after all.
    pub(crate) doubtful: BTreeSet<String>,
    /// Whether anything may exist in it besides what is here.
    pub(crate) opaque: bool,
}

/// Whatever has a name among a schema's relations.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum Relation {
    Table(Arc<Table>),
    View(Arc<View>),
    Sequence(Sequence),
    /// The index itself is kept with its table or materialized view, which has this name and lives in the same schema.
    Index(String),
    /// Something of this name may be there, and nothing is known of it.
    Opaque,
}

/// A table.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Table {
    /// In the order in which they were added.
    pub(crate) columns: Vec<Column>,
    pub(crate) keys: ByName<Key>,
    pub(crate) references: ByName<Reference>,
    pub(crate) checks: ByName<Check>,
    /// All indexes, those behind keys and exclusions included.
    pub(crate) indexes: ByName<Index>,
    pub(crate) triggers: ByName<Trigger>,
    /// Exclusion constraints, as they were written; each has an index of its name.
    pub(crate) exclusions: ByName<String>,
    /// `NOT NULL` constraints that were given a name, each with its column.
    pub(crate) not_nulls: ByName<String>,
    pub(crate) unlogged: bool,
    pub(crate) temporary: bool,
    pub(crate) foreign: bool,
    /// The columns that rows are distributed by, where they are kept in partitions.
    pub(crate) partition_by: Option<Vec<String>>,
    /// The same as it was written: `RANGE (day)`.
    pub(crate) partition_key: String,
    /// `schema.table`, of which this one is a partition.
    pub(crate) partition_of: Option<String>,
    /// The rows that are in it, as was written: `FOR VALUES FROM (1) TO (2)`, `DEFAULT`.
    pub(crate) bounds: String,
    /// `schema.table`, from which columns are inherited.
    pub(crate) inherits: Vec<String>,
    /// `schema.type`, of which every row is.
    pub(crate) of_type: Option<String>,
    pub(crate) comment: Option<String>,
    /// Whether it may have columns, constraints and indexes besides those here, or lack some of them.
    pub(crate) opaque: bool,
}

/// A column.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Column {
    pub(crate) name: String,
    /// As the server prints it: `character varying(8)`, `text[]`. Empty where it isn't known.
    pub(crate) ty: String,
    /// `schema.type` behind it, where that is none of the server's own.
    pub(crate) own_type: Option<String>,
    pub(crate) not_null: bool,
    pub(crate) default: Default,
    pub(crate) comment: Option<String>,
    /// Whether a parent has it too, and decides about it.
    pub(crate) inherited: bool,
    /// Whether the table would keep it without its parents.
    pub(crate) local: bool,
    /// Whether it may not be there after all.
    pub(crate) doubtful: bool,
}

/// An expression, with what it needs to be there.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Expression {
    /// As it was written, white space folded.
    pub(crate) text: String,
    /// The columns of its own table.
    pub(crate) columns: Vec<String>,
    /// `schema.function`, where it is an author's own.
    pub(crate) functions: Vec<String>,
    /// `schema.type`, where it is an author's own.
    pub(crate) types: Vec<String>,
}

/// Where a column's value comes from when none is given.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum Default {
    #[default]
    None,
    Expression(Expression),
    /// The next value of this sequence, `schema.sequence`.
    Sequence(String),
    /// The next value of a sequence that goes with the column and can't be without it.
    Identity {
        always: bool,
    },
    /// Generated from other columns.
    Generated {
        expression: Expression,
        stored: bool,
    },
}

/// A primary key or a unique constraint. Its index has its name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    pub(crate) columns: Vec<String>,
    /// `DEFERRABLE INITIALLY DEFERRED`; mostly nothing.
    pub(crate) deferral: String,
    /// Whether a parent has it too, and decides about it.
    pub(crate) inherited: bool,
}

/// The kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum KeyKind {
    Primary,
    Unique,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Reference {
    pub(crate) columns: Vec<String>,
    /// `schema.table`.
    pub(crate) table: String,
    pub(crate) references: Vec<String>,
    pub(crate) on_delete: String,
    pub(crate) on_update: String,
    /// `DEFERRABLE INITIALLY DEFERRED`; mostly nothing.
    pub(crate) deferral: String,
    pub(crate) validated: bool,
    /// Whether a parent has it too, and decides about it.
    pub(crate) inherited: bool,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Check {
    pub(crate) expression: Expression,
    /// The column that it keeps from being null, where it does just that: `CHECK (a IS NOT NULL)`.
    pub(crate) proves_not_null: Option<String>,
    pub(crate) validated: bool,
    /// Whether a parent has it too, and decides about it.
    pub(crate) inherited: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Index {
    pub(crate) unique: bool,
    pub(crate) method: String,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) include: Vec<String>,
    pub(crate) predicate: Option<Expression>,
    pub(crate) nulls_not_distinct: bool,
    /// The index of the parent that it is a part of.
    pub(crate) part_of: Option<String>,
    /// Whether it is usable: one of a partitioned table alone isn't until all partitions have theirs.
    pub(crate) valid: bool,
    pub(crate) comment: Option<String>,
}

/// What an index is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct IndexKey {
    pub(crate) part: IndexPart,
    /// What the server calls it in a name that it makes up.
    pub(crate) called: String,
    /// `DESC NULLS LAST`, an operator class, a collation.
    pub(crate) options: String,
}

/// What stands at a place of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum IndexPart {
    Column(String),
    Expression(Expression),
}

/// A view, materialized or not.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct View {
    pub(crate) materialized: bool,
    /// Its columns, each with its type, which is empty where it isn't known; `None` where not all are known by name.
    pub(crate) columns: Option<Vec<(String, String)>>,
    /// The query's text.
    pub(crate) text: String,
    /// `schema.table` of what its query reads.
    pub(crate) reads: Vec<String>,
    /// `schema.table.column` of what its query names, as far as that is known.
    pub(crate) reads_columns: Vec<String>,
    /// `schema.function` of what it calls, where it is an author's own.
    pub(crate) functions: Vec<String>,
    /// Whether it may read and call more than is known.
    pub(crate) opaque: bool,
    /// The indexes of a materialized view.
    pub(crate) indexes: ByName<Index>,
    pub(crate) comment: Option<String>,
}

/// A sequence.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Sequence {
    /// `(schema.table, column)` that it goes with.
    pub(crate) owned_by: Option<(String, String)>,
    /// Whether it is the column's identity, and can't be dropped without it.
    pub(crate) identity: bool,
    /// Its options, as they were written: `AS integer INCREMENT BY 10`.
    pub(crate) options: String,
    pub(crate) comment: Option<String>,
}

/// A trigger.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Trigger {
    /// `schema.function`, where it is known.
    pub(crate) function: Option<String>,
    /// The columns that it names besides.
    pub(crate) columns: Vec<String>,
    /// `BEFORE UPDATE OF a`
    pub(crate) event: String,
    /// `FOR EACH ROW EXECUTE FUNCTION f()`
    pub(crate) action: String,
    /// Whether a parent has it too.
    pub(crate) inherited: bool,
}

/// A type of an author's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum Type {
    Enum(Vec<String>),
    /// Names and types of its fields.
    Composite(Vec<Field>),
    Domain(Box<Domain>),
    Other,
}

/// A field of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) own_type: Option<String>,
}

/// A type that another one is restricted to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Domain {
    pub(crate) base: String,
    pub(crate) own_type: Option<String>,
    pub(crate) not_null: bool,
    pub(crate) default: Option<Expression>,
    pub(crate) checks: ByName<Check>,
}

/// A function, procedure or aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) struct Function {
    pub(crate) kind: FunctionKind,
    /// The types of its input arguments, as the server prints them; `None` where they aren't known.
    pub(crate) arguments: Option<Vec<String>>,
    /// Their names; empty where they have none.
    pub(crate) parameters: Vec<String>,
    pub(crate) returns: Option<String>,
    /// Whether each call may give something else; `None` where that isn't known.
    pub(crate) volatile: Option<bool>,
    /// `schema.type` of what its arguments and its result are, where that is none of the server's own.
    pub(crate) types: Vec<String>,
    /// What stands behind its name in the statement that made it.
    pub(crate) text: Arc<str>,
    pub(crate) effects: Effects,
}

/// The kinds of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(serde::Serialize))]
pub(crate) enum FunctionKind {
    Function,
    Procedure,
    Aggregate,
}
