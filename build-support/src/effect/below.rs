//! What a statement does to tables below the one that it names, its partitions and children, and to views that go with
//! what it drops. It is shown, and no rule judges it: what a rule says of the table itself is said once.
//!
//! # Source
//! `pg_locks` of PostgreSQL 12, 15 and 18.

use super::{Cause, Effect, Lock, Situation, Work, constraint};
use crate::catalog::{Relation, Simulator, Table};
use crate::sql::{Cursor, Dialect, Script};
use crate::statement::{
    Act, ActKind, AlterTable, ColumnChange, ConstraintKind, Drop, KeyKind, ObjectKind, QualifiedName, Source,
    Statement, TableChange, WriteKind,
};
use std::collections::BTreeSet;

/// Gives the effects of an act besides its own ones, and takes work off tables that have only partitions' rows.
pub(crate) fn below(
    (text, statement): (&str, &Statement),
    act: &Act,
    own: &mut [Effect],
    before: &Situation<'_>,
    simulator: &Simulator,
) -> Vec<Effect> {
    let mut found = Vec::new();
    let add = |found: &mut Vec<Effect>, relation: String, lock, work, cause: &Cause| {
        found.push(Effect { relation, lock, work, cause: cause.clone(), range: act.range.clone() });
    };
    for (key, lock) in reached(act, statement, before) {
        let Some(table) = before.table_at(&key) else { continue };
        let Some(lock) =
            lock.or_else(|| deeper((statement.words, act), table, || is_for_each_row(text, statement, act), before))
        else {
            continue;
        };
        let children = simulator.descendants(&key);
        if children.is_empty() || is_only(text, statement, act) {
            continue;
        }
        let worst = own.iter().filter(|effect| effect.relation == key).max_by_key(|effect| effect.work);
        let (work, cause) = worst.map_or((Work::Nothing, Cause::Definition), |it| (it.work, it.cause.clone()));
        for child in children {
            let keeps_rows = before.table_at(&child).is_none_or(|child| child.partition_by.is_none());
            add(&mut found, child, lock, if keeps_rows { work } else { Work::Nothing }, &cause);
        }
    }
    for effect in own.iter_mut().filter(|effect| effect.work != Work::Nothing) {
        if before.table_at(&effect.relation).is_some_and(|table| table.partition_by.is_some()) {
            effect.work = Work::Nothing;
        }
    }
    for view in cascaded(act, before, simulator) {
        add(&mut found, view, Lock::AccessExclusive, Work::Nothing, &Cause::View);
    }
    found
}

/// Lists the tables whose descendants an act may reach, with the lock where that is known without looking further.
fn reached(act: &Act, statement: &Statement, before: &Situation<'_>) -> Vec<(String, Option<Lock>)> {
    let at = |name: &QualifiedName| before.relation(name).0;
    let strongest = Some(Lock::AccessExclusive);
    match &act.kind {
        ActKind::AlterTable(AlterTable {
            change: TableChange::DetachPartition { child, concurrently: false }, ..
        })
        | ActKind::AlterTable(AlterTable { change: TableChange::AttachPartition { child, .. }, .. }) => {
            vec![(at(child), strongest)]
        }
        ActKind::AlterTable(alter) => vec![(at(&alter.table), None)],
        ActKind::Rename { kind: ObjectKind::Trigger, on: Some(table), .. } if before.version >= 15 => {
            vec![(at(table), None)]
        }
        ActKind::CreateTrigger { table, .. } => vec![(at(table), None)],
        ActKind::CreateIndex(index) if !index.only => vec![(at(&index.table), None)],
        ActKind::Drop(Drop { kind: ObjectKind::Trigger, on: Some(table), .. }) => vec![(at(table), None)],
        ActKind::Drop(Drop { kind: ObjectKind::Index, names, .. }) => {
            names.iter().filter_map(|name| Some((before.owner_of_index(name)?, None))).collect()
        }
        ActKind::Drop(Drop { kind: ObjectKind::Table, names, .. }) => {
            names.iter().map(|name| (at(name), None)).collect()
        }
        ActKind::Truncate { tables, .. } => tables.iter().map(|table| (at(table), strongest)).collect(),
        ActKind::LockTable { tables, mode } => {
            tables.iter().map(|table| (at(table), Some(Lock::named(mode)))).collect()
        }
        ActKind::Write { kind, table, .. } => {
            let is_put_in = matches!(kind, WriteKind::Insert | WriteKind::Copy);
            vec![(at(table), (!is_put_in).then_some(Lock::RowExclusive))]
        }
        ActKind::Query(scope) if is_survey(statement) => {
            let from = scope
                .from
                .iter()
                .filter_map(|one| if let Source::Table(name) = &one.source { Some(name) } else { None });
            from.map(|table| (at(table), None)).collect()
        }
        _ => Vec::new(),
    }
}

