//! Tables as SQL, and what can only be made when all of them are there.

use super::{comment, line, literal, name, paragraph};
use crate::catalog::difference::index_text;
use crate::catalog::digest::{listed, written};
use crate::catalog::server::quoted;
use crate::catalog::{Catalog, Check, Column, Default, Id, Key, KeyKind, Relation, Table};
use std::fmt::Write;

/// Writes a table with its columns, keys and checks.
pub(super) fn create(text: &mut String, id: &Id, table: &Table) {
    if table.foreign {
        line(text, &format!("-- foreign table {}: not followed", name(id)));
        return;
    }
    let is_partition = table.partition_of.is_some();
    let mut parts: Vec<String> = Vec::new();
    let own = |column: &&Column| column.local || !column.inherited;
    if !is_partition {
        parts.extend(table.columns.iter().filter(own).map(column));
    }
    parts.extend(table.keys.iter().filter(|(_, key)| !key.inherited).map(|(name, own)| key(table, name, own)));
    let checks = table.checks.iter().filter(|(_, check)| check.validated && !check.inherited);
    parts.extend(checks.map(|(name, own)| check(name, own)));
    for (constraint, written) in &table.exclusions {
        parts.push(format!("CONSTRAINT {} {written}", quoted(constraint)));
    }
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let mut made = format!("CREATE {unlogged}TABLE {}", name(id));
    if let Some(parent) = &table.partition_of {
        let _ = write!(made, " PARTITION OF {}", name(&Id::parse(parent)));
    }
    if !is_partition || !parts.is_empty() {
        let _ = write!(made, " (\n    {}\n)", parts.join(",\n    "));
        if parts.is_empty() {
            made.truncate(made.len() - "\n    \n)".len());
            made.push(')');
        }
    }
    if is_partition {
        let _ = write!(made, " {}", table.bounds);
    }
    if !table.inherits.is_empty() {
        let parents = table.inherits.iter().map(|parent| name(&Id::parse(parent))).collect::<Vec<_>>().join(", ");
        let _ = write!(made, " INHERITS ({parents})");
    }
    if !table.partition_key.is_empty() {
        let _ = write!(made, " PARTITION BY {}", table.partition_key);
    }
    if table.opaque {
        line(text, &format!("-- table {}: not followed in full", name(id)));
    }
    line(text, &made);
    comment(text, "TABLE", &name(id), table.comment.as_deref());
    for own in &table.columns {
        comment(text, "COLUMN", &format!("{}.{}", name(id), quoted(&own.name)), own.comment.as_deref());
    }
}

fn column(column: &Column) -> String {
    let ty = if column.ty.is_empty() { "text /* not followed */" } else { &column.ty };
    let mut text = format!("{} {ty}", quoted(&column.name));
    match &column.default {
        Default::None => {}
        Default::Expression(expression) => {
            let _ = write!(text, " DEFAULT {}", expression.text);
        }
        Default::Sequence(sequence) => {
            let _ = write!(text, " DEFAULT nextval({})", literal(&name(&Id::parse(sequence))));
        }
        Default::Identity { always } => {
            let when = if *always { "ALWAYS" } else { "BY DEFAULT" };
            let _ = write!(text, " GENERATED {when} AS IDENTITY");
        }
        Default::Generated { expression, stored } => {
            let kept = if *stored { "STORED" } else { "VIRTUAL" };
            let _ = write!(text, " GENERATED ALWAYS AS ({}) {kept}", expression.text);
        }
    }
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    text
}

fn key(table: &Table, name: &str, key: &Key) -> String {
    let kind = match key.kind {
        KeyKind::Primary => "PRIMARY KEY",
        KeyKind::Unique => "UNIQUE",
    };
    let index = table.indexes.get(name);
    let distinct = if index.is_some_and(|index| index.nulls_not_distinct) { " NULLS NOT DISTINCT" } else { "" };
    let include = index.map(|index| index.include.as_slice()).filter(|include| !include.is_empty());
    let include = include.map_or(String::new(), |include| format!(" INCLUDE ({})", listed(include)));
    let text =
        format!("CONSTRAINT {} {kind}{distinct} ({}){include} {}", quoted(name), listed(&key.columns), key.deferral);
    text.trim_end().to_owned()
}

fn check(name: &str, check: &Check) -> String {
    format!("CONSTRAINT {} CHECK ({})", quoted(name), check.expression.text)
}

/// Writes indexes, foreign keys and triggers.
pub(super) fn rest(text: &mut String, catalog: &Catalog) {
    let relations = || super::each(catalog, Some);
    for (id, relation) in relations() {
        let (table, indexes) = match relation {
            Relation::Table(table) => (Some(table), &table.indexes),
            Relation::View(view) => (None, &view.indexes),
            _ => continue,
        };
        for (own, index) in indexes {
            let is_constraint =
                table.is_some_and(|table| table.keys.contains_key(own) || table.exclusions.contains_key(own));
            if is_constraint || index.part_of.is_some() {
                continue;
            }
            let over = index_text(index);
            let (unique, over) = over.strip_prefix("UNIQUE ").map_or(("", over.as_str()), |over| ("UNIQUE ", over));
            line(text, &format!("CREATE {unique}INDEX {} ON {} {over}", quoted(own), name(&id)));
            let of = name(&id.beside(own.clone()));
            comment(text, "INDEX", &of, index.comment.as_deref());
        }
    }
    paragraph(text);
    for (id, relation) in relations() {
        let Relation::Table(table) = relation else { continue };
        for (own, reference) in table.references.iter().filter(|(_, reference)| !reference.inherited) {
            let valid = if reference.validated { "" } else { " NOT VALID" };
            let over = written(&crate::catalog::Reference { validated: true, ..reference.clone() });
            let over = format!("{over} {}", reference.deferral);
            line(text, &format!("ALTER TABLE {} ADD CONSTRAINT {} {}{valid}", name(&id), quoted(own), over.trim_end()));
        }
        for (own, check) in table.checks.iter().filter(|(_, check)| !check.validated && !check.inherited) {
            line(text, &format!("ALTER TABLE {} ADD {} NOT VALID", name(&id), self::check(own, check)));
        }
    }
    paragraph(text);
    for (id, relation) in relations() {
        let Relation::Table(table) = relation else { continue };
        for (own, trigger) in table.triggers.iter().filter(|(_, trigger)| !trigger.inherited) {
            if trigger.event.is_empty() {
                line(text, &format!("-- trigger {} of {}: not followed", quoted(own), name(&id)));
            } else {
                let (event, action) = (&trigger.event, &trigger.action);
                line(text, &format!("CREATE TRIGGER {} {event} ON {} {action}", quoted(own), name(&id)));
            }
        }
    }
    for (id, relation) in relations() {
        if let Relation::Sequence(sequence) = relation {
            comment(text, "SEQUENCE", &name(&id), sequence.comment.as_deref());
        }
    }
}
