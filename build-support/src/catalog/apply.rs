//! Every act, and who follows it.

use super::state::StrangerKind;
use super::view::NewView;
use super::{Relation, Simulator};
use crate::statement::{ActKind, Condition, ObjectKind, Persistence, QualifiedName, WriteKind};

impl Simulator {
    /// Does one act.
    pub(super) fn apply(&mut self, act: &ActKind) {
        self.apply_within(act, &mut Vec::new());
    }

    /// Does one act of a function, `under_way` being those whose calls led there.
    pub(super) fn apply_within(&mut self, act: &ActKind, under_way: &mut Vec<String>) {
        let guarded = self.condition == Condition::IfMissing;
        match act {
            ActKind::CreateSchema { name, if_not_exists } => self.create_schema(name, *if_not_exists || guarded),
            ActKind::CreateTable(create) => self.create_table(create),
            ActKind::CreateTableAs { name, persistence, if_not_exists, columns, query } => {
                self.create_table_as(name, *persistence, *if_not_exists || guarded, columns, query);
            }
            ActKind::AlterTable(alter) => self.alter(alter),
            ActKind::CreateIndex(create) => self.create_index(create),
            ActKind::Reindex { kind, name: Some(name), .. } => self.must_be_there(*kind, name),
            ActKind::CreateType(create) => self.create_type(create),
            ActKind::AddEnumValue { name, value, if_not_exists, before, after } => {
                let beside = before.as_ref().map(|name| (name, false)).or(after.as_ref().map(|name| (name, true)));
                self.add_value(name, value, *if_not_exists || guarded, beside);
            }
            ActKind::RenameEnumValue { name, from, to } => self.rename_value(name, from, to),
            ActKind::AlterDomain { name, change } => self.alter_domain(name, change),
            ActKind::CreateSequence { name, persistence, if_not_exists, owned_by } => {
                let temporary = *persistence == Persistence::Temporary;
                self.create_sequence(name, temporary, *if_not_exists || guarded, owned_by.as_ref());
            }
            ActKind::OwnSequence { name, if_exists, owner } => self.own_sequence(name, *if_exists, owner.as_ref()),
            ActKind::CreateView {
                name, materialized, or_replace, if_not_exists, temporary, columns, query, ..
            } => {
                self.create_view(&NewView {
                    name,
                    materialized: *materialized,
                    or_replace: *or_replace,
                    if_not_exists: *if_not_exists || guarded,
                    temporary: *temporary,
                    columns,
                    query,
                });
            }
            ActKind::RefreshMaterializedView { name, .. } => self.must_be_there(ObjectKind::MaterializedView, name),
            ActKind::CreateFunction(create) => self.create_function(create),
            ActKind::CreateTrigger { name, table, columns, condition, function, or_replace, .. } => {
                let condition = condition.as_ref().map(|condition| &condition.uses);
                self.create_trigger(name, table, columns, condition, function.as_ref(), *or_replace);
            }
            ActKind::CreateExtension { name, if_not_exists, schema, cascade } => {
                self.create_extension(name, *if_not_exists || guarded, schema.as_ref(), *cascade);
            }
            ActKind::CreateCast => self.stranger(StrangerKind::Cast, "", ""),
            ActKind::CreateOther { kind, name, on } => self.create_other(*kind, name, on.as_ref()),
            ActKind::Drop(drop) => self.drop(drop),
            ActKind::Rename { kind, name, on, if_exists, to } => self.rename(*kind, name, on.as_ref(), *if_exists, to),
            ActKind::Move { kind, name, if_exists, schema } => self.move_to_schema(*kind, name, *if_exists, schema),
            ActKind::Comment { kind, name, column, text } => {
                self.comment(*kind, name, column.as_ref(), text.as_ref());
            }
            ActKind::SetSearchPath { path, local } => {
                let path = path.as_ref().map(|path| path.iter().map(|name| name.text.clone()).collect());
                self.path.set(path, *local, &self.catalog);
            }
            ActKind::Set { name, value, .. } if name == "check_function_bodies" => {
                let off = |value: &String| matches!(value.to_lowercase().as_str(), "off" | "false" | "0" | "no");
                self.checks_bodies = !value.as_ref().is_some_and(off);
            }
            ActKind::Truncate { tables, cascade } => self.truncate(tables, *cascade),
            ActKind::LockTable { tables, .. } | ActKind::Vacuum { tables, .. } => {
                for table in tables {
                    self.relation(table, "table");
                }
            }
            ActKind::Cluster { table: Some(table) } => {
                self.relation(table, "table");
            }
            ActKind::Query(query) => {
                self.resolve(query, &[]);
                // Conditions, which give nothing, are only looked at.
                if !query.output.is_empty() {
                    self.call_all(query, under_way);
                }
            }
            ActKind::Write { kind, table, query, .. } => {
                // The file's format may name columns that the reader doesn't.
                if *kind == WriteKind::Copy {
                    self.relation(table, "table");
                }
                self.resolve(query, &[]);
                self.call_all(query, under_way);
            }
            ActKind::Somewhere(act) => self.somewhere(act),
            ActKind::Opaque { names, .. } => self.opaque(names),
            ActKind::Reindex { name: None, .. }
            | ActKind::Cluster { table: None }
            | ActKind::Set { .. }
            | ActKind::Transaction
            | ActKind::Harmless => {}
        }
    }

    /// Reports a relation, or a schema, that a statement needs.
    fn must_be_there(&mut self, kind: ObjectKind, name: &QualifiedName) {
        match kind {
            ObjectKind::Schema => {
                let is_known = self.may_have_schema(&name.name.text);
                if !self.catalog.schemas.contains_key(&name.name.text) && !is_known {
                    self.unknown_schema(&name.name);
                }
            }
            ObjectKind::Table | ObjectKind::Index | ObjectKind::MaterializedView => {
                let called = super::rename::called(kind);
                let Some(id) = self.relation(name, called) else { return };
                let fits = match self.catalog.relation(&id) {
                    Some(Relation::View(view)) => view.materialized,
                    Some(Relation::Table(_)) => kind == ObjectKind::Table,
                    Some(Relation::Index(_)) => kind == ObjectKind::Index,
                    Some(Relation::Sequence(_)) => false,
                    Some(Relation::Opaque) | None => true,
                };
                if !fits {
                    self.wrong_kind(&id, &name.range(), called, None);
                }
            }
            _ => {}
        }
    }

    fn create_other(&mut self, kind: ObjectKind, name: &QualifiedName, on: Option<&QualifiedName>) {
        if let Some(table) = on {
            self.relation(table, "table");
        }
        if kind == ObjectKind::Aggregate {
            self.create_aggregate(name);
        }
    }
}
