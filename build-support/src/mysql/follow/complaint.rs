//! What there is to say about a name.

use super::Follower;
use super::world::{Found, SCHEMA, same};
use crate::catalog::{Finding, Id, Relation, Subject, Table, is_a_runner_s};
use crate::statement::{Name, QualifiedName};
use std::ops::Range;
use whimbrel_grammar::names::nearest;

/// Gives a table as the past knows it.
pub(super) fn id(key: &str) -> Id {
    Id::new(SCHEMA, key)
}

pub(super) fn finding(code: &'static str, message: String, range: &Range<usize>, label: &str) -> Finding {
    Finding { range: range.clone(), code, message, label: label.to_owned(), help: Vec::new(), related: Vec::new() }
}

impl Follower {
    /// Finds a table or a view that a statement needs, and reports it where it isn't there.
    pub(super) fn relation(&mut self, name: &QualifiedName, kind: &str) -> Option<String> {
        if name.schema.is_none() && self.temporary.contains(&name.name.text.to_lowercase()) {
            return None;
        }
        match self.world.find(name) {
            Found::Here(key) => Some(key),
            Found::Elsewhere => None,
            Found::Missing(key) => {
                if !self.world.is_opaque() && !is_a_runner_s(&key) {
                    self.unknown_relation(&key, kind, &name.range());
                }
                // It is said once.
                self.world.put(&key, Relation::Opaque);
                None
            }
        }
    }

    /// Finds the table that a statement changes; one of which nothing is known gives nothing.
    pub(super) fn table_for_change(&mut self, name: &QualifiedName, if_exists: bool) -> Option<String> {
        if if_exists && matches!(self.world.find(name), Found::Missing(_)) {
            return None;
        }
        if matches!(self.world.find(name), Found::Elsewhere) {
            self.elsewhere(name);
        }
        let key = self.relation(name, "table")?;
        match self.world.relation(&key) {
            Some(Relation::Table(_)) => Some(key),
            Some(Relation::View(_)) => {
                let message = format!("`{key}` is a view, not a table");
                let mut found = finding("wrong_kind", message, &name.range(), "a view");
                found.related.extend(self.past.origin(&Subject::relation(&id(&key))));
                self.findings.push(found);
                None
            }
            _ => None,
        }
    }

    /// What has the name of another database may be of this one, where no `USE` says which this is.
    pub(super) fn elsewhere(&mut self, name: &QualifiedName) {
        if self.world.database.is_none() {
            self.world.obscure(&name.name.text);
        }
    }

    pub(super) fn unknown_relation(&mut self, key: &str, kind: &str, range: &Range<usize>) {
        let code = if kind == "view" { "unknown_view" } else { "unknown_table" };
        let mut found = finding(code, format!("there is no {kind} `{key}`"), range, "not there");
        let meant = nearest(key, self.world.names()).map(str::to_owned);
        self.explain(&mut found, &Subject::relation(&id(key)), meant);
        self.findings.push(found);
    }

    /// Reports a column that a table doesn't have.
    pub(super) fn unknown_column(&mut self, key: &str, name: &Name) {
        let known = |table: &Table| {
            nearest(&name.text, table.columns.iter().map(|column| column.name.as_str())).map(str::to_owned)
        };
        let Some(table) = self.world.table(key) else { return };
        if table.opaque {
            return;
        }
        let meant = known(table);
        let message = format!("table `{key}` has no column `{}`", name.text);
        let mut found = finding("unknown_column", message, &name.range, "not there");
        self.explain(&mut found, &Subject::part(&id(key), &name.text), meant);
        self.findings.push(found);
    }

    /// Reports a key, an index or a constraint that a table doesn't have.
    pub(super) fn unknown_part(&mut self, key: &str, code: &'static str, what: &str, name: &Name, known: Vec<String>) {
        if self.world.table(key).is_none_or(|table| table.opaque) {
            return;
        }
        let meant = nearest(&name.text, known.iter().map(String::as_str)).map(str::to_owned);
        let message = format!("table `{key}` has no {what} `{}`", name.text);
        let mut found = finding(code, message, &name.range, "not there");
        self.explain(&mut found, &Subject::part(&id(key), &name.text), meant);
        self.findings.push(found);
    }

    /// Reports something that is there already, `subject` being what is in the way.
    pub(super) fn duplicate(&mut self, code: &'static str, message: String, range: &Range<usize>, subject: &Subject) {
        let mut found = finding(code, message, range, "there already");
        let origin = self.past.origin(subject).filter(|(site, _)| *site != self.site(range));
        found.related.extend(origin);
        self.findings.push(found);
    }

    /// Adds what helps: where the thing went, or what was probably meant.
    fn explain(&self, found: &mut Finding, subject: &Subject, meant: Option<String>) {
        let gone = self.past.gone(subject);
        if let Some((_, words)) = &gone
            && let Some(name) = words.strip_prefix("renamed to ").and_then(|rest| rest.strip_suffix(" here"))
        {
            found.help.push(format!("it is called {name} since then"));
        } else {
            found.help.extend(meant.map(|meant| format!("did you mean `{meant}`?")));
        }
        found.related.extend(gone);
    }

    /// Tells whether a table has a column; one that isn't known in full may have any.
    pub(super) fn has_column(&self, key: &str, name: &str) -> bool {
        self.world
            .table(key)
            .is_none_or(|table| table.opaque || table.columns.iter().any(|column| same(&column.name, name)))
    }
}
