//! What needs an object, so that it can't be dropped without it; and what goes with it by itself.

use super::complaint::Need;
use super::past::Subject;
use super::reference::is_unique_over;
use super::{Default, Expression, Id, Index, IndexPart, Relation, Simulator, Table, Type};

/// Whatever can be dropped, or needs something that can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Relation(Id),
    /// A table's column, or a composite type's attribute.
    Column(Id, String),
    Constraint(Id, String),
    /// An index, with its table.
    Index(Id, String),
    /// A column's default.
    Default(Id, String),
    Trigger(Id, String),
    Type(Id),
    Function(Id),
}

impl Object {
    /// Names the relation that it belongs to.
    fn owner(&self) -> Option<&Id> {
        match self {
            Object::Column(id, _)
            | Object::Constraint(id, _)
            | Object::Index(id, _)
            | Object::Default(id, _)
            | Object::Trigger(id, _) => Some(id),
            Object::Relation(_) | Object::Type(_) | Object::Function(_) => None,
        }
    }

    /// Tells whether it is among others, or belongs to one of them.
    pub(super) fn is_covered(&self, by: &[Object]) -> bool {
        let whole = self.owner().map(|id| Object::Relation(id.clone()));
        let column = match self {
            Object::Default(id, name) => Some(Object::Column(id.clone(), name.clone())),
            _ => None,
        };
        by.contains(self)
            || whole.is_some_and(|whole| by.contains(&whole))
            || column.is_some_and(|column| by.contains(&column))
    }
}

impl Simulator {
    /// Says what something is, for whoever wants to drop what it needs.
    pub(super) fn need(&self, object: &Object) -> Need {
        let (words, subject) = match object {
            Object::Relation(id) => {
                (format!("{} `{}`", self.kind_of(id).unwrap_or("relation"), id.shown()), Subject::relation(id))
            }
            Object::Column(id, name) => (format!("column `{name}` of `{}`", id.shown()), Subject::part(id, name)),
            Object::Constraint(id, name) => {
                let is_reference = self.catalog.table(id).is_some_and(|table| table.references.contains_key(name));
                let kind = if is_reference { "foreign key" } else { "constraint" };
                (format!("{kind} `{name}` of `{}`", id.shown()), Subject::part(id, name))
            }
            Object::Index(id, name) => (format!("index `{name}`"), Subject::relation(&id.beside(name.clone()))),
            Object::Default(id, name) => {
                (format!("the default of column `{name}` of `{}`", id.shown()), Subject::part(id, name))
            }
            Object::Trigger(id, name) => (format!("trigger `{name}` of `{}`", id.shown()), Subject::part(id, name)),
            Object::Type(id) => (format!("type `{}`", id.shown()), Subject::Type(id.to_string())),
            Object::Function(id) => (format!("function `{}`", id.shown()), Subject::Function(id.to_string())),
        };
        Need { words, subject }
    }

    /// Adds what the server drops along without being asked: partitions, sequences of columns, parts of indexes.
    pub(super) fn with_parts(&self, objects: &[Object]) -> Vec<Object> {
        let mut all: Vec<Object> = objects.to_vec();
        let mut at = 0;
        while let Some(object) = all.get(at).cloned() {
            at += 1;
            for part in self.parts(&object) {
                if !all.contains(&part) {
                    all.push(part);
                }
            }
        }
        all
    }

