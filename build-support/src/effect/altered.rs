//! `ALTER TABLE`: one change of one relation.

use super::retyped::{Retyping, retyping};
use super::situation::{Situation, column};
use super::{Cause, Effects, Lock, Work, added, constraint, partition, proof};
use crate::catalog::{Column, Default, Index, IndexPart, Relation, Table};
use crate::statement::{Act, ActKind, AlterTable, ColumnChange, Name, ObjectKind, Statement, TableChange};

/// Gives the effects of one change.
pub(crate) fn effects(statement: &Statement, alter: &AlterTable, before: &Situation<'_>, found: &mut Effects) {
    let (key, relation) = before.relation(&alter.table);
    if relation.is_none() && alter.if_exists && !before.catalog.opaque {
        return;
    }
    let table = match relation {
        Some(Relation::Table(table)) => Some(table.as_ref()),
        _ => None,
    };
    let strongest = Lock::AccessExclusive;
    match &alter.change {
        TableChange::AddColumn { column, if_not_exists } if *if_not_exists && added::is_there(table, column) => {
            found.lock(&key, strongest);
        }
        TableChange::AddColumn { column, .. } => added::effects(statement, column, &key, table, before, found),
        TableChange::AddConstraint(constraint) => constraint::added(constraint, &key, table, before, found),
        TableChange::ValidateConstraint(name) => constraint::validated(name, &key, table, found),
        TableChange::AlterColumn { name, change } => altered(statement, name, change, &key, table, before, found),
        TableChange::AttachPartition { child, default } => {
            partition::attached(&key, table, child, *default, before, found);
        }
        TableChange::DetachPartition { child, concurrently } => {
            partition::detached(&key, child, *concurrently, before, found);
        }
        TableChange::DropColumn { name, .. } => {
            found.lock(&key, strongest);
            table.into_iter().for_each(|table| other_ends(table, |columns| columns.contains(&name.text), found));
        }
        TableChange::DropConstraint { name, .. } => {
            found.lock(&key, strongest);
            let other = table.and_then(|table| table.references.get(&name.text));
            other.into_iter().for_each(|other| found.lock(&other.table, strongest));
        }
        TableChange::Inherit { parent, no } => {
            found.lock(&key, strongest);
            let lock = if *no { Lock::AccessShare } else { Lock::ShareUpdateExclusive };
            found.lock(&before.relation(parent).0, lock);
        }
        TableChange::Rewrite(words) => {
            let stays = match *words {
                "SET LOGGED" => table.is_some_and(|table| !table.unlogged),
                "SET UNLOGGED" => table.is_some_and(|table| table.unlogged),
                _ => false,
            };
            let (work, cause) = match stays {
                true => (Work::Nothing, Cause::Definition),
                false => (Work::Rewrite, Cause::Storage(words)),
            };
            found.add(&key, strongest, work, cause);
        }
        TableChange::RenameColumn { .. } | TableChange::RenameConstraint { .. } => found.lock(&key, strongest),
        TableChange::Trigger(_) => found.lock(&key, Lock::ShareRowExclusive),
        TableChange::ClusterOn(_) => found.lock(&key, Lock::ShareUpdateExclusive),
        TableChange::Options if alter.kind != ObjectKind::View => found.lock(&key, Lock::ShareUpdateExclusive),
        TableChange::Names(_) | TableChange::Options | TableChange::Harmless => found.lock(&key, strongest),
    }
    if !added::has_rows(relation) {
        found.keep_locks_only();
    }
}

fn altered(
    statement: &Statement,
    name: &Name,
    change: &ColumnChange,
    key: &str,
    table: Option<&Table>,
    before: &Situation<'_>,
    found: &mut Effects,
) {
    let column = table.and_then(|table| column(table, &name.text));
    match change {
        ColumnChange::Type { ty, collated, using } => {
            found.lock(key, Lock::AccessExclusive);
            let (Some(table), Some(column)) = (table, column) else { return };
            if let Some(retyping) = retyping(column, ty, using.as_ref(), before) {
                let sorted = if *collated { Retyping::Indexes } else { Retyping::Free };
                retyped(retyping.and(sorted), column, key, table, before, found);
            }
        }
        ColumnChange::NotNull(true) => {
            let proven = table.is_some_and(|table| {
                column.is_some_and(|column| column.not_null)
                    || proof::not_null(table, &name.text, |check| drops(statement, check))
            });
            let (work, cause) = match proven {
                true => (Work::Nothing, Cause::Definition),
                false => (Work::Scan, Cause::NotNull),
            };
            found.add(key, Lock::AccessExclusive, work, cause);
        }
        ColumnChange::SetExpression(_) => {
            let computed = column.is_some_and(|it| matches!(it.default, Default::Generated { stored: false, .. }));
            let work = if computed { Work::Nothing } else { Work::Rewrite };
            found.add(key, Lock::AccessExclusive, work, Cause::Expression);
        }
        ColumnChange::Harmless => found.lock(key, Lock::ShareUpdateExclusive),
        ColumnChange::NotNull(false)
        | ColumnChange::Default(_)
        | ColumnChange::Storage
        | ColumnChange::AddIdentity { .. }
        | ColumnChange::SetIdentity { .. }
        | ColumnChange::DropIdentity { .. }
        | ColumnChange::DropExpression { .. } => found.lock(key, Lock::AccessExclusive),
    }
}

