//! Parents and children: inheritance, and partitions that follow what their parent has.

use super::chosen;
use super::complaint::finding;
use super::lookup::{Found, Space};
use super::past::Subject;
use super::{Default, Id, Index, Key, Relation, Simulator, Table};
use crate::statement::{CreateTable, QualifiedName};

impl Simulator {
    /// Takes over the columns and checks of a new table's parents.
    pub(super) fn parents(&mut self, id: &Id, table: &mut Table, create: &CreateTable) {
        let partition_of = create.partition_of.as_ref().map(|partition| &partition.parent);
        for name in create.inherits.iter().chain(partition_of) {
            let Some(parent) = self.relation(name, "table") else {
                table.opaque = true;
                continue;
            };
            if self.is_below(&parent, id) {
                table.opaque = true;
                continue;
            }
            let Some(held) = self.catalog.table(&parent) else {
                table.opaque = true;
                if self.catalog.relation(&parent) != Some(&Relation::Opaque) {
                    self.wrong_kind(&parent, &name.range(), "table", None);
                }
                continue;
            };
            if partition_of.is_some() && held.partition_by.is_none() && !held.opaque {
                let message = format!("`{}` isn't partitioned", parent.shown());
                self.report(finding("wrong_kind", message, &name.range(), "made without `PARTITION BY`"));
                return;
            }
            let fits =
                partition_of.is_some() || held.partition_by.is_none() && held.partition_of.is_none() || held.opaque;
            inherit(table, held);
            if !fits {
                let message = format!("`{}` has to do with partitions, and can't be inherited from", parent.shown());
                self.report(finding("wrong_kind", message, &name.range(), "no plain table"));
            }
            if partition_of.is_some() {
                table.partition_of = Some(parent.to_string());
            } else {
                table.inherits.push(parent.to_string());
            }
        }
    }

    /// Lists the tables that inherit from one or are partitions of it.
    pub(super) fn children(&self, id: &Id) -> Vec<Id> {
        let mut children = self.links.users(id);
        children.retain(|child| {
            self.catalog
                .table(child)
                .is_some_and(|table| table.partition_of.iter().chain(&table.inherits).any(|parent| id.is(parent)))
        });
        children
    }

    /// Lists the tables below one, `schema.table`: its partitions or children, and theirs.
    pub(crate) fn descendants(&self, of: &str) -> Vec<String> {
        let mut found = self.children(&Id::parse(of));
        let mut at = 0;
        while let Some(next) = found.get(at).cloned() {
            let new: Vec<Id> = self.children(&next).into_iter().filter(|child| !found.contains(child)).collect();
            found.extend(new);
            at += 1;
        }
        found.iter().map(Id::to_string).collect()
    }

    /// Lists the views that read a relation, `schema.relation`, or a column of it, and those that read these.
    pub(crate) fn readers(&self, of: &str, column: Option<&str>) -> Vec<String> {
        let column = column.map(|column| format!("{of}.{column}"));
        let mut found: Vec<Id> = Vec::new();
        let mut waiting = vec![(Id::parse(of), column)];
        while let Some((next, column)) = waiting.pop() {
            for user in self.links.users(&next) {
                let Some(view) = self.catalog.view(&user) else { continue };
                let reads = match &column {
                    Some(column) => view.reads_columns.contains(column),
                    None => view.reads.iter().any(|read| next.is(read)),
                };
                if reads && !found.contains(&user) {
                    found.push(user.clone());
                    waiting.push((user, None));
                }
            }
        }
        found.iter().map(Id::to_string).collect()
    }

    /// Lists the relations that may use a type, `schema.type`.
    pub(crate) fn users_of_type(&self, of: &str) -> Vec<String> {
        self.links.users(&Id::parse(of)).iter().map(Id::to_string).collect()
    }

