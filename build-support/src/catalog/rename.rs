//! New names and new schemas, and everything that goes by the old ones.

use super::complaint::article;
use super::data_type::own_name;
use super::lookup::Space;
use super::past::Subject;
use super::{Default, Id, Relation, Simulator, StrangerKind, Type};
use crate::statement::{Name, ObjectKind, QualifiedName};
use std::ops::Range;
use std::sync::Arc;
use whimbrel_grammar::names::nearest;

impl Simulator {
    pub(super) fn rename(
        &mut self,
        kind: ObjectKind,
        name: &QualifiedName,
        on: Option<&QualifiedName>,
        if_exists: bool,
        to: &Name,
    ) {
        let if_exists = self.may_be_missing(if_exists);
        match kind {
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence => {
                let Some(id) = self.relation_if(name, called(kind), if_exists) else {
                    self.may_be_now(name, None, Some(to));
                    return;
                };
                if !self.is_of_kind(&id, kind, name) {
                    return;
                }
                let new = id.beside(to.text.clone());
                self.rename_relation(&id, &new, &to.range);
            }
            ObjectKind::Type | ObjectKind::Domain => self.rename_type(name, &to.text, None, &to.range),
            ObjectKind::Schema => self.rename_schema(&name.name, to),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                let Some(id) = self.function(name, if_exists) else { return };
                let new = id.beside(to.text.clone());
                self.move_function(&id, &new, &to.range);
            }
            ObjectKind::Trigger => self.rename_trigger(&name.name, on, to),
            ObjectKind::Extension | ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Other(_) => {}
        }
    }

    pub(super) fn move_to_schema(&mut self, kind: ObjectKind, name: &QualifiedName, if_exists: bool, schema: &Name) {
        let if_exists = self.may_be_missing(if_exists);
        if !self.catalog.schemas.contains_key(&schema.text) {
            if self.may_have_schema(&schema.text) {
                self.make_schema(&schema.text, true);
            } else {
                self.unknown_schema(schema);
            }
        }
        match kind {
            ObjectKind::Type | ObjectKind::Domain => {
                self.rename_type(name, &name.name.text, Some(&schema.text), &schema.range);
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                let Some(id) = self.function(name, if_exists) else { return };
                let new = Id::new(&schema.text, &id.name);
                self.move_function(&id, &new, &schema.range);
            }
            ObjectKind::Extension => {
                if let Some(held) = self.catalog.extensions.get_mut(&name.name.text) {
                    schema.text.clone_into(held);
                }
            }
            ObjectKind::Schema | ObjectKind::Trigger | ObjectKind::Column | ObjectKind::Constraint => {}
            ObjectKind::Other(_) => {}
            _ => {
                let Some(id) = self.relation_if(name, called(kind), if_exists) else {
                    self.may_be_now(name, Some(schema), None);
                    return;
                };
                let new = Id::new(&schema.text, &id.name);
                if let Some(Relation::Sequence(sequence)) = self.catalog.relation(&id)
                    && let Some((table, _)) = sequence.owned_by.clone()
                {
                    let message = format!("sequence `{}` goes with `{}`", id.shown(), Id::parse(&table).shown());
                    let mut finding =
                        super::complaint::finding("still_needed", message, &name.range(), "moved with it");
                    finding.help.push("move the table".to_owned());
                    self.report(finding);
                    return;
                }
                if id != new && self.is_of_kind(&id, kind, name) {
                    self.rename_relation(&id, &new, &schema.range);
                }
            }
        }
    }

    /// Tells whether a relation is what a statement takes it for. `ALTER TABLE` takes any, `ALTER INDEX` tables too.
    fn is_of_kind(&mut self, id: &Id, kind: ObjectKind, name: &QualifiedName) -> bool {
        let fits = match (self.catalog.relation(id), kind) {
            (_, ObjectKind::Table) | (Some(Relation::Opaque) | None, _) => true,
            (Some(Relation::View(view)), ObjectKind::View) => !view.materialized,
            (Some(Relation::View(view)), ObjectKind::MaterializedView) => view.materialized,
            (Some(Relation::Sequence(_)), ObjectKind::Sequence) => true,
            (Some(Relation::Table(table)), ObjectKind::ForeignTable) => table.foreign,
            (Some(_), ObjectKind::Index) => true,
            _ => false,
        };
        if !fits {
            let help = self.kind_of(id).map(|kind| format!("write `ALTER {}`", kind.to_uppercase()));
            self.wrong_kind(id, &name.range(), called(kind), help);
        }
        fits
    }

    /// Gives a relation another name or another schema.
    pub(super) fn rename_relation(&mut self, from: &Id, to: &Id, range: &Range<usize>) {
        if let Some(there) = self.catalog.relation(to) {
            let sure = *there != Relation::Opaque && !self.catalog.is_doubtful(to);
            if sure {
                let is = self.kind_of(to).unwrap_or("relation");
                let message = format!("there is {} `{}` already", article(is), to.shown());
                self.duplicate("duplicate_table", message, range, &Subject::relation(to));
                return;
            }
        }
        let has_rows = matches!(self.catalog.relation(from), Some(Relation::Table(_) | Relation::View(_)));
        if has_rows && self.catalog.type_at(to).is_some() && !self.catalog.is_doubtful(to) {
            let message = format!("`{}` is a type already", to.shown());
            self.duplicate("duplicate_type", message, range, &Subject::Type(to.to_string()));
        }
        if self.unsure() {
            self.take(from);
            self.put(to, Relation::Opaque);
            return;
        }
        if let Some(Relation::Index(table)) = self.catalog.relation(from) {
            let table = from.beside(table.clone());
            if from.schema == to.schema {
                self.rename_index(&table, &from.name, &to.name, range);
            }
            return;
        }
        let Some(relation) = self.take(from) else { return };
        self.links.renamed(from, to);
        self.past.renamed(Subject::relation(from), to.to_string(), self.site(range));
        let indexes: Vec<String> = match &relation {
            Relation::Table(table) => table.indexes.keys().cloned().collect(),
            Relation::View(view) => view.indexes.keys().cloned().collect(),
            _ => Vec::new(),
        };
        self.put(to, relation);
        for index in indexes {
            self.take(&from.beside(index.clone()));
            self.put(&to.beside(index), Relation::Index(to.name.clone()));
        }
        self.rename_in_users(from, to);
        if from.schema != to.schema {
            self.move_along(from, to, range);
        }
    }

    /// Writes the new name wherever the old one stands.
    fn rename_in_users(&mut self, from: &Id, to: &Id) {
        let (old, new) = (from.to_string(), to.to_string());
        let mut users = self.links.users(from);
        users.push(to.clone());
        for user in users {
            let Some(relation) = self.catalog.relation_mut(&user) else { continue };
            match relation {
                Relation::Table(table) => rename_in_table(Arc::make_mut(table), &old, &new),
                Relation::View(view) => {
                    let view = Arc::make_mut(view);
                    view.reads.iter_mut().for_each(|read| replace(read, &old, &new));
                    for read in &mut view.reads_columns {
                        if let Some(column) = read.strip_prefix(&old).and_then(|rest| rest.strip_prefix('.')) {
                            *read = format!("{new}.{column}");
                        }
                    }
                }
                Relation::Sequence(sequence) => {
                    sequence.owned_by.iter_mut().for_each(|(table, _)| replace(table, &old, &new));
                }
                Relation::Index(_) | Relation::Opaque => {}
            }
            if let Some(relation) = self.catalog.relation(&user).cloned() {
                self.links.add(&user, &relation);
            }
        }
        self.rename_in_routines(from, to, &old, &new);
    }

    /// Takes indexes and sequences along into the new schema.
    fn move_along(&mut self, from: &Id, to: &Id, range: &Range<usize>) {
        let owned: Vec<Id> = self.links.users(to);
        for user in owned {
            let goes = match self.catalog.relation(&user) {
                Some(Relation::Sequence(sequence)) => sequence.owned_by.as_ref().is_some_and(|(table, _)| to.is(table)),
                _ => false,
            };
            if goes && user.schema == from.schema {
                let new = Id::new(&to.schema, &user.name);
                self.rename_relation(&user, &new, range);
            }
        }
        for partition in self.partitions(to) {
            let Some(table) = self.catalog.table_mut(&partition) else { continue };
            for index in table.indexes.values_mut() {
                if let Some(of) = index.part_of.as_mut().filter(|of| Id::parse(of).schema == from.schema) {
                    *of = Id::new(&to.schema, Id::parse(of).name).to_string();
                }
            }
        }
    }

    /// Writes a type's new name wherever the old one stands.
    fn rename_in_routines(&mut self, from: &Id, to: &Id, old: &str, new: &str) {
        let (shown, now) = (own_name(from), own_name(to));
        for schema in self.catalog.schemas.values_mut() {
            let names = |ty: &Type| match ty {
                Type::Composite(fields) => fields.iter().any(|field| field.own_type.as_deref() == Some(old)),
                Type::Domain(domain) => domain.own_type.as_deref() == Some(old),
                _ => false,
            };
            let called = schema.functions.values().flatten().any(|function| function.types.iter().any(|ty| ty == old));
            if !called && !schema.types.values().any(names) {
                continue;
            }
            let schema = Arc::make_mut(schema);
            for function in schema.functions.values_mut().flatten() {
                function.types.iter_mut().for_each(|ty| replace(ty, old, new));
                for text in function.arguments.iter_mut().flatten().chain(&mut function.returns) {
                    replace_type(text, &shown, &now);
                }
            }
            for ty in schema.types.values_mut() {
                match ty {
                    Type::Composite(fields) => {
                        for field in fields.iter_mut().filter(|field| field.own_type.as_deref() == Some(old)) {
                            field.own_type = Some(new.to_owned());
                            replace_type(&mut field.ty, &shown, &now);
                        }
                    }
                    Type::Domain(domain) if domain.own_type.as_deref() == Some(old) => {
                        domain.own_type = Some(new.to_owned());
                        replace_type(&mut domain.base, &shown, &now);
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn rename_type(&mut self, name: &QualifiedName, to: &str, schema: Option<&str>, range: &Range<usize>) {
        let Some(id) = self.own_type(name) else { return };
        let new = Id::new(schema.unwrap_or(&id.schema), to);
        if id == new {
            return;
        }
        if self.catalog.type_at(&id).is_none() {
            let help = self.kind_of(&id).map(|kind| format!("write `ALTER {}`", kind.to_uppercase()));
            self.wrong_kind(&id, &name.range(), "type of its own", help);
            return;
        }
        if self.is_taken(&new, Space::Type) && !self.catalog.is_doubtful(&new) {
            let message = format!("there is a type `{}` already", new.shown());
            self.duplicate("duplicate_type", message, range, &Subject::Type(new.to_string()));
            return;
        }
        let Some(ty) = self.take_type(&id) else {
            self.put_type(&new, Type::Other);
            return;
        };
        self.put_type(&new, ty);
        self.links.renamed(&id, &new);
        self.past.renamed(Subject::Type(id.to_string()), new.to_string(), self.site(range));
        self.rename_in_users(&id, &new);
    }

    pub(super) fn move_function(&mut self, from: &Id, to: &Id, range: &Range<usize>) {
        let Some(schema) = self.catalog.schema_mut(&from.schema) else { return };
        let Some(mut functions) = schema.functions.remove(&from.name) else { return };
        if functions.len() > 1 {
            // Which of them it is isn't told apart.
            schema.functions.insert(from.name.clone(), functions.clone());
            schema.doubtful.insert(from.name.clone());
            functions.iter_mut().for_each(|function| function.arguments = None);
        }
        if let Some(schema) = self.catalog.schema_mut(&to.schema) {
            schema.functions.or_default(&to.name).extend(functions);
        }
        let (old, new) = (from.to_string(), to.to_string());
        self.past.renamed(Subject::Function(old.clone()), new.clone(), self.site(range));
        for object in self.dependents(&super::dependents::Object::Function(from.clone())) {
            self.call_by_new_name(&object, &old, &new);
        }
    }

    fn call_by_new_name(&mut self, object: &super::dependents::Object, old: &str, new: &str) {
        use super::dependents::Object;
        let (Object::Relation(id)
        | Object::Column(id, _)
        | Object::Default(id, _)
        | Object::Constraint(id, _)
        | Object::Index(id, _)
        | Object::Trigger(id, _)) = object
        else {
            return;
        };
        if let Some(view) = self.catalog.view_mut(id) {
            view.functions.iter_mut().for_each(|name| replace(name, old, new));
        }
        let Some(table) = self.catalog.table_mut(id) else { return };
        table.triggers.values_mut().flat_map(|trigger| &mut trigger.function).for_each(|name| replace(name, old, new));
        for expression in expressions(table) {
            expression.functions.iter_mut().for_each(|name| replace(name, old, new));
        }
    }

    fn rename_trigger(&mut self, name: &Name, on: Option<&QualifiedName>, to: &Name) {
        let Some(id) = on.and_then(|table| self.relation(table, "table")) else { return };
        let is_strange = self.may_be_strange(StrangerKind::Trigger, &id.name, &name.text);
        let Some(table) = self.change(&id) else { return };
        if table.triggers.contains_key(&to.text) {
            return;
        }
        if table.triggers.contains_key(&name.text) {
            super::constraint::move_entry(&mut table.triggers, &name.text, &to.text);
            self.past.renamed(Subject::part(&id, &name.text), to.text.clone(), self.site(&to.range));
        } else if !table.opaque && !is_strange {
            let meant = nearest(&name.text, table.triggers.keys().map(String::as_str)).map(str::to_owned);
            let message = format!("table `{}` has no trigger `{}`", id.shown(), name.text);
            self.unknown("unknown_trigger", message, &name.range, Subject::part(&id, &name.text), meant);
        }
    }
}

/// Says what a statement calls a relation.
pub(super) fn called(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::View => "view",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::Index => "index",
        ObjectKind::Sequence => "sequence",
        ObjectKind::ForeignTable => "foreign table",
        _ => "table",
    }
}

fn replace(text: &mut String, from: &str, to: &str) {
    if text == from {
        to.clone_into(text);
    }
}

/// Replaces a type's name, what stands behind it kept.
fn replace_type(text: &mut String, from: &str, to: &str) {
    if let Some(rest) = text.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with(['[', '('])) {
        *text = format!("{to}{rest}");
    }
}

fn rename_in_table(table: &mut super::Table, old: &str, new: &str) {
    for reference in table.references.values_mut() {
        replace(&mut reference.table, old, new);
    }
    for parent in table.inherits.iter_mut().chain(&mut table.partition_of).chain(&mut table.of_type) {
        replace(parent, old, new);
    }
    let (from, to) = (Id::parse(old), Id::parse(new));
    for column in &mut table.columns {
        if column.own_type.as_deref() == Some(old) {
            column.own_type = Some(new.to_owned());
            replace_type(&mut column.ty, &own_name(&from), &own_name(&to));
        }
        if let Default::Sequence(sequence) = &mut column.default {
            replace(sequence, old, new);
        }
    }
}

/// Lists all expressions of a table.
fn expressions(table: &mut super::Table) -> impl Iterator<Item = &mut super::Expression> {
    let of_columns = table.columns.iter_mut().filter_map(|column| match &mut column.default {
        Default::Expression(expression) | Default::Generated { expression, .. } => Some(expression),
        _ => None,
    });
    let of_checks = table.checks.values_mut().map(|check| &mut check.expression);
    let of_indexes = table.indexes.values_mut().flat_map(|index| {
        let keys = index.keys.iter_mut().filter_map(|key| match &mut key.part {
            super::IndexPart::Expression(expression) => Some(expression),
            super::IndexPart::Column(_) => None,
        });
        keys.chain(&mut index.predicate)
    });
    of_columns.chain(of_checks).chain(of_indexes)
}
