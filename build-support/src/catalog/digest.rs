//! The catalog as sorted lines, to be held against a real server's.

use super::server::quoted;
use super::{Catalog, Id, KeyKind, Reference, Relation, Table};
#[cfg(any(test, feature = "cli"))]
use super::{Type, View};

/// Writes a line for each column, constraint and index: `col public.t.c text notnull`, `con public.t.t_pkey PRIMARY KEY (id)`,
/// `idx public.t_a_idx`. A column that is an identity has an `a` (always) or a `d` behind it. Expressions are left out: they
/// aren't the server's wording.
#[cfg(any(test, feature = "cli"))]
pub(crate) fn digest(catalog: &Catalog) -> Vec<String> {
    let mut lines = Vec::new();
    for (schema, held) in &catalog.schemas {
        if schema == super::id::TEMPORARY {
            continue;
        }
        lines.push(format!("schema {schema}"));
        for (name, ty) in &held.types {
            if let Type::Composite(fields) = ty {
                lines.extend(fields.iter().map(|field| format!("col {schema}.{name}.{} {}", field.name, field.ty)));
            }
        }
        for (name, relation) in &held.relations {
            let id = Id::new(schema, name);
            match relation {
                Relation::Table(table) => of_table(&id, table, &mut lines),
                Relation::View(view) => of_view(&id, view, &mut lines),
                Relation::Sequence(_) => lines.push(format!("seq {id}")),
                Relation::Index(_) | Relation::Opaque => {}
            }
        }
    }
    lines.extend(catalog.extensions.keys().map(|name| format!("ext {name}")));
    lines.sort();
    lines
}

/// Writes the lines of tables, their constraints by name alone; `None` where anything in it isn't known.
pub(crate) fn table_lines(catalog: &Catalog) -> Option<String> {
    if catalog.opaque || catalog.schemas.values().any(|schema| schema.opaque || !schema.doubtful.is_empty()) {
        return None;
    }
    let mut lines = Vec::new();
    for (schema, held) in catalog.schemas.iter().filter(|(schema, _)| *schema != super::id::TEMPORARY) {
        for (name, relation) in &held.relations {
            match relation {
                Relation::Table(table) if table.opaque => return None,
                Relation::Opaque => return None,
                Relation::Table(table) => of_table(&Id::new(schema, name), table, &mut lines),
                Relation::View(view) => lines.extend(view.indexes.keys().map(|index| format!("idx {schema}.{index}"))),
                Relation::Sequence(_) | Relation::Index(_) => {}
            }
        }
    }
    lines.retain(|line| !line.starts_with("trg "));
    Some(lines.iter().map(|line| named(line)).fold(String::new(), |text, line| text + line + "\n"))
}

/// A constraint is compared by its name: what it demands is the server's wording.
fn named(line: &str) -> &str {
    match line.strip_prefix("con ") {
        Some(rest) => line.get(..4 + rest.find(' ').unwrap_or(rest.len())).unwrap_or(line),
        None => line,
    }
}

fn of_table(id: &Id, table: &Table, lines: &mut Vec<String>) {
    for column in &table.columns {
        let not_null = if column.not_null { " notnull" } else { "" };
        let identity = match column.default {
            super::Default::Identity { always: true } => "a",
            super::Default::Identity { always: false } => "d",
            _ => "",
        };
        lines.push(format!("col {id}.{} {}{not_null}{identity}", column.name, column.ty));
    }
    for (name, key) in &table.keys {
        let kind = match key.kind {
            KeyKind::Primary => "PRIMARY KEY",
            KeyKind::Unique => "UNIQUE",
        };
        lines.push(format!("con {id}.{name} {kind} ({})", listed(&key.columns)));
    }
    for (name, reference) in &table.references {
        lines.push(format!("con {id}.{name} {}", written(reference)));
    }
    lines.extend(table.checks.keys().map(|name| format!("con {id}.{name} CHECK")));
    lines.extend(table.exclusions.keys().map(|name| format!("con {id}.{name} EXCLUDE")));
    lines.extend(table.indexes.keys().map(|name| format!("idx {}.{name}", id.schema)));
    lines.extend(table.triggers.keys().map(|name| format!("trg {id}.{name}")));
}

#[cfg(any(test, feature = "cli"))]
fn of_view(id: &Id, view: &View, lines: &mut Vec<String>) {
    let kind = if view.materialized { "matview" } else { "view" };
    lines.push(format!("{kind} {id}"));
    for (name, ty) in view.columns.iter().flatten() {
        lines.push(format!("col {id}.{name} {ty}").trim_end().to_owned());
    }
    lines.extend(view.indexes.keys().map(|name| format!("idx {}.{name}", id.schema)));
}

/// Writes a foreign key as the server does where the search path is the usual one.
pub(super) fn written(reference: &Reference) -> String {
    let id = Id::parse(&reference.table);
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}({})",
        listed(&reference.columns),
        super::data_type::own_name(&id),
        listed(&reference.references)
    );
    for (event, action) in [("UPDATE", &reference.on_update), ("DELETE", &reference.on_delete)] {
        if action != "NO ACTION" {
            text.push_str(&format!(" ON {event} {action}"));
        }
    }
    if !reference.validated {
        text.push_str(" NOT VALID");
    }
    text
}

pub(super) fn listed(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}