    fn parts(&self, object: &Object) -> Vec<Object> {
        match object {
            Object::Relation(id) => {
                let partitions = self.partitions(id).into_iter().map(Object::Relation);
                let owned = self.links.users(id).into_iter().filter(|user| match self.catalog.relation(user) {
                    Some(Relation::Sequence(sequence)) => {
                        sequence.owned_by.as_ref().is_some_and(|(table, _)| id.is(table))
                    }
                    _ => false,
                });
                partitions.chain(owned.map(Object::Relation)).collect()
            }
            Object::Column(id, name) => {
                let owned = self.owned_sequences(id, name).into_iter().map(Object::Relation);
                let only_inherited = |child: &Id| {
                    let column = self.catalog.table(child)?.columns.iter().find(|column| column.name == *name)?;
                    (column.inherited && !column.local).then(|| Object::Column(child.clone(), name.clone()))
                };
                owned.chain(self.children(id).iter().filter_map(only_inherited)).collect()
            }
            Object::Constraint(id, name) => {
                let Some(table) = self.catalog.table(id) else { return Vec::new() };
                let is_key = table.indexes.contains_key(name);
                let own = |child: Id| {
                    let part = if is_key { self.part_of(&child, &id.beside(name.clone()))? } else { name.clone() };
                    let table = self.catalog.table(&child)?;
                    let check = table.checks.get(&part).map(|check| check.inherited);
                    let reference = table.references.get(&part).map(|reference| reference.inherited);
                    (is_key || check.or(reference)?).then_some(Object::Constraint(child, part))
                };
                self.children(id).into_iter().filter_map(own).collect()
            }
            Object::Index(id, name) => {
                let whole = id.beside(name.clone());
                let part = |child: Id| Some(Object::Index(child.clone(), self.part_of(&child, &whole)?));
                self.partitions(id).into_iter().filter_map(part).collect()
            }
            Object::Trigger(id, name) => {
                let has = |child: &Id| {
                    self.catalog
                        .table(child)
                        .and_then(|table| table.triggers.get(name))
                        .is_some_and(|trigger| trigger.inherited)
                };
                self.partitions(id).into_iter().filter(has).map(|child| Object::Trigger(child, name.clone())).collect()
            }
            Object::Default(..) | Object::Type(_) | Object::Function(_) => Vec::new(),
        }
    }

    fn part_of(&self, child: &Id, whole: &Id) -> Option<String> {
        let mut indexes = self.catalog.table(child)?.indexes.iter();
        indexes.find(|(_, index)| index.part_of.as_ref().is_some_and(|of| whole.is(of))).map(|(name, _)| name.clone())
    }

    /// Lists what needs an object.
    pub(super) fn dependents(&self, object: &Object) -> Vec<Object> {
        match object {
            Object::Relation(id) => self.dependents_of_relation(id),
            Object::Column(id, name) => self.dependents_of_column(id, name),
            Object::Constraint(id, name) | Object::Index(id, name) => self.dependents_of_index(id, name),
            Object::Type(id) => self.dependents_of_type(id),
            Object::Function(id) => self.dependents_of_function(id),
            Object::Default(..) | Object::Trigger(..) => Vec::new(),
        }
    }

    fn dependents_of_relation(&self, id: &Id) -> Vec<Object> {
        let whole = id.to_string();
        let mut found = self.dependents_of_type(id);
        for user in self.links.users(id) {
            match self.catalog.relation(&user) {
                Some(Relation::Table(table)) => {
                    let references = table.references.iter();
                    let references = references.filter(|(_, key)| key.table == whole && !key.inherited && user != *id);
                    found.extend(references.map(|(name, _)| Object::Constraint(user.clone(), name.clone())));
                    if table.inherits.contains(&whole) {
                        found.push(Object::Relation(user.clone()));
                    }
                    let of_sequence = |default: &Default| matches!(default, Default::Sequence(name) if *name == whole);
                    let columns = table.columns.iter().filter(|column| of_sequence(&column.default));
                    found.extend(columns.map(|column| Object::Default(user.clone(), column.name.clone())));
                }
                Some(Relation::View(view)) if view.reads.contains(&whole) => found.push(Object::Relation(user)),
                _ => {}
            }
        }
        found
    }

    fn dependents_of_column(&self, id: &Id, name: &str) -> Vec<Object> {
        let whole = id.to_string();
        let (column, all) = (format!("{whole}.{name}"), format!("{whole}.*"));
        let mut found = Vec::new();
        if let Some(table) = self.catalog.table(id) {
            let generated = table.columns.iter().filter(|other| match &other.default {
                Default::Generated { expression, .. } => expression.uses_column(name),
                _ => false,
            });
            found.extend(generated.map(|other| Object::Column(id.clone(), other.name.clone())));
            let triggers = table.triggers.iter().filter(|(_, trigger)| trigger.columns.iter().any(|own| own == name));
            found.extend(triggers.map(|(trigger, _)| Object::Trigger(id.clone(), trigger.clone())));
        }
        for user in self.links.users(id) {
            match self.catalog.relation(&user) {
                Some(Relation::Table(table)) => {
                    let refers = |key: &super::Reference| {
                        key.table == whole
                            && key.references.iter().any(|own| own == name)
                            && !key.inherited
                            && !(user == *id && key.columns.iter().any(|own| own == name))
                    };
                    let references = table.references.iter().filter(|(_, key)| refers(key));
                    found.extend(references.map(|(name, _)| Object::Constraint(user.clone(), name.clone())));
                }
                Some(Relation::View(view)) if view.reads_columns.iter().any(|read| *read == column || *read == all) => {
                    found.push(Object::Relation(user));
                }
                _ => {}
            }
        }
        found
    }

