//! Constraints: added, dropped, renamed, validated.

use super::complaint::{finding, has_column};
use super::dependents::Object;
use super::key::DeclaredKey;
use super::past::Subject;
use super::{Check, Id, Simulator, Table, chosen, expression, links};
use crate::by_name::ByName;
use crate::statement::{self, Constraint, ConstraintKind, Name};

impl Simulator {
    pub(super) fn add_constraint(&mut self, id: &Id, constraint: &Constraint) {
        if let Some(name) = &constraint.name
            && self.has_own_constraint(id, name)
        {
            return;
        }
        match &constraint.kind {
            ConstraintKind::Check(check) => self.add_check(id, constraint, check),
            ConstraintKind::Key { kind, columns, include, using_index: None, nulls_not_distinct } => {
                let key = DeclaredKey { kind: *kind, columns, include, nulls_not_distinct: *nulls_not_distinct };
                self.add_key(id, constraint, &key);
            }
            ConstraintKind::Key { kind, using_index: Some(index), .. } => self.take_index(id, constraint, *kind, index),
            ConstraintKind::ForeignKey(key) => self.add_reference(id, constraint, key),
            ConstraintKind::Exclude { columns, method } => {
                self.add_exclusion(id, constraint, columns, method.as_deref())
            }
            ConstraintKind::NotNull(column) => self.add_not_null(id, constraint, column),
        }
    }

    /// Tells whether a table has a constraint of this name already, and reports it.
    fn has_own_constraint(&mut self, id: &Id, name: &Name) -> bool {
        let Some(table) = self.catalog.table(id) else { return true };
        if !links::constraint_names(table).any(|other| *other == name.text) {
            return false;
        }
        if !table.opaque {
            let message = format!("table `{}` has a constraint `{}` already", id.shown(), name.text);
            self.duplicate("duplicate_constraint", message, &name.range, &Subject::part(id, &name.text));
        }
        true
    }

    fn add_check(&mut self, id: &Id, constraint: &Constraint, check: &statement::Expression) {
        let expression = self.expression(check, Some(id));
        let Some(table) = self.catalog.table(id) else { return };
        let name = constraint.name.as_ref().map(|name| name.text.clone()).unwrap_or_else(|| {
            // A name that is none of its columns may be the table itself.
            let named: Vec<&String> = expression.columns.iter().filter(|name| has_column(table, name)).collect();
            let only = if let [column] = named.as_slice() { column } else { "" };
            self.choose_constraint(id, only, "check")
        });
        let proves_not_null = expression::not_null_column(&expression.text);
        let check = Check { expression, proves_not_null, validated: !constraint.not_valid, inherited: false };
        self.put_check(id, &name, &check);
        self.constraint_made(id, &name, constraint);
    }

    fn put_check(&mut self, id: &Id, name: &str, check: &Check) {
        let Some(table) = self.change(id) else { return };
        table.checks.insert(name.to_owned(), check.clone());
        self.links.constraint(id, name);
        let inherited = Check { inherited: true, ..check.clone() };
        for child in self.children(id) {
            self.put_check(&child, name, &inherited);
        }
    }

    pub(super) fn constraint_made(&mut self, id: &Id, name: &str, constraint: &Constraint) {
        let range = constraint.name.as_ref().map_or(&constraint.range, |name| &name.range);
        self.past.made(Subject::part(id, name), self.site(range));
    }

    fn add_not_null(&mut self, id: &Id, constraint: &Constraint, column: &Name) {
        if self.catalog.table(id).is_some_and(|table| !has_column(table, &column.text)) {
            self.unknown_column(id, column);
            return;
        }
        if !constraint.not_valid {
            self.forbid_null(id, std::slice::from_ref(&column.text));
        }
        if let Some(name) = &constraint.name
            && let Some(table) = self.change(id)
        {
            table.not_nulls.insert(name.text.clone(), column.text.clone());
            self.links.constraint(id, &name.text);
        }
    }

    /// Notes that columns can't be null, in a table and in those that inherit from it.
    pub(super) fn forbid_null(&mut self, id: &Id, columns: &[String]) {
        let Some(table) = self.change(id) else { return };
        for column in table.columns.iter_mut().filter(|column| columns.contains(&column.name)) {
            column.not_null = true;
        }
        for child in self.children(id) {
            self.forbid_null(&child, columns);
        }
    }

    pub(super) fn drop_constraint(&mut self, id: &Id, name: &Name, if_exists: bool, cascade: bool) {
        let Some(table) = self.catalog.table(id) else { return };
        if !links::constraint_names(table).any(|other| *other == name.text) {
            if self.drop_nameless_not_null(id, &name.text) || if_exists {
                return;
            }
            self.unknown_constraint(id, name);
            return;
        }
        let inherited = table
            .keys
            .get(&name.text)
            .map(|key| key.inherited)
            .or_else(|| table.checks.get(&name.text).map(|check| check.inherited))
            .or_else(|| table.references.get(&name.text).map(|reference| reference.inherited));
        let what = format!("constraint `{}` of `{}`", name.text, id.shown());
        if inherited == Some(true) && !table.opaque {
            let message = format!("{what} can't be dropped: a parent table has it too");
            self.report(finding("still_needed", message, &name.range, "still needed"));
            return;
        }
        if self.unsure() {
            self.change(id);
            return;
        }
        self.remove(&[Object::Constraint(id.clone(), name.text.clone())], &what, &name.range, cascade);
    }

