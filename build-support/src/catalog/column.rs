//! Columns: added, dropped, renamed.

use super::dependents::Object;
use super::past::Subject;
use super::{Default, Id, Simulator, index};
use crate::sort;
use crate::statement::{self, Condition, ConstraintKind, Generated, Name};
use std::ops::Range;

impl Simulator {
    pub(super) fn add_column(&mut self, id: &Id, column: &statement::Column, if_not_exists: bool) {
        let Some(table) = self.catalog.table(id) else { return };
        let name = &column.name;
        let is_opaque = table.opaque;
        if let Some(there) = table.columns.iter().find(|there| there.name == name.text) {
            if if_not_exists || self.condition == Condition::IfMissing || there.inherited && !there.local {
                return;
            }
            if !there.doubtful && !is_opaque {
                let message = format!("table `{}` has a column `{}` already", id.shown(), name.text);
                self.duplicate("duplicate_column", message, &name.range, &Subject::part(id, &name.text));
                self.forget_type(id, &name.text);
                return;
            }
        }
        if table.partition_of.is_some() && !is_opaque {
            let message = format!("`{}` is a partition: its columns are those of its parent", id.shown());
            self.report(super::complaint::finding("wrong_kind", message, &name.range, "not the parent's"));
        }
        let (new, sequence) = self.column(id, column);
        let unsure = self.unsure();
        let Some(table) = self.catalog.table_mut(id) else { return };
        match table.columns.iter_mut().find(|there| there.name == new.name) {
            Some(there) if unsure => there.ty.clear(),
            Some(there) => *there = new.clone(),
            None => table.columns.push(super::Column { doubtful: unsure, ..new.clone() }),
        }
        self.links.column(id, &new);
        self.past.made(Subject::part(id, &name.text), self.site(&name.range));
        if let Some(sequence) = sequence {
            self.make_sequence_behind(&sequence, id, &new);
        }
        if let Some(Generated::Stored(expression) | Generated::Virtual(expression)) = &column.generated {
            self.check_names(&expression.uses, Some(id));
        }
        for child in self.children(id) {
            self.inherit_column(&child, &new);
        }
        let rank = |kind: &ConstraintKind| match kind {
            ConstraintKind::Check(_) | ConstraintKind::NotNull(_) => 0,
            ConstraintKind::Key { .. } | ConstraintKind::Exclude { .. } => 1,
            ConstraintKind::ForeignKey(_) => 2,
        };
        let mut constraints: Vec<_> = column.constraints.iter().collect();
        sort::by_key(&mut constraints, |constraint| rank(&constraint.kind));
        for constraint in constraints {
            self.add_constraint(id, constraint);
        }
    }

    /// Gives a child a column of its parent.
    fn inherit_column(&mut self, id: &Id, column: &super::Column) {
        let Some(table) = self.change(id) else { return };
        match table.columns.iter_mut().find(|there| there.name == column.name) {
            Some(there) => there.inherited = true,
            None => table.columns.push(super::Column { inherited: true, local: false, ..column.clone() }),
        }
        for child in self.children(id) {
            self.inherit_column(&child, column);
        }
    }

    /// From now on nothing is known of a column but its name.
    fn forget_type(&mut self, id: &Id, name: &str) {
        if let Some(table) = self.catalog.table_mut(id)
            && let Some(column) = table.columns.iter_mut().find(|column| column.name == name)
        {
            column.ty.clear();
            column.doubtful = true;
        }
    }

    pub(super) fn drop_column(&mut self, id: &Id, name: &Name, if_exists: bool, cascade: bool) {
        let Some(table) = self.catalog.table(id) else { return };
        let Some(column) = table.columns.iter().find(|column| column.name == name.text) else {
            if !if_exists {
                self.unknown_column(id, name);
            }
            return;
        };
        let is_fixed = column.inherited && !table.opaque;
        let is_key = table.partition_by.as_ref().is_some_and(|columns| columns.contains(&name.text));
        let is_doubtful = column.doubtful || table.opaque;
        let typed = table.of_type.is_some();
        let what = format!("column `{}` of `{}`", name.text, id.shown());
        if (is_fixed || is_key || typed) && !is_doubtful {
            let reason = if is_fixed {
                "a parent table has it too"
            } else if typed {
                "the table is of a type"
            } else {
                "rows are distributed to partitions by it"
            };
            let message = format!("{what} can't be dropped: {reason}");
            self.report(super::complaint::finding("still_needed", message, &name.range, "still needed"));
            return;
        }
        if self.unsure() {
            self.doubt_column(id, &name.text);
            return;
        }
        let object = Object::Column(id.clone(), name.text.clone());
        self.remove(&[object], &what, &name.range, cascade);
    }

