//! Functions and types.

use super::Problem;
use super::level::{Has, Level, Seen};
use super::walk::Walk;
use crate::catalog::lookup::{Found, Space};
use crate::catalog::{Relation, Schema, Type, extension};
use crate::postgres::shipped;
use crate::statement::{FunctionUse, TypeName};

/// Functions that take a row of any kind, so that `t.to_jsonb` is one of them and no column.
const OF_ROWS: [&str; 9] =
    ["array_agg", "concat", "count", "hash_record", "json_agg", "jsonb_agg", "row_to_json", "to_json", "to_jsonb"];

impl<'a> Walk<'a> {
    pub(super) fn function(&mut self, function: &FunctionUse, level: &Level<'_, 'a>) {
        let name = &function.name.name;
        let text = name.text.as_str();
        let is_servers = function.name.schema.as_ref().is_none_or(|schema| schema.text == "pg_catalog");
        if is_servers && shipped::function(text).is_some() || self.simulator.open_world || self.may_be_function(text) {
            return;
        }
        // What other extensions bring along is too much to be sure of.
        let is_sure =
            |extension: &str| extension::is_understood(extension) || matches!(extension, "postgis" | "vector");
        let found = self.simulator.look_up(Space::Function, &function.name);
        match (extension::of_function(text), found) {
            (Some(extension), Found::Missing(_) | Found::NoSchema(_))
                if is_sure(extension) && !self.may_be_column(function, level) =>
            {
                self.problem(Problem::Function { name: name.clone(), extension: Some(extension) });
            }
            (None, Found::NoSchema(schema)) => self.problem(Problem::Schema(schema)),
            (None, Found::Missing(_)) if !self.may_be_cast(function) && !self.may_be_column(function, level) => {
                self.problem(Problem::Function { name: name.clone(), extension: None });
            }
            _ => {}
        }
    }

    pub(super) fn type_name(&mut self, ty: &TypeName) {
        if let Found::Missing(_) | Found::NoSchema(_) = self.simulator.look_up_type(ty) {
            self.problem(Problem::Type(ty.clone()));
        }
    }

    /// Tells whether what looks like a call may be a cast: `mood('ok')`.
    fn may_be_cast(&self, function: &FunctionUse) -> bool {
        let name = function.name.name.text.as_str();
        shipped::extension_function(name).is_some()
            || self.simulator.may_be_multirange(name)
            || !matches!(self.simulator.look_up(Space::Type, &function.name), Found::Missing(_))
    }

    /// Tells whether what looks like a call may be a column of a row, `last(t)`, or a field of any other value.
    fn may_be_column(&self, function: &FunctionUse, level: &Level<'_, 'a>) -> bool {
        let name = function.name.name.text.as_str();
        let has = |seen: &Seen<'a>| !seen.function && !matches!(seen.columns.has(name), Has::No);
        let is_field = |schema: &Schema| {
            let of_type =
                |ty: &Type| matches!(ty, Type::Composite(fields) if fields.iter().any(|field| field.name == name));
            let of_relation = |relation: &Relation| match relation {
                Relation::Table(table) => table.columns.iter().any(|column| column.name == name),
                Relation::View(view) => view.columns.iter().flatten().any(|(own, _)| own == name),
                Relation::Sequence(_) | Relation::Index(_) | Relation::Opaque => false,
            };
            schema.types.values().any(of_type) || schema.relations.values().any(of_relation)
        };
        function.arguments == 1
            && (level.outwards().any(|level| level.relations.iter().any(has))
                || self.simulator.catalog.schemas.values().any(|schema| is_field(schema)))
    }

    /// Tells whether a function of this name may have been made.
    pub(super) fn may_be_function(&self, name: &str) -> bool {
        let catalog = &self.simulator.catalog;
        catalog.opaque
            || OF_ROWS.contains(&name)
            || catalog.schemas.values().any(|schema| schema.opaque || schema.functions.contains_key(name))
    }
}
