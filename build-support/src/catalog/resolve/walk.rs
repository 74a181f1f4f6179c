//! The way through a query, scope by scope.

use super::level::{Column, Columns, Has, Level, Seen};
use super::output::{self, Given};
use super::{Around, Problem};
use crate::catalog::lookup::{Found, Space};
use crate::catalog::{Relation, Simulator};
use crate::statement::{self, ColumnUse, Join, Output, QualifiedName, Scope, Source, Write, WriteKind};
use std::collections::BTreeSet;

/// A walk, with what was found on the way.
pub(super) struct Walk<'a> {
    pub(super) simulator: &'a Simulator,
    pub(super) problems: Vec<Problem>,
    pub(super) tables: BTreeSet<String>,
    pub(super) columns: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(simulator: &'a Simulator) -> Walk<'a> {
        Walk { simulator, problems: Vec::new(), tables: BTreeSet::new(), columns: BTreeSet::new() }
    }

    /// Looks into a query that sees only what stands around it.
    pub(super) fn outermost(&mut self, scope: &'a Scope, around: &'a [Around<'a>]) -> Option<Vec<Given>> {
        let relations: Vec<Seen<'a>> = around
            .iter()
            .map(|around| Seen {
                name: Some(around.name),
                schema: around.schema,
                id: None,
                hides: None,
                columns: around.columns.as_ref().map_or(Columns::Unknown, |columns| {
                    Columns::List(columns.iter().map(|column| Column::named(*column)).collect())
                }),
                hidden: around.hidden,
                function: false,
                parameters: false,
            })
            .collect();
        let level = Level { outer: None, with: &[], relations: &relations, joins: &[], opaque: false, partial: false };
        self.scope(scope, &level)
    }

    /// Looks into a query, and finds what it gives.
    fn scope(&mut self, scope: &'a Scope, outer: &Level<'_, 'a>) -> Option<Vec<Given>> {
        let with = self.with(scope, outer);
        let relations = self.from(scope, &with, outer);
        let partial = scope.writes.iter().any(|write| write.kind == WriteKind::Merge);
        let level = Level {
            outer: Some(outer),
            with: &with,
            relations: &relations,
            joins: &scope.joins,
            opaque: scope.opaque,
            partial,
        };
        for join in &scope.joins {
            self.join(join, &level);
        }
        for column in &scope.columns {
            self.column(column, &level);
        }
        for row in &scope.rows {
            self.row(row, &level);
        }
        for function in &scope.functions {
            self.function(function, &level);
        }
        for name in &scope.registered {
            self.registered(name, scope, &level);
        }
        for ty in &scope.types {
            self.type_name(ty);
        }
        let inner: Vec<_> = scope.inner.iter().map(|inner| self.scope(inner, &level)).collect();
        for write in &scope.writes {
            self.write(write, &inner);
        }
        let given = self.output(scope, &level, &inner);
        for name in &scope.sorts {
            let may_be = |given: &Given| given.name.as_ref().is_none_or(|given| *given == name.text);
            if given.as_ref().is_some_and(|given| !given.iter().any(may_be)) {
                self.column(&ColumnUse { schema: None, table: None, name: name.clone() }, &level);
            }
        }
        given
    }

    /// The queries that `WITH` names.
    fn with(&mut self, scope: &'a Scope, outer: &Level<'_, 'a>) -> Vec<(&'a str, Columns<'a>)> {
        let mut with: Vec<(&'a str, Columns<'a>)> = Vec::new();
        if scope.recursive {
            with.extend(scope.with.iter().map(|with| (with.name.text.as_str(), Columns::Unknown)));
        }
        for (place, named) in scope.with.iter().enumerate() {
            if scope.recursive {
                // What it calls by its own name has the columns of its first arm.
                let first = named.query.inner.first().unwrap_or(&named.query);
                let level = Level { with: &with, ..plain(outer) };
                let mut given = self.quietly(|walk| walk.scope(first, &level));
                let mut added = named.query.output.iter();
                if let (Some(given), Some(Output::Inner)) = (&mut given, added.next()) {
                    given.extend(added.map(Given::named));
                }
                if let Some(own) = with.get_mut(place) {
                    own.1 = output::columns(output::renamed(given, &named.columns));
                }
            }
            let level = Level { with: &with, ..plain(outer) };
            let given = self.scope(&named.query, &level);
            let columns = output::columns(output::renamed(given, &named.columns));
            match with.get_mut(place) {
                Some(own) => own.1 = columns,
                None => with.push((&named.name.text, columns)),
            }
        }
        with
    }

    /// Does something without taking note of what is found.
    fn quietly<T>(&mut self, look: impl FnOnce(&mut Walk<'a>) -> T) -> T {
        let mut other = Walk::new(self.simulator);
        look(&mut other)
    }

    /// The relations of a query.
    fn from(&mut self, scope: &'a Scope, with: &[(&'a str, Columns<'a>)], outer: &Level<'_, 'a>) -> Vec<Seen<'a>> {
        let mut relations: Vec<Seen<'a>> = Vec::new();
        for relation in &scope.from {
            let before: &[Seen<'a>] = if relation.lateral { &relations } else { &[] };
            let level = Level { with, relations: before, opaque: scope.opaque, ..plain(outer) };
            let seen = self.relation(relation, &level);
            relations.push(seen);
        }
        relations
    }

    fn relation(&mut self, relation: &'a statement::Relation, level: &Level<'_, 'a>) -> Seen<'a> {
        let alias = relation.alias.as_ref().map(|alias| alias.text.as_str());
        let seen = Seen {
            name: alias,
            schema: None,
            id: None,
            hides: None,
            columns: Columns::Unknown,
            hidden: relation.hidden,
            function: matches!(relation.source, Source::Other),
            parameters: matches!(relation.source, Source::Parameters(_)),
        };
        let seen = match &relation.source {
            Source::Table(name) => self.table(name, seen, level),
            Source::Query(query) => Seen { columns: output::columns(self.scope(query, level)), ..seen },
            Source::Columns(columns) | Source::Parameters(columns) => {
                let columns = columns.iter().map(|column| Column::named(column.text.as_str())).collect();
                Seen { columns: Columns::List(columns), ..seen }
            }
            Source::Other => seen,
        };
        Seen { columns: seen.columns.renamed(&relation.columns), ..seen }
    }

    /// A table that is read: a query of this name comes first.
    fn table(&mut self, name: &'a QualifiedName, seen: Seen<'a>, level: &Level<'_, 'a>) -> Seen<'a> {
        let own = name.name.text.as_str();
        let hides = seen.name.is_some_and(|alias| alias != own).then_some(own);
        let schema = if seen.name.is_none() { name.schema.as_ref().map(|schema| schema.text.as_str()) } else { None };
        let seen = Seen { name: seen.name.or(Some(own)), hides, schema, ..seen };
        if name.schema.is_none()
            && let Some(columns) = level.with(own)
        {
            return Seen { columns: columns.clone(), ..seen };
        }
        let unnamed = seen.hides.is_none();
        match self.look_up(name) {
            Some((schema, id, columns)) => Seen { id: Some(id), schema: unnamed.then_some(schema), columns, ..seen },
            None => seen,
        }
    }

    /// Finds a relation in the catalog: its schema, `schema.name`, and its columns.
    fn look_up(&mut self, name: &QualifiedName) -> Option<(&'a str, String, Columns<'a>)> {
        match self.simulator.look_up(Space::Relation, name) {
            Found::Here(id) => {
                let (schema, held) = self.simulator.catalog.schemas.get_key_value(&id.schema)?;
                let columns = match held.relations.get(&id.name)? {
                    Relation::Table(table) => Columns::Table(table),
                    Relation::View(view) => Columns::of_view(view),
                    Relation::Sequence(_) | Relation::Index(_) | Relation::Opaque => Columns::Unknown,
                };
                let id = id.to_string();
                self.tables.insert(id.clone());
                return Some((schema, id, columns));
            }
            Found::Unsure => {}
            Found::Missing(id) => self.problem(Problem::Relation("table", id, name.range())),
            Found::NoSchema(schema) => self.problem(Problem::Schema(schema)),
        }
        None
    }

    fn join(&mut self, join: &'a Join, level: &Level<'_, 'a>) {
        let sides = level.relations.get(join.left.start..join.right.end).unwrap_or_default();
        self.scope(&join.on, &Level { relations: sides, ..*level });
        for column in &join.columns {
            for side in [&join.left, &join.right] {
                let relations = level.relations.get(side.clone()).unwrap_or_default();
                let side = Level { outer: None, relations, ..*level };
                self.bare(column, &side);
            }
        }
    }

    /// A relation that a text names.
    fn registered(&mut self, name: &QualifiedName, scope: &Scope, level: &Level<'_, 'a>) {
        // A default may name a sequence that the server makes for another column, before the table itself.
        let is_default = || scope.output.is_empty() && level.outwards().all(|level| level.relations.is_empty());
        match self.simulator.look_up(Space::Relation, name) {
            Found::Here(_) | Found::Unsure => {}
            Found::Missing(_) if name.name.text.ends_with("_seq") && is_default() => {}
            Found::Missing(id) => self.problem(Problem::Relation("relation", id, name.range())),
            Found::NoSchema(schema) => self.problem(Problem::Schema(schema)),
        }
    }

    fn write(&mut self, write: &'a Write, inner: &[Option<Vec<Given>>]) {
        let Some((_, id, columns)) = self.look_up(&write.table) else { return };
        if let Some(rows) = &write.rows
            && let Some(given) = inner.get(rows.query).and_then(|given| given.as_ref()).map(Vec::len)
        {
            let wanted = if rows.named > 0 { Some(rows.named) } else { columns.list().map(|list| list.len()) };
            // Without names, the last columns may go without a value.
            if let Some(wanted) = wanted.filter(|wanted| given > *wanted || rows.named > 0 && given < *wanted) {
                self.problem(Problem::Count { range: rows.range.clone(), given, wanted });
            }
        }
        for name in &write.columns {
            match columns.has(&name.text) {
                Has::Yes { origin, .. } => {
                    self.columns.insert(format!("{id}.{origin}"));
                }
                Has::Unknown => {}
                Has::No => {
                    let known = columns.names();
                    self.problem(Problem::Column { name: name.clone(), tables: vec![id.clone()], known });
                }
            }
        }
    }

    /// Takes note of a column.
    pub(super) fn note(&mut self, seen: &Seen<'a>, origin: &str) {
        if let Some(id) = &seen.id {
            self.columns.insert(format!("{id}.{origin}"));
        }
    }

    /// Takes note of all columns of a relation.
    pub(super) fn named(&mut self, seen: &Seen<'a>) {
        for column in seen.columns.list().unwrap_or_default() {
            self.note(seen, column.origin.unwrap_or(&column.name));
        }
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}

/// A level inside another one, with nothing of its own yet.
fn plain<'l, 'a>(outer: &'l Level<'l, 'a>) -> Level<'l, 'a> {
    Level { outer: Some(outer), with: &[], relations: &[], joins: &[], opaque: false, partial: false }
}