/// Gives the lock on what is below a table; `None` where there is none.
fn deeper(
    (words, act): (&str, &Act),
    table: &Table,
    for_each_row: impl Fn() -> bool,
    before: &Situation<'_>,
) -> Option<Lock> {
    let partitioned = table.partition_by.is_some();
    let strongest = Some(Lock::AccessExclusive);
    let indexed = || match (before.version, partitioned) {
        (18.., _) => strongest,
        (_, true) => Some(Lock::Share),
        (_, false) => None,
    };
    match &act.kind {
        ActKind::AlterTable(alter) => match &alter.change {
            TableChange::AddColumn { .. } | TableChange::DropColumn { .. } | TableChange::RenameColumn { .. } => {
                strongest
            }
            TableChange::AlterColumn { name, change } => match change {
                ColumnChange::Type { .. }
                | ColumnChange::NotNull(true)
                | ColumnChange::Default(_)
                | ColumnChange::Storage
                | ColumnChange::SetExpression(_)
                | ColumnChange::DropExpression { .. } => strongest,
                ColumnChange::NotNull(false) => {
                    let is_there = table.columns.iter().any(|column| column.name == name.text && column.not_null);
                    (before.version < 18 || is_there).then_some(Lock::AccessExclusive)
                }
                ColumnChange::AddIdentity { .. }
                | ColumnChange::SetIdentity { .. }
                | ColumnChange::DropIdentity { .. } => {
                    (partitioned && before.version >= 17).then_some(Lock::AccessExclusive)
                }
                ColumnChange::Harmless => Some(Lock::ShareUpdateExclusive),
            },
            TableChange::AddConstraint(added) => match &added.kind {
                ConstraintKind::Check(_) | ConstraintKind::NotNull(_) => strongest,
                ConstraintKind::ForeignKey(_) => {
                    (partitioned || before.version >= 18).then_some(Lock::ShareRowExclusive)
                }
                ConstraintKind::Key { kind: KeyKind::Primary, columns, .. }
                    if columns.iter().any(|column| !constraint::never_null(table, &column.text)) =>
                {
                    strongest
                }
                ConstraintKind::Key { using_index: None, .. } | ConstraintKind::Exclude { .. } => indexed(),
                ConstraintKind::Key { .. } => None,
            },
            TableChange::DropConstraint { name, .. } => {
                (partitioned || table.checks.contains_key(&name.text)).then_some(Lock::AccessExclusive)
            }
            TableChange::RenameConstraint { from, .. } => {
                table.checks.contains_key(&from.text).then_some(Lock::AccessExclusive)
            }
            TableChange::ValidateConstraint(name) => {
                let waits = table.checks.get(&name.text).is_some_and(|check| !check.validated);
                waits.then_some(Lock::ShareUpdateExclusive)
            }
            TableChange::Trigger(_) => partitioned.then_some(Lock::ShareRowExclusive),
            _ => None,
        },
        ActKind::CreateTrigger { .. } => (partitioned && for_each_row()).then_some(Lock::ShareRowExclusive),
        ActKind::Rename { name, .. } => {
            let is_below = partitioned && table.triggers.contains_key(&name.name.text);
            is_below.then_some(Lock::AccessExclusive)
        }
        ActKind::CreateIndex(_) => partitioned.then_some(Lock::Share),
        ActKind::Drop(Drop { kind: ObjectKind::Table, cascade, .. }) => {
            (partitioned || *cascade).then_some(Lock::AccessExclusive)
        }
        ActKind::Drop(_) => partitioned.then_some(Lock::AccessExclusive),
        ActKind::Write { .. } => partitioned.then_some(Lock::RowExclusive),
        // A publication takes a partitioned table as a whole, and children one by one; for statistics it was the other way.
        ActKind::Query(_) => {
            let is_survey = words == "ANALYZE";
            let reaches = if is_survey { partitioned || before.version >= 18 } else { !partitioned };
            reaches.then_some(Lock::ShareUpdateExclusive)
        }
        _ => None,
    }
}

