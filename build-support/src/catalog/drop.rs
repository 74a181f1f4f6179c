//! `DROP`.

use super::complaint::{Need, finding};
use super::dependents::Object;
use super::lookup::{Found, Space};
use super::past::Subject;
use super::{Id, Relation, Simulator, StrangerKind};
use crate::statement::{Condition, Drop, Name, ObjectKind, QualifiedName};
use std::sync::Arc;
use whimbrel_grammar::names::nearest;

impl Simulator {
    pub(super) fn drop(&mut self, drop: &Drop) {
        match drop.kind {
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence => self.drop_relations(drop),
            ObjectKind::Index => self.drop_indexes(drop),
            ObjectKind::Type | ObjectKind::Domain => self.drop_types(drop),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                self.drop_functions(drop);
            }
            ObjectKind::Schema => drop.names.iter().for_each(|name| self.drop_schema(&name.name, drop)),
            ObjectKind::Extension => drop.names.iter().for_each(|name| self.drop_extension(&name.name, drop)),
            ObjectKind::Trigger => self.drop_trigger(drop),
            ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Other(_) => {
                if let Some(table) = &drop.on {
                    self.relation_if(table, "table", drop.if_exists);
                }
            }
        }
    }

    pub(super) fn may_be_missing(&self, if_exists: bool) -> bool {
        if_exists || self.condition == Condition::IfThere
    }

    fn drop_relations(&mut self, drop: &Drop) {
        let wanted = wanted(drop.kind);
        let mut objects = Vec::new();
        for name in &drop.names {
            let Some(id) = self.relation_if(name, wanted, self.may_be_missing(drop.if_exists)) else { continue };
            match self.kind_of(&id) {
                Some(kind) if kind != wanted => {
                    let help = format!("write `DROP {}`", kind.to_uppercase());
                    self.wrong_kind(&id, &name.range(), wanted, Some(help));
                    continue;
                }
                Some(_) => {}
                None => {
                    self.take(&id);
                    continue;
                }
            }
            if self.is_identity(&id, name) {
                continue;
            }
            if self.unsure() {
                self.take(&id);
                continue;
            }
            objects.push((Object::Relation(id), name));
        }
        self.remove_each(&objects, drop.cascade);
    }

    /// Removes what one statement drops: what needs one of them and is one of them is no hindrance.
    fn remove_each(&mut self, objects: &[(Object, &QualifiedName)], cascade: bool) {
        let Some(first) = objects.first() else { return };
        let all: Vec<Object> = objects.iter().map(|(object, _)| object.clone()).collect();
        let parts = self.with_parts(&all);
        let is_needed = |object: &Object| {
            let own = self.with_parts(std::slice::from_ref(object));
            own.iter().flat_map(|part| self.dependents(part)).any(|dependent| !dependent.is_covered(&parts))
        };
        let needed =
            if cascade || objects.len() == 1 { None } else { objects.iter().find(|(object, _)| is_needed(object)) };
        let (object, name) = needed.unwrap_or(first);
        let what = self.need(object).words;
        self.remove(&all, &what, &name.range(), cascade);
    }

    /// Tells whether a sequence is behind an identity, and reports that it can't be dropped.
    fn is_identity(&mut self, id: &Id, name: &QualifiedName) -> bool {
        let Some(Relation::Sequence(sequence)) = self.catalog.relation(id) else { return false };
        let Some((table, column)) = sequence.owned_by.clone().filter(|_| sequence.identity) else { return false };
        let table = Id::parse(&table);
        let need = Need {
            words: format!("the identity of column `{column}` of `{}`", table.shown()),
            subject: Subject::part(&table, &column),
        };
        let what = format!("sequence `{}`", id.shown());
        self.still_needed(&what, &name.range(), &[need], false);
        true
    }

    fn drop_indexes(&mut self, drop: &Drop) {
        let mut objects = Vec::new();
        for name in &drop.names {
            let Some(id) = self.relation_if(name, "index", self.may_be_missing(drop.if_exists)) else { continue };
            match self.catalog.relation(&id) {
                Some(Relation::Index(table)) => {
                    let table = id.beside(table.clone());
                    if self.is_of_constraint(&table, name) {
                        continue;
                    }
                    if self.unsure() {
                        self.take(&id);
                        continue;
                    }
                    objects.push((Object::Index(table, id.name.clone()), name));
                }
                Some(Relation::Opaque) | None => {
                    self.take(&id);
                }
                Some(_) => {
                    let help = self.kind_of(&id).map(|kind| format!("write `DROP {}`", kind.to_uppercase()));
                    self.wrong_kind(&id, &name.range(), "index", help);
                }
            }
        }
        self.remove_each(&objects, drop.cascade);
    }

    /// Tells whether an index can't be dropped by itself, and reports it.
    fn is_of_constraint(&mut self, table: &Id, name: &QualifiedName) -> bool {
        let text = &name.name.text;
        let Some(held) = self.catalog.table(table) else { return false };
        if held.opaque {
            return false;
        }
        let is_constraint = held.keys.contains_key(text) || held.exclusions.contains_key(text);
        if is_constraint {
            let need = self.need(&Object::Constraint(table.clone(), text.clone()));
            self.still_needed(&format!("index `{text}`"), &name.range(), &[need], false);
            if let Some(last) = self.findings.last_mut().filter(|finding| finding.code == "still_needed") {
                let (table, name) = (super::server::quoted(&table.name), super::server::quoted(text));
                last.help = vec![format!("write `ALTER TABLE {table} DROP CONSTRAINT {name}`")];
            }
            return true;
        }
        let whole = held.indexes.get(text).and_then(|index| index.part_of.as_deref()).map(Id::parse);
        if let Some(whole) = whole {
            let need = Need { words: format!("index `{}`", whole.shown()), subject: Subject::relation(&whole) };
            self.still_needed(&format!("index `{text}`"), &name.range(), &[need], false);
            return true;
        }
        false
    }

    fn drop_types(&mut self, drop: &Drop) {
        let mut objects = Vec::new();
        for name in &drop.names {
            match self.look_up(Space::Type, name) {
                Found::Here(id) if self.catalog.type_at(&id).is_some() => {
                    let is_domain =
                        matches!(self.catalog.type_at(&id), Some(super::Type::Domain(_) | super::Type::Other));
                    if drop.kind == ObjectKind::Domain && !is_domain {
                        let message = format!("type `{}` isn't a domain", id.shown());
                        let mut finding = finding("wrong_kind", message, &name.range(), "a type");
                        finding.help.push("write `DROP TYPE`".to_owned());
                        self.report(finding);
                        continue;
                    }
                    if self.unsure() {
                        self.take_type(&id);
                        continue;
                    }
                    objects.push((Object::Type(id), name));
                }
                Found::Here(id) => {
                    let help = self.kind_of(&id).map(|kind| format!("write `DROP {}`", kind.to_uppercase()));
                    self.wrong_kind(&id, &name.range(), "type of its own", help);
                }
                Found::Missing(_) | Found::NoSchema(_) if self.may_be_missing(drop.if_exists) => {}
                Found::Missing(id) if !self.open_world => {
                    let message = format!("there is no type `{}`", id.shown());
                    let meant = self.nearest_in(Space::Type, &id.name);
                    self.unknown("unknown_type", message, &name.range(), Subject::Type(id.to_string()), meant);
                }
                Found::NoSchema(schema) => self.unknown_schema(&schema),
                Found::Missing(_) | Found::Unsure => {}
            }
        }
        self.remove_each(&objects, drop.cascade);
    }

    fn drop_trigger(&mut self, drop: &Drop) {
        let (Some(table), Some(name)) = (&drop.on, drop.names.first()) else { return };
        let Some(id) = self.relation_if(table, "table", self.may_be_missing(drop.if_exists)) else { return };
        let Some(held) = self.catalog.table(&id) else { return };
        let name = &name.name;
        if !held.triggers.contains_key(&name.text) {
            let is_strange = self.may_be_strange(StrangerKind::Trigger, &id.name, &name.text);
            if !held.opaque && !is_strange && !self.may_be_missing(drop.if_exists) {
                let meant = nearest(&name.text, held.triggers.keys().map(String::as_str)).map(str::to_owned);
                let message = format!("table `{}` has no trigger `{}`", id.shown(), name.text);
                self.unknown("unknown_trigger", message, &name.range, Subject::part(&id, &name.text), meant);
            }
            return;
        }
        if self.unsure() {
            self.change(&id);
            return;
        }
        let what = format!("trigger `{}`", name.text);
        self.remove(&[Object::Trigger(id, name.text.clone())], &what, &name.range, drop.cascade);
    }

    fn drop_schema(&mut self, name: &Name, drop: &Drop) {
        let Some(schema) = self.catalog.schemas.get(&name.text) else {
            let is_known = self.may_have_schema(&name.text);
            if !self.may_be_missing(drop.if_exists) && !is_known {
                self.unknown_schema(name);
            }
            return;
        };
        let mut objects: Vec<Object> = Vec::new();
        for (own, relation) in &schema.relations {
            if !matches!(relation, Relation::Index(_) | Relation::Opaque) {
                objects.push(Object::Relation(Id::new(&name.text, own)));
            }
        }
        objects.extend(schema.types.keys().map(|own| Object::Type(Id::new(&name.text, own))));
        objects.extend(schema.functions.keys().map(|own| Object::Function(Id::new(&name.text, own))));
        if self.unsure() {
            if let Some(schema) = self.catalog.schemas.get_mut(&name.text) {
                let schema = Arc::make_mut(schema);
                schema.opaque = true;
                schema.doubtful = schema.relations.keys().chain(schema.types.keys()).cloned().collect();
            }
            return;
        }
        let is_sure = !schema.opaque && !self.catalog.opaque;
        if !drop.cascade && is_sure {
            objects.retain(|object| match object {
                Object::Relation(id) | Object::Type(id) | Object::Function(id) => !self.catalog.is_doubtful(id),
                _ => false,
            });
            if !objects.is_empty() {
                let needs: Vec<Need> = objects.iter().map(|object| self.need(object)).collect();
                self.still_needed(&format!("schema `{}`", name.text), &name.range, &needs, true);
            }
        } else if drop.cascade {
            self.remove(&objects, "", &name.range, true);
        }
        self.catalog.schemas.remove(&name.text);
        let site = self.site(&name.range);
        self.past.dropped(Subject::Schema(name.text.clone()), site);
        self.path.refresh(&self.catalog);
    }
}

/// Names the kind of relation that a `DROP` is for.
fn wanted(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::ForeignTable => "foreign table",
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::Sequence => "sequence",
        ObjectKind::Index => "index",
        _ => "table",
    }
}
