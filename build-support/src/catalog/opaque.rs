//! What can't be followed: from there on nothing is said of whatever it may have changed.

use super::dependents::Object;
use super::lookup::{Found, Space};
use super::somewhere::has_hole;
use super::{Default, Id, Index, IndexPart, Relation, Simulator, StrangerKind, Type, extension};
use crate::statement::{Name, QualifiedName};
use std::sync::Arc;

impl Simulator {
    /// Takes note of something that isn't understood. Without names, anything may have changed.
    pub(super) fn opaque(&mut self, names: &[QualifiedName]) {
        if names.is_empty() {
            self.opaque_all();
        }
        for name in names {
            if has_hole(name) {
                self.opaque_fitting(name);
                continue;
            }
            let found = self.look_up(Space::Relation, name);
            match found {
                Found::Here(id) => {
                    self.doubt_relation(&id);
                    self.doubt_name(&id);
                }
                Found::Missing(id) => self.put(&id, Relation::Opaque),
                Found::NoSchema(schema) => self.make_schema(&schema.text, true),
                Found::Unsure => {}
            }
            if let Found::Here(id) = self.look_up(Space::Type, name)
                && self.catalog.type_at(&id).is_some()
            {
                self.put_type(&id, Type::Other);
                self.doubt_name(&id);
            }
            if let Found::Here(id) = self.look_up(Space::Function, name) {
                self.doubt_name(&id);
            }
        }
    }

    /// Takes note of something that isn't understood and is about whatever fits.
    fn opaque_fitting(&mut self, name: &QualifiedName) {
        for id in self.fitting(name, |_| true) {
            self.doubt_relation(&id);
            self.doubt_name(&id);
        }
        self.doubt_fitting(name, Space::Type);
        self.doubt_fitting(name, Space::Function);
        for kind in [StrangerKind::Relation, StrangerKind::Index, StrangerKind::Type, StrangerKind::Function] {
            self.strange(kind, name);
        }
    }

    /// Takes note of a relation that may be there under another name or in another schema from now on.
    pub(super) fn may_be_now(&mut self, name: &QualifiedName, schema: Option<&Name>, to: Option<&Name>) {
        if !matches!(self.look_up(Space::Relation, name), Found::Unsure) {
            return;
        }
        let first = || self.path.visible().first().map_or("public", String::as_str);
        let schema = schema.or(name.schema.as_ref()).map_or_else(first, |schema| &schema.text);
        let id = Id::new(schema, &to.unwrap_or(&name.name).text);
        if self.catalog.relation(&id).is_none() && self.catalog.schemas.contains_key(&id.schema) {
            self.put(&id, Relation::Opaque);
        }
    }

    pub(super) fn doubt_name(&mut self, id: &Id) {
        if let Some(schema) = self.catalog.schema_mut(&id.schema) {
            schema.doubtful.insert(id.name.clone());
        }
    }

    fn doubt_relation(&mut self, id: &Id) {
        match self.catalog.relation_mut(id) {
            Some(Relation::Table(table)) => Arc::make_mut(table).opaque = true,
            Some(Relation::View(view)) => Arc::make_mut(view).columns = None,
            _ => {}
        }
    }

    /// Whatever is there may be different from now on, and anything else may be there.
    fn opaque_all(&mut self) {
        self.catalog.opaque = true;
        for schema in self.catalog.schemas.values_mut() {
            let schema = Arc::make_mut(schema);
            let named = schema.relations.keys().chain(schema.types.keys()).chain(schema.functions.keys());
            schema.doubtful = named.cloned().collect();
            for relation in schema.relations.values_mut() {
                match relation {
                    Relation::Table(table) if !table.opaque => Arc::make_mut(table).opaque = true,
                    Relation::View(view) if view.columns.is_some() => Arc::make_mut(view).columns = None,
                    _ => {}
                }
            }
        }
    }

    /// Lists what needs an extension: columns of its types, indexes by its operators, calls of its functions.
    pub(super) fn needing_extension(&self, name: &str) -> Vec<Object> {
        let of_type = |own: &Option<String>| {
            own.as_ref().is_some_and(|own| extension::of_type(&Id::parse(own).name) == Some(name))
        };
        let called = |functions: &[String]| {
            functions.iter().any(|function| extension::of_function(&Id::parse(function).name) == Some(name))
        };
        let by_class = |index: &Index| {
            let words =
                index.keys.iter().flat_map(|key| key.options.split(|c: char| !(c.is_alphanumeric() || c == '_')));
            let calls =
                |part: &IndexPart| matches!(part, IndexPart::Expression(expression) if called(&expression.functions));
            extension::of_class(&index.method) == Some(name)
                || words.into_iter().any(|word| extension::of_class(word) == Some(name))
                || index.keys.iter().any(|key| calls(&key.part))
        };
        let mut found = Vec::new();
        for (schema, held) in &self.catalog.schemas {
            for (own, relation) in &held.relations {
                let id = Id::new(schema, own);
                if held.doubtful.contains(own) {
                    continue;
                }
                match relation {
                    Relation::Table(table) if !table.opaque => {
                        for column in &table.columns {
                            let by_default = match &column.default {
                                Default::Expression(expression) => called(&expression.functions),
                                _ => false,
                            };
                            if of_type(&column.own_type) {
                                found.push(Object::Column(id.clone(), column.name.clone()));
                            } else if by_default {
                                found.push(Object::Default(id.clone(), column.name.clone()));
                            }
                        }
                        let indexes =
                            table.indexes.iter().filter(|(_, index)| by_class(index) && index.part_of.is_none());
                        found.extend(indexes.map(|(index, _)| Object::Index(id.clone(), index.clone())));
                    }
                    Relation::View(view) if called(&view.functions) => found.push(Object::Relation(id)),
                    _ => {}
                }
            }
        }
        found
    }
}
