//! `ALTER TABLE`: its changes are one, whatever their order.

use super::Follower;
use super::complaint::{finding, id};
use super::create::made;
use super::key::PRIMARY;
use super::world::same;
use crate::catalog::{Column, Default, Expression, IndexPart, Subject, Table};
use crate::mysql::deed::{AlterTable, ChangeKind, Part, Place};
use crate::statement::Name;

impl Follower {
    pub(super) fn alter_table(&mut self, alter: &AlterTable) {
        let Some(key) = self.table_for_change(&alter.table, alter.if_exists) else { return };
        let kinds = || alter.changes.iter().map(|change| &change.kind);
        // Keys go first, so that a column can be dropped together with what needs it.
        for kind in kinds() {
            self.drop_part(&key, kind);
        }
        for kind in kinds() {
            if let ChangeKind::DropColumn { name, if_exists } = kind {
                self.drop_column(&key, name, *if_exists);
            }
        }
        self.change_columns(&key, alter);
        let mut parts: Vec<&Part> = Vec::new();
        for kind in kinds() {
            match kind {
                ChangeKind::Add(column) => parts.extend(&column.parts),
                ChangeKind::Replace { column, .. } => parts.extend(&column.parts),
                ChangeKind::AddPart(part) => parts.push(part),
                _ => {}
            }
        }
        self.add_parts(&key, &parts);
        for kind in kinds() {
            match kind {
                ChangeKind::RenameIndex { from, to, if_exists } => self.rename_index(&key, from, to, *if_exists),
                ChangeKind::Comment(text) => {
                    if let Some(table) = self.world.table_mut(&key) {
                        table.comment = Some(text.clone());
                    }
                }
                ChangeKind::Convert(charset) => {
                    let before = self.world.charsets.insert(key.clone(), charset.clone());
                    // Four bytes are the most that a character has.
                    let is_longer = before.is_none_or(|before| before != *charset && before != "utf8mb4");
                    if let Some(table) = self.world.table_mut(&key).filter(|_| is_longer) {
                        table.columns.iter_mut().for_each(convert);
                    }
                }
                _ => {}
            }
        }
        for kind in kinds() {
            if let ChangeKind::Rename(to) = kind {
                self.rename_table(&alter.table, to, false);
            }
        }
    }

    fn drop_part(&mut self, key: &str, kind: &ChangeKind) {
        match kind {
            ChangeKind::DropPrimary { if_exists } => {
                let has = self.world.table(key).is_some_and(|table| table.indexes.contains_key(PRIMARY));
                if has {
                    if let Some(table) = self.world.table_mut(key) {
                        super::key::remove_index(table, PRIMARY);
                    }
                } else if !if_exists && self.world.table(key).is_some_and(|table| !table.opaque) {
                    let message = format!("table `{key}` has no primary key");
                    self.findings.push(finding("unknown_constraint", message, &self.range.clone(), "not there"));
                }
            }
            ChangeKind::DropIndex { name, if_exists } => self.drop_key(key, name, *if_exists),
            ChangeKind::DropReference { name, if_exists } => self.drop_reference(key, name, *if_exists),
            ChangeKind::DropConstraint { name, if_exists } => self.drop_constraint(key, name, *if_exists),
            ChangeKind::Index { name, if_exists: false } => self.needs_index(key, name),
            _ => {}
        }
    }

    fn drop_column(&mut self, key: &str, name: &Name, if_exists: bool) {
        if !self.has_column(key, &name.text) {
            if !if_exists {
                self.unknown_column(key, name);
            }
            return;
        }
        let uses = |table: &Table| {
            let own = |columns: &[String]| columns.iter().any(|column| same(column, &name.text));
            table.references.iter().find(|(_, reference)| own(&reference.columns)).map(|(name, _)| name.clone())
        };
        let needed = self.world.table(key).filter(|table| !table.opaque).and_then(uses);
        if let Some(reference) = needed.filter(|_| self.checks) {
            let message = format!("foreign key `{reference}` needs column `{}` of `{key}`", name.text);
            let mut found = finding("still_needed", message, &name.range, "still needed");
            found.help.push("drop that first, or in the same statement".to_owned());
            self.findings.push(found);
        }
        self.past.dropped(Subject::part(&id(key), &name.text), self.site(&name.range));
        let Some(table) = self.world.table_mut(key) else { return };
        table.columns.retain(|column| !same(&column.name, &name.text));
        for index in table.indexes.values_mut() {
            index.keys.retain(|own| !matches!(&own.part, IndexPart::Column(column) if same(column, &name.text)));
        }
        table.indexes.retain(|_, index| !index.keys.is_empty());
        for own in table.keys.values_mut() {
            own.columns.retain(|column| !same(column, &name.text));
        }
        table.keys.retain(|_, own| !own.columns.is_empty());
    }

