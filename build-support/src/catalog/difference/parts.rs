//! What differs within two states of the same table, view, type or function.

use super::{Aspect, Change, Found, Kind, Object, What, label, or_none, pairs};
use crate::catalog::digest::{listed, written};
use crate::catalog::{
    Column, Default, Expression, Function, Id, Index, IndexPart, KeyKind, Sequence, Table, Type, View,
};

pub(super) fn tables(id: &Id, before: &Table, after: &Table, found: &mut Found<'_>) {
    if before.opaque || after.opaque {
        return;
    }
    let object = Object { kind: Kind::Table, of: None, name: id.clone() };
    found.compare(&object, Aspect::Comment, or_none(&before.comment), or_none(&after.comment));
    found.compare(&object, Aspect::Nature, &nature(before), &nature(after));
    columns(id, before, after, found);
    for (name, one, two) in pairs(&before.keys, &after.keys) {
        let kind = match one.or(two).map(|key| key.kind) {
            Some(KeyKind::Primary) => Kind::PrimaryKey,
            _ => Kind::Unique,
        };
        match (one, two) {
            (Some(one), Some(two)) => {
                let (own, other) = (listed(&one.columns), listed(&two.columns));
                found.compare(&part(kind, id, name), Aspect::Definition, &own, &other);
            }
            _ => presence(kind, id, name, (one.is_some(), two.is_some()), found),
        }
    }
    for (name, one, two) in pairs(&before.references, &after.references) {
        let object = part(Kind::ForeignKey, id, name);
        match (one, two) {
            (Some(one), Some(two)) => {
                let valid = |reference: &crate::catalog::Reference| {
                    written(&crate::catalog::Reference { validated: true, ..reference.clone() })
                };
                found.compare_sql(&object, Aspect::Definition, &valid(one), &valid(two));
                found.compare(&object, Aspect::Validity, validity(one.validated), validity(two.validated));
            }
            _ => presence(Kind::ForeignKey, id, name, (one.is_some(), two.is_some()), found),
        }
    }
    for (name, one, two) in pairs(&before.checks, &after.checks) {
        let object = part(Kind::Check, id, name);
        match (one, two) {
            (Some(one), Some(two)) => {
                found.compare_sql(&object, Aspect::Definition, &one.expression.text, &two.expression.text);
                found.compare(&object, Aspect::Validity, validity(one.validated), validity(two.validated));
            }
            _ => presence(Kind::Check, id, name, (one.is_some(), two.is_some()), found),
        }
    }
    for (name, one, two) in pairs(&before.exclusions, &after.exclusions) {
        match (one, two) {
            (Some(one), Some(two)) => {
                found.compare_sql(&part(Kind::Exclusion, id, name), Aspect::Definition, one, two);
            }
            _ => presence(Kind::Exclusion, id, name, (one.is_some(), two.is_some()), found),
        }
    }
    let of_constraint =
        |table: &Table, name: &str| table.keys.contains_key(name) || table.exclusions.contains_key(name);
    for (name, one, two) in pairs(&before.indexes, &after.indexes) {
        if of_constraint(before, name) || of_constraint(after, name) {
            continue;
        }
        index(id, name, one, two, found);
    }
    for (name, one, two) in pairs(&before.triggers, &after.triggers) {
        match (one, two) {
            (Some(one), Some(two)) => {
                let text = |trigger: &crate::catalog::Trigger| format!("{} {}", trigger.event, trigger.action);
                found.compare_sql(&part(Kind::Trigger, id, name), Aspect::Definition, &text(one), &text(two));
            }
            _ => presence(Kind::Trigger, id, name, (one.is_some(), two.is_some()), found),
        }
    }
}

fn columns(id: &Id, before: &Table, after: &Table, found: &mut Found<'_>) {
    let find = |table: &'_ Table, name: &str| table.columns.iter().position(|column| column.name == name);
    let mut order = (Vec::new(), Vec::new());
    for column in &before.columns {
        match find(after, &column.name).map(|at| (at, &after.columns[at])) {
            _ if column.doubtful => {}
            Some((_, other)) if other.doubtful => {}
            Some((at, other)) => {
                order.0.push(at);
                order.1.push(column.name.as_str());
                self::column(&part(Kind::Column, id, &column.name), column, other, found);
            }
            None => presence(Kind::Column, id, &column.name, (true, false), found),
        }
    }
    for column in after.columns.iter().filter(|column| !column.doubtful && find(before, &column.name).is_none()) {
        presence(Kind::Column, id, &column.name, (false, true), found);
    }
    if !order.0.is_sorted() {
        let names = |table: &Table| {
            let common = table.columns.iter().map(|column| column.name.as_str()).filter(|name| order.1.contains(name));
            common.collect::<Vec<_>>().join(", ")
        };
        let object = Object { kind: Kind::Table, of: None, name: id.clone() };
        found.compare(&object, Aspect::Order, &names(before), &names(after));
    }
}

