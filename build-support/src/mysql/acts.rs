//! Deeds in the terms that rules of every dialect have, with the names that the catalog has for tables.

use super::deed::{AlterTable, ChangeKind, Column, Deed, DeedKind};
use super::follow::Follower;
use crate::statement::{
    self, Act, ActKind, Condition, Drop, Name, ObjectKind, Persistence, QualifiedName, Statement, TableChange,
};
use std::ops::Range;

/// Gives a statement as the rules see it; one that says nothing to them has a single act that does nothing.
pub(super) fn statement(deed: &Deed, before: &Follower) -> Statement {
    let mut acts = Vec::new();
    let mut add = |range: &Range<usize>, kind| {
        acts.push(Act { range: range.clone(), branch: None, condition: Condition::Always, kind });
    };
    let words = match &deed.kind {
        DeedKind::CreateTable(create) => {
            add(&deed.range, created(&before.as_known(&create.name), create.temporary, create.if_not_exists));
            "CREATE TABLE"
        }
        DeedKind::AlterTable(alter) => {
            for change in &alter.changes {
                if let Some(kind) = altered(alter, &change.kind, before) {
                    add(&change.range, kind);
                }
            }
            "ALTER TABLE"
        }
        DeedKind::DropTables { names, if_exists, temporary: false } => {
            add(&deed.range, dropped(ObjectKind::Table, names, *if_exists, before));
            "DROP TABLE"
        }
        DeedKind::DropViews { names, if_exists } => {
            add(&deed.range, dropped(ObjectKind::View, names, *if_exists, before));
            "DROP VIEW"
        }
        DeedKind::RenameTables { pairs, if_exists } => {
            for (from, to) in pairs {
                add(&deed.range, renamed(from, to, *if_exists, before));
            }
            "RENAME TABLE"
        }
        DeedKind::CreateView { name, or_replace, if_not_exists, .. } => {
            add(
                &deed.range,
                ActKind::CreateView {
                    name: before.as_known(name),
                    materialized: false,
                    or_replace: *or_replace,
                    if_not_exists: *if_not_exists,
                    temporary: false,
                    columns: Vec::new(),
                    query: statement::Scope::default(),
                    with_data: false,
                },
            );
            "CREATE VIEW"
        }
        DeedKind::Opaque { .. } | DeedKind::Call(_) | DeedKind::Execute(_) | DeedKind::Block(_) => {
            add(&deed.range, ActKind::Opaque { reason: "not followed", names: Vec::new() });
            ""
        }
        _ => "",
    };
    if acts.is_empty() {
        acts.push(Act {
            range: deed.range.clone(),
            branch: None,
            condition: Condition::Always,
            kind: ActKind::Harmless,
        });
    }
    Statement { range: deed.range.clone(), words, acts }
}

fn created(name: &QualifiedName, temporary: bool, if_not_exists: bool) -> ActKind {
    ActKind::CreateTable(Box::new(statement::CreateTable {
        name: name.clone(),
        persistence: if temporary { Persistence::Temporary } else { Persistence::Lasting },
        foreign: false,
        if_not_exists,
        columns: Vec::new(),
        constraints: Vec::new(),
        like: Vec::new(),
        inherits: Vec::new(),
        partition_of: None,
        partition_by: None,
        of_type: None,
    }))
}

fn altered(alter: &AlterTable, kind: &ChangeKind, before: &Follower) -> Option<ActKind> {
    let rename = |from: &Name, to: &Name| TableChange::RenameColumn { from: from.clone(), to: to.clone() };
    let change = match kind {
        ChangeKind::DropColumn { name, if_exists } => TableChange::DropColumn {
            name: before.as_column(&alter.table, name),
            if_exists: *if_exists,
            cascade: false,
        },
        ChangeKind::RenameColumn { from, to, .. } => rename(&before.as_column(&alter.table, from), to),
        ChangeKind::Replace { from, column, .. } if !super::follow::same(&from.text, &column.name.text) => {
            rename(&before.as_column(&alter.table, from), &column.name)
        }
        ChangeKind::Add(column) => {
            TableChange::AddColumn { column: Box::new(added(column)), if_not_exists: column.if_not_exists }
        }
        ChangeKind::Rename(to) => return Some(renamed(&alter.table, to, alter.if_exists, before)),
        _ => return None,
    };
    Some(ActKind::AlterTable(statement::AlterTable {
        kind: ObjectKind::Table,
        table: before.as_known(&alter.table),
        if_exists: alter.if_exists,
        change,
    }))
}

fn added(column: &Column) -> statement::Column {
    statement::Column {
        name: column.name.clone(),
        ty: None,
        not_null: None,
        default: None,
        generated: None,
        constraints: Vec::new(),
        range: column.range.clone(),
    }
}

fn renamed(from: &QualifiedName, to: &QualifiedName, if_exists: bool, before: &Follower) -> ActKind {
    let (name, to) = (before.as_known(from), to.name.clone());
    ActKind::Rename { kind: ObjectKind::Table, name, on: None, if_exists, to }
}

fn dropped(kind: ObjectKind, names: &[QualifiedName], if_exists: bool, before: &Follower) -> ActKind {
    ActKind::Drop(Drop {
        kind,
        names: names.iter().map(|name| before.as_known(name)).collect(),
        signatures: Vec::new(),
        on: None,
        if_exists,
        cascade: false,
        concurrently: false,
    })
}
