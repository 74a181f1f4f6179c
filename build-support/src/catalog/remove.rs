//! Taking objects out of the catalog, with what belongs to them and, by `CASCADE`, what needs them.

use super::dependents::Object;
use super::past::Subject;
use super::{Default, Id, Relation, Simulator};
use std::ops::Range;

impl Simulator {
    /// Removes objects, unless others need them; `what` names them in a finding about that.
    pub(super) fn remove(&mut self, objects: &[Object], what: &str, range: &Range<usize>, cascade: bool) {
        let mut all = self.with_parts(objects);
        let mut needing = self.needing(&all);
        if cascade {
            self.doubt_unread_views();
            while !needing.is_empty() {
                all.extend(needing);
                all = self.with_parts(&all);
                needing = self.needing(&all);
            }
        } else if !needing.is_empty() && !objects.iter().any(|object| self.is_doubtful(object)) {
            let needs: Vec<_> = needing.iter().map(|object| self.need(object)).collect();
            self.still_needed(what, range, &needs, true);
        }
        for object in all.iter().rev() {
            self.erase(object);
        }
    }

    /// A view of which it isn't known what it reads may go with whatever is dropped by `CASCADE`.
    fn doubt_unread_views(&mut self) {
        for schema in self.catalog.schemas.values_mut() {
            let unread = |relation: &Relation| matches!(relation, Relation::View(view) if view.opaque);
            let names =
                schema.relations.iter().filter(|(name, relation)| unread(relation) && !schema.doubtful.contains(*name));
            let names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
            if !names.is_empty() {
                std::sync::Arc::make_mut(schema).doubtful.extend(names);
            }
        }
    }

    /// Lists what needs any of some objects and isn't one of them; nothing that may not be there.
    pub(super) fn needing(&self, all: &[Object]) -> Vec<Object> {
        let mut found: Vec<Object> = Vec::new();
        for object in all {
            for dependent in self.dependents(object) {
                if !dependent.is_covered(all) && !found.contains(&dependent) && !self.is_doubtful(&dependent) {
                    found.push(dependent);
                }
            }
        }
        found
    }

    /// Tells whether it isn't sure that an object is there as the catalog has it.
    fn is_doubtful(&self, object: &Object) -> bool {
        let opaque = |id: &Id| match self.catalog.relation(id) {
            Some(Relation::Table(table)) => table.opaque,
            Some(Relation::Opaque) => true,
            _ => false,
        };
        match object {
            Object::Relation(id) => self.catalog.is_doubtful(id) || opaque(id),
            Object::Type(id) | Object::Function(id) => self.catalog.is_doubtful(id),
            Object::Column(id, _)
            | Object::Constraint(id, _)
            | Object::Index(id, _)
            | Object::Default(id, _)
            | Object::Trigger(id, _) => self.catalog.is_doubtful(id) || opaque(id),
        }
    }

    /// Takes one object out.
    pub(super) fn erase(&mut self, object: &Object) {
        let site = self.site(&self.range.clone());
        match object {
            Object::Relation(id) => {
                let relation = self.take(id);
                let indexes: Vec<String> = match &relation {
                    Some(Relation::Table(table)) => table.indexes.keys().cloned().collect(),
                    Some(Relation::View(view)) => view.indexes.keys().cloned().collect(),
                    _ => Vec::new(),
                };
                for index in indexes {
                    self.erase_entry(&id.beside(index));
                }
                if relation.is_some() {
                    self.past.dropped(Subject::relation(id), site);
                }
            }
            Object::Column(id, name) => self.erase_column(id, name),
            Object::Constraint(id, name) => self.erase_constraint(id, name),
            Object::Index(id, name) => {
                match self.catalog.relation_mut(id) {
                    Some(Relation::Table(table)) => drop(std::sync::Arc::make_mut(table).indexes.remove(name)),
                    Some(Relation::View(view)) => drop(std::sync::Arc::make_mut(view).indexes.remove(name)),
                    _ => {}
                }
                self.erase_entry(&id.beside(name.clone()));
            }
            Object::Default(id, name) => {
                if let Some(table) = self.change(id)
                    && let Some(column) = table.columns.iter_mut().find(|column| column.name == *name)
                {
                    column.default = Default::None;
                }
            }
            Object::Trigger(id, name) => {
                if let Some(table) = self.change(id) {
                    table.triggers.remove(name);
                }
                self.past.dropped(Subject::part(id, name), site);
            }
            Object::Type(id) => {
                if self.take_type(id).is_some() {
                    self.past.dropped(Subject::Type(id.to_string()), site);
                }
            }
            Object::Function(id) => {
                if let Some(schema) = self.catalog.schema_mut(&id.schema) {
                    schema.functions.remove(&id.name);
                }
                self.past.dropped(Subject::Function(id.to_string()), site);
            }
        }
    }

    /// Takes an index's name out of those of its schema.
    fn erase_entry(&mut self, id: &Id) {
        if matches!(self.catalog.relation(id), Some(Relation::Index(_))) && self.take(id).is_some() {
            self.past.dropped(Subject::relation(id), self.site(&self.range.clone()));
        }
    }

    /// Takes a column out, with every index and constraint that contains it.
    fn erase_column(&mut self, id: &Id, name: &str) {
        let site = self.site(&self.range.clone());
        if let Some(super::Type::Composite(fields)) =
            self.catalog.schema_mut(&id.schema).and_then(|schema| schema.types.get_mut(&id.name))
        {
            fields.retain(|field| field.name != name);
            return;
        }
        let Some(table) = self.change(id) else { return };
        table.columns.retain(|column| column.name != name);
        let has = |columns: &[String]| columns.iter().any(|column| column == name);
        let mut gone: Vec<String> = Vec::new();
        table.keys.retain(|key, held| keep(!has(&held.columns), key, &mut gone));
        table.references.retain(|key, held| keep(!has(&held.columns), key, &mut gone));
        table.checks.retain(|key, held| keep(!held.expression.uses_column(name), key, &mut gone));
        table.not_nulls.retain(|_, column| column != name);
        let mut indexes: Vec<String> = Vec::new();
        table.indexes.retain(|key, index| keep(!index.uses_column(name), key, &mut indexes));
        table.exclusions.retain(|key, _| keep(!indexes.contains(key), key, &mut gone));
        for constraint in gone {
            self.past.dropped(Subject::part(id, &constraint), site.clone());
        }
        for index in indexes {
            self.erase_entry(&id.beside(index));
        }
        self.past.dropped(Subject::part(id, name), site);
    }

    fn erase_constraint(&mut self, id: &Id, name: &str) {
        let site = self.site(&self.range.clone());
        let Some(table) = self.change(id) else { return };
        let is_index = table.keys.remove(name).is_some() || table.exclusions.remove(name).is_some();
        table.references.remove(name);
        table.checks.remove(name);
        if let Some(column) = table.not_nulls.remove(name) {
            for own in table.columns.iter_mut().filter(|own| own.name == column) {
                own.not_null = false;
            }
        }
        if is_index {
            table.indexes.remove(name);
            self.erase_entry(&id.beside(name));
        }
        self.past.dropped(Subject::part(id, name), site);
    }
}

/// Notes what isn't kept.
fn keep(stays: bool, name: &str, gone: &mut Vec<String>) -> bool {
    if !stays {
        gone.push(name.to_owned());
    }
    stays
}