    /// Tells whether a table is another one, or has it among its parents and theirs.
    fn is_below(&self, id: &Id, other: &Id) -> bool {
        let mut seen = vec![id.clone()];
        let mut at = 0;
        while let Some(next) = seen.get(at).cloned() {
            if next == *other {
                return true;
            }
            at += 1;
            let parents = self.catalog.table(&next).into_iter();
            for parent in parents.flat_map(|table| table.partition_of.iter().chain(&table.inherits)) {
                let parent = Id::parse(parent);
                if !seen.contains(&parent) {
                    seen.push(parent);
                }
            }
        }
        false
    }

    /// Lists the partitions of a table.
    pub(super) fn partitions(&self, id: &Id) -> Vec<Id> {
        let mut children = self.children(id);
        children.retain(|child| self.catalog.table(child).is_some_and(|table| table.partition_of.is_some()));
        children
    }

    /// Gives a partition the indexes, references and triggers of its parent.
    pub(super) fn follow_parent(&mut self, id: &Id) {
        let parent = self.catalog.table(id).and_then(|table| table.partition_of.as_deref()).map(Id::parse);
        let Some((parent, held)) =
            parent.and_then(|parent| Some((parent.clone(), self.catalog.table(&parent)?.clone())))
        else {
            return;
        };
        // The server goes through them in the order in which they were made; keys come first.
        let (keys, rest): (Vec<_>, Vec<_>) = held.indexes.iter().partition(|(name, _)| held.keys.contains_key(name));
        for (name, index) in keys.into_iter().chain(rest) {
            self.part_of_index(id, &parent, name, index, held.keys.get(name));
        }
        for (name, reference) in &held.references {
            let Some(table) = self.catalog.table(id) else { return };
            let same = table.references.values().any(|other| {
                other.columns == reference.columns
                    && other.table == reference.table
                    && other.references == reference.references
            });
            if same {
                continue;
            }
            let is_taken = super::links::constraint_names(table).any(|other| other == name);
            let name = if is_taken {
                let columns = chosen::columns(reference.columns.iter().map(String::as_str));
                self.choose_constraint(id, &columns, "fkey")
            } else {
                name.clone()
            };
            self.put_reference(id, &name, super::Reference { inherited: true, ..reference.clone() });
        }
        for (name, trigger) in &held.triggers {
            if let Some(table) = self.change(id) {
                let trigger = super::Trigger { inherited: true, ..trigger.clone() };
                table.triggers.or_insert(name, trigger);
            }
        }
    }

    /// Gives a partition its part of an index: one that it has already, or a new one.
    pub(super) fn part_of_index(&mut self, id: &Id, parent: &Id, name: &str, index: &Index, key: Option<&Key>) {
        let Some(table) = self.catalog.table(id) else { return };
        let matching = table.indexes.iter().find(|(own, other)| {
            other.part_of.is_none()
                && is_alike(other, index)
                && table.keys.get(own).map(|key| key.kind) == key.map(|key| key.kind)
        });
        let whole = parent.beside(name).to_string();
        if let Some(own) = matching.map(|(own, _)| own.clone()) {
            if let Some(table) = self.change(id) {
                if let Some(index) = table.indexes.get_mut(&own) {
                    index.part_of = Some(whole);
                }
                if let Some(key) = table.keys.get_mut(&own) {
                    key.inherited = true;
                }
            }
            return;
        }
        let own = match key.map(|key| key.kind) {
            Some(super::KeyKind::Primary) => self.choose_relation(id, "", "pkey", true),
            Some(super::KeyKind::Unique) => self.choose_relation(id, &called(index), "key", true),
            None => self.choose_relation(id, &called(index), "idx", false),
        };
        let part = Index { part_of: Some(whole), valid: true, comment: None, ..index.clone() };
        self.put_index(id, &own, part);
        if let Some(key) = key {
            let columns = key.columns.clone();
            self.put_key(id, &own, Key { inherited: true, ..key.clone() });
            if key.kind == super::KeyKind::Primary {
                self.forbid_null(id, &columns);
            }
        }
        let held = self.catalog.table(id).and_then(|table| table.indexes.get(&own)).cloned();
        for child in self.partitions(id) {
            if let Some(index) = &held {
                self.part_of_index(&child, id, &own, index, key);
            }
        }
    }

