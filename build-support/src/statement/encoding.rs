//! What of a statement is written as bytes: all of it, but the part of a block that an act stands in.

use super::*;
use crate::encoding::{Decoder, Encoded, encoded};

impl Encoded for Act {
    fn encode(&self, to: &mut Vec<u8>) {
        let Act { range, branch: _, condition, kind } = self;
        range.encode(to);
        condition.encode(to);
        kind.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let (range, condition) = (Encoded::decode(from)?, Encoded::decode(from)?);
        Some(Act { range, branch: None, condition, kind: Encoded::decode(from)? })
    }
}

encoded!(Statement { range, words, acts });
encoded!(Condition is Always, IfMissing, IfThere, Sometimes);
encoded!(ActKind is
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
    CreateExtension { name, if_not_exists, schema, cascade },
    CreateCast,
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
    Opaque { reason, names }
);
encoded!(AlterTable { kind, table, if_exists, change });
encoded!(DomainChange is
    AddConstraint(constraint),
    DropConstraint { name, if_exists },
    RenameConstraint { from, to },
    ValidateConstraint(name),
    SetDefault(default),
    SetNotNull(not_null)
);
encoded!(WriteKind is Insert, Update, Delete, Merge, Copy);

encoded!(Name { text, range });
encoded!(QualifiedName { schema, name });
encoded!(TypeName { range, schema, name, arguments, array, serial, copied });

encoded!(TableChange is
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
    Harmless
);
encoded!(ColumnChange is
    Type { ty, collated, using },
    Default(default),
    NotNull(not_null),
    AddIdentity { always },
    SetIdentity { always },
    DropIdentity { if_exists },
    SetExpression(expression),
    DropExpression { if_exists },
    Storage,
    Harmless
);

encoded!(CreateTable {
    name,
    persistence,
    foreign,
    if_not_exists,
    columns,
    constraints,
    like,
    inherits,
    partition_of,
    partition_by,
    of_type,
});
encoded!(Persistence is Lasting, Unlogged, Temporary);
encoded!(PartitionOf { parent, default });
encoded!(Like { table, defaults, constraints, indexes, generated, identity, comments });
encoded!(Column { name, ty, not_null, default, generated, constraints, range });
encoded!(Generated is Identity { always }, Stored(expression), Virtual(expression));
encoded!(Constraint { name, kind, not_valid, range });
encoded!(ConstraintKind is
    Key { kind, columns, include, using_index, nulls_not_distinct },
    ForeignKey(key),
    Check(expression),
    Exclude { columns, method },
    NotNull(column)
);
encoded!(KeyKind is Primary, Unique);
encoded!(ForeignKey { columns, table, references, on_delete, on_update });
encoded!(CreateIndex {
    name,
    table,
    unique,
    concurrently,
    if_not_exists,
    only,
    method,
    keys,
    include,
    nulls_not_distinct,
    predicate,
});
encoded!(IndexKey { column, called, expression, options });

encoded!(ObjectKind is
    Schema, Table, ForeignTable, View, MaterializedView, Index, Sequence, Type, Domain, Function, Procedure, Routine,
    Aggregate, Trigger, Extension, Column, Constraint, Other(word)
);
encoded!(Drop { kind, names, signatures, on, if_exists, cascade, concurrently });
encoded!(CreateType { name, kind });
encoded!(TypeKind is Enum(values), Composite(fields), Domain { base, not_null, default, constraints }, Other);
encoded!(CreateFunction {
    procedure,
    name,
    or_replace,
    arguments,
    parameters,
    returns,
    language,
    volatility,
    body,
    effects,
});
encoded!(Effects { alters, script, calls });

encoded!(Scope {
    with,
    recursive,
    from,
    joins,
    columns,
    rows,
    sorts,
    functions,
    types,
    registered,
    inner,
    writes,
    output,
    opaque,
});
encoded!(With { name, columns, query });
encoded!(Write { kind, table, columns, rows });
encoded!(Rows { query, named, range });
encoded!(Relation { source, alias, columns, lateral, hidden });
encoded!(Source is Table(name), Query(query), Columns(names), Parameters(names), Other);
encoded!(Join { left, right, columns, natural, on });
encoded!(ColumnUse { schema, table, name });
encoded!(FunctionUse { name, arguments });
encoded!(Output is Column { name, value }, All, Row(table), Inner);
encoded!(Value is Column(column), Cast(ty), Other);
encoded!(Expression { range, text, volatility, uses });
encoded!(Volatility is Null, Constant, Stable, Volatile, Unknown);