    /// Lists the foreign keys that rely on a unique index.
    fn dependents_of_index(&self, id: &Id, name: &str) -> Vec<Object> {
        let Some(table) = self.catalog.table(id) else { return Vec::new() };
        let Some(index) = table.indexes.get(name).filter(|index| index.unique) else { return Vec::new() };
        let whole = id.to_string();
        let mut found = Vec::new();
        for user in self.links.users(id) {
            let Some(other) = self.catalog.table(&user) else { continue };
            for (key, reference) in other.references.iter().filter(|(_, key)| key.table == whole && !key.inherited) {
                // Which of several indexes the server has chosen isn't known.
                let serving = |index: &&Index| is_unique_over(index, &reference.references);
                let only = table.indexes.values().filter(serving).count() == 1;
                if only && serving(&index) {
                    found.push(Object::Constraint(user.clone(), key.clone()));
                }
            }
        }
        found
    }

    fn dependents_of_type(&self, id: &Id) -> Vec<Object> {
        let whole = id.to_string();
        let mut found = Vec::new();
        let is = |own: &Option<String>| own.as_ref() == Some(&whole);
        for user in self.links.users(id) {
            let Some(table) = self.catalog.table(&user) else { continue };
            let columns =
                table.columns.iter().filter(|column| is(&column.own_type) && (column.local || !column.inherited));
            found.extend(columns.map(|column| Object::Column(user.clone(), column.name.clone())));
            if is(&table.of_type) {
                found.push(Object::Relation(user));
            }
        }
        for (schema, held) in &self.catalog.schemas {
            for (name, ty) in &held.types {
                let user = Id::new(schema, name);
                match ty {
                    Type::Domain(domain) if is(&domain.own_type) => found.push(Object::Type(user)),
                    Type::Composite(fields) => {
                        let fields = fields.iter().filter(|field| is(&field.own_type));
                        found.extend(fields.map(|field| Object::Column(user.clone(), field.name.clone())));
                    }
                    _ => {}
                }
            }
            for (name, functions) in &held.functions {
                if functions.iter().any(|function| function.types.contains(&whole)) {
                    found.push(Object::Function(Id::new(schema, name)));
                }
            }
        }
        found
    }

    fn dependents_of_function(&self, id: &Id) -> Vec<Object> {
        let whole = id.to_string();
        let calls = |expression: &Expression| expression.functions.contains(&whole);
        let mut found = Vec::new();
        for (schema, held) in &self.catalog.schemas {
            for (name, relation) in &held.relations {
                let user = Id::new(schema, name);
                match relation {
                    Relation::View(view) if view.functions.contains(&whole) => found.push(Object::Relation(user)),
                    Relation::Table(table) => calls_in(table, &user, &whole, &calls, &mut found),
                    _ => {}
                }
            }
        }
        found
    }
}

/// Adds what of a table calls a function.
fn calls_in(table: &Table, id: &Id, whole: &str, calls: &impl Fn(&Expression) -> bool, found: &mut Vec<Object>) {
    let of_trigger = |function: &Option<String>| function.as_deref() == Some(whole);
    let triggers = table.triggers.iter().filter(|(_, trigger)| of_trigger(&trigger.function) && !trigger.inherited);
    found.extend(triggers.map(|(name, _)| Object::Trigger(id.clone(), name.clone())));
    for column in &table.columns {
        match &column.default {
            Default::Expression(expression) if calls(expression) => {
                found.push(Object::Default(id.clone(), column.name.clone()));
            }
            Default::Generated { expression, .. } if calls(expression) => {
                found.push(Object::Column(id.clone(), column.name.clone()));
            }
            _ => {}
        }
    }
    let checks = table.checks.iter().filter(|(_, check)| calls(&check.expression) && !check.inherited);
    found.extend(checks.map(|(name, _)| Object::Constraint(id.clone(), name.clone())));
    let in_index = |index: &Index| {
        let in_key = |part: &IndexPart| matches!(part, IndexPart::Expression(expression) if calls(expression));
        index.keys.iter().any(|key| in_key(&key.part)) || index.predicate.as_ref().is_some_and(calls)
    };
    let indexes = table.indexes.iter().filter(|(_, index)| in_index(index) && index.part_of.is_none());
    found.extend(indexes.map(|(name, _)| Object::Index(id.clone(), name.clone())));
}
