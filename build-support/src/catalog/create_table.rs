//! `CREATE TABLE`.

use super::complaint::{finding, has_column};
use super::lookup::{Found, Space};
use super::past::Subject;
use super::{Column, Default, Id, Relation, Schema, Simulator, Table, Type, server};
use crate::sort;
use crate::statement::{
    self, Condition, Constraint, ConstraintKind, CreateTable, Generated, KeyKind, Name, Persistence, QualifiedName,
};
use std::sync::Arc;

impl Simulator {
    pub(super) fn create_table(&mut self, create: &CreateTable) {
        let temporary = create.persistence == Persistence::Temporary;
        let Some(id) = self.place_for(&create.name, temporary) else { return };
        if self.is_there_already(&id, &create.name, "table", create.if_not_exists) {
            return;
        }
        let mut table = Table {
            unlogged: create.persistence == Persistence::Unlogged,
            temporary: id.schema == super::id::TEMPORARY,
            foreign: create.foreign,
            // It may be there already, with columns of its own.
            opaque: create.if_not_exists && (self.may_be_there(&id) || super::runner::is_a_runner_s(&id.name)),
            ..Table::default()
        };
        self.typed_columns(&mut table, create);
        self.parents(&id, &mut table, create);
        let sequences = self.own_columns(&id, &mut table, create);
        table.partition_by = self.partition_columns(&id, &table, create);
        if table.partition_by.is_some() {
            table.partition_key = self.excerpt.partition_key();
        }
        if let Some(partition) = &create.partition_of {
            table.bounds = self.excerpt.bounds(partition.parent.range().end);
            if let Some(parent) = table.partition_of.as_deref().map(Id::parse) {
                self.check_bounds(&parent, &id, &table.bounds, &create.name.range());
            }
        }
        self.put(&id, Relation::Table(Arc::new(table)));
        self.past.made(Subject::relation(&id), self.site(&create.name.range()));
        for column in &create.columns {
            self.past.made(Subject::part(&id, &column.name.text), self.site(&column.name.range));
        }
        for (sequence, column) in sequences {
            self.make_sequence_behind(&sequence, &id, &column);
        }
        self.constraints(&id, create);
        for like in &create.like {
            self.like_parts(&id, like);
        }
        self.follow_parent(&id);
    }

    /// Tells whether there may be things in a schema that aren't known.
    fn may_be_there(&self, id: &Id) -> bool {
        let is_own = id.schema != super::id::TEMPORARY;
        is_own && (self.catalog.opaque || self.catalog.schemas.get(&id.schema).is_some_and(|schema| schema.opaque))
    }

    /// Finds the place for something new; `None` where its schema isn't known.
    pub(super) fn place_for(&mut self, name: &QualifiedName, temporary: bool) -> Option<Id> {
        if temporary {
            self.catalog.schema_mut(super::id::TEMPORARY);
            return Some(Id::new(super::id::TEMPORARY, name.name.text.clone()));
        }
        if let Some(schema) = &name.schema {
            let text = schema.text.as_str();
            if text == super::id::TEMPORARY || text.starts_with("pg_temp_") {
                return self.place_for(name, true);
            }
            if server::is_schema(text) {
                return None;
            }
            if !self.catalog.schemas.contains_key(text) {
                if self.may_have_schema(text) {
                    self.make_schema(text, true);
                } else {
                    self.unknown_schema(schema);
                }
            }
            return Some(Id::new(text, name.name.text.clone()));
        }
        let first = self.path.visible().first().cloned();
        if first.is_none() && !self.path.names_user() && !self.catalog.opaque {
            let message = format!("there is no schema in the search path to make `{}` in", name.name.text);
            let mut finding = finding("unknown_schema", message, &name.name.range, "where is it to be made?");
            finding.help.push("write the schema before its name, or set `search_path`".to_owned());
            self.report(finding);
        }
        Some(Id::new(first?, name.name.text.clone()))
    }

    /// Makes a schema; one of which nothing is known may have anything in it.
    pub(super) fn make_schema(&mut self, name: &str, opaque: bool) {
        let schema = Schema { opaque, ..Schema::default() };
        self.catalog.schemas.or_insert(name, Arc::new(schema));
        self.path.refresh(&self.catalog);
    }

