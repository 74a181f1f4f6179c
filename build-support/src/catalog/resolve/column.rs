//! Columns, and what stands before their dots.

use super::Problem;
use super::level::{Has, Level, Seen};
use super::walk::Walk;
use crate::catalog::server;
use crate::statement::{ColumnUse, Name, QualifiedName};

impl<'a> Walk<'a> {
    pub(super) fn column(&mut self, column: &ColumnUse, level: &Level<'_, 'a>) {
        let Some(table) = &column.table else { return self.bare(&column.name, level) };
        let schema = column.schema.as_ref().map(|schema| schema.text.as_str());
        let Some(seen) = level.relation(schema, &table.text) else {
            return self.qualifier(column.schema.as_ref(), table, level);
        };
        let name = column.name.text.as_str();
        match seen.columns.has(name) {
            Has::Yes { origin, .. } => self.note(seen, origin),
            Has::Unknown => {}
            Has::No if server::is_system_column(name) || self.may_be_function(name) => {}
            Has::No => {
                let problem = Problem::Column {
                    name: column.name.clone(),
                    tables: seen.id.iter().cloned().collect(),
                    known: seen.columns.names(),
                };
                self.problem(problem);
            }
        }
    }

    /// A name that stands alone: a column, or else a relation's whole row.
    pub(super) fn bare(&mut self, name: &Name, level: &Level<'_, 'a>) {
        let text = name.text.as_str();
        for level in level.outwards() {
            let mut owners = Vec::new();
            let mut unsure = level.opaque;
            for seen in level.open() {
                match seen.columns.has(text) {
                    Has::Yes { origin, sure, .. } => {
                        if owners.is_empty() {
                            self.note(seen, origin);
                        }
                        owners.push((seen, sure));
                    }
                    Has::Unknown => unsure = true,
                    Has::No => {}
                }
            }
            if owners.len() > 1 && owners.iter().all(|(_, sure)| *sure) && !level.merges(text) {
                let relations = owners.iter().filter_map(|(seen, _)| seen.name).map(str::to_owned).collect();
                self.problem(Problem::Ambiguous { name: name.clone(), relations });
            }
            if unsure || !owners.is_empty() {
                return;
            }
        }
        if level.relation(None, text).is_some() || server::is_system_column(text) {
            return;
        }
        let seen = || level.outwards().flat_map(|level| level.open());
        let tables = seen().filter_map(|seen| seen.id.clone()).collect();
        let known = seen().flat_map(|seen| seen.columns.names()).collect();
        self.problem(Problem::Column { name: name.clone(), tables, known });
    }

    /// `t.*`.
    pub(super) fn row(&mut self, row: &QualifiedName, level: &Level<'_, 'a>) {
        let schema = row.schema.as_ref().map(|schema| schema.text.as_str());
        match level.relation(schema, &row.name.text) {
            Some(seen) => self.named(&seen.clone()),
            None => self.qualifier(row.schema.as_ref(), &row.name, level),
        }
    }

    /// What stands before a dot and is no relation of the query. A parameter with fields may be.
    fn qualifier(&mut self, schema: Option<&Name>, name: &Name, level: &Level<'_, 'a>) {
        let all = || level.outwards().flat_map(|level| level.relations.iter());
        // `parameter.field`, `function.parameter.field`.
        let first = schema.unwrap_or(name).text.as_str();
        let is_parameter = |seen: &Seen<'_>| {
            seen.parameters && (matches!(seen.columns.has(first), Has::Yes { .. }) || seen.name == Some(first))
        };
        if level.is_opaque() || all().any(is_parameter) {
            return;
        }
        let known = all().filter_map(|seen| seen.name).map(str::to_owned).collect();
        let alias = all().find(|seen| seen.hides == Some(&name.text)).and_then(|seen| seen.name).map(str::to_owned);
        self.problem(Problem::Qualifier { name: name.clone(), known, alias });
    }
}
