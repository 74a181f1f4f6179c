//! What `ALTER TABLE` changes.

use super::word::Word;
use super::{Column, Constraint, Expression, Name, QualifiedName, TypeName};

/// One change of a relation.
#[derive(Clone, Debug)]
pub(crate) enum TableChange {
    AddColumn {
        column: Box<Column>,
        if_not_exists: bool,
    },
    DropColumn {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameColumn {
        from: Name,
        to: Name,
    },
    AlterColumn {
        name: Name,
        change: ColumnChange,
    },
    AddConstraint(Constraint),
    DropConstraint {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameConstraint {
        from: Name,
        to: Name,
    },
    ValidateConstraint(Name),
    AttachPartition {
        child: QualifiedName,
        default: bool,
    },
    DetachPartition {
        child: QualifiedName,
        concurrently: bool,
    },
    Inherit {
        parent: QualifiedName,
        no: bool,
    },
    /// Rewrites every row without changing what the catalog shows: `SET LOGGED`, `SET ACCESS METHOD`, `SET TABLESPACE`.
    Rewrite(Word),
    /// Names a constraint or an index that has to be there: `ALTER CONSTRAINT`, `REPLICA IDENTITY USING INDEX`.
    Names(Name),
    /// Names an index that has to be there, for the next `CLUSTER`.
    ClusterOn(Name),
    /// Enables or disables a trigger or a rule; `None` is all of them.
    Trigger(Option<Name>),
    /// Storage parameters: `SET (fillfactor = 70)`.
    Options,
    /// Owner, row security, and whatever else changes no schema.
    Harmless,
}

/// One change of a column.
#[derive(Clone, Debug)]
pub(crate) enum ColumnChange {
    Type {
        ty: TypeName,
        /// Whether it says a collation.
        collated: bool,
        using: Option<Expression>,
    },
    /// `None` drops it.
    Default(Option<Expression>),
    NotNull(bool),
    AddIdentity {
        always: bool,
    },
    /// `SET GENERATED`, `RESTART`, `SET INCREMENT`; `None` where which of the two it is stays.
    SetIdentity {
        always: Option<bool>,
    },
    DropIdentity {
        if_exists: bool,
    },
    /// `SET EXPRESSION` of PostgreSQL 17.
    SetExpression(Expression),
    DropExpression {
        if_exists: bool,
    },
    /// How its values are kept from now on: `SET STORAGE`, `SET COMPRESSION`.
    Storage,
    /// Statistics, options.
    Harmless,
}