    /// From PostgreSQL 18 on every `NOT NULL` has a name: `t_a_not_null`, if nobody has given it another one.
    fn drop_nameless_not_null(&mut self, id: &Id, name: &str) -> bool {
        let Some(table) = self.catalog.table(id) else { return false };
        let is_named =
            |column: &&super::Column| column.not_null && chosen::joined(&id.name, &column.name, "not_null") == name;
        let Some(column) = table.columns.iter().find(is_named).map(|column| column.name.clone()) else { return false };
        if let Some(table) = self.change(id) {
            for own in table.columns.iter_mut().filter(|own| own.name == column) {
                own.not_null = false;
            }
        }
        true
    }

    /// Reports a constraint that a table doesn't have.
    pub(super) fn unknown_constraint(&mut self, id: &Id, name: &Name) {
        let Some(table) = self.catalog.table(id) else { return };
        if table.opaque {
            return;
        }
        let meant = whimbrel_grammar::names::nearest(&name.text, links::constraint_names(table).map(String::as_str));
        let meant = meant.map(str::to_owned).or_else(|| only_like(table, &name.text));
        let message = format!("table `{}` has no constraint `{}`", id.shown(), name.text);
        self.unknown("unknown_constraint", message, &name.range, Subject::part(id, &name.text), meant);
    }

    pub(super) fn rename_constraint(&mut self, id: &Id, from: &Name, to: &Name) {
        let Some(table) = self.catalog.table(id) else { return };
        let has = |name: &str| links::constraint_names(table).any(|other| other == name);
        let (there, taken, opaque) = (has(&from.text), has(&to.text), table.opaque);
        if !there {
            self.unknown_constraint(id, from);
            return;
        }
        if taken {
            if !opaque {
                let message = format!("table `{}` has a constraint `{}` already", id.shown(), to.text);
                self.duplicate("duplicate_constraint", message, &to.range, &Subject::part(id, &to.text));
            }
            return;
        }
        // A foreign key, or a unique one, may bear another name in each partition.
        let is_inherited = |table: &Table| table.checks.get(&from.text).is_some_and(|check| check.inherited);
        if self.catalog.table(id).is_some_and(is_inherited) && !opaque {
            let message =
                format!("constraint `{}` of `{}` can't be renamed: a parent table has it too", from.text, id.shown());
            self.report(finding("still_needed", message, &from.range, "still needed"));
            return;
        }
        if self.catalog.table(id).is_some_and(|table| table.indexes.contains_key(&from.text)) {
            self.rename_index(id, &from.text, &to.text, &to.range);
        } else {
            self.rename_plain_constraint(id, &from.text, &to.text);
            self.past.renamed(Subject::part(id, &from.text), to.text.clone(), self.site(&to.range));
        }
    }

    /// Gives a constraint without an index another name, in the table's children too.
    fn rename_plain_constraint(&mut self, id: &Id, from: &str, to: &str) {
        let Some(table) = self.change(id) else { return };
        let inherits = table.checks.contains_key(from);
        move_entry(&mut table.checks, from, to);
        move_entry(&mut table.references, from, to);
        move_entry(&mut table.not_nulls, from, to);
        self.links.constraint(id, to);
        for child in if inherits { self.children(id) } else { Vec::new() } {
            self.rename_plain_constraint(&child, from, to);
        }
    }

    pub(super) fn validate_constraint(&mut self, id: &Id, name: &Name) {
        let Some(table) = self.change(id) else { return };
        if let Some(check) = table.checks.get_mut(&name.text) {
            check.validated = true;
        } else if let Some(reference) = table.references.get_mut(&name.text) {
            reference.validated = true;
        } else if let Some(column) = table.not_nulls.get(&name.text).cloned() {
            self.forbid_null(id, &[column]);
        } else if links::constraint_names(table).any(|other| *other == name.text) {
            let message = format!("constraint `{}` is neither a check nor a foreign key", name.text);
            self.report(finding("wrong_kind", message, &name.range, "always valid"));
        } else {
            self.unknown_constraint(id, name);
        }
    }
}

/// Gives an entry of a map another key.
pub(super) fn move_entry<T>(map: &mut ByName<T>, from: &str, to: &str) {
    if let Some(entry) = map.remove(from) {
        map.insert(to.to_owned(), entry);
    }
}

/// Finds the constraint that is probably meant where names are far apart: the only one that has a column's name in common.
fn only_like(table: &Table, name: &str) -> Option<String> {
    let mentioned = |other: &&String| {
        let words = |text: &str| text.split('_').map(str::to_owned).collect::<Vec<_>>();
        let (one, two) = (words(name), words(other));
        one.iter().filter(|word| two.contains(word)).count() * 2 > one.len()
    };
    let mut found = links::constraint_names(table).filter(mentioned);
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}
