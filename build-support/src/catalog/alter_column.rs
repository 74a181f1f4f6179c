//! `ALTER COLUMN`.

use super::complaint::{Need, finding};
use super::data_type::DataType;
use super::dependents::Object;
use super::{Default, Id, Relation, Simulator, Table};
use crate::statement::{ColumnChange, Name, TypeName};

impl Simulator {
    pub(super) fn alter_column(&mut self, id: &Id, name: &Name, change: &ColumnChange) {
        let Some(table) = self.catalog.table(id) else { return };
        let Some(column) = table.columns.iter().find(|column| column.name == name.text) else {
            // Statistics of an index's column go by its number.
            if !matches!(change, ColumnChange::Harmless) || !super::server::is_system_column(&name.text) {
                self.unknown_column(id, name);
            }
            return;
        };
        let (old, opaque) = (column.clone(), table.opaque || column.doubtful);
        match change {
            ColumnChange::Type { ty, using, .. } => {
                if let Some(using) = using {
                    self.check_names(&using.uses, Some(id));
                }
                self.change_type(id, name, ty);
                if using.is_none() && !opaque {
                    self.check_conversion(id, &old);
                }
            }
            ColumnChange::Default(default) => {
                let is_made = matches!(old.default, Default::Identity { .. } | Default::Generated { .. });
                if is_made && !opaque && default.is_some() {
                    let message = format!("column `{}` of `{}` makes its values itself", name.text, id.shown());
                    self.report(finding("wrong_kind", message, &name.range, "an identity or generated column"));
                    return;
                }
                if let Some(default) = default.as_ref().filter(|_| !opaque) {
                    let ty = DataType { text: old.ty.clone(), own: old.own_type.clone() };
                    self.check_enum_default(default, &ty);
                }
                let new = default.as_ref().map_or(Default::None, |default| self.default(default));
                if let Default::Sequence(sequence) = &new {
                    self.links.uses(id, sequence);
                }
                self.each_with_column(id, &name.text, &|column| {
                    if !matches!(column.default, Default::Identity { .. } | Default::Generated { .. }) {
                        column.default = new.clone();
                    }
                });
            }
            ColumnChange::NotNull(true) => self.forbid_null(id, std::slice::from_ref(&name.text)),
            ColumnChange::NotNull(false) => self.allow_null(id, name, opaque),
            ColumnChange::AddIdentity { always } => {
                if matches!(old.default, Default::Identity { .. }) && !opaque {
                    let message = format!("column `{}` of `{}` is an identity already", name.text, id.shown());
                    self.report(finding("duplicate_identity", message, &name.range, "one already"));
                    return;
                }
                if !old.not_null && !opaque {
                    let message =
                        format!("column `{}` of `{}` may be null, so it can't be an identity", name.text, id.shown());
                    let mut finding = finding("wrong_kind", message, &name.range, "may be null");
                    finding.help.push(format!(
                        "write `ALTER COLUMN {} SET NOT NULL` before it",
                        super::server::quoted(&name.text)
                    ));
                    self.report(finding);
                }
                let sequence = id.beside(self.choose_relation(id, &name.text, "seq", false));
                let always = *always;
                self.set_column(id, &name.text, |column| column.default = Default::Identity { always });
                let new = super::Column { default: Default::Identity { always }, ..old };
                self.make_sequence_behind(&sequence, id, &new);
            }
            ColumnChange::SetIdentity { always } => match (&old.default, always) {
                (Default::Identity { .. }, Some(always)) => {
                    let always = *always;
                    self.set_column(id, &name.text, |column| column.default = Default::Identity { always });
                }
                (Default::Identity { .. }, None) => {}
                _ => self.no_identity(id, name, opaque),
            },
            ColumnChange::DropIdentity { if_exists } => {
                if !matches!(old.default, Default::Identity { .. }) {
                    self.no_identity(id, name, opaque || *if_exists);
                    return;
                }
                for sequence in self.owned_sequences(id, &name.text) {
                    if matches!(self.catalog.relation(&sequence), Some(Relation::Sequence(held)) if held.identity) {
                        self.erase(&Object::Relation(sequence));
                    }
                }
                self.set_column(id, &name.text, |column| column.default = Default::None);
            }
            ColumnChange::SetExpression(expression) => {
                let new = self.expression(expression, Some(id));
                self.each_with_column(id, &name.text, &|column| {
                    if let Default::Generated { expression, .. } = &mut column.default {
                        expression.clone_from(&new);
                    }
                });
            }
            ColumnChange::DropExpression { .. } => self.each_with_column(id, &name.text, &|column| {
                if matches!(column.default, Default::Generated { .. }) {
                    column.default = Default::None;
                }
            }),
            ColumnChange::Storage | ColumnChange::Harmless => {}
        }
    }