    pub(super) fn attach(&mut self, id: &Id, child: &QualifiedName) {
        let Some(part) = self.relation(child, "table") else { return };
        let Some(parent) = self.catalog.table(id) else { return };
        let (partitioned, parent_opaque) = (parent.partition_by.is_some(), parent.opaque);
        if !partitioned && !parent_opaque {
            let message = format!("`{}` isn't partitioned", id.shown());
            self.report(finding("wrong_kind", message, &self.range.clone(), "made without `PARTITION BY`"));
            return;
        }
        let parent = parent.clone();
        if self.is_below(id, &part) {
            let message = format!("`{}` can't be a partition of what is a part of it", part.shown());
            self.report(finding("wrong_kind", message, &child.range(), "a circle"));
            return;
        }
        let Some(table) = self.catalog.table(&part) else { return };
        let opaque = table.opaque || parent_opaque;
        if let Some(other) = table.partition_of.clone().filter(|_| !opaque) {
            let message = format!("`{}` is a partition of `{}` already", part.shown(), Id::parse(&other).shown());
            self.report(finding("duplicate_partition", message, &child.range(), "attached already"));
            return;
        }
        let lacks = parent.columns.iter().find(|column| !table.columns.iter().any(|own| own.name == column.name));
        let extra = table.columns.iter().find(|own| !parent.columns.iter().any(|column| own.name == column.name));
        let difference = match (lacks, extra) {
            _ if opaque => None,
            (Some(column), _) => {
                Some(format!("`{}` lacks the column `{}` of `{}`", part.shown(), column.name, id.shown()))
            }
            (_, Some(column)) => {
                Some(format!("`{}` has a column `{}`, which `{}` hasn't", part.shown(), column.name, id.shown()))
            }
            _ => None,
        };
        let primary = |table: &Table| {
            let mut keys = table.keys.iter().filter(|(_, key)| key.kind == super::KeyKind::Primary);
            keys.next().map(|(name, key)| (name.clone(), key.columns.clone()))
        };
        let keys = primary(&parent).zip(primary(table));
        if let Some(message) = difference {
            self.report(finding("unknown_column", message, &child.range(), "not of the same columns"));
        }
        if let Some(((_, columns), (own, others))) = keys
            && columns != others
            && !opaque
        {
            let message = format!(
                "`{}` has a primary key ({}), and would get that of `{}` ({}) besides",
                part.shown(),
                others.join(", "),
                id.shown(),
                columns.join(", ")
            );
            self.duplicate("duplicate_constraint", message, &child.range(), &Subject::part(&part, &own));
            if let Some(last) = self.findings.last_mut().filter(|finding| finding.code == "duplicate_constraint") {
                last.help.push(format!("drop `{own}` of `{}` before it", part.shown()));
            }
        }
        self.links.uses(&part, &id.to_string());
        let bounds = self.excerpt.bounds(child.range().end);
        self.check_bounds(id, &part, &bounds, &child.range());
        if let Some(table) = self.change(&part) {
            table.partition_of = Some(id.to_string());
            table.bounds = bounds;
            for column in &mut table.columns {
                column.inherited |= parent.columns.iter().any(|own| own.name == column.name);
            }
            for (name, check) in &mut table.checks {
                check.inherited |= parent.checks.contains_key(name);
            }
        }
        self.follow_parent(&part);
    }

