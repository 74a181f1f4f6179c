//! What a statement says about a schema, whatever the dialect that it was written in.
//!
//! A dialect's reader turns a script into these; the catalog follows them, the rules judge them. Every range counts bytes
//! in the script's text.

mod change;
mod encoding;
mod guard;
mod index;
mod moved;
mod name;
mod object;
mod query;
mod table;
mod word;

pub(crate) use change::{ColumnChange, TableChange};
pub(crate) use guard::{Branch, Guard, Thing, ThingKind};
pub(crate) use index::{CreateIndex, IndexKey};
pub(crate) use moved::Moved;
pub(crate) use name::{Name, QualifiedName, TypeName};
pub(crate) use object::{CreateFunction, CreateType, Drop, Effects, ObjectKind, TypeKind};
pub(crate) use query::{
    ColumnUse, Expression, FunctionUse, Join, Output, Relation, Rows, Scope, Source, Value, Volatility, With, Write,
};
pub(crate) use table::{
    Column, Constraint, ConstraintKind, CreateTable, ForeignKey, Generated, KeyKind, Like, PartitionOf, Persistence,
};

use std::ops::Range;
use std::sync::Arc;
use word::Word;

/// Stands in a name for a piece that isn't known before the statement runs.
pub(crate) const HOLE: &str = "whimbrel_hole";

/// One statement of a script.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) range: Range<usize>,
    /// What it is called: `ALTER TABLE`.
    pub(crate) words: Word,
    /// What it does, in order: the statements of a block count each for themselves.
    pub(crate) acts: Vec<Act>,
}

/// One thing that a statement does.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) range: Range<usize>,
    /// The part of a block of code that it stands in; where that isn't gone through, it isn't done.
    pub(crate) branch: Option<Arc<Branch>>,
    pub(crate) condition: Condition,
    pub(crate) kind: ActKind,
}

/// When an act is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Condition {
    #[default]
    Always,
    /// Where what it makes isn't there yet: `IF NOT EXISTS (…) THEN`, `EXCEPTION WHEN duplicate_object`.
    IfMissing,
    /// Where what it changes or drops is there: `IF EXISTS (…) THEN`, `EXCEPTION WHEN undefined_table`.
    IfThere,
    /// Under a condition that isn't understood.
    Sometimes,
}