    /// Tells whether there is a relation in the way of a new one, and reports it where the server would.
    pub(super) fn is_there_already(&mut self, id: &Id, name: &QualifiedName, kind: &str, allowed: bool) -> bool {
        let Some(there) = self.catalog.relation(id) else {
            let is_type = kind != "index" && kind != "sequence" && self.catalog.type_at(id).is_some();
            if is_type && !self.catalog.is_doubtful(id) {
                let message = format!("`{}` is a type already, and each {kind} is one too", id.shown());
                self.duplicate("duplicate_type", message, &name.range(), &Subject::Type(id.to_string()));
            }
            return false;
        };
        if allowed || self.condition == Condition::IfMissing {
            return true;
        }
        if *there == Relation::Opaque || self.catalog.is_doubtful(id) {
            return self.unsure();
        }
        let is = self.kind_of(id).unwrap_or("relation");
        let code = match kind {
            "index" => "duplicate_index",
            "view" | "materialized view" => "duplicate_view",
            "sequence" => "duplicate_sequence",
            _ => "duplicate_table",
        };
        let message = format!("there is {} `{}` already", super::complaint::article(is), id.shown());
        self.duplicate(code, message, &name.range(), &Subject::relation(id));
        // Which of the two definitions is meant isn't known.
        if let Some(table) = self.catalog.table_mut(id) {
            table.opaque = true;
        }
        true
    }

    fn typed_columns(&mut self, table: &mut Table, create: &CreateTable) {
        let Some(name) = &create.of_type else { return };
        match self.look_up(Space::Type, name) {
            Found::Here(id) => {
                table.of_type = Some(id.to_string());
                if let Some(Type::Composite(fields)) = self.catalog.type_at(&id) {
                    let column = |field: &super::Field| Column {
                        name: field.name.clone(),
                        ty: field.ty.clone(),
                        own_type: field.own_type.clone(),
                        local: true,
                        ..Column::default()
                    };
                    table.columns.extend(fields.iter().map(column));
                } else {
                    table.opaque = true;
                }
            }
            Found::Missing(id) => {
                let message = format!("there is no type `{}`", id.shown());
                let meant = self.nearest_in(Space::Type, &id.name);
                self.unknown("unknown_type", message, &name.range(), Subject::Type(id.to_string()), meant);
                table.opaque = true;
            }
            Found::NoSchema(schema) => {
                self.unknown_schema(&schema);
                table.opaque = true;
            }
            Found::Unsure => table.opaque = true,
        }
    }

    /// Adds the columns that are written, those of `LIKE` at its place among them.
    fn own_columns(&mut self, id: &Id, table: &mut Table, create: &CreateTable) -> Vec<(Id, Column)> {
        let mut sequences = Vec::new();
        let mut likes = create.like.iter().peekable();
        for column in &create.columns {
            while let Some(like) = likes.next_if(|like| like.table.range().start < column.range.start) {
                self.like_columns(table, like);
            }
            let (new, sequence) = self.column(id, column);
            sequences.extend(sequence.map(|sequence| (sequence, new.clone())));
            match table.columns.iter_mut().find(|there| there.name == new.name) {
                Some(there) if there.inherited || create.of_type.is_some() => merge(there, new),
                Some(_) => {
                    let message = format!("column `{}` is named twice", new.name);
                    let first = create.columns.iter().find(|other| other.name.text == new.name);
                    let mut finding = finding("duplicate_column", message, &column.name.range, "named again");
                    let site =
                        first.map(|first| self.site(&first.name.range)).filter(|site| site.range != column.name.range);
                    finding.related.extend(site.map(|site| (site, "named here first".to_owned())));
                    self.report(finding);
                }
                None => table.columns.push(new),
            }
        }
        for like in likes {
            self.like_columns(table, like);
        }
        sequences
    }

    /// Reads a column, and names the sequence that is to be made for it.
    pub(super) fn column(&mut self, table: &Id, column: &statement::Column) -> (Column, Option<Id>) {
        let ty = column.ty.as_ref().map(|ty| (self.data_type(ty), ty.serial));
        let (ty, serial) = ty.unwrap_or_default();
        if server::is_system_column(&column.name.text) {
            let message = format!("every table has a column `{}` of the server's own", column.name.text);
            self.report(finding("duplicate_column", message, &column.name.range, "taken by the server"));
        }
        self.check_source(column, &ty, serial);
        let is_key = column.constraints.iter().any(|constraint| {
            matches!(&constraint.kind, ConstraintKind::Key { kind: KeyKind::Primary, .. } | ConstraintKind::NotNull(_))
        });
        let is_identity = matches!(column.generated, Some(Generated::Identity { .. }));
        let needs_sequence = is_identity || serial && column.default.is_none();
        let sequence =
            needs_sequence.then(|| table.beside(self.choose_relation(table, &column.name.text, "seq", false)));
        let default = match (&column.generated, &column.default) {
            (Some(Generated::Identity { always }), _) => Default::Identity { always: *always },
            (Some(Generated::Stored(expression)), _) => {
                Default::Generated { expression: self.needs(expression), stored: true }
            }
            (Some(Generated::Virtual(expression)), _) => {
                Default::Generated { expression: self.needs(expression), stored: false }
            }
            (None, Some(expression)) => self.default(expression),
            (None, None) => sequence.as_ref().map_or(Default::None, |id| Default::Sequence(id.to_string())),
        };
        if let Some(default) = &column.default {
            self.check_enum_default(default, &ty);
        }
        let always = serial || is_key || is_identity;
        let column = Column {
            name: column.name.text.clone(),
            ty: ty.text,
            own_type: ty.own,
            not_null: always || column.not_null.is_some(),
            default,
            local: true,
            ..Column::default()
        };
        (column, sequence)
    }

