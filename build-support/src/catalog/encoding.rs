//! What of a relation, and of what differs, is written as bytes: all of it.

use super::difference::{Change, Object, What};
use super::state::*;
use super::{Aspect, Id, Kind, Site};
use crate::encoding::encoded;

encoded!(Id { schema, name });
encoded!(Site { script, range });

encoded!(Relation is Table(table), View(view), Sequence(sequence), Index(table), Opaque);
encoded!(Table {
    columns,
    keys,
    references,
    checks,
    indexes,
    triggers,
    exclusions,
    not_nulls,
    unlogged,
    temporary,
    foreign,
    partition_by,
    partition_key,
    partition_of,
    bounds,
    inherits,
    of_type,
    comment,
    opaque,
});
encoded!(Column { name, ty, own_type, not_null, default, comment, inherited, local, doubtful });
encoded!(Expression { text, columns, functions, types });
encoded!(Default is
    None,
    Expression(expression),
    Sequence(sequence),
    Identity { always },
    Generated { expression, stored }
);
encoded!(Key { kind, columns, deferral, inherited });
encoded!(KeyKind is Primary, Unique);
encoded!(Reference { columns, table, references, on_delete, on_update, deferral, validated, inherited });
encoded!(Check { expression, proves_not_null, validated, inherited });
encoded!(Index { unique, method, keys, include, predicate, nulls_not_distinct, part_of, valid, comment });
encoded!(IndexKey { part, called, options });
encoded!(IndexPart is Column(column), Expression(expression));
encoded!(View { materialized, columns, text, reads, reads_columns, functions, opaque, indexes, comment });
encoded!(Sequence { owned_by, identity, options, comment });
encoded!(Trigger { function, columns, event, action, inherited });

encoded!(Change { object, what });
encoded!(Object { kind, of, name });
encoded!(Kind is
    Schema, Extension, Type, Value, Attribute, Table, View, MaterializedView, Sequence, Column, PrimaryKey, Unique,
    ForeignKey, Check, Exclusion, Index, Trigger, Function
);
encoded!(What is Added, Dropped, Renamed { to }, Changed { aspect, before, after });
encoded!(Aspect is Type, Nullability, Default, Definition, Columns, Order, Comment, Validity, Nature, Owner);
