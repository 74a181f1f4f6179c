//! `ALTER TABLE`, and whatever else alters a relation.

use super::complaint::finding;
use super::past::Subject;
use super::rename::called;
use super::{Id, Relation, Simulator, Type};
use crate::statement::{AlterTable, ColumnChange, Name, ObjectKind, TableChange};
use whimbrel_grammar::names::nearest;

impl Simulator {
    pub(super) fn alter(&mut self, alter: &AlterTable) {
        if alter.kind == ObjectKind::Type {
            self.alter_type(alter);
            return;
        }
        let if_exists = self.may_be_missing(alter.if_exists);
        let Some(id) = self.relation_if(&alter.table, called(alter.kind), if_exists) else { return };
        match self.catalog.relation(&id) {
            Some(Relation::Table(_)) => self.alter_table(&id, &alter.change),
            Some(Relation::View(view)) => {
                let materialized = view.materialized;
                self.alter_view(&id, alter, materialized);
            }
            Some(Relation::Index(_)) => match &alter.change {
                TableChange::AttachPartition { child, .. } => self.attach_index(&id, child),
                change if is_for_tables(change) => self.wrong_kind(&id, &alter.table.range(), "table", None),
                _ => {}
            },
            Some(Relation::Sequence(_)) if is_for_tables(&alter.change) => {
                self.wrong_kind(&id, &alter.table.range(), "table", None);
            }
            Some(Relation::Sequence(_) | Relation::Opaque) | None => {}
        }
    }

    pub(super) fn alter_table(&mut self, id: &Id, change: &TableChange) {
        match change {
            TableChange::AddColumn { column, if_not_exists } => self.add_column(id, column, *if_not_exists),
            TableChange::DropColumn { name, if_exists, cascade } => {
                self.drop_column(id, name, self.may_be_missing(*if_exists), *cascade);
            }
            TableChange::RenameColumn { from, to } => self.rename_column(id, from, to),
            TableChange::AlterColumn { name, change } => self.alter_column(id, name, change),
            TableChange::AddConstraint(constraint) => self.add_constraint(id, constraint),
            TableChange::DropConstraint { name, if_exists, cascade } => {
                self.drop_constraint(id, name, self.may_be_missing(*if_exists), *cascade);
            }
            TableChange::RenameConstraint { from, to } => self.rename_constraint(id, from, to),
            TableChange::ValidateConstraint(name) => self.validate_constraint(id, name),
            TableChange::AttachPartition { child, .. } => self.attach(id, child),
            TableChange::DetachPartition { child, .. } => self.detach(id, child),
            TableChange::Inherit { parent, no } => self.set_inherit(id, parent, *no),
            TableChange::Names(name) | TableChange::ClusterOn(name) => self.must_have(id, name),
            TableChange::Trigger(Some(name)) => self.must_have_trigger(id, name),
            TableChange::Rewrite(words) => {
                if let Some(table) = self.change(id) {
                    table.unlogged = match *words {
                        "SET UNLOGGED" => true,
                        "SET LOGGED" => false,
                        _ => table.unlogged,
                    };
                }
            }
            TableChange::Trigger(None) | TableChange::Options | TableChange::Harmless => {}
        }
    }

    fn alter_view(&mut self, id: &Id, alter: &AlterTable, materialized: bool) {
        match &alter.change {
            TableChange::RenameColumn { from, to } => self.rename_view_column(id, from, to),
            TableChange::AlterColumn {
                change: ColumnChange::Default(_) | ColumnChange::Storage | ColumnChange::Harmless,
                ..
            } => {}
            TableChange::Names(_) | TableChange::ClusterOn(_) if materialized => {}
            change if is_for_tables(change) => self.wrong_kind(id, &alter.table.range(), "table", None),
            _ => {}
        }
    }

    /// Reports a constraint or an index that has to be there.
    fn must_have(&mut self, id: &Id, name: &Name) {
        if self.excerpt.of(self.range.clone()).to_ascii_uppercase().contains("NOT ENFORCED")
            && let Some(reference) = self.change(id).and_then(|table| table.references.get_mut(&name.text))
        {
            reference.validated = false;
        }
        let Some(table) = self.catalog.table(id) else { return };
        let is_constraint = super::links::constraint_names(table).any(|own| *own == name.text);
        if !is_constraint && !table.indexes.contains_key(&name.text) {
            self.unknown_constraint(id, name);
        }
    }