    /// Adds, changes and renames columns, each by the name that it has had before the statement.
    fn change_columns(&mut self, key: &str, alter: &AlterTable) {
        let Some(table) = self.world.table(key) else { return };
        let is_opaque = table.opaque;
        let mut columns: Vec<(Option<String>, Column)> =
            table.columns.iter().map(|column| (Some(column.name.clone()), column.clone())).collect();
        let mut renamed: Vec<(&Name, String, String)> = Vec::new();
        for change in &alter.changes {
            match &change.kind {
                ChangeKind::Add(column) => {
                    let taken = columns.iter().any(|(_, known)| same(&known.name, &column.name.text));
                    if taken && column.if_not_exists {
                        continue;
                    }
                    if taken {
                        if !is_opaque && !frees(alter, &column.name.text) {
                            let message = format!("table `{key}` has a column `{}` already", column.name.text);
                            let subject = Subject::part(&id(key), &column.name.text);
                            self.duplicate("duplicate_column", message, &column.name.range, &subject);
                        }
                        continue;
                    }
                    self.past.made(Subject::part(&id(key), &column.name.text), self.site(&column.name.range));
                    let at = self.position(key, &columns, column.place.as_ref(), is_opaque).unwrap_or(columns.len());
                    columns.insert(at, (None, made(column)));
                }
                ChangeKind::Replace { from, column, if_exists } => {
                    let Some(at) = find(&columns, &from.text) else {
                        if !if_exists {
                            self.unknown_column(key, from);
                        }
                        continue;
                    };
                    let (old, known) = columns.remove(at);
                    let mut new = made(column);
                    // A primary key's columns can't be null, whatever is said of them.
                    new.not_null |= table_key(self.world.table(key), &from.text);
                    if !same(&known.name, &new.name) {
                        renamed.push((from, known.name.clone(), new.name.clone()));
                    }
                    let place = self.position(key, &columns, column.place.as_ref(), is_opaque);
                    columns.insert(place.unwrap_or(at).min(columns.len()), (old, new));
                }
                ChangeKind::RenameColumn { from, to, if_exists } => match find(&columns, &from.text) {
                    Some(at) => {
                        renamed.push((from, columns[at].1.name.clone(), to.text.clone()));
                        columns[at].1.name.clone_from(&to.text);
                    }
                    None if *if_exists => {}
                    None => self.unknown_column(key, from),
                },
                ChangeKind::Default { name, default, if_exists } => match find(&columns, &name.text) {
                    Some(at) => {
                        let text = default.clone().filter(|text| !text.eq_ignore_ascii_case("NULL"));
                        let expression = |text| Default::Expression(Expression { text, ..Expression::default() });
                        columns[at].1.default = text.map_or(Default::None, expression);
                    }
                    None if *if_exists => {}
                    None => self.unknown_column(key, name),
                },
                _ => {}
            }
        }
        for (from, old, new) in &renamed {
            let others = columns.iter().filter(|(_, column)| same(&column.name, new)).count();
            if others > 1 && !is_opaque {
                let message = format!("table `{key}` has a column `{new}` already");
                self.duplicate("duplicate_column", message, &from.range, &Subject::part(&id(key), new));
            }
            self.past.renamed(Subject::part(&id(key), old), new.clone(), self.site(&from.range));
        }
        let names: Vec<(String, String)> = renamed.into_iter().map(|(_, old, new)| (old, new)).collect();
        if let Some(table) = self.world.table_mut(key) {
            table.columns = columns.into_iter().map(|(_, column)| column).collect();
            rename_within(table, &names);
        }
        for (old, new) in &names {
            self.rename_target_column(key, old, new);
        }
    }

    /// Finds where a column is to be put.
    fn position(
        &mut self,
        key: &str,
        columns: &[(Option<String>, Column)],
        place: Option<&Place>,
        is_opaque: bool,
    ) -> Option<usize> {
        match place? {
            Place::First => Some(0),
            Place::After(name) => {
                let found = columns.iter().position(|(_, column)| same(&column.name, &name.text));
                let found = found.or_else(|| find(columns, &name.text));
                if found.is_none() && !is_opaque {
                    self.unknown_column(key, name);
                }
                found.map(|at| at + 1)
            }
        }
    }
}

/// Finds a column by the name that it has had before the statement.
fn find(columns: &[(Option<String>, Column)], name: &str) -> Option<usize> {
    columns.iter().position(|(old, _)| old.as_ref().is_some_and(|old| same(old, name)))
}

/// Tells whether a later change of the statement takes a name away from its column.
fn frees(alter: &AlterTable, name: &str) -> bool {
    alter.changes.iter().any(|change| match &change.kind {
        ChangeKind::Replace { from, column, .. } => same(&from.text, name) && !same(&column.name.text, name),
        ChangeKind::RenameColumn { from, .. } => same(&from.text, name),
        _ => false,
    })
}

/// Tells whether the primary key has a column.
fn table_key(table: Option<&Table>, name: &str) -> bool {
    let key = table.and_then(|table| table.keys.get(PRIMARY));
    key.is_some_and(|key| key.columns.iter().any(|column| same(column, name)))
}

/// Follows new names of columns in a table's own keys; all of them at once, for they may be swapped.
fn rename_within(table: &mut Table, names: &[(String, String)]) {
    let rename = |column: &mut String| {
        if let Some((_, new)) = names.iter().find(|(old, _)| same(old, column)) {
            column.clone_from(new);
        }
    };
    for index in table.indexes.values_mut() {
        for key in &mut index.keys {
            if let IndexPart::Column(column) = &mut key.part {
                rename(column);
            }
        }
    }
    table.keys.values_mut().for_each(|key| key.columns.iter_mut().for_each(rename));
    table.references.values_mut().for_each(|own| own.columns.iter_mut().for_each(rename));
}

/// A text may need a longer type in another character set.
fn convert(column: &mut Column) {
    if column.ty.ends_with("text") {
        column.ty.clear();
    }
}
