//! The catalog as SQL that makes it again in an empty database.

mod order;
mod table;

use super::server::quoted;
use super::{Catalog, Function, FunctionKind, Id, Relation, Schema, Sequence, Type, View};
use std::fmt::Write;

/// Writes a catalog as SQL, everything after what it needs. What isn't known in full stands there as a comment.
pub(crate) fn sql(catalog: &Catalog) -> String {
    let mut text = String::new();
    let schemas = || catalog.schemas.iter().filter(|(name, _)| *name != super::id::TEMPORARY);
    for (name, schema) in schemas() {
        if name != "public" {
            line(&mut text, &format!("CREATE SCHEMA {}", quoted(name)));
        }
        comment(&mut text, "SCHEMA", &quoted(name), schema.comment.as_deref());
    }
    paragraph(&mut text);
    for (name, schema) in &catalog.extensions {
        let into = if schema == "public" { String::new() } else { format!(" WITH SCHEMA {}", quoted(schema)) };
        line(&mut text, &format!("CREATE EXTENSION IF NOT EXISTS {}{into}", quoted(name)));
    }
    let has_functions = schemas().any(|(_, schema)| !schema.functions.is_empty());
    if catalog.schemas.len() > 1 {
        // What was written without its schema is to be found again.
        let rest = schemas().map(|(name, _)| name.as_str()).filter(|name| *name != "public");
        let path = std::iter::once("public").chain(rest).map(quoted).collect::<Vec<_>>().join(", ");
        line(&mut text, &format!("SET search_path = {path}"));
    }
    if has_functions {
        line(&mut text, "SET check_function_bodies = off");
    }
    paragraph(&mut text);
    for id in order::types(catalog) {
        if let Some(ty) = catalog.type_at(&id) {
            types(&mut text, &id, ty);
        }
    }
    paragraph(&mut text);
    let (early, late): (Vec<_>, Vec<_>) =
        functions(catalog).partition(|(_, function)| !function.types.iter().any(|ty| is_relation(catalog, ty)));
    // Aggregates are made of functions.
    let is_aggregate = |(_, function): &&(Id, &Function)| function.kind == FunctionKind::Aggregate;
    let plain = early.iter().filter(|one| !is_aggregate(one));
    for (id, function) in plain.chain(early.iter().filter(is_aggregate)) {
        write_function(&mut text, id, function);
    }
    for (id, sequence) in each(catalog, |relation| match relation {
        Relation::Sequence(sequence) if !sequence.identity => Some(sequence),
        _ => None,
    }) {
        write_sequence(&mut text, catalog, &id, sequence);
    }
    paragraph(&mut text);
    for id in order::tables(catalog) {
        if let Some(made) = catalog.table(&id) {
            table::create(&mut text, &id, made);
            paragraph(&mut text);
        }
    }
    for (id, sequence) in each(catalog, |relation| match relation {
        Relation::Sequence(sequence) if !sequence.identity => Some(sequence),
        _ => None,
    }) {
        if let Some((owner, column)) = &sequence.owned_by {
            let owner = name(&Id::parse(owner));
            line(&mut text, &format!("ALTER SEQUENCE {} OWNED BY {owner}.{}", name(&id), quoted(column)));
        }
    }
    for (id, function) in &late {
        write_function(&mut text, id, function);
    }
    for id in order::views(catalog) {
        if let Some(view) = catalog.view(&id) {
            write_view(&mut text, &id, view);
        }
    }
    paragraph(&mut text);
    table::rest(&mut text, catalog);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Lists relations of a kind with their names.
fn each<'a, T>(catalog: &'a Catalog, of: impl Fn(&'a Relation) -> Option<T>) -> Vec<(Id, T)> {
    let mut found = Vec::new();
    for (schema, held) in catalog.schemas.iter().filter(|(name, _)| *name != super::id::TEMPORARY) {
        for (name, relation) in &held.relations {
            if let Some(relation) = of(relation) {
                found.push((Id::new(schema, name), relation));
            }
        }
    }
    found
}

fn functions(catalog: &Catalog) -> impl Iterator<Item = (Id, &Function)> {
    catalog.schemas.iter().flat_map(|(schema, held): (_, &std::sync::Arc<Schema>)| {
        held.functions.iter().flat_map(move |(name, all)| all.iter().map(move |one| (Id::new(schema, name), one)))
    })
}

fn is_relation(catalog: &Catalog, ty: &str) -> bool {
    catalog.relation(&Id::parse(ty)).is_some()
}

fn types(text: &mut String, id: &Id, ty: &Type) {
    let made = match ty {
        Type::Enum(values) => {
            let values = values.iter().map(|value| literal(value)).collect::<Vec<_>>().join(", ");
            format!("CREATE TYPE {} AS ENUM ({values})", name(id))
        }
        Type::Composite(fields) => {
            let fields = fields.iter().map(|field| format!("{} {}", quoted(&field.name), field.ty));
            format!("CREATE TYPE {} AS ({})", name(id), fields.collect::<Vec<_>>().join(", "))
        }
        Type::Domain(domain) => {
            let mut made = format!("CREATE DOMAIN {} AS {}", name(id), domain.base);
            if let Some(default) = &domain.default {
                let _ = write!(made, " DEFAULT {}", default.text);
            }
            if domain.not_null {
                made.push_str(" NOT NULL");
            }
            for (constraint, check) in &domain.checks {
                let valid = if check.validated { "" } else { " NOT VALID" };
                let _ = write!(made, " CONSTRAINT {} CHECK ({}){valid}", quoted(constraint), check.expression.text);
            }
            made
        }
        Type::Other => format!("-- type {}: not followed", name(id)),
    };
    line(text, &made);
}

fn write_function(text: &mut String, id: &Id, function: &Function) {
    let kind = match function.kind {
        FunctionKind::Function => "FUNCTION",
        FunctionKind::Procedure => "PROCEDURE",
        FunctionKind::Aggregate => "AGGREGATE",
    };
    if function.text.is_empty() {
        line(text, &format!("-- {} {}: not followed", kind.to_lowercase(), name(id)));
    } else {
        line(text, &format!("CREATE {kind} {}{}", name(id), spaced(&function.text)));
        paragraph(text);
    }
}

fn write_sequence(text: &mut String, catalog: &Catalog, id: &Id, sequence: &Sequence) {
    let mut options = sequence.options.clone();
    // Its owner isn't there yet.
    if let Some(at) = options.to_ascii_uppercase().find("OWNED BY") {
        options.truncate(at);
    }
    if options.is_empty()
        && let Some((table, column)) = &sequence.owned_by
        && let Some(table) = catalog.table(&Id::parse(table))
    {
        let ty = table.columns.iter().find(|own| own.name == *column).map_or("", |own| own.ty.as_str());
        if matches!(ty, "integer" | "smallint") {
            options = format!("AS {ty}");
        }
    }
    line(text, format!("CREATE SEQUENCE {} {}", name(id), options.trim()).trim_end());
}

fn write_view(text: &mut String, id: &Id, view: &View) {
    let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    if view.text.is_empty() {
        line(text, &format!("-- {} {}: not followed", kind.to_lowercase(), name(id)));
        return;
    }
    line(text, &format!("CREATE {kind} {}{}", name(id), spaced(&view.text)));
    comment(text, kind, &name(id), view.comment.as_deref());
}

/// Adds a statement.
fn line(text: &mut String, statement: &str) {
    text.push_str(statement);
    text.push_str(if statement.starts_with("--") { "\n" } else { ";\n" });
}

/// Begins a new paragraph.
fn paragraph(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}

fn comment(text: &mut String, kind: &str, name: &str, comment: Option<&str>) {
    if let Some(comment) = comment {
        line(text, &format!("COMMENT ON {kind} {name} IS {}", literal(comment)));
    }
}

/// Writes a name with its schema.
fn name(id: &Id) -> String {
    format!("{}.{}", quoted(&id.schema), quoted(&id.name))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Puts a space before a text that doesn't begin with a parenthesis.
fn spaced(text: &str) -> String {
    if text.starts_with('(') { text.to_owned() } else { format!(" {text}") }
}
