//! Queries and changes of rows: the tables and columns that they name.

use super::Follower;
use super::complaint::finding;
use super::world::{Found, same};
use crate::catalog::Relation;
use crate::statement::{ColumnUse, Name, Output, QualifiedName, Scope, Source};
use std::rc::Rc;

/// What a relation of a query gives.
#[derive(Clone, Debug)]
struct Seen {
    /// What it is called, in the query.
    name: String,
    /// The table behind it, where it is one.
    table: Option<String>,
    /// Its columns, where all of them are known.
    columns: Option<Rc<Vec<String>>>,
}

/// The relations of a query, and of those around it.
struct Level<'a> {
    seen: Vec<Seen>,
    with: &'a [(String, Option<Rc<Vec<String>>>)],
    outer: Option<&'a Level<'a>>,
}

impl Follower {
    /// Reports what a query names that isn't there.
    pub(super) fn resolve(&mut self, scope: &Scope) {
        self.level(scope, &[], None);
    }

    /// Lists the names of the columns that a query gives, where all are known.
    pub(super) fn outputs(&self, scope: &Scope) -> Option<Vec<String>> {
        if scope.opaque || scope.output.is_empty() {
            return None;
        }
        let name = |output: &Output| match output {
            Output::Column { name, .. } => name.clone(),
            _ => None,
        };
        scope.output.iter().map(name).collect()
    }

    fn level(&mut self, scope: &Scope, with: &[(String, Option<Rc<Vec<String>>>)], outer: Option<&Level<'_>>) {
        let mut known = with.to_vec();
        for query in &scope.with {
            if scope.recursive {
                known.push((query.name.text.clone(), None));
            }
            self.level(&query.query, &known, None);
            let columns = if query.columns.is_empty() {
                self.outputs(&query.query)
            } else {
                Some(query.columns.iter().map(|name| name.text.clone()).collect())
            };
            known.push((query.name.text.clone(), columns.map(Rc::new)));
        }
        // What isn't understood may hide whatever would make a name right.
        if scope.opaque {
            return;
        }
        let mut level = Level { seen: Vec::new(), with: &known, outer };
        for relation in &scope.from {
            let seen = match &relation.source {
                Source::Table(name) => self.source(name, &level),
                Source::Query(query) => {
                    // A derived table sees its neighbours only if it says so; what it can't see is no mistake that is sure.
                    self.level(query, &known, Some(&level));
                    Seen { name: String::new(), table: None, columns: self.outputs(query).map(Rc::new) }
                }
                _ => Seen { name: String::new(), table: None, columns: None },
            };
            let name = relation.alias.as_ref().map_or(seen.name, |alias| alias.text.clone());
            let columns = if relation.columns.is_empty() { seen.columns } else { None };
            level.seen.push(Seen { name, table: seen.table, columns });
        }
        for write in &scope.writes {
            self.targets(&write.table, &write.columns);
        }
        for column in &scope.columns {
            self.column(column, &level);
        }
        let outputs: Vec<&String> = scope
            .output
            .iter()
            .filter_map(|output| match output {
                Output::Column { name, .. } => name.as_ref(),
                _ => None,
            })
            .collect();
        for name in &scope.sorts {
            if !outputs.iter().any(|output| same(output, &name.text)) {
                self.column(&ColumnUse { schema: None, table: None, name: name.clone() }, &level);
            }
        }
        for inner in &scope.inner {
            self.level(inner, &known, Some(&level));
        }
    }

    fn source(&mut self, name: &QualifiedName, level: &Level<'_>) -> Seen {
        let text = &name.name.text;
        if name.schema.is_none()
            && let Some((_, columns)) = level.with.iter().rev().find(|(with, _)| same(with, text))
        {
            return Seen { name: text.clone(), table: None, columns: columns.clone() };
        }
        let key = self.relation(name, "table");
        let columns = key.as_ref().and_then(|key| match self.world.relation(key)? {
            Relation::Table(table) if !table.opaque => {
                Some(Rc::new(table.columns.iter().map(|column| column.name.clone()).collect()))
            }
            Relation::View(view) => {
                Some(Rc::new(view.columns.as_ref()?.iter().map(|(name, _)| name.clone()).collect()))
            }
            _ => None,
        });
        let table = key.filter(|key| self.world.table(key).is_some());
        Seen { name: text.clone(), table, columns }
    }

    /// Reports target columns that a table doesn't have.
    fn targets(&mut self, table: &QualifiedName, columns: &[Name]) {
        let Found::Here(key) = self.world.find(table) else { return };
        if table.schema.is_none() && self.temporary.contains(&table.name.text.to_lowercase()) {
            return;
        }
        for column in columns {
            if !self.has_column(&key, &column.text) {
                self.unknown_column(&key, column);
            }
        }
    }

    fn column(&mut self, column: &ColumnUse, level: &Level<'_>) {
        if column.schema.is_some() {
            return;
        }
        let name = &column.name;
        // A variable, and the column that the server has for every row.
        if name.text.starts_with('@') || same(&name.text, "_rowid") {
            return;
        }
        let mut at = Some(level);
        let mut first: Option<(&Seen, usize)> = None;
        while let Some(here) = at {
            for seen in &here.seen {
                if column.table.as_ref().is_some_and(|table| !same(&table.text, &seen.name)) {
                    continue;
                }
                let Some(columns) = &seen.columns else { return };
                if columns.iter().any(|known| same(known, &name.text)) {
                    return;
                }
                first.get_or_insert((seen, here.seen.len()));
            }
            at = here.outer;
        }
        match (first, &column.table) {
            (Some((Seen { table: Some(table), .. }, only)), qualifier) if qualifier.is_some() || only == 1 => {
                let table = table.clone();
                self.unknown_column(&table, name);
            }
            (Some(_), _) => {
                let message = format!("none of the tables here has a column `{}`", name.text);
                self.findings.push(finding("unknown_column", message, &name.range, "not there"));
            }
            (None, Some(table)) => {
                let message = format!("`{}` is none of the tables here", table.text);
                self.findings.push(finding("unknown_table", message, &table.range, "not in FROM"));
            }
            (None, None) => {}
        }
    }
}
