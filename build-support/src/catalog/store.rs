//! The catalog's entries: the one place that puts them in and takes them out.
//!
//! What may not be done at all leaves its traces in doubt: a name that may be there or not, a table that may be different.

use super::id::TEMPORARY;
use super::{Catalog, Id, Relation, Schema, Simulator, Table, Type, View};
use std::sync::Arc;

impl Catalog {
    pub(super) fn relation(&self, id: &Id) -> Option<&Relation> {
        self.schemas.get(&id.schema)?.relations.get(&id.name)
    }

    pub(super) fn table(&self, id: &Id) -> Option<&Table> {
        match self.relation(id)? {
            Relation::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(super) fn view(&self, id: &Id) -> Option<&View> {
        match self.relation(id)? {
            Relation::View(view) => Some(view),
            _ => None,
        }
    }

    pub(super) fn type_at(&self, id: &Id) -> Option<&Type> {
        self.schemas.get(&id.schema)?.types.get(&id.name)
    }

    /// Tells whether something of this name may not be there after all.
    pub(super) fn is_doubtful(&self, id: &Id) -> bool {
        self.schemas.get(&id.schema).is_none_or(|schema| schema.doubtful.contains(&id.name))
    }

    pub(super) fn schema_mut(&mut self, name: &str) -> Option<&mut Schema> {
        if name == TEMPORARY && !self.schemas.contains_key(name) {
            self.schemas.insert(name.to_owned(), Arc::default());
        }
        self.schemas.get_mut(name).map(Arc::make_mut)
    }

    pub(super) fn relation_mut(&mut self, id: &Id) -> Option<&mut Relation> {
        self.schema_mut(&id.schema)?.relations.get_mut(&id.name)
    }

    pub(super) fn table_mut(&mut self, id: &Id) -> Option<&mut Table> {
        match self.relation_mut(id)? {
            Relation::Table(table) => Some(Arc::make_mut(table)),
            _ => None,
        }
    }

    pub(super) fn view_mut(&mut self, id: &Id) -> Option<&mut View> {
        match self.relation_mut(id)? {
            Relation::View(view) => Some(Arc::make_mut(view)),
            _ => None,
        }
    }
}

impl Simulator {
    /// Lends a table to be changed.
    pub(super) fn change(&mut self, id: &Id) -> Option<&mut Table> {
        let unsure = self.unsure();
        let table = self.catalog.table_mut(id)?;
        table.opaque |= unsure;
        Some(table)
    }

    /// Puts a relation in, in the place of what had its name.
    pub(super) fn put(&mut self, id: &Id, relation: Relation) {
        let unsure = self.unsure();
        self.links.add(id, &relation);
        let Some(schema) = self.catalog.schema_mut(&id.schema) else { return };
        if unsure && let Some(there) = schema.relations.get_mut(&id.name) {
            doubt(there);
            return;
        }
        schema.relations.insert(id.name.clone(), relation);
        if unsure {
            schema.doubtful.insert(id.name.clone());
        } else if !schema.types.contains_key(&id.name) {
            schema.doubtful.remove(&id.name);
        }
    }

    /// Takes a relation out.
    pub(super) fn take(&mut self, id: &Id) -> Option<Relation> {
        let unsure = self.unsure();
        let schema = self.catalog.schema_mut(&id.schema)?;
        if unsure {
            schema.doubtful.insert(id.name.clone());
            return None;
        }
        schema.relations.remove(&id.name)
    }

    pub(super) fn put_type(&mut self, id: &Id, ty: Type) {
        let unsure = self.unsure();
        let Some(schema) = self.catalog.schema_mut(&id.schema) else { return };
        if unsure && schema.types.contains_key(&id.name) {
            schema.types.insert(id.name.clone(), Type::Other);
            return;
        }
        schema.types.insert(id.name.clone(), ty);
        if unsure {
            schema.doubtful.insert(id.name.clone());
        } else if !schema.relations.contains_key(&id.name) {
            schema.doubtful.remove(&id.name);
        }
    }

    pub(super) fn take_type(&mut self, id: &Id) -> Option<Type> {
        let unsure = self.unsure();
        let schema = self.catalog.schema_mut(&id.schema)?;
        if unsure {
            schema.doubtful.insert(id.name.clone());
            return None;
        }
        schema.types.remove(&id.name)
    }
}

/// Makes a relation one that may be different.
fn doubt(relation: &mut Relation) {
    match relation {
        Relation::Table(table) => Arc::make_mut(table).opaque = true,
        _ => *relation = Relation::Opaque,
    }
}