/// Tells whether a statement looks at tables and keeps their shape meanwhile: `ANALYZE`, a publication.
pub(super) fn is_survey(statement: &Statement) -> bool {
    matches!(statement.words, "ANALYZE" | "CREATE PUBLICATION" | "ALTER PUBLICATION")
}

/// Lists the views that are dropped together with what an act drops.
fn cascaded(act: &Act, before: &Situation<'_>, simulator: &Simulator) -> Vec<String> {
    let mut views: BTreeSet<String> = BTreeSet::new();
    let mut readers = |relation: &str, column: Option<&str>| views.extend(simulator.readers(relation, column));
    match &act.kind {
        ActKind::Drop(Drop {
            kind: ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView,
            names,
            cascade: true,
            ..
        }) => {
            for name in names {
                let key = before.relation(name).0;
                readers(&key, None);
                simulator.descendants(&key).iter().for_each(|child| readers(child, None));
            }
        }
        ActKind::Drop(Drop { kind: ObjectKind::Schema, names, cascade: true, .. }) => {
            for name in names {
                let schema = &name.name.text;
                for relation in before.catalog.schemas.get(schema).into_iter().flat_map(|it| it.relations.keys()) {
                    let key = format!("{schema}.{relation}");
                    if matches!(before.at(&key), Some(Relation::View(_))) {
                        views.insert(key.clone());
                    }
                    views.extend(simulator.readers(&key, None));
                }
            }
        }
        ActKind::AlterTable(AlterTable {
            table, change: TableChange::DropColumn { name, cascade: true, .. }, ..
        }) => readers(&before.relation(table).0, Some(&name.text)),
        ActKind::Drop(Drop { kind: ObjectKind::Type | ObjectKind::Domain, names, cascade: true, .. }) => {
            for name in names {
                let Some((dropped, _)) = before.own_type(name.schema.as_ref(), &name.name.text) else { continue };
                for user in simulator.users_of_type(&dropped) {
                    let Some(table) = before.table_at(&user) else { continue };
                    for column in table.columns.iter().filter(|column| column.own_type.as_ref() == Some(&dropped)) {
                        readers(&user, Some(&column.name));
                    }
                }
            }
        }
        _ => {}
    }
    views.into_iter().collect()
}

/// Tells whether a statement says that what is below its table is left alone.
fn is_only(text: &str, statement: &Statement, act: &Act) -> bool {
    said(text, statement, act, |cursor| cursor.find(&["ONLY"]))
}

fn is_for_each_row(text: &str, statement: &Statement, act: &Act) -> bool {
    said(text, statement, act, |cursor| {
        cursor.find(&["FOR"]) && {
            cursor.eat(&["EACH"]);
            cursor.eat(&["ROW"])
        }
    })
}

/// Asks the words of a statement: its own, or those of the part of a block that the act stands in.
fn said(text: &str, statement: &Statement, act: &Act, ask: impl Fn(&mut Cursor<'_>) -> bool) -> bool {
    let range = if statement.words == "DO" { &act.range } else { &statement.range };
    let Some(script) = text.get(range.clone()).and_then(|text| Script::parse(text, Dialect::Postgres).ok()) else {
        return false;
    };
    script.statements().first().is_some_and(|first| ask(&mut Cursor::new(&script, first)))
}
