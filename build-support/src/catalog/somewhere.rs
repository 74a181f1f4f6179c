//! Statements that are put together when they run: done to whatever has a name that fits.

use super::lookup::{Found, Space};
use super::{Id, Relation, Simulator, Stranger, StrangerKind};
use crate::statement::{ActKind, AlterTable, Condition, CreateIndex, Drop, HOLE, ObjectKind, QualifiedName};
use std::sync::Arc;

/// Tells whether a name can be what a pattern stands for.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let parts: Vec<&str> = pattern.split(HOLE).collect();
    let [first, between @ .., last] = parts.as_slice() else { return pattern == name };
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    for part in between {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

pub(super) fn has_hole(name: &QualifiedName) -> bool {
    name.name.text.contains(HOLE) || name.schema.as_ref().is_some_and(|schema| schema.text.contains(HOLE))
}

impl Simulator {
    /// Does an act any number of times to whatever fits.
    pub(super) fn somewhere(&mut self, act: &ActKind) {
        let condition = std::mem::replace(&mut self.condition, Condition::Sometimes);
        match act {
            ActKind::CreateSchema { name, .. } => self.stranger(StrangerKind::Schema, "", &name.text),
            ActKind::CreateTable(create) => self.strange_table(&create.name),
            ActKind::CreateTableAs { name, .. } => self.strange_table(name),
            ActKind::CreateView { name, .. } | ActKind::CreateSequence { name, .. } => {
                self.strange(StrangerKind::Relation, name);
            }
            ActKind::CreateType(create) => self.strange(StrangerKind::Type, &create.name),
            ActKind::CreateFunction(create) => self.strange(StrangerKind::Function, &create.name),
            ActKind::CreateIndex(create) => self.strange_index(create),
            ActKind::CreateTrigger { name, table, .. } => {
                self.stranger(StrangerKind::Trigger, &table.name.text, &name.text);
            }
            ActKind::AlterTable(AlterTable { table, change, .. }) => {
                for id in self.fitting(table, |relation| matches!(relation, Relation::Table(_))) {
                    self.alter_table(&id, change);
                }
            }
            ActKind::Rename { kind, name, on, to, .. } => self.rename_somewhere(*kind, name, on.as_ref(), &to.text),
            ActKind::Drop(drop) => self.drop_somewhere(drop),
            _ => self.opaque(&[]),
        }
        self.condition = condition;
    }

    /// Takes note of names under which something may be there.
    pub(super) fn strange(&mut self, kind: StrangerKind, name: &QualifiedName) {
        let of = name.schema.as_ref().map_or("", |schema| schema.text.as_str()).to_owned();
        self.stranger(kind, &of, &name.name.text);
    }

    pub(super) fn stranger(&mut self, kind: StrangerKind, of: &str, name: &str) {
        self.catalog.strangers.insert(Stranger { kind, of: of.to_owned(), name: name.to_owned() });
    }

    fn strange_table(&mut self, name: &QualifiedName) {
        self.strange(StrangerKind::Relation, name);
        // Its indexes get names after its own.
        let of = name.schema.as_ref().map_or("", |schema| schema.text.as_str()).to_owned();
        self.stranger(StrangerKind::Index, &of, &format!("{}_{HOLE}", name.name.text));
    }

    fn strange_index(&mut self, create: &CreateIndex) {
        let of = create.table.schema.as_ref().map_or("", |schema| schema.text.as_str()).to_owned();
        let name =
            create.name.as_ref().map_or_else(|| format!("{}_{HOLE}", create.table.name.text), |name| name.text.clone());
        self.stranger(StrangerKind::Index, &of, &name);
        if create.unique {
            for id in self.fitting(&create.table, |relation| matches!(relation, Relation::Table(_))) {
                self.change(&id);
            }
        }
    }

    fn drop_somewhere(&mut self, drop: &Drop) {
        for name in &drop.names {
            match drop.kind {
                ObjectKind::Schema => {
                    for (schema, held) in &mut self.catalog.schemas {
                        if fits(&name.name.text, schema) {
                            let held = Arc::make_mut(held);
                            held.opaque = true;
                            held.doubtful.extend(held.relations.keys().chain(held.types.keys()).cloned());
                        }
                    }
                }
                ObjectKind::Trigger => {
                    let Some(on) = &drop.on else { continue };
                    for id in self.fitting(on, |relation| matches!(relation, Relation::Table(_))) {
                        if let Some(table) = self.catalog.table_mut(&id) {
                            table.triggers.retain(|own, _| !fits(&name.name.text, own));
                        }
                    }
                    self.stranger(StrangerKind::Trigger, &on.name.text, &name.name.text);
                }
                ObjectKind::Type | ObjectKind::Domain => self.doubt_fitting(name, Space::Type),
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                    self.doubt_fitting(name, Space::Function);
                }
                ObjectKind::Index => {
                    self.drop_fitting(name, drop.cascade, |relation| matches!(relation, Relation::Index(_)))
                }
                _ => self.drop_fitting(name, drop.cascade, |relation| !matches!(relation, Relation::Index(_))),
            }
        }
    }

    fn rename_somewhere(&mut self, kind: ObjectKind, name: &QualifiedName, on: Option<&QualifiedName>, to: &str) {
        let of = name.schema.as_ref().map_or("", |schema| schema.text.as_str()).to_owned();
        match kind {
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence => {
                self.drop_fitting(name, true, |relation| !matches!(relation, Relation::Index(_)));
                self.stranger(StrangerKind::Relation, &of, to);
            }
            ObjectKind::Index => {
                self.drop_fitting(name, false, |relation| matches!(relation, Relation::Index(_)));
                self.stranger(StrangerKind::Index, &of, to);
            }
            ObjectKind::Type | ObjectKind::Domain => {
                self.doubt_fitting(name, Space::Type);
                self.stranger(StrangerKind::Type, &of, to);
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                self.doubt_fitting(name, Space::Function);
                self.stranger(StrangerKind::Function, &of, to);
            }
            ObjectKind::Trigger => {
                self.stranger(StrangerKind::Trigger, on.map_or("", |table| table.name.text.as_str()), to);
            }
            ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Extension | ObjectKind::Other(_) => {}
            ObjectKind::Schema => self.opaque(&[]),
        }
    }

    /// Relations that fit may be gone, and by `CASCADE` what needs them.
    fn drop_fitting(&mut self, name: &QualifiedName, cascade: bool, is_kind: impl Fn(&Relation) -> bool) {
        for id in self.fitting(name, is_kind) {
            self.doubt_name(&id);
            for user in if cascade { self.links.users(&id) } else { Vec::new() } {
                match self.catalog.relation(&user) {
                    Some(Relation::Table(_)) => {
                        self.change(&user);
                    }
                    Some(Relation::View(_)) => self.doubt_name(&user),
                    _ => {}
                }
            }
        }
    }

    pub(super) fn doubt_fitting(&mut self, name: &QualifiedName, space: Space) {
        for (schema, held) in &mut self.catalog.schemas {
            if name.schema.as_ref().is_some_and(|pattern| !fits(&pattern.text, schema)) {
                continue;
            }
            let names: Vec<String> = match space {
                Space::Function => held.functions.keys().cloned().collect(),
                _ => held.types.keys().cloned().collect(),
            };
            Arc::make_mut(held).doubtful.extend(names.into_iter().filter(|own| fits(&name.name.text, own)));
        }
    }

    /// Lists the relations that a name may stand for.
    pub(super) fn fitting(&self, name: &QualifiedName, is_kind: impl Fn(&Relation) -> bool) -> Vec<Id> {
        if !has_hole(name) {
            return match self.look_up(Space::Relation, name) {
                Found::Here(id) if self.catalog.relation(&id).is_some_and(is_kind) => vec![id],
                _ => Vec::new(),
            };
        }
        let mut found = Vec::new();
        for (schema, held) in &self.catalog.schemas {
            if name.schema.as_ref().is_some_and(|pattern| !fits(&pattern.text, schema)) {
                continue;
            }
            for (own, relation) in &held.relations {
                if fits(&name.name.text, own) && is_kind(relation) {
                    found.push(Id::new(schema, own));
                }
            }
        }
        found
    }

    /// Tells whether something may be there that was made under a name that isn't known in full.
    pub(super) fn may_be_strange(&self, kind: StrangerKind, of: &str, name: &str) -> bool {
        self.catalog.strangers.iter().any(|stranger| {
            stranger.kind == kind
                && (stranger.of.is_empty() || of.is_empty() || fits(&stranger.of, of))
                && fits(&stranger.name, name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_around_holes() {
        for (pattern, name, is_fit) in [
            ("whimbrel_hole", "anything", true),
            ("logs_whimbrel_hole", "logs_2020", true),
            ("logs_whimbrel_hole", "log", false),
            ("a_whimbrel_hole_b_whimbrel_hole", "a_1_b_2", true),
            ("a_whimbrel_hole_b", "a_b", false),
            ("plain", "plain", true),
            ("plain", "plainer", false),
        ] {
            assert_eq!(fits(pattern, name), is_fit, "{pattern} {name}");
        }
    }
}
