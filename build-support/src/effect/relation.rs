//! Relations as a whole: made, indexed, dropped, renamed, emptied, rebuilt.

use super::situation::Situation;
use super::{Cause, Effects, Lock, Work, partition};
use crate::catalog::{Catalog, Index, IndexPart, Relation, Table};
use crate::statement::{
    ActKind, Constraint, ConstraintKind, CreateIndex, CreateTable, Drop, ObjectKind, QualifiedName, Scope, Source,
};

/// Gives the effects of `CREATE TABLE` on the tables that it names.
pub(crate) fn created(table: &CreateTable, before: &Situation<'_>, found: &mut Effects) {
    let inline = table.columns.iter().flat_map(|column| &column.constraints);
    for Constraint { kind, .. } in inline.chain(&table.constraints) {
        if let ConstraintKind::ForeignKey(foreign) = kind {
            found.lock(&before.relation(&foreign.table).0, Lock::ShareRowExclusive);
        }
    }
    for parent in &table.inherits {
        found.lock(&before.relation(parent).0, Lock::ShareUpdateExclusive);
    }
    if let Some(of) = &table.partition_of {
        let (key, parent) = before.table(&of.parent);
        found.lock(&key, Lock::AccessExclusive);
        if !of.default {
            partition::beside(&key, parent.and_then(|parent| parent.partition_by.as_deref()), before, found);
        }
    }
}

/// Gives the effects of `CREATE INDEX`.
pub(crate) fn indexed(index: &CreateIndex, before: &Situation<'_>, found: &mut Effects) {
    let (key, relation) = before.relation(&index.table);
    let partitioned = matches!(relation, Some(Relation::Table(table)) if table.partition_by.is_some());
    let lock = if index.concurrently { Lock::ShareUpdateExclusive } else { Lock::Share };
    match index.if_not_exists && index.name.as_ref().is_some_and(|name| is_there(&key, &name.text, before.catalog)) {
        true => found.lock(&key, lock),
        false if index.only && partitioned => found.lock(&key, lock),
        false if partitioned && partitions_have(&key, index, before) => found.lock(&key, lock),
        false => found.add(&key, lock, Work::Build, Cause::Index),
    }
}

/// Tells whether each partition has an index of its own that an index of the whole would be made of.
fn partitions_have(key: &str, wanted: &CreateIndex, before: &Situation<'_>) -> bool {
    let same = |index: &Index| {
        let part = |part: &IndexPart| match part {
            IndexPart::Column(name) => name.clone(),
            IndexPart::Expression(expression) => expression.text.clone(),
        };
        let keys = wanted.keys.iter().map(|key| key.column.as_ref().map_or(&key.expression.text, |name| &name.text));
        index.unique == wanted.unique
            && index.method == wanted.method
            && index
                .keys
                .iter()
                .map(|key| (part(&key.part), key.options.as_str()))
                .eq(keys.cloned().zip(wanted.keys.iter().map(|key| key.options.as_str())))
            && index.include.iter().eq(wanted.include.iter().map(|name| &name.text))
            && index.predicate.as_ref().map(|it| &it.text) == wanted.predicate.as_ref().map(|it| &it.text)
    };
    let partitions = before.tables(|_, table| table.partition_of.as_deref() == Some(key));
    !partitions.is_empty() && partitions.iter().all(|(_, table)| table.indexes.values().any(same))
}

/// Tells whether a relation of this name is in the schema of another.
fn is_there(beside: &str, name: &str, catalog: &Catalog) -> bool {
    let schema = beside.split_once('.').and_then(|(schema, _)| catalog.schemas.get(schema));
    schema.is_some_and(|schema| schema.relations.contains_key(name) && !schema.doubtful.contains(name))
}