fn column(object: &Object, before: &Column, after: &Column, found: &mut Found<'_>) {
    if !before.ty.is_empty() && !after.ty.is_empty() {
        found.compare(object, Aspect::Type, &before.ty, &after.ty);
    }
    let nullability = |column: &Column| if column.not_null { "NOT NULL" } else { "NULL" };
    found.compare(object, Aspect::Nullability, nullability(before), nullability(after));
    found.compare_sql(object, Aspect::Default, &default(before), &default(after));
    found.compare(object, Aspect::Comment, or_none(&before.comment), or_none(&after.comment));
}

/// Writes what a column's value is when none is given.
fn default(column: &Column) -> String {
    match &column.default {
        Default::None => String::new(),
        Default::Expression(expression) if expression.text.eq_ignore_ascii_case("null") => String::new(),
        Default::Expression(expression) => expression.text.clone(),
        Default::Sequence(sequence) => format!("nextval('{}')", Id::parse(sequence).shown()),
        Default::Identity { always: true } => "GENERATED ALWAYS AS IDENTITY".to_owned(),
        Default::Identity { always: false } => "GENERATED BY DEFAULT AS IDENTITY".to_owned(),
        Default::Generated { expression, stored } => {
            format!("GENERATED ALWAYS AS ({}){}", expression.text, if *stored { " STORED" } else { "" })
        }
    }
}

fn index(id: &Id, name: &str, before: Option<&Index>, after: Option<&Index>, found: &mut Found<'_>) {
    match (before, after) {
        (Some(one), Some(two)) => {
            let object = part(Kind::Index, id, name);
            found.compare_sql(&object, Aspect::Definition, &index_text(one), &index_text(two));
            found.compare(&object, Aspect::Comment, or_none(&one.comment), or_none(&two.comment));
        }
        _ => presence(Kind::Index, id, name, (before.is_some(), after.is_some()), found),
    }
}

/// Writes what an index is over.
pub(in crate::catalog) fn index_text(index: &Index) -> String {
    let key = |key: &crate::catalog::IndexKey| {
        let part = match &key.part {
            IndexPart::Column(name) => crate::catalog::server::quoted(name),
            IndexPart::Expression(Expression { text, .. }) => format!("({text})"),
        };
        if key.options.is_empty() { part } else { format!("{part} {}", key.options) }
    };
    let keys = index.keys.iter().map(key).collect::<Vec<_>>().join(", ");
    let mut text = format!("USING {} ({keys})", index.method);
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", listed(&index.include)));
    }
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {}", predicate.text));
    }
    if index.unique { format!("UNIQUE {text}") } else { text }
}

pub(super) fn views(id: &Id, before: &View, after: &View, found: &mut Found<'_>) {
    let kind = if before.materialized { Kind::MaterializedView } else { Kind::View };
    let object = Object { kind, of: None, name: id.clone() };
    if let (Some(one), Some(two)) = (&before.columns, &after.columns) {
        let names = |columns: &[(String, String)]| columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        found.compare(&object, Aspect::Columns, &names(one).join(", "), &names(two).join(", "));
    }
    found.compare_sql(&object, Aspect::Definition, &before.text, &after.text);
    found.compare(&object, Aspect::Comment, or_none(&before.comment), or_none(&after.comment));
    for (name, one, two) in pairs(&before.indexes, &after.indexes) {
        index(id, name, one, two, found);
    }
}

pub(super) fn sequences(id: &Id, before: &Sequence, after: &Sequence, found: &mut Found<'_>) {
    let object = Object { kind: Kind::Sequence, of: None, name: id.clone() };
    let owner = |sequence: &Sequence| {
        sequence
            .owned_by
            .as_ref()
            .map_or(String::new(), |(table, column)| format!("{}.{column}", Id::parse(table).shown()))
    };
    found.compare(&object, Aspect::Owner, &owner(before), &owner(after));
    found.compare(&object, Aspect::Comment, or_none(&before.comment), or_none(&after.comment));
}

