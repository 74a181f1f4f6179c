//! A new name for a schema, and for everything in it.

use super::past::Subject;
use super::{Id, Relation, Simulator};
use crate::statement::{Name, QualifiedName};

impl Simulator {
    pub(super) fn rename_schema(&mut self, name: &Name, to: &Name) {
        if self.catalog.schemas.contains_key(&to.text) {
            let message = format!("there is a schema `{}` already", to.text);
            self.duplicate("duplicate_schema", message, &to.range, &Subject::Schema(to.text.clone()));
            return;
        }
        let Some(schema) = self.catalog.schemas.get(&name.text) else {
            if !self.may_have_schema(&name.text) {
                self.unknown_schema(name);
            }
            return;
        };
        let relations: Vec<Id> = schema
            .relations
            .iter()
            .filter(|(_, relation)| !matches!(relation, Relation::Index(_)))
            .map(|(own, _)| Id::new(&name.text, own))
            .collect();
        let types: Vec<String> = schema.types.keys().cloned().collect();
        let functions: Vec<String> = schema.functions.keys().cloned().collect();
        self.make_schema(&to.text, false);
        self.past.renamed(Subject::Schema(name.text.clone()), to.text.clone(), self.site(&to.range));
        for id in relations {
            let new = Id::new(&to.text, &id.name);
            if self.catalog.relation(&id).is_some() {
                self.rename_relation(&id, &new, &to.range);
            }
        }
        for ty in types {
            let part = |text: &str| Name { text: text.to_owned(), range: name.range.clone() };
            let old = QualifiedName { schema: Some(part(&name.text)), name: part(&ty) };
            self.rename_type(&old, &ty, Some(&to.text), &to.range);
        }
        for function in functions {
            self.move_function(&Id::new(&name.text, &function), &Id::new(&to.text, &function), &to.range);
        }
        if let Some(old) = self.catalog.schemas.remove(&name.text)
            && let Some(new) = self.catalog.schema_mut(&to.text)
        {
            new.opaque = old.opaque;
            new.comment.clone_from(&old.comment);
        }
        self.path.refresh(&self.catalog);
    }
}