    fn must_have_trigger(&mut self, id: &Id, name: &Name) {
        let Some(table) = self.catalog.table(id) else { return };
        // What is named may be a rule.
        if let Some(meant) = nearest(&name.text, table.triggers.keys().map(String::as_str))
            && !table.triggers.contains_key(&name.text)
            && !table.opaque
        {
            let message = format!("table `{}` has no trigger `{}`", id.shown(), name.text);
            let meant = Some(meant.to_owned());
            self.unknown("unknown_trigger", message, &name.range, Subject::part(id, &name.text), meant);
        }
    }

    /// `ALTER TYPE` of a composite type, whose columns are its attributes.
    fn alter_type(&mut self, alter: &AlterTable) {
        let Some(id) = self.own_type(&alter.table) else { return };
        let ty = match &alter.change {
            TableChange::AddColumn { column, .. } => column.ty.as_ref().map(|ty| self.data_type(ty)),
            TableChange::AlterColumn { change: ColumnChange::Type { ty, .. }, .. } => Some(self.data_type(ty)),
            _ => None,
        };
        let Some(Type::Composite(fields)) = self.catalog.type_at(&id) else {
            if matches!(self.catalog.type_at(&id), Some(Type::Enum(_) | Type::Domain(_))) {
                let message = format!("type `{}` has no attributes", id.shown());
                self.report(finding("wrong_kind", message, &alter.table.range(), "not composite"));
            }
            return;
        };
        let mut fields = fields.clone();
        let find = |name: &Name| fields.iter().position(|field| field.name == name.text);
        let mut unknown = None;
        match &alter.change {
            TableChange::AddColumn { column, .. } => {
                if find(&column.name).is_some() {
                    let message = format!("type `{}` has an attribute `{}` already", id.shown(), column.name.text);
                    let subject = Subject::part(&id, &column.name.text);
                    self.duplicate("duplicate_column", message, &column.name.range, &subject);
                } else if let Some(ty) = ty {
                    let name = column.name.text.clone();
                    fields.push(super::Field { name, ty: ty.text, own_type: ty.own });
                }
            }
            TableChange::DropColumn { name, if_exists, .. } => match find(name) {
                Some(at) => drop(fields.remove(at)),
                None if *if_exists => {}
                None => unknown = Some(name),
            },
            TableChange::RenameColumn { from, to } => match find(from) {
                Some(at) => {
                    to.text.clone_into(&mut fields[at].name);
                    self.past.renamed(Subject::part(&id, &from.text), to.text.clone(), self.site(&to.range));
                }
                None => unknown = Some(from),
            },
            TableChange::AlterColumn { name, .. } => match (find(name), ty) {
                (Some(at), Some(ty)) => (fields[at].ty, fields[at].own_type) = (ty.text, ty.own),
                (None, _) => unknown = Some(name),
                _ => {}
            },
            _ => {}
        }
        if let Some(name) = unknown {
            let meant = nearest(&name.text, fields.iter().map(|field| field.name.as_str())).map(str::to_owned);
            let message = format!("type `{}` has no attribute `{}`", id.shown(), name.text);
            self.unknown("unknown_column", message, &name.range, Subject::part(&id, &name.text), meant);
        }
        self.put_type(&id, Type::Composite(fields));
        // Tables whose rows are of the type change with it.
        let whole = id.to_string();
        for user in self.links.users(&id) {
            if let Some(table) = self.catalog.table_mut(&user).filter(|table| table.of_type.as_ref() == Some(&whole)) {
                table.opaque = true;
            }
        }
    }
}

/// Tells whether a change makes sense for tables only.
fn is_for_tables(change: &TableChange) -> bool {
    matches!(
        change,
        TableChange::AddColumn { .. }
            | TableChange::DropColumn { .. }
            | TableChange::AddConstraint(_)
            | TableChange::DropConstraint { .. }
            | TableChange::ValidateConstraint(_)
            | TableChange::AttachPartition { .. }
            | TableChange::DetachPartition { .. }
            | TableChange::Inherit { .. }
            | TableChange::AlterColumn { change: ColumnChange::Type { .. } | ColumnChange::NotNull(_), .. }
    )
}