/// Gives the effects of `DROP`.
pub(crate) fn dropped(drop: &Drop, before: &Situation<'_>, found: &mut Effects) {
    let strongest = Lock::AccessExclusive;
    if let Some(on) = &drop.on {
        found.lock(&before.relation(on).0, strongest);
        return;
    }
    for name in &drop.names {
        let absent = || drop.if_exists && !before.catalog.opaque && before.relation(name).1.is_none();
        match drop.kind {
            ObjectKind::Index => {
                let lock = if drop.concurrently { Lock::ShareUpdateExclusive } else { strongest };
                before.owner_of_index(name).into_iter().for_each(|owner| found.lock(&owner, lock));
            }
            ObjectKind::Table | ObjectKind::ForeignTable if !absent() => {
                let (key, table) = before.table(name);
                found.lock(&key, strongest);
                table.into_iter().for_each(|table| beside_dropped(&key, table, drop.cascade, before, found));
            }
            ObjectKind::View if !absent() => view(name, before, found),
            ObjectKind::MaterializedView if !absent() => found.lock(&before.relation(name).0, strongest),
            ObjectKind::Schema if drop.cascade => {
                let prefix = format!("{}.", name.name.text);
                for (key, table) in before.tables(|_, _| true).into_iter().filter(|(key, _)| key.starts_with(&prefix)) {
                    found.lock(&key, strongest);
                    beside_dropped(&key, table, true, before, found);
                }
            }
            ObjectKind::Type | ObjectKind::Domain if drop.cascade => {
                let Some((dropped, _)) = before.own_type(name.schema.as_ref(), &name.name.text) else { continue };
                let of_it =
                    |_: &str, table: &Table| table.columns.iter().any(|it| it.own_type.as_ref() == Some(&dropped));
                for (key, _) in before.tables(of_it) {
                    found.lock(&key, strongest);
                }
            }
            ObjectKind::Function | ObjectKind::Routine if drop.cascade => {
                let named = |function: &String| function.rsplit('.').next() == Some(name.name.text.as_str());
                let fires =
                    |_: &str, table: &Table| table.triggers.values().any(|it| it.function.as_ref().is_some_and(named));
                for (key, _) in before.tables(fires) {
                    found.lock(&key, strongest);
                }
            }
            _ => {}
        }
    }
}

/// Locks what loses something with a table: the other ends of its foreign keys, its parent.
fn beside_dropped(key: &str, table: &Table, cascade: bool, before: &Situation<'_>, found: &mut Effects) {
    for reference in table.references.values() {
        found.lock(&reference.table, Lock::AccessExclusive);
    }
    table.partition_of.iter().for_each(|parent| found.lock(parent, Lock::AccessExclusive));
    if cascade {
        let to_it = |_: &str, table: &Table| table.references.values().any(|reference| reference.table == key);
        for (other, _) in before.tables(to_it).into_iter().filter(|(other, _)| other != key) {
            found.lock(&other, Lock::AccessExclusive);
        }
    }
}

/// Gives the effects of a query: which tables it changes rows of.
pub(crate) fn rows(scope: &Scope, before: &Situation<'_>, found: &mut Effects) {
    for write in &scope.writes {
        let (key, _) = before.relation(&write.table);
        found.add(&key, Lock::RowExclusive, Work::Nothing, Cause::Rows);
    }
    let from = scope.from.iter().filter_map(|relation| match &relation.source {
        Source::Query(query) => Some(query.as_ref()),
        _ => None,
    });
    let with = scope.with.iter().map(|with| &with.query);
    from.chain(with).chain(&scope.inner).for_each(|inner| rows(inner, before, found));
}

/// Gives the effects of a look at tables, which keep their shape meanwhile.
pub(crate) fn surveyed(scope: &Scope, before: &Situation<'_>, found: &mut Effects) {
    for relation in &scope.from {
        if let Source::Table(name) = &relation.source {
            found.lock(&before.relation(name).0, Lock::ShareUpdateExclusive);
        }
    }
}

/// Gives the effects of `ANALYZE` of everything.
pub(crate) fn all_surveyed(before: &Situation<'_>, found: &mut Effects) {
    for (key, _) in before.tables(|_, table| !table.foreign) {
        found.lock(&key, Lock::ShareUpdateExclusive);
    }
}