    pub(super) fn detach(&mut self, id: &Id, child: &QualifiedName) {
        let Some(part) = self.relation(child, "table") else { return };
        let Some(table) = self.catalog.table(&part) else { return };
        let is_part = table.partition_of.as_ref().is_some_and(|parent| id.is(parent));
        let opaque = table.opaque || self.catalog.table(id).is_none_or(|table| table.opaque);
        if !is_part {
            if !opaque {
                let message = format!("`{}` is no partition of `{}`", part.shown(), id.shown());
                self.report(finding("unknown_partition", message, &child.range(), "not attached"));
            }
            return;
        }
        let Some(table) = self.change(&part) else { return };
        table.partition_of = None;
        table.bounds.clear();
        // Everything stays, as its own.
        for column in &mut table.columns {
            column.inherited = false;
            column.local = true;
        }
        table.keys.values_mut().for_each(|key| key.inherited = false);
        table.checks.values_mut().for_each(|check| check.inherited = false);
        table.references.values_mut().for_each(|reference| reference.inherited = false);
        table.indexes.values_mut().for_each(|index| index.part_of = None);
        table.triggers.retain(|_, trigger| !trigger.inherited);
    }

    pub(super) fn set_inherit(&mut self, id: &Id, parent: &QualifiedName, no: bool) {
        let Some(other) = self.relation(parent, "table") else { return };
        let Some(held) = self.catalog.table(&other).cloned() else { return };
        if !no && self.is_below(&other, id) {
            let message = format!("`{}` can't inherit from what inherits from it", id.shown());
            self.report(finding("wrong_kind", message, &parent.range(), "a circle"));
            return;
        }
        self.links.uses(id, &other.to_string());
        let Some(table) = self.change(id) else { return };
        let whole = other.to_string();
        if no {
            table.inherits.retain(|name| *name != whole);
        } else if !table.inherits.contains(&whole) {
            table.inherits.push(whole);
        }
        let alone = table.inherits.is_empty();
        for column in table.columns.iter_mut().filter(|column| held.columns.iter().any(|own| own.name == column.name)) {
            column.inherited = !no || !alone;
            column.local |= no;
        }
    }

    /// Finds a relation by its name, and reports one that isn't there. `kind` is what the statement calls it.
    pub(super) fn relation(&mut self, name: &QualifiedName, kind: &str) -> Option<Id> {
        self.relation_if(name, kind, false)
    }

    /// Finds a relation by its name; one that may be missing isn't reported.
    pub(super) fn relation_if(&mut self, name: &QualifiedName, kind: &str, if_exists: bool) -> Option<Id> {
        match self.look_up(Space::Relation, name) {
            Found::Here(id) => return Some(id),
            Found::Unsure => {}
            Found::Missing(_) | Found::NoSchema(_) if if_exists => {}
            Found::Missing(id) => self.unknown_relation(kind, &id, &name.range()),
            Found::NoSchema(schema) => self.unknown_schema(&schema),
        }
        None
    }
}

/// Gives a table what it inherits.
fn inherit(table: &mut Table, parent: &Table) {
    for column in &parent.columns {
        // Each table counts for itself.
        let default = match &column.default {
            Default::Identity { .. } => Default::None,
            other => other.clone(),
        };
        match table.columns.iter_mut().find(|own| own.name == column.name) {
            Some(own) => {
                own.not_null |= column.not_null;
                own.inherited = true;
            }
            None => table.columns.push(super::Column {
                inherited: true,
                local: false,
                comment: None,
                default,
                ..column.clone()
            }),
        }
    }
    for (name, check) in &parent.checks {
        table.checks.insert(name.clone(), super::Check { inherited: true, ..check.clone() });
    }
    table.opaque |= parent.opaque;
}

/// Tells whether two indexes are over the same.
fn is_alike(one: &Index, other: &Index) -> bool {
    one.unique == other.unique
        && one.method == other.method
        && one.include == other.include
        && one.predicate.as_ref().map(|predicate| &predicate.text)
            == other.predicate.as_ref().map(|predicate| &predicate.text)
        && one.keys == other.keys
}

/// Gives the columns of an index as they stand in a name that is made up for it.
pub(super) fn called(index: &Index) -> String {
    let keys = index.keys.iter().map(|key| key.called.as_str());
    chosen::columns(keys.chain(index.include.iter().map(String::as_str)))
}
