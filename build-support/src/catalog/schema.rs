//! Schemas, extensions and comments.

use super::complaint::finding;
use super::past::Subject;
use super::{Id, Relation, Simulator, extension};
use crate::statement::{Drop, Name, ObjectKind, QualifiedName};
use std::sync::Arc;
use whimbrel_grammar::names::nearest;

impl Simulator {
    pub(super) fn create_schema(&mut self, name: &Name, if_not_exists: bool) {
        if let Some(schema) = self.catalog.schemas.get(&name.text) {
            if !if_not_exists && !schema.opaque && !self.catalog.opaque {
                let message = format!("there is a schema `{}` already", name.text);
                self.duplicate("duplicate_schema", message, &name.range, &Subject::Schema(name.text.clone()));
            }
            return;
        }
        self.make_schema(&name.text, self.unsure());
        self.past.made(Subject::Schema(name.text.clone()), self.site(&name.range));
    }

    pub(super) fn create_extension(&mut self, name: &Name, if_not_exists: bool, schema: Option<&Name>, cascade: bool) {
        if self.catalog.extensions.contains_key(&name.text) {
            let built_in = name.text == "plpgsql";
            if !if_not_exists && !built_in && !self.catalog.opaque {
                let message = format!("there is an extension `{}` already", name.text);
                self.duplicate("duplicate_extension", message, &name.range, &Subject::Extension(name.text.clone()));
            }
            return;
        }
        if let Some(meant) = extension::meant(&name.text)
            && !self.open_world
        {
            let message = format!("there is no extension `{}`", name.text);
            let mut finding = finding("unknown_extension", message, &name.range, "not known");
            finding.help.push(format!("did you mean `{meant}`?"));
            self.report(finding);
        }
        if let Some(schema) = schema
            && !self.catalog.schemas.contains_key(&schema.text)
            && !super::server::is_schema(&schema.text)
        {
            // Some extensions make the schema that they live in.
            if extension::is_understood(&name.text)
                && !self.catalog.opaque
                && !self.open_world
                && !self.may_bring_schema()
            {
                self.unknown_schema(schema);
            } else {
                self.make_schema(&schema.text, true);
            }
        }
        let into = schema.map(|schema| schema.text.clone());
        let into = into.or_else(|| self.path.visible().first().cloned()).unwrap_or_else(|| "public".to_owned());
        for needed in extension::needs(&name.text) {
            if self.catalog.extensions.contains_key(needed) {
                continue;
            }
            if !cascade && !self.open_world && !self.catalog.opaque {
                let message = format!("extension `{}` needs the extension `{needed}`, which isn't created", name.text);
                let mut finding = finding("missing_extension", message, &name.range, "needs it");
                finding.help.push("write `CASCADE` behind it".to_owned());
                self.report(finding);
            }
            self.catalog.extensions.insert((*needed).to_owned(), into.clone());
        }
        self.past.made(Subject::Extension(name.text.clone()), self.site(&name.range));
        self.catalog.extensions.insert(name.text.clone(), into);
    }

    pub(super) fn drop_extension(&mut self, name: &Name, drop: &Drop) {
        let if_exists = self.may_be_missing(drop.if_exists);
        if !self.catalog.extensions.contains_key(&name.text) {
            // Somebody with more rights may have created it beforehand.
            if !if_exists && !self.catalog.opaque && !self.open_world && name.text != "plpgsql" {
                let meant = nearest(&name.text, extension::names()).map(str::to_owned);
                let message = format!("there is no extension `{}`", name.text);
                let subject = Subject::Extension(name.text.clone());
                self.unknown("unknown_extension", message, &name.range, subject, meant);
            }
            return;
        }
        if self.unsure() {
            return;
        }
        let needing = self.needing_extension(&name.text);
        if drop.cascade {
            self.remove(&needing, "", &name.range, true);
        } else if !needing.is_empty() {
            let needs: Vec<_> = needing.iter().map(|object| self.need(object)).collect();
            self.still_needed(&format!("extension `{}`", name.text), &name.range, &needs, true);
        }
        self.catalog.extensions.remove(&name.text);
        self.past.dropped(Subject::Extension(name.text.clone()), self.site(&name.range));
    }

