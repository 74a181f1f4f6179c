//! What a statement does to a running MySQL or MariaDB, by the catalog before it.
//!
//! What isn't known (a type, a character set) is taken for harmless.
//!
//! # Source
//! MySQL's manual, "Online DDL Operations"; MariaDB 10.11's answers to `ALGORITHM=INPLACE, LOCK=NONE`.

use super::deed::{AlterTable, Change, ChangeKind, Column, Deed, DeedKind, Key, KeyKind, Online, Part};
use super::follow::{Follower, same};
use super::retyped::copies;
use super::server::Server;
use crate::catalog::Table;
use crate::effect::{Cause, Effect, Lock, Work};
use crate::statement::QualifiedName;
use std::ops::Range;

/// Gives what a statement does to tables that are there.
pub(super) fn effects(deed: &Deed, before: &Follower) -> Vec<Effect> {
    let mut found = Found { effects: Vec::new() };
    match &deed.kind {
        DeedKind::AlterTable(alter) => altered(alter, deed, before, &mut found),
        DeedKind::CreateIndex { table, key, online, .. } => {
            if let Some((relation, known)) = before.known(table) {
                index(&relation, known, key, online, deed.range.clone(), &mut found);
                unstated(&relation, online, "ALGORITHM=INPLACE LOCK=NONE", deed.range.clone(), &mut found);
            }
        }
        DeedKind::DropTables { names, .. } => {
            for name in names {
                found.definition(before, name, deed.range.clone());
            }
        }
        DeedKind::RenameTables { pairs, .. } => {
            for (from, _) in pairs {
                found.definition(before, from, deed.range.clone());
            }
        }
        DeedKind::Truncate(table) | DeedKind::DropIndex { table, .. } | DeedKind::CreateTrigger { table } => {
            found.definition(before, table, deed.range.clone());
        }
        DeedKind::Rows(scope) => {
            for write in &scope.writes {
                if let Some((relation, _)) = before.known(&write.table) {
                    found.add(&relation, Lock::RowExclusive, Work::Nothing, Cause::Rows, deed.range.clone());
                }
            }
        }
        _ => {}
    }
    found.effects
}

struct Found {
    effects: Vec<Effect>,
}

impl Found {
    fn add(&mut self, relation: &str, lock: Lock, work: Work, cause: Cause, range: Range<usize>) {
        self.effects.push(Effect { relation: relation.to_owned(), lock, work, cause, range });
    }

    /// Adds a change of the definition alone, for which everybody else waits a moment.
    fn definition(&mut self, before: &Follower, table: &QualifiedName, range: Range<usize>) {
        if let Some((relation, _)) = before.known(table) {
            self.add(&relation, Lock::AccessExclusive, Work::Nothing, Cause::Definition, range);
        }
    }
}

/// Tells whether the author has asked to be refused rather than to keep others waiting.
fn asks_not_to_block(online: &Online) -> bool {
    let is = |asked: &Option<String>, words: &[&str]| asked.as_deref().is_some_and(|asked| words.contains(&asked));
    is(&online.lock, &["NONE"]) || is(&online.algorithm, &["INSTANT", "NOCOPY", "INPLACE"])
}

fn altered(alter: &AlterTable, deed: &Deed, before: &Follower, found: &mut Found) {
    let Some((relation, table)) = before.known(&alter.table) else { return };
    let server = before.server();
    let blocks = !asks_not_to_block(&alter.online);
    let range = deed.range.clone();
    if blocks && matches!(alter.online.algorithm.as_deref(), Some("COPY")) {
        found.add(&relation, Lock::Share, Work::Rewrite, Cause::Copy("`ALGORITHM=COPY` asks for it"), range.clone());
    }
    let adds_primary = alter.changes.iter().any(|change| is_primary(&change.kind));
    for change in &alter.changes {
        let Change { range, kind } = change;
        let mut copy = |reason| {
            if blocks {
                found.add(&relation, Lock::Share, Work::Rewrite, Cause::Copy(reason), range.clone());
            }
        };
        match kind {
            ChangeKind::Convert(charset) if !before.is_of_charset(&relation, charset) => {
                copy("every text is written in another character set");
            }
            ChangeKind::DropPrimary { .. } if !adds_primary => copy("a primary key is dropped, and no other one made"),
            ChangeKind::Replace { from, column, .. } => {
                let known = table.columns.iter().find(|known| same(&known.name, &from.text));
                if let Some(reason) = known.and_then(|known| copies(known, column, server)) {
                    copy(reason);
                }
            }
            ChangeKind::Add(column) => added(&relation, column, server, blocks, range, found),
            ChangeKind::AddPart(Part::Key(key)) => index(&relation, table, key, &alter.online, range.clone(), found),
            ChangeKind::AddPart(Part::Reference(_)) if before.checks_references() && blocks => {
                found.add(&relation, Lock::Share, Work::Rewrite, Cause::ForeignKey, range.clone());
            }
            _ => {}
        }
    }
    if alter.changes.iter().any(|change| is_online(&change.kind)) {
        unstated(&relation, &alter.online, ", ALGORITHM=INPLACE, LOCK=NONE", range.clone(), found);
    }
    found.add(&relation, Lock::AccessExclusive, Work::Nothing, Cause::Definition, range);
}