    fn no_identity(&mut self, id: &Id, name: &Name, allowed: bool) {
        if !allowed {
            let message = format!("column `{}` of `{}` is no identity", name.text, id.shown());
            self.report(finding("wrong_kind", message, &name.range, "no identity"));
        }
    }

    fn set_column(&mut self, id: &Id, name: &str, set: impl Fn(&mut super::Column)) {
        if let Some(table) = self.change(id)
            && let Some(column) = table.columns.iter_mut().find(|column| column.name == name)
        {
            set(column);
        }
    }

    /// Changes a column of a table and of all that inherit it.
    fn each_with_column(&mut self, id: &Id, name: &str, set: &impl Fn(&mut super::Column)) {
        self.set_column(id, name, set);
        for child in self.children(id) {
            self.each_with_column(&child, name, set);
        }
    }

    fn allow_null(&mut self, id: &Id, name: &Name, opaque: bool) {
        let Some(table) = self.catalog.table(id) else { return };
        let primary =
            table.keys.iter().find(|(_, key)| key.kind == super::KeyKind::Primary && key.columns.contains(&name.text));
        if let Some((key, _)) = primary
            && !opaque
        {
            let need = self.need(&Object::Constraint(id.clone(), key.clone()));
            let what = format!("`NOT NULL` of column `{}`", name.text);
            self.still_needed(&what, &name.range, &[need], false);
            return;
        }
        self.each_with_column(id, &name.text, &|column| column.not_null = false);
    }

    fn change_type(&mut self, id: &Id, name: &Name, ty: &TypeName) {
        let new = self.data_type(ty);
        let mut needs = self.needs_type_of(id, &name.text);
        needs.retain(|_| !self.unsure());
        if !needs.is_empty() {
            let what = format!("the type of column `{}` of `{}`", name.text, id.shown());
            self.still_needed(&what, &name.range, &needs, false);
            if let Some(last) = self.findings.last_mut().filter(|finding| finding.code == "still_needed") {
                last.help = vec!["drop what needs it before, and create it again afterwards".to_owned()];
            }
        }
        let unsure = self.unsure();
        if let Some(own) = &new.own {
            self.links.uses(id, own);
        }
        self.each_with_column(id, &name.text, &|column| {
            if unsure {
                column.ty.clear();
            } else {
                column.ty.clone_from(&new.text);
                column.own_type.clone_from(&new.own);
            }
        });
    }

    /// Lists what stands in the way of another type: views, generated columns, triggers, the partition key.
    fn needs_type_of(&self, id: &Id, name: &str) -> Vec<Need> {
        let Some(table) = self.catalog.table(id).filter(|table| !table.opaque) else { return Vec::new() };
        let mut objects = self.dependents(&Object::Column(id.clone(), name.to_owned()));
        objects.retain(|object| !matches!(object, Object::Constraint(..)) && !object.is_covered(&[]));
        let mut needs: Vec<Need> = objects.iter().map(|object| self.need(object)).collect();
        let column =
            |table: &Table| table.partition_by.as_ref().is_some_and(|columns| columns.iter().any(|own| own == name));
        if column(table) {
            let words = format!("the partitioning of `{}`", id.shown());
            needs.push(Need { words, subject: super::past::Subject::relation(id) });
        }
        needs
    }
}