pub(super) fn types(id: &Id, before: &Type, after: &Type, found: &mut Found<'_>) {
    let object = Object { kind: Kind::Type, of: None, name: id.clone() };
    match (before, after) {
        (Type::Enum(one), Type::Enum(two)) => {
            for value in one.iter().filter(|value| !two.contains(value)) {
                presence(Kind::Value, id, value, (true, false), found);
            }
            for value in two.iter().filter(|value| !one.contains(value)) {
                presence(Kind::Value, id, value, (false, true), found);
            }
            let common = |own: &[String], other: &[String]| {
                own.iter().filter(|value| other.contains(value)).cloned().collect::<Vec<_>>().join(", ")
            };
            found.compare(&object, Aspect::Order, &common(one, two), &common(two, one));
        }
        (Type::Composite(one), Type::Composite(two)) => {
            for field in one {
                match two.iter().find(|other| other.name == field.name) {
                    Some(other) => {
                        found.compare(&part(Kind::Attribute, id, &field.name), Aspect::Type, &field.ty, &other.ty);
                    }
                    None => presence(Kind::Attribute, id, &field.name, (true, false), found),
                }
            }
            for field in two.iter().filter(|field| !one.iter().any(|other| other.name == field.name)) {
                presence(Kind::Attribute, id, &field.name, (false, true), found);
            }
        }
        (Type::Domain(one), Type::Domain(two)) => {
            found.compare(&object, Aspect::Type, &one.base, &two.base);
            let nullability = |not_null: bool| if not_null { "NOT NULL" } else { "NULL" };
            found.compare(&object, Aspect::Nullability, nullability(one.not_null), nullability(two.not_null));
            let default =
                |default: &Option<Expression>| default.as_ref().map_or(String::new(), |default| default.text.clone());
            found.compare_sql(&object, Aspect::Default, &default(&one.default), &default(&two.default));
            for (name, own, other) in pairs(&one.checks, &two.checks) {
                match (own, other) {
                    (Some(own), Some(other)) => {
                        let object = part(Kind::Check, id, name);
                        found.compare_sql(&object, Aspect::Definition, &own.expression.text, &other.expression.text);
                    }
                    _ => presence(Kind::Check, id, name, (own.is_some(), other.is_some()), found),
                }
            }
        }
        (Type::Other, _) | (_, Type::Other) => {}
        (one, two) => found.compare(&object, Aspect::Definition, label(one), label(two)),
    }
}

pub(super) fn functions(id: &Id, before: &[Function], after: &[Function], found: &mut Found<'_>) {
    if before.iter().chain(after).any(|function| function.arguments.is_none()) && before.len() != after.len().min(1) {
        return;
    }
    let name = |function: &Function| {
        let arguments = function.arguments.as_ref().map(|arguments| arguments.join(", ")).unwrap_or_default();
        Id::new(&id.schema, format!("{}({arguments})", id.name))
    };
    for function in before {
        match after.iter().find(|other| other.arguments == function.arguments) {
            Some(other) => {
                let object = Object { kind: Kind::Function, of: None, name: name(function) };
                let (own, new) = (super::text::folded(&function.text), super::text::folded(&other.text));
                if own != new && !super::text::is_same(&function.text, &other.text, &[]) {
                    let what = What::Changed { aspect: Aspect::Definition, before: own, after: new };
                    found.changes.push(Change { object, what });
                }
            }
            None => found.presence(Kind::Function, name(function), (true, false)),
        }
    }
    for function in after.iter().filter(|function| !before.iter().any(|other| other.arguments == function.arguments)) {
        found.presence(Kind::Function, name(function), (false, true));
    }
}

/// Says what a table is besides its columns.
fn nature(table: &Table) -> String {
    let mut words = Vec::new();
    if table.unlogged {
        words.push("unlogged".to_owned());
    }
    if !table.partition_key.is_empty() {
        words.push(format!("partitioned by {}", table.partition_key));
    }
    words.extend(table.partition_of.iter().map(|parent| format!("a partition of {}", Id::parse(parent).shown())));
    words.extend(table.inherits.iter().map(|parent| format!("inheriting from {}", Id::parse(parent).shown())));
    words.join(", ")
}

fn validity(validated: bool) -> &'static str {
    if validated { "valid" } else { "NOT VALID" }
}

fn part(kind: Kind, of: &Id, name: &str) -> Object {
    Object { kind, of: Some(of.clone()), name: of.beside(name) }
}

fn presence(kind: Kind, of: &Id, name: &str, presence: (bool, bool), found: &mut Found<'_>) {
    found.part_presence(kind, Some(of.clone()), of.beside(name), presence);
}
