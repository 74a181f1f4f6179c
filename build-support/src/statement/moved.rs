//! Acts of a text that stands inside another one: their ranges counted in the outer one.

use super::*;

/// Where bytes of the inner text stand in the outer one.
pub(crate) type Way<'a> = &'a dyn Fn(Range<usize>) -> Range<usize>;

/// Whatever has ranges.
pub(crate) trait Moved {
    /// Counts all ranges in the outer text.
    fn moved(&mut self, way: Way<'_>);
}

impl Moved for Range<usize> {
    fn moved(&mut self, way: Way<'_>) {
        *self = way(self.clone());
    }
}

impl<T: Moved> Moved for Option<T> {
    fn moved(&mut self, way: Way<'_>) {
        self.iter_mut().for_each(|inside| inside.moved(way));
    }
}

impl<T: Moved> Moved for Vec<T> {
    fn moved(&mut self, way: Way<'_>) {
        self.iter_mut().for_each(|inside| inside.moved(way));
    }
}

impl<T: Moved> Moved for Box<T> {
    fn moved(&mut self, way: Way<'_>) {
        (**self).moved(way);
    }
}

impl<A: Moved, B: Moved> Moved for (A, B) {
    fn moved(&mut self, way: Way<'_>) {
        self.0.moved(way);
        self.1.moved(way);
    }
}

/// What has no ranges.
macro_rules! unmoved {
    ($($type:ty),*) => {
        $(impl Moved for $type {
            fn moved(&mut self, _: Way<'_>) {}
        })*
    };
}

unmoved!(bool, usize, String, &'static str);
unmoved!(Arc<Branch>, Condition, Effects, KeyKind, ObjectKind, Persistence, Volatility, WriteKind);

/// A structure, with all of its fields.
macro_rules! moved {
    ($($type:ident { $($field:ident),* })*) => {
        $(impl Moved for $type {
            fn moved(&mut self, way: Way<'_>) {
                let $type { $($field),* } = self;
                $($field.moved(way);)*
            }
        })*
    };
}

/// An enumeration, with all fields of each of its variants.
macro_rules! moved_enum {
    ($type:ident { $($variant:ident $(($($place:ident),*))? $({ $($field:ident),* })?,)* }) => {
        impl Moved for $type {
            fn moved(&mut self, way: Way<'_>) {
                match self {
                    $($type::$variant $(($($place),*))? $({ $($field),* })? => {
                        $($($place.moved(way);)*)?
                        $($($field.moved(way);)*)?
                        let _ = way;
                    })*
                }
            }
        }
    };
}

moved! {
    Act { range, branch, condition, kind }
    AlterTable { kind, table, if_exists, change }
    Column { name, ty, not_null, default, generated, constraints, range }
    ColumnUse { schema, table, name }
    Constraint { name, kind, not_valid, range }
    CreateFunction { procedure, name, or_replace, arguments, parameters, returns, language, volatility, body, effects }
    CreateIndex {
        name, table, unique, concurrently, if_not_exists, only, method, keys, include, nulls_not_distinct, predicate
    }
    CreateTable {
        name, persistence, foreign, if_not_exists, columns, constraints, like, inherits, partition_of, partition_by, of_type
    }
    CreateType { name, kind }
    Drop { kind, names, signatures, on, if_exists, cascade, concurrently }
    Expression { range, text, volatility, uses }
    ForeignKey { columns, table, references, on_delete, on_update }
    FunctionUse { name, arguments }
    IndexKey { column, called, expression, options }
    Like { table, defaults, constraints, indexes, generated, identity, comments }
    Name { text, range }
    PartitionOf { parent, default }
    QualifiedName { schema, name }
    Relation { source, alias, columns, lateral, hidden }
    Scope { with, recursive, from, joins, columns, rows, sorts, functions, types, registered, inner, writes, output, opaque }
    TypeName { range, schema, name, arguments, array, serial, copied }
    With { name, columns, query }
    Rows { query, named, range }
    Write { kind, table, columns, rows }
}

impl Moved for Join {
    fn moved(&mut self, way: Way<'_>) {
        // The two sides are places in a list.
        let Join { left: _, right: _, columns, natural: _, on } = self;
        columns.moved(way);
        on.moved(way);
    }
}

moved_enum!(ActKind {
    CreateSchema { name, if_not_exists },
    CreateTable(table),
    CreateTableAs { name, persistence, if_not_exists, columns, query },
    AlterTable(alter),
    CreateIndex(index),
    Set { name, value, local },
    Vacuum { full, tables },
    Cluster { table },
    Reindex { kind, name, concurrently },
    CreateType(ty),
    AddEnumValue { name, value, if_not_exists, before, after },
    RenameEnumValue { name, from, to },
    AlterDomain { name, change },
    CreateSequence { name, persistence, if_not_exists, owned_by },
    OwnSequence { name, if_exists, owner },
    CreateView { name, materialized, or_replace, if_not_exists, temporary, columns, query, with_data },
    RefreshMaterializedView { name, concurrently },
    CreateFunction(function),
    CreateTrigger { name, table, columns, condition, function, or_replace, constraint },
    CreateCast,
    CreateExtension { name, if_not_exists, schema, cascade },
    CreateOther { kind, name, on },
    Drop(drop),
    Rename { kind, name, on, if_exists, to },
    Move { kind, name, if_exists, schema },
    Comment { kind, name, column, text },
    SetSearchPath { path, local },
    Truncate { tables, cascade },
    LockTable { tables, mode },
    Query(query),
    Write { kind, table, columns, query },
    Transaction,
    Harmless,
    Somewhere(act),
    Opaque { reason, names },
});
moved_enum!(ColumnChange {
    Type { ty, collated, using },
    Default(default),
    NotNull(not_null),
    AddIdentity { always },
    SetIdentity { always },
    DropIdentity { if_exists },
    SetExpression(expression),
    DropExpression { if_exists },
    Storage,
    Harmless,
});
moved_enum!(ConstraintKind {
    Key { kind, columns, include, using_index, nulls_not_distinct },
    ForeignKey(key),
    Check(check),
    Exclude { columns, method },
    NotNull(column),
});
moved_enum!(DomainChange {
    AddConstraint(constraint),
    DropConstraint { name, if_exists },
    RenameConstraint { from, to },
    ValidateConstraint(name),
    SetDefault(default),
    SetNotNull(not_null),
});
moved_enum!(Generated {
    Identity { always },
    Stored(expression),
    Virtual(expression),
});
moved_enum!(Output {
    Column { name, value },
    All,
    Row(relation),
    Inner,
});
moved_enum!(Source {
    Table(name),
    Query(query),
    Columns(columns),
    Parameters(columns),
    Other,
});
moved_enum!(TableChange {
    AddColumn { column, if_not_exists },
    DropColumn { name, if_exists, cascade },
    RenameColumn { from, to },
    AlterColumn { name, change },
    AddConstraint(constraint),
    DropConstraint { name, if_exists, cascade },
    RenameConstraint { from, to },
    ValidateConstraint(name),
    AttachPartition { child, default },
    DetachPartition { child, concurrently },
    Inherit { parent, no },
    Rewrite(what),
    Names(name),
    ClusterOn(name),
    Trigger(name),
    Options,
    Harmless,
});
moved_enum!(TypeKind {
    Enum(values),
    Composite(fields),
    Domain { base, not_null, default, constraints },
    Other,
});
moved_enum!(Value {
    Column(column),
    Cast(ty),
    Other,
});
