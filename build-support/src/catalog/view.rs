//! Views, materialized or not, and tables made from a query.

use super::complaint::finding;
use super::past::Subject;
use super::resolve::Resolved;
use super::{Column, Id, Relation, Simulator, Table, View};
use crate::statement::{Name, Persistence, QualifiedName, Scope};
use std::sync::Arc;
use whimbrel_grammar::names::nearest;

/// A `CREATE VIEW`, as its statement says it.
pub(super) struct NewView<'a> {
    pub(super) name: &'a QualifiedName,
    pub(super) materialized: bool,
    pub(super) or_replace: bool,
    pub(super) if_not_exists: bool,
    pub(super) temporary: bool,
    pub(super) columns: &'a [Name],
    pub(super) query: &'a Scope,
}

impl Simulator {
    pub(super) fn create_view(&mut self, new: &NewView<'_>) {
        let Some(id) = self.place_for(new.name, new.temporary) else { return };
        let kind = if new.materialized { "materialized view" } else { "view" };
        let resolved = self.resolve(new.query, &[]);
        if new.or_replace && self.catalog.view(&id).is_some_and(|view| !view.materialized) {
            self.replaceable(&id, new, &resolved);
        } else if self.is_there_already(&id, new.name, kind, new.if_not_exists) {
            return;
        }
        let mut functions = self.functions_of(new.query);
        functions.sort();
        let mut opaque = false;
        super::expression::walk(new.query, &mut |scope| opaque |= scope.opaque);
        let view = View {
            materialized: new.materialized,
            columns: self.distinct(new.name, named_output(new.columns, resolved.output)),
            text: self.excerpt.behind(new.name.range().end).to_owned(),
            reads: resolved.tables,
            reads_columns: resolved.columns,
            functions,
            opaque,
            ..View::default()
        };
        self.put(&id, Relation::View(Arc::new(view)));
        self.past.made(Subject::relation(&id), self.site(&new.name.range()));
    }

    /// Reports columns of one name; what gives them is taken for not known.
    fn distinct(
        &mut self,
        of: &QualifiedName,
        columns: Option<Vec<(String, String)>>,
    ) -> Option<Vec<(String, String)>> {
        let columns = columns?;
        let mut seen = std::collections::HashSet::new();
        let Some((name, _)) = columns.iter().find(|(name, _)| !seen.insert(name)) else { return Some(columns) };
        let message = format!("`{}` would have two columns `{name}`", of.name.text);
        let mut finding = finding("duplicate_column", message, &of.range(), "two of one name");
        finding.help.push("name one of them otherwise, with `AS`".to_owned());
        self.report(finding);
        None
    }

    /// Reports a view that would lose columns by being replaced.
    fn replaceable(&mut self, id: &Id, new: &NewView<'_>, resolved: &Resolved) {
        let Some(old) = self.catalog.view(id).and_then(|view| view.columns.clone()) else { return };
        let Some(columns) = named_output(new.columns, resolved.output.clone()) else { return };
        let changed =
            old.iter().enumerate().find(|(at, (name, _))| columns.get(*at).is_none_or(|(own, _)| own != name));
        let Some((at, (name, _))) = changed else { return };
        let message = match columns.get(at) {
            Some((own, _)) => {
                format!("view `{}` can't be replaced: its column `{name}` would become `{own}`", id.shown())
            }
            None => format!("view `{}` can't be replaced: its column `{name}` would be dropped", id.shown()),
        };
        let mut finding = finding("changed_view", message, &new.name.range(), "other columns");
        finding
            .help
            .push("keep its columns as they are, in order, and add new ones at the end; or drop it first".to_owned());
        self.report(finding);
    }

    pub(super) fn create_table_as(
        &mut self,
        name: &QualifiedName,
        persistence: Persistence,
        if_not_exists: bool,
        columns: &[Name],
        query: &Scope,
    ) {
        let resolved = self.resolve(query, &[]);
        let Some(id) = self.place_for(name, persistence == Persistence::Temporary) else { return };
        if self.is_there_already(&id, name, "table", if_not_exists) {
            return;
        }
        let output = self.distinct(name, named_output(columns, resolved.output));
        let mut table = Table {
            unlogged: persistence == Persistence::Unlogged,
            temporary: id.schema == super::id::TEMPORARY,
            opaque: output.is_none(),
            ..Table::default()
        };
        for (name, ty) in output.unwrap_or_default() {
            table.columns.push(Column { name, ty, local: true, ..Column::default() });
        }
        self.put(&id, Relation::Table(Arc::new(table)));
        self.past.made(Subject::relation(&id), self.site(&name.range()));
    }

    pub(super) fn rename_view_column(&mut self, id: &Id, from: &Name, to: &Name) {
        let whole = id.to_string();
        let Some(view) = self.catalog.view_mut(id) else { return };
        let Some(columns) = &mut view.columns else { return };
        match columns.iter_mut().find(|(name, _)| *name == from.text) {
            Some((name, _)) => to.text.clone_into(name),
            None => {
                let meant = nearest(&from.text, columns.iter().map(|(name, _)| name.as_str())).map(str::to_owned);
                let message = format!("view `{}` has no column `{}`", id.shown(), from.text);
                self.unknown("unknown_column", message, &from.range, Subject::part(id, &from.text), meant);
                return;
            }
        }
        for index in view.indexes.values_mut() {
            super::index::rename_column(index, &from.text, &to.text);
        }
        self.past.renamed(Subject::part(id, &from.text), to.text.clone(), self.site(&to.range));
        let (old, new) = (format!("{whole}.{}", from.text), format!("{whole}.{}", to.text));
        for user in self.links.users(id) {
            let Some(view) = self.catalog.view_mut(&user) else { continue };
            for read in view.reads_columns.iter_mut().filter(|read| **read == old) {
                new.clone_into(read);
            }
        }
    }
}

/// Gives a query's columns the names that are written before it.
fn named_output(names: &[Name], output: Option<Vec<(String, String)>>) -> Option<Vec<(String, String)>> {
    let mut output = output?;
    for (column, name) in output.iter_mut().zip(names) {
        name.text.clone_into(&mut column.0);
    }
    Some(output)
}