/// The kinds of things that statements do.
#[derive(Clone, Debug)]
pub(crate) enum ActKind {
    CreateSchema {
        name: Name,
        if_not_exists: bool,
    },
    CreateTable(Box<CreateTable>),
    /// `CREATE TABLE … AS`, `SELECT … INTO`. Columns that `None` are those of the query.
    CreateTableAs {
        name: QualifiedName,
        persistence: Persistence,
        if_not_exists: bool,
        columns: Vec<Name>,
        query: Scope,
    },
    AlterTable(AlterTable),
    CreateIndex(Box<CreateIndex>),
    /// `SET timezone = 'UTC'`, any setting but `search_path`; without a value, back to the default.
    Set {
        /// In lower case.
        name: String,
        value: Option<String>,
        /// `SET LOCAL`.
        local: bool,
    },
    /// `VACUUM`; without a table, all of them.
    Vacuum {
        full: bool,
        tables: Vec<QualifiedName>,
    },
    /// `CLUSTER`; without a table, all of them that were clustered before.
    Cluster {
        table: Option<QualifiedName>,
    },
    /// `REINDEX`, with what it names.
    Reindex {
        kind: ObjectKind,
        name: Option<QualifiedName>,
        concurrently: bool,
    },
    CreateType(CreateType),
    AddEnumValue {
        name: QualifiedName,
        value: Name,
        if_not_exists: bool,
        before: Option<Name>,
        after: Option<Name>,
    },
    RenameEnumValue {
        name: QualifiedName,
        from: Name,
        to: Name,
    },
    /// `ALTER DOMAIN`, as far as it is about constraints, default and null.
    AlterDomain {
        name: QualifiedName,
        change: DomainChange,
    },
    CreateSequence {
        name: QualifiedName,
        persistence: Persistence,
        if_not_exists: bool,
        owned_by: Option<(QualifiedName, Name)>,
    },
    /// `ALTER SEQUENCE … OWNED BY`; `None` is `OWNED BY NONE`.
    OwnSequence {
        name: QualifiedName,
        if_exists: bool,
        owner: Option<(QualifiedName, Name)>,
    },
    CreateView {
        name: QualifiedName,
        materialized: bool,
        or_replace: bool,
        if_not_exists: bool,
        temporary: bool,
        columns: Vec<Name>,
        query: Scope,
        with_data: bool,
    },
    RefreshMaterializedView {
        name: QualifiedName,
        concurrently: bool,
    },
    CreateFunction(Box<CreateFunction>),
    CreateTrigger {
        name: Name,
        table: QualifiedName,
        /// `UPDATE OF` these.
        columns: Vec<Name>,
        /// `WHEN (…)`, which sees `old` and `new`.
        condition: Option<Expression>,
        function: Option<QualifiedName>,
        or_replace: bool,
        constraint: bool,
    },
    CreateExtension {
        name: Name,
        if_not_exists: bool,
        schema: Option<Name>,
        /// The extensions that it needs are created too.
        cascade: bool,
    },
    /// `CREATE CAST`, and operators by which types can be compared.
    CreateCast,
    /// Anything else that has a name and can be dropped: operators, aggregates, casts, policies, rules, publications.
    CreateOther {
        kind: ObjectKind,
        name: QualifiedName,
        on: Option<QualifiedName>,
    },
    Drop(Drop),
    /// `ALTER … RENAME TO` of what isn't a column, a constraint or an enum's value.
    Rename {
        kind: ObjectKind,
        name: QualifiedName,
        on: Option<QualifiedName>,
        if_exists: bool,
        to: Name,
    },
    /// `ALTER … SET SCHEMA`.
    Move {
        kind: ObjectKind,
        name: QualifiedName,
        if_exists: bool,
        schema: Name,
    },
    Comment {
        kind: ObjectKind,
        name: QualifiedName,
        /// The column that is commented on, or the constraint, the trigger, the policy or the rule, of the relation that is named.
        column: Option<Name>,
        text: Option<String>,
    },
    /// `SET search_path`, `set_config('search_path', …)`; without a path, back to the default.
    SetSearchPath {
        path: Option<Vec<Name>>,
        /// `SET LOCAL`.
        local: bool,
    },
    Truncate {
        tables: Vec<QualifiedName>,
        cascade: bool,
    },
    LockTable {
        tables: Vec<QualifiedName>,
        mode: String,
    },
    /// A query or a change of rows.
    Query(Scope),
    /// A change of the table's rows besides what it reads. The query's `writes` have it too, with those of its `WITH` queries.
    Write {
        kind: WriteKind,
        table: QualifiedName,
        columns: Vec<Name>,
        query: Scope,
    },
    /// Begins, ends or sets a transaction.
    Transaction,
    /// Something that changes no schema and names nothing that is followed (`GRANT`, `SET`, `ANALYZE`).
    Harmless,
    /// What a text does that is put together when it runs: `HOLE` stands in its names for what isn't known, and it is done any
    /// number of times.
    Somewhere(Box<ActKind>),
    /// Something that can't be followed, and the reason. Whatever it names may be anything from here on; without
    /// names, everything. A name may have a `HOLE` in it.
    Opaque {
        reason: Word,
        names: Vec<QualifiedName>,
    },
}

/// `ALTER TABLE`: one change of one relation.
#[derive(Clone, Debug)]
pub(crate) struct AlterTable {
    /// Table, view, materialized view, index or sequence, as the statement calls it; a composite type, whose columns are its
    /// attributes.
    pub(crate) kind: ObjectKind,
    pub(crate) table: QualifiedName,
    pub(crate) if_exists: bool,
    pub(crate) change: TableChange,
}

/// What `ALTER DOMAIN` changes.
#[derive(Clone, Debug)]
pub(crate) enum DomainChange {
    AddConstraint(Constraint),
    DropConstraint { name: Name, if_exists: bool },
    RenameConstraint { from: Name, to: Name },
    ValidateConstraint(Name),
    SetDefault(Option<Expression>),
    SetNotNull(bool),
}

/// How rows are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteKind {
    Insert,
    Update,
    Delete,
    Merge,
    Copy,
}