    pub(super) fn comment(
        &mut self,
        kind: ObjectKind,
        name: &QualifiedName,
        part: Option<&Name>,
        text: Option<&String>,
    ) {
        let text = text.cloned();
        match (kind, part) {
            (ObjectKind::Column, Some(column)) => {
                let Some(id) = self.relation(name, "table") else { return };
                let unsure = self.unsure();
                match self.catalog.relation_mut(&id) {
                    Some(Relation::Table(table)) => {
                        let table = Arc::make_mut(table);
                        match table.columns.iter_mut().find(|own| own.name == column.text) {
                            Some(_) if unsure => {}
                            Some(own) => own.comment = text,
                            None => self.unknown_column(&id, column),
                        }
                    }
                    Some(Relation::View(view)) => {
                        let names: Vec<String> = match &view.columns {
                            Some(columns) if !columns.iter().any(|(own, _)| *own == column.text) => {
                                columns.iter().map(|(own, _)| own.clone()).collect()
                            }
                            _ => return,
                        };
                        let meant = nearest(&column.text, names.iter().map(String::as_str)).map(str::to_owned);
                        let message = format!("view `{}` has no column `{}`", id.shown(), column.text);
                        let subject = Subject::part(&id, &column.text);
                        self.unknown("unknown_column", message, &column.range, subject, meant);
                    }
                    _ => {}
                }
            }
            (ObjectKind::Constraint, Some(constraint)) => {
                let Some(id) = self.relation(name, "table") else { return };
                let Some(table) = self.catalog.table(&id) else { return };
                let has = super::links::constraint_names(table).any(|own| *own == constraint.text);
                if !has && !constraint.text.ends_with("_not_null") {
                    self.unknown_constraint(&id, constraint);
                }
            }
            (ObjectKind::Trigger, Some(_)) => {
                self.relation(name, "table");
            }
            (
                ObjectKind::Table
                | ObjectKind::ForeignTable
                | ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Index
                | ObjectKind::Sequence,
                _,
            ) => self.comment_relation(kind, name, text),
            (ObjectKind::Type | ObjectKind::Domain, None) => {
                self.own_type(name);
            }
            (ObjectKind::Function, None) => {
                self.function(name, false);
            }
            (ObjectKind::Schema, None) => {
                let name = &name.name;
                let is_servers = self.open_world || super::server::is_schema(&name.text);
                let is_known = is_servers || self.may_have_schema(&name.text);
                match self.catalog.schema_mut(&name.text) {
                    Some(schema) => schema.comment = text,
                    None if is_known => {}
                    None => self.unknown_schema(name),
                }
            }
            _ => {}
        }
    }

    fn comment_relation(&mut self, kind: ObjectKind, name: &QualifiedName, text: Option<String>) {
        let Some(id) = self.relation(name, super::rename::called(kind)) else { return };
        if self.unsure() {
            return;
        }
        let wanted = super::rename::called(kind);
        let Some(is) = self.kind_of(&id) else { return };
        if is != wanted {
            let help = format!("write `COMMENT ON {}`", is.to_uppercase());
            self.wrong_kind(&id, &name.range(), wanted, Some(help));
            return;
        }
        match self.catalog.relation_mut(&id) {
            Some(Relation::Table(table)) => Arc::make_mut(table).comment = text,
            Some(Relation::View(view)) => Arc::make_mut(view).comment = text,
            Some(Relation::Sequence(sequence)) => sequence.comment = text,
            Some(Relation::Index(table)) => {
                let table = Id::new(&id.schema, table.clone());
                if let Some(index) = self.index_mut(&table, &id.name) {
                    index.comment = text;
                }
            }
            Some(Relation::Opaque) | None => {}
        }
    }
}