    fn doubt_column(&mut self, id: &Id, name: &str) {
        if let Some(table) = self.catalog.table_mut(id)
            && let Some(column) = table.columns.iter_mut().find(|column| column.name == name)
        {
            column.doubtful = true;
        }
    }

    pub(super) fn rename_column(&mut self, id: &Id, from: &Name, to: &Name) {
        if self.catalog.view(id).is_some() {
            self.rename_view_column(id, from, to);
            return;
        }
        let Some(table) = self.catalog.table(id) else { return };
        let opaque = table.opaque;
        let find = |name: &Name| table.columns.iter().find(|column| column.name == name.text);
        let (there, taken) = (find(from), find(to));
        let taken = taken.is_some_and(|column| !column.doubtful && !opaque);
        let inherited = there.is_some_and(|column| column.inherited) && !opaque;
        if there.is_none() {
            self.unknown_column(id, from);
            return;
        }
        if taken {
            let message = format!("table `{}` has a column `{}` already", id.shown(), to.text);
            self.duplicate("duplicate_column", message, &to.range, &Subject::part(id, &to.text));
            return;
        }
        if inherited {
            let message =
                format!("column `{}` of `{}` can't be renamed: a parent table has it too", from.text, id.shown());
            self.report(super::complaint::finding("still_needed", message, &from.range, "still needed"));
            return;
        }
        self.rename_column_everywhere(id, &from.text, &to.text, &to.range);
    }

    fn rename_column_everywhere(&mut self, id: &Id, from: &str, to: &str, range: &Range<usize>) {
        let unsure = self.unsure();
        if unsure {
            self.doubt_column(id, from);
            if let Some(table) = self.catalog.table_mut(id) {
                table.opaque = true;
            }
            return;
        }
        self.past.renamed(Subject::part(id, from), to.to_owned(), self.site(range));
        let Some(table) = self.catalog.table_mut(id) else { return };
        rename_in(table, from, to);
        let whole = id.to_string();
        let (old, new) = (format!("{whole}.{from}"), format!("{whole}.{to}"));
        for user in self.links.users(id) {
            if let Some(table) = self.catalog.table(&user)
                && table.references.values().any(|reference| id.is(&reference.table))
                && let Some(table) = self.catalog.table_mut(&user)
            {
                for reference in table.references.values_mut().filter(|reference| reference.table == whole) {
                    rename_all(&mut reference.references, from, to);
                }
            }
            if let Some(view) = self.catalog.view_mut(&user) {
                rename_all(&mut view.reads_columns, &old, &new);
            }
        }
        for sequence in self.owned_sequences(id, from) {
            if let Some(super::Relation::Sequence(sequence)) = self.catalog.relation_mut(&sequence) {
                sequence.owned_by = Some((whole.clone(), to.to_owned()));
            }
        }
        for child in self.children(id) {
            self.rename_column_everywhere(&child, from, to, range);
        }
    }
}

fn rename_all(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| *name == from) {
        to.clone_into(name);
    }
}

/// Gives a column another name in everything that its table has.
fn rename_in(table: &mut super::Table, from: &str, to: &str) {
    for column in &mut table.columns {
        if column.name == from {
            to.clone_into(&mut column.name);
        }
        if let Default::Generated { expression, .. } = &mut column.default {
            expression.rename_column(from, to);
        }
    }
    for key in table.keys.values_mut() {
        rename_all(&mut key.columns, from, to);
    }
    for reference in table.references.values_mut() {
        rename_all(&mut reference.columns, from, to);
    }
    for check in table.checks.values_mut() {
        check.expression.rename_column(from, to);
        if check.proves_not_null.as_deref() == Some(from) {
            check.proves_not_null = Some(to.to_owned());
        }
    }
    for name in table.not_nulls.values_mut().filter(|column| *column == from) {
        to.clone_into(name);
    }
    for trigger in table.triggers.values_mut() {
        rename_all(&mut trigger.columns, from, to);
    }
    for index in table.indexes.values_mut() {
        index::rename_column(index, from, to);
    }
    if let Some(columns) = &mut table.partition_by {
        rename_all(columns, from, to);
    }
}