/// Tells whether a change is one that servers make while others write, and otherwise copy the table for.
fn is_online(kind: &ChangeKind) -> bool {
    match kind {
        ChangeKind::Add(_) | ChangeKind::DropColumn { .. } | ChangeKind::Replace { .. } => true,
        ChangeKind::AddPart(part) => matches!(part, Part::Key(_)),
        _ => false,
    }
}

/// Adds that nothing was said of how it is to be done, where that is not known to be a copy anyway.
fn unstated(relation: &str, online: &Online, words: &'static str, range: Range<usize>, found: &mut Found) {
    let known = |effect: &Effect| effect.relation == relation && effect.work != Work::Nothing;
    if online.algorithm.is_none() && online.lock.is_none() && !found.effects.iter().any(known) {
        found.add(relation, Lock::AccessShare, Work::Nothing, Cause::Unstated(words), range);
    }
}

fn is_primary(kind: &ChangeKind) -> bool {
    let is = |part: &Part| matches!(part, Part::Key(key) if key.kind == KeyKind::Primary);
    match kind {
        ChangeKind::AddPart(part) => is(part),
        ChangeKind::Add(column) => column.parts.iter().any(is),
        ChangeKind::Replace { column, .. } => column.parts.iter().any(is),
        _ => false,
    }
}

fn added(relation: &str, column: &Column, server: Server, blocks: bool, range: &Range<usize>, found: &mut Found) {
    if blocks && matches!(column.generated, Some((_, true))) {
        let reason = "a stored column is computed for every row";
        found.add(relation, Lock::Share, Work::Rewrite, Cause::Copy(reason), range.clone());
    } else if blocks && column.auto_increment {
        let reason = "every row gets a number";
        found.add(relation, Lock::Share, Work::Rewrite, Cause::Copy(reason), range.clone());
    } else if column.generated.is_none() {
        let at_end = server.mysql_since([8, 0, 12]) || server.maria_since([10, 3, 2]);
        let anywhere = server.mysql_since([8, 0, 29]) || server.maria_since([10, 4, 0]);
        if !(anywhere || at_end && column.place.is_none()) {
            found.add(relation, Lock::ShareUpdateExclusive, Work::Rewrite, Cause::ColumnPlace, range.clone());
        }
    }
    let given = column.default.is_some() || column.auto_increment || column.generated.is_some();
    // Servers before MySQL 8.0 and MariaDB 10.10 give a timestamp a default of their own.
    if column.not_null && !given && !column.ty.starts_with("timestamp") {
        found.add(relation, Lock::AccessExclusive, Work::Nothing, Cause::NotNullColumn, range.clone());
    }
}

/// The first full-text index of a table, and any spatial one, keeps writers waiting while it is built.
fn index(relation: &str, table: &Table, key: &Key, online: &Online, range: Range<usize>, found: &mut Found) {
    let has_fulltext = table.indexes.values().any(|index| index.method == "fulltext");
    let reason = match key.kind {
        KeyKind::Fulltext if !has_fulltext => "full-text",
        KeyKind::Spatial => "spatial",
        _ => return,
    };
    if online.lock.as_deref() != Some("NONE") {
        found.add(relation, Lock::Share, Work::Build, Cause::WordIndex(reason), range);
    }
}
