//! Foreign keys.

use super::complaint::{finding, has_column};
use super::{Id, Index, KeyKind, Reference, Relation, Simulator, Table, chosen};
use crate::statement::{Constraint, ForeignKey, Name};
use whimbrel_grammar::names::nearest;

impl Simulator {
    pub(super) fn add_reference(&mut self, id: &Id, constraint: &Constraint, key: &ForeignKey) {
        for column in &key.columns {
            if self.catalog.table(id).is_some_and(|table| !has_column(table, &column.text)) {
                self.unknown_column(id, column);
            }
        }
        let Some(other) = self.relation(&key.table, "table") else {
            self.opaque_reference(id, constraint, key);
            return;
        };
        let Some(held) = self.catalog.table(&other) else {
            if self.kind_of(&other).is_some() {
                self.wrong_kind(&other, &key.table.range(), "table", None);
            }
            self.opaque_reference(id, constraint, key);
            return;
        };
        let primary = held.keys.values().find(|key| key.kind == KeyKind::Primary).map(|key| key.columns.clone());
        let (opaque, has_primary) = (held.opaque, primary.is_some());
        let references: Vec<String> = match primary {
            _ if !key.references.is_empty() => key.references.iter().map(|name| name.text.clone()).collect(),
            Some(columns) => columns,
            None => Vec::new(),
        };
        if !opaque {
            self.check_referenced(&other, key, &references, has_primary);
        }
        self.check_key_types(id, &other, key, &references);
        let name = self.reference_name(id, constraint, key);
        let reference = Reference {
            columns: key.columns.iter().map(|name| name.text.clone()).collect(),
            table: other.to_string(),
            references,
            on_delete: key.on_delete.clone(),
            on_update: key.on_update.clone(),
            deferral: self.excerpt.deferral(&constraint.range),
            validated: !constraint.not_valid,
            inherited: false,
        };
        self.put_reference(id, &name, reference);
        self.constraint_made(id, &name, constraint);
    }

    /// Keeps a foreign key to a table of which nothing is known.
    fn opaque_reference(&mut self, id: &Id, constraint: &Constraint, key: &ForeignKey) {
        let name = self.reference_name(id, constraint, key);
        let schema = key.table.schema.as_ref().map_or("public", |schema| schema.text.as_str());
        let reference = Reference {
            columns: key.columns.iter().map(|name| name.text.clone()).collect(),
            table: format!("{schema}.{}", key.table.name.text),
            references: key.references.iter().map(|name| name.text.clone()).collect(),
            on_delete: key.on_delete.clone(),
            on_update: key.on_update.clone(),
            deferral: self.excerpt.deferral(&constraint.range),
            validated: !constraint.not_valid,
            inherited: false,
        };
        self.put_reference(id, &name, reference);
        self.constraint_made(id, &name, constraint);
    }

    fn reference_name(&self, id: &Id, constraint: &Constraint, key: &ForeignKey) -> String {
        constraint.name.as_ref().map(|name| name.text.clone()).unwrap_or_else(|| {
            let columns = chosen::columns(key.columns.iter().map(|column| column.text.as_str()));
            self.choose_constraint(id, &columns, "fkey")
        })
    }

    pub(super) fn put_reference(&mut self, id: &Id, name: &str, reference: Reference) {
        self.links.uses(id, &reference.table);
        self.links.constraint(id, name);
        let inherited = Reference { inherited: true, ..reference.clone() };
        let Some(table) = self.change(id) else { return };
        table.references.insert(name.to_owned(), reference);
        for child in self.partitions(id) {
            self.put_reference(&child, name, inherited.clone());
        }
    }

    /// Reports columns that aren't there or aren't unique.
    fn check_referenced(&mut self, id: &Id, key: &ForeignKey, references: &[String], has_primary: bool) {
        let range = key
            .references
            .first()
            .zip(key.references.last())
            .map_or_else(|| key.table.range(), |(first, last): (&Name, &Name)| first.range.start..last.range.end);
        if references.is_empty() && !has_primary {
            let message = format!("table `{}` has no primary key to refer to", id.shown());
            let mut finding = finding("missing_key", message, &range, "no primary key");
            finding.help.push("write the columns that are meant behind it, which have to be unique".to_owned());
            self.report(finding);
            return;
        }
        let mut known = true;
        for column in &key.references {
            if self.catalog.table(id).is_some_and(|table| !has_column(table, &column.text)) {
                self.unknown_column(id, column);
                known = false;
            }
        }
        if !known {
            return;
        }
        if references.len() != key.columns.len() {
            let count = |number: usize| if number == 1 { "1 column".to_owned() } else { format!("{number} columns") };
            let (own, theirs) = (count(key.columns.len()), count(references.len()));
            let message = format!("a foreign key of {own} refers to {theirs} of `{}`", id.shown());
            self.report(finding("missing_key", message, &range, "not as many"));
            return;
        }
        let Some(table) = self.catalog.table(id) else { return };
        if table.indexes.values().any(|index| is_unique_over(index, references)) || is_doubtful(table, references) {
            return;
        }
        let listed = references.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let noun = if references.len() == 1 { "column" } else { "columns" };
        let message = format!("no unique constraint of `{}` is over {noun} {listed}", id.shown());
        let mut finding = finding("missing_key", message, &range, "not unique");
        let unique: Vec<&str> = table.keys.values().filter_map(|key| Some(key.columns.first()?.as_str())).collect();
        let meant = references.first().and_then(|name| nearest(name, unique));
        finding.help.push(match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("add `UNIQUE ({})` to `{}` first", references.join(", "), id.shown()),
        });
        self.report(finding);
    }

    /// Reports a foreign key's table that is something else.
    pub(super) fn must_be_table(&mut self, id: &Id, range: &std::ops::Range<usize>) -> bool {
        match self.catalog.relation(id) {
            Some(Relation::Table(_)) => true,
            Some(Relation::Opaque) | None => false,
            Some(_) => {
                self.wrong_kind(id, range, "table", None);
                false
            }
        }
    }
}

/// Tells whether an index keeps these columns unique, in any order.
pub(super) fn is_unique_over(index: &Index, columns: &[String]) -> bool {
    let own: Option<Vec<&str>> = index.keys.iter().map(|key| key.part.column()).collect();
    let Some(own) = own else { return false };
    index.unique
        && index.predicate.is_none()
        && own.len() == columns.len()
        && own.iter().all(|name| columns.iter().any(|column| column == name))
}

fn is_doubtful(table: &Table, columns: &[String]) -> bool {
    table.columns.iter().any(|column| column.doubtful && columns.contains(&column.name))
}