/// Tells whether the same statement drops a constraint; the server does that first.
fn drops(statement: &Statement, constraint: &str) -> bool {
    let drops = |act: &Act| match &act.kind {
        ActKind::AlterTable(AlterTable { change: TableChange::DropConstraint { name, .. }, .. }) => {
            name.text == constraint
        }
        _ => false,
    };
    statement.acts.iter().any(drops)
}

fn retyped(retyping: Retyping, column: &Column, key: &str, table: &Table, before: &Situation<'_>, found: &mut Effects) {
    let strongest = Lock::AccessExclusive;
    let names = |columns: &[String]| columns.contains(&column.name);
    if retyping == Retyping::Rewrite {
        found.add(key, strongest, Work::Rewrite, Cause::Type);
    } else {
        let indexes = table.indexes.iter().filter(|(_, index)| rebuilt(index, &column.name, retyping));
        let indexes: Vec<String> = indexes.map(|(name, _)| name.clone()).collect();
        if !indexes.is_empty() {
            found.add(key, strongest, Work::Build, Cause::TypeIndexes(indexes));
        }
        let checks = table.checks.iter().filter(|(_, check)| check.validated && names(&check.expression.columns));
        let checks: Vec<String> = checks.map(|(name, _)| name.clone()).collect();
        if !checks.is_empty() {
            found.add(key, strongest, Work::Scan, Cause::TypeChecks(checks));
        }
    }
    let verified = |references: Vec<String>| match retyping {
        Retyping::Rewrite if !references.is_empty() => (Work::ForeignKeyScan, Cause::TypeReferences(references)),
        _ => (Work::Nothing, Cause::Definition),
    };
    let own = table.references.iter().filter(|(_, reference)| names(&reference.columns));
    let own: Vec<String> = own.filter(|(_, it)| it.validated).map(|(name, _)| name.clone()).collect();
    if !own.is_empty() {
        let (work, cause) = verified(own);
        found.add(key, strongest, work, cause);
    }
    other_ends(table, names, found);
    let is_key = table.keys.values().any(|it| names(&it.columns)) || table.indexes.values().any(|it| it.unique);
    let refers = |_: &str, owner: &Table| owner.references.values().any(|it| it.table == key && names(&it.references));
    let others = if is_key { before.tables(refers) } else { Vec::new() };
    for (other, owner) in others.into_iter().filter(|(other, _)| other != key) {
        let to_here = owner.references.iter().filter(|(_, it)| it.table == key && names(&it.references));
        let to_here: Vec<String> = to_here.map(|(name, _)| name.clone()).collect();
        let (work, cause) = verified(to_here);
        found.add(&other, strongest, work, cause);
    }
}

/// Tells whether an index is built anew where the rows stay.
fn rebuilt(index: &Index, column: &str, retyping: Retyping) -> bool {
    let computed = |expression: &crate::catalog::Expression| expression.columns.iter().any(|used| used == column);
    index.predicate.as_ref().is_some_and(computed)
        || index.keys.iter().any(|key| match &key.part {
            IndexPart::Column(name) => retyping == Retyping::Indexes && name == column,
            IndexPart::Expression(expression) => computed(expression),
        })
        // One expression in it, and the server compares none of its columns.
        || index.keys.iter().any(|key| matches!(key.part, IndexPart::Expression(_)))
            && index.keys.iter().any(|key| matches!(&key.part, IndexPart::Column(name) if name == column))
}

/// Locks the tables that foreign keys over some columns refer to.
fn other_ends(table: &Table, over: impl Fn(&[String]) -> bool, found: &mut Effects) {
    for reference in table.references.values().filter(|reference| over(&reference.columns)) {
        found.lock(&reference.table, Lock::AccessExclusive);
    }
}