/// Gives the effects of everything that isn't told apart further.
pub(crate) fn others(kind: &ActKind, before: &Situation<'_>, found: &mut Effects) {
    let at = |name: &QualifiedName| before.relation(name).0;
    let strongest = Lock::AccessExclusive;
    match kind {
        ActKind::Rename { kind: ObjectKind::Index, name, .. } => found.lock(&at(name), Lock::ShareUpdateExclusive),
        ActKind::Comment { kind, name, .. }
            if is_relation(*kind) || matches!(kind, ObjectKind::Column | ObjectKind::Index) =>
        {
            found.lock(&at(name), Lock::ShareUpdateExclusive);
        }
        ActKind::Rename { name, on: None, .. } | ActKind::Move { name, .. } if is_view(name, before) => {
            view(name, before, found);
        }
        ActKind::Rename { kind, name, on, .. } if is_relation(*kind) || on.is_some() => {
            found.lock(&at(on.as_ref().unwrap_or(name)), strongest);
        }
        ActKind::Move { kind, name, .. } if is_relation(*kind) => found.lock(&at(name), strongest),
        ActKind::CreateView { name, or_replace: true, .. } if before.relation(name).1.is_some() => {
            view(name, before, found);
        }
        ActKind::CreateTrigger { table, .. } => found.lock(&at(table), Lock::ShareRowExclusive),
        ActKind::CreateOther { kind: ObjectKind::Other("statistics"), on: Some(table), .. } => {
            found.lock(&at(table), Lock::ShareUpdateExclusive);
        }
        ActKind::CreateOther { on: Some(table), .. } => found.lock(&at(table), strongest),
        ActKind::Reindex { kind, name: Some(name), concurrently } => {
            let lock = if *concurrently { Lock::ShareUpdateExclusive } else { Lock::Share };
            let owner = match kind {
                ObjectKind::Index => before.owner_of_index(name),
                ObjectKind::Table => Some(at(name)),
                _ => None,
            };
            owner.into_iter().for_each(|owner| found.add(&owner, lock, Work::Build, Cause::Reindex));
        }
        ActKind::Cluster { table: Some(table) } => found.add(&at(table), strongest, Work::Rewrite, Cause::Cluster),
        ActKind::Vacuum { full, tables } => {
            for table in tables {
                let (lock, work) = match full {
                    true => (strongest, Work::Rewrite),
                    false => (Lock::ShareUpdateExclusive, Work::Scan),
                };
                found.add(&at(table), lock, work, Cause::Vacuum);
            }
        }
        ActKind::RefreshMaterializedView { name, concurrently } => {
            let (lock, work) = match concurrently {
                true => (Lock::Exclusive, Work::Scan),
                false => (strongest, Work::Rewrite),
            };
            found.add(&at(name), lock, work, Cause::Refresh);
        }
        ActKind::Truncate { tables, cascade } => truncated(tables, *cascade, before, found),
        ActKind::LockTable { tables, mode } => {
            for table in tables {
                found.add(&at(table), Lock::named(mode), Work::Nothing, Cause::Asked);
            }
        }
        _ => {}
    }
}

fn is_view(name: &QualifiedName, before: &Situation<'_>) -> bool {
    matches!(before.relation(name).1, Some(Relation::View(view)) if !view.materialized)
}

fn view(name: &QualifiedName, before: &Situation<'_>, found: &mut Effects) {
    found.add(&before.relation(name).0, Lock::AccessExclusive, Work::Nothing, Cause::View);
}

fn is_relation(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView)
}

fn truncated(tables: &[QualifiedName], cascade: bool, before: &Situation<'_>, found: &mut Effects) {
    let mut emptied: Vec<String> = tables.iter().map(|table| before.relation(table).0).collect();
    let mut at = 0;
    while cascade && at < emptied.len() {
        let to_it = |_: &str, table: &Table| table.references.values().any(|reference| reference.table == emptied[at]);
        for (key, _) in before.tables(to_it) {
            if !emptied.contains(&key) {
                emptied.push(key);
            }
        }
        at += 1;
    }
    for key in emptied {
        // The indexes are empty afterwards, and yet they are built.
        let indexed = before.table_at(&key).is_none_or(|table| !table.indexes.is_empty());
        let work = if indexed { Work::Build } else { Work::Nothing };
        found.add(&key, Lock::AccessExclusive, work, Cause::Truncate);
    }
}