    /// Makes the constraints of a table, in the server's order: checks, keys (the primary one first), references.
    fn constraints(&mut self, id: &Id, create: &CreateTable) {
        let of_columns = create.columns.iter().flat_map(|column| &column.constraints);
        let mut all: Vec<&Constraint> = of_columns.chain(&create.constraints).collect();
        sort::by_key(&mut all, |constraint| constraint.range.start);
        for column in &create.columns {
            if let Some(Generated::Stored(expression) | Generated::Virtual(expression)) = &column.generated {
                self.check_names(&expression.uses, Some(id));
            }
        }
        let is_check = |constraint: &&&Constraint| {
            matches!(constraint.kind, ConstraintKind::Check(_) | ConstraintKind::NotNull(_))
        };
        for constraint in all.iter().filter(is_check) {
            self.add_constraint(id, constraint);
        }
        for constraint in unlike_keys(&all) {
            self.add_constraint(id, constraint);
        }
        for constraint in all.iter().filter(|constraint| matches!(constraint.kind, ConstraintKind::ForeignKey(_))) {
            self.add_constraint(id, constraint);
        }
    }

    fn partition_columns(&mut self, id: &Id, table: &Table, create: &CreateTable) -> Option<Vec<String>> {
        let columns: Vec<&Name> = create.partition_by.as_ref()?.iter().flatten().collect();
        for name in &columns {
            if !has_column(table, &name.text) && !table.opaque {
                let message = format!("table `{}` has no column `{}`", id.shown(), name.text);
                let known = table.columns.iter().map(|column| column.name.as_str());
                let meant = whimbrel_grammar::names::nearest(&name.text, known).map(str::to_owned);
                self.unknown("unknown_column", message, &name.range, Subject::part(id, &name.text), meant);
            }
        }
        Some(columns.into_iter().map(|name| name.text.clone()).collect())
    }
}

/// Lists keys and exclusions, the primary key first. A key that says the same as one before it makes no index of its own.
fn unlike_keys<'a>(all: &[&'a Constraint]) -> Vec<&'a Constraint> {
    let rank = |constraint: &&Constraint| match &constraint.kind {
        ConstraintKind::Key { kind: KeyKind::Primary, .. } => Some(0),
        ConstraintKind::Key { .. } | ConstraintKind::Exclude { .. } => Some(1),
        _ => None,
    };
    let mut keys: Vec<&Constraint> = all.iter().copied().filter(|constraint| rank(constraint).is_some()).collect();
    sort::by_key(&mut keys, rank);
    let mut kept: Vec<&Constraint> = Vec::new();
    for key in keys {
        match kept.iter_mut().find(|other| is_same_key(other, key)) {
            // It gives its name to the one that stays, where that has none.
            Some(other) if other.name.is_none() && key.name.is_some() && !is_primary(other) => *other = key,
            Some(other) if !(is_primary(other) && is_primary(key)) => {}
            _ => kept.push(key),
        }
    }
    kept
}

fn is_primary(constraint: &Constraint) -> bool {
    matches!(&constraint.kind, ConstraintKind::Key { kind: KeyKind::Primary, .. })
}

fn is_same_key(one: &Constraint, other: &Constraint) -> bool {
    let texts = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect::<Vec<_>>();
    match (&one.kind, &other.kind) {
        (
            ConstraintKind::Key { columns, include, nulls_not_distinct, .. },
            ConstraintKind::Key { columns: others, include: includes, nulls_not_distinct: distinct, .. },
        ) => texts(columns) == texts(others) && texts(include) == texts(includes) && nulls_not_distinct == distinct,
        _ => false,
    }
}

/// Takes what a table says itself about a column that it inherits.
fn merge(there: &mut Column, new: Column) {
    there.local = true;
    there.not_null |= new.not_null;
    if new.default != Default::None {
        there.default = new.default;
    }
    if there.ty.is_empty() {
        there.ty = new.ty;
    }
}
