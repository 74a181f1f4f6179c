//! Who may name whom: the way back along references, so that a drop or a rename need not look at every table.
//!
//! A superset: entries are only ever added, and each is looked at again when it is used. So going back to an earlier
//! catalog leaves them good.

use super::{Catalog, Column, Default, Id, Relation, Table};
use std::collections::{BTreeSet, HashMap};

/// The way back along references.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// By `schema.name` of a relation or a type: the relations that may refer to it, inherit from it, read it, have a column of it.
    users: HashMap<String, BTreeSet<String>>,
    /// By `schema.constraint`: the tables that may have a constraint of this name.
    constraints: HashMap<String, BTreeSet<String>>,
}

impl Links {
    /// Reads them off a catalog.
    pub(super) fn of(catalog: &Catalog) -> Links {
        let mut links = Links::default();
        for (schema, held) in &catalog.schemas {
            for (name, relation) in &held.relations {
                links.add(&Id::new(schema, name), relation);
            }
        }
        links
    }

    /// Notes whom a relation names.
    pub(super) fn add(&mut self, id: &Id, relation: &Relation) {
        match relation {
            Relation::Table(table) => {
                let references = table.references.values().map(|reference| reference.table.as_str());
                let parents = table.partition_of.iter().chain(&table.inherits).map(String::as_str);
                for used in references.chain(parents) {
                    self.uses(id, used);
                }
                for name in constraint_names(table) {
                    self.constraint(id, name);
                }
                table.of_type.iter().for_each(|used| self.uses(id, used));
                table.columns.iter().for_each(|column| self.column(id, column));
            }
            Relation::View(view) => view.reads.iter().for_each(|used| self.uses(id, used)),
            Relation::Sequence(sequence) => sequence.owned_by.iter().for_each(|(table, _)| self.uses(id, table)),
            Relation::Index(_) | Relation::Opaque => {}
        }
    }

    /// Notes the type and the sequence that a column names.
    pub(super) fn column(&mut self, table: &Id, column: &Column) {
        if let Some(used) = &column.own_type {
            self.uses(table, used);
        }
        if let Default::Sequence(used) = &column.default {
            self.uses(table, used);
        }
    }

    /// Notes that a relation names another one, `schema.relation`.
    pub(super) fn uses(&mut self, user: &Id, used: &str) {
        if let Some(users) = self.users.get_mut(used) {
            users.insert(user.to_string());
        } else {
            self.users.insert(used.to_owned(), BTreeSet::from([user.to_string()]));
        }
    }

    /// Notes that a table has a constraint.
    pub(super) fn constraint(&mut self, table: &Id, name: &str) {
        self.constraints.entry(format!("{}.{name}", table.schema)).or_default().insert(table.name.clone());
    }

    /// Notes a relation's new name: whoever named it does so under the new one.
    pub(super) fn renamed(&mut self, from: &Id, to: &Id) {
        if let Some(users) = self.users.get(&from.to_string()).cloned() {
            self.users.entry(to.to_string()).or_default().extend(users);
        }
    }

    /// Gives the relations that may name this one.
    pub(super) fn users(&self, id: &Id) -> Vec<Id> {
        self.users.get(&id.to_string()).into_iter().flatten().map(|user| Id::parse(user)).collect()
    }

    /// Gives the tables of a schema that may have a constraint of this name.
    pub(super) fn with_constraint(&self, schema: &str, name: &str) -> impl Iterator<Item = &str> {
        self.constraints.get(&format!("{schema}.{name}")).into_iter().flatten().map(String::as_str)
    }
}

/// Lists the names of a table's constraints.
pub(super) fn constraint_names(table: &Table) -> impl Iterator<Item = &String> {
    table
        .keys
        .keys()
        .chain(table.references.keys())
        .chain(table.checks.keys())
        .chain(table.exclusions.keys())
        .chain(table.not_nulls.keys())
}
