//! The catalog as SQL that makes it again in an empty database.

use super::follow::SCHEMA;
use crate::catalog::{Catalog, Column, Default, Index, IndexPart, Reference, Relation, Table};
use std::fmt::Write;

/// Writes a catalog as SQL. What isn't known in full stands there as a comment.
pub(crate) fn sql(catalog: &Catalog) -> String {
    let mut text = String::new();
    let Some(schema) = catalog.schemas.get(SCHEMA) else { return text };
    if catalog.opaque {
        text.push_str("-- not followed in full: there may be more\n\n");
    }
    for (name, relation) in schema.relations.iter() {
        match relation {
            Relation::Table(table) => create(&mut text, name, table),
            Relation::View(_) => {
                let _ = writeln!(text, "-- view {}: not followed\n", quoted(name));
            }
            _ => {
                let _ = writeln!(text, "-- {}: not followed\n", quoted(name));
            }
        }
    }
    for (name, relation) in schema.relations.iter() {
        let Relation::Table(table) = relation else { continue };
        for (own, reference) in &table.references {
            let _ =
                writeln!(text, "ALTER TABLE {} ADD CONSTRAINT {} {};", quoted(name), quoted(own), target(reference));
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn create(text: &mut String, name: &str, table: &Table) {
    if table.opaque {
        let _ = writeln!(text, "-- table {}: not followed in full", quoted(name));
    }
    let mut parts: Vec<String> = table.columns.iter().map(column).collect();
    for (own, index) in &table.indexes {
        parts.push(key(own, index));
    }
    for (own, check) in &table.checks {
        parts.push(format!("CONSTRAINT {} CHECK {}", quoted(own), check.expression.text));
    }
    let comment = table.comment.as_ref().map_or(String::new(), |comment| format!(" COMMENT {}", literal(comment)));
    let _ = writeln!(text, "CREATE TABLE {} (\n    {}\n){comment};\n", quoted(name), parts.join(",\n    "));
}

fn column(column: &Column) -> String {
    let ty = if column.ty.is_empty() { "text /* not followed */" } else { &column.ty };
    let mut text = format!("{} {ty}", quoted(&column.name));
    if let Default::Generated { expression, stored } = &column.default {
        let kept = if *stored { "STORED" } else { "VIRTUAL" };
        let _ = write!(text, " GENERATED ALWAYS AS {} {kept}", expression.text);
    }
    if column.not_null {
        text.push_str(" NOT NULL");
    }
    match &column.default {
        // What is written anew at each change stands behind the value.
        Default::Expression(expression) if expression.text.starts_with("ON UPDATE") => {
            let _ = write!(text, " {}", expression.text);
        }
        Default::Expression(expression) => {
            let _ = write!(text, " DEFAULT {}", expression.text);
        }
        Default::Identity { .. } => text.push_str(" AUTO_INCREMENT"),
        _ => {}
    }
    if let Some(comment) = &column.comment {
        let _ = write!(text, " COMMENT {}", literal(comment));
    }
    text
}

fn key(name: &str, index: &Index) -> String {
    let part = |key: &crate::catalog::IndexKey| match &key.part {
        IndexPart::Column(column) => format!("{} {}", quoted(column), key.options).trim_end().to_owned(),
        IndexPart::Expression(expression) => expression.text.clone(),
    };
    let parts = index.keys.iter().map(part).collect::<Vec<_>>().join(", ");
    match (index.unique, index.method.as_str()) {
        (true, _) if name == "PRIMARY" => format!("PRIMARY KEY ({parts})"),
        (true, _) => format!("UNIQUE KEY {} ({parts})", quoted(name)),
        (false, "btree") => format!("KEY {} ({parts})", quoted(name)),
        (false, method) => format!("{} KEY {} ({parts})", method.to_uppercase(), quoted(name)),
    }
}

fn target(reference: &Reference) -> String {
    let listed = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let table = reference.table.strip_prefix("main.").unwrap_or(&reference.table);
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        listed(&reference.columns),
        quoted(table),
        listed(&reference.references)
    );
    for (event, action) in [("DELETE", &reference.on_delete), ("UPDATE", &reference.on_update)] {
        if action != "NO ACTION" {
            let _ = write!(text, " ON {event} {action}");
        }
    }
    text
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Writes a text as it stood between its quotes, where escapes were left as they are.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
