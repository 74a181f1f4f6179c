//! Functions that a statement calls: what they do to the schema.

use super::excerpt::Excerpt;
use super::expression::walk;
use super::{Simulator, extension};
use crate::postgres::{self, shipped};
use crate::statement::{Condition, Effects, Scope};

/// Functions of extensions that add or drop columns and tables.
const CHANGING: [&str; 5] =
    ["addgeometrycolumn", "dropgeometrycolumn", "dropgeometrytable", "populate_geometry_columns", "updategeometrysrid"];

impl Simulator {
    /// Calls all functions of a statement that is run. `under_way` has those whose calls led to it.
    pub(super) fn call_all(&mut self, query: &Scope, under_way: &mut Vec<String>) {
        let mut names = Vec::new();
        walk(query, &mut |scope| {
            let called = scope.functions.iter().map(|function| &function.name.name.text);
            names.extend(called.filter(|name| shipped::function(name).is_none()).cloned());
        });
        names.iter().for_each(|name| self.call(name, under_way));
    }

    /// Does what a function does.
    fn call(&mut self, name: &str, under_way: &mut Vec<String>) {
        if under_way.iter().any(|outer| outer == name) {
            return;
        }
        let schemas = self.catalog.schemas.values();
        let own = schemas.filter_map(|schema| schema.functions.get(name)).flatten();
        let own: Vec<Effects> = own.map(|function| function.effects.clone()).collect();
        under_way.push(name.to_owned());
        match own.as_slice() {
            [] => {
                // One that nobody has would be refused, unless there is more than is known.
                let is_known = extension::of_function(name).is_some();
                if CHANGING.contains(&name) || !is_known && (self.catalog.opaque || self.may_bring_schema()) {
                    self.opaque(&[]);
                }
            }
            [one] if one.alters => self.run(one, under_way),
            all if all.iter().any(|one| one.alters) => self.opaque(&[]),
            all => all.iter().flat_map(|one| &one.calls).for_each(|called| self.call(called, under_way)),
        }
        under_way.pop();
    }

    /// Does what a function's body does; what is wrong with it is only known for sure when it runs.
    fn run(&mut self, effects: &Effects, under_way: &mut Vec<String>) {
        let script = effects.script.as_deref().unwrap_or_default();
        let reading = postgres::read(script);
        if effects.script.is_none() || !reading.errors.is_empty() {
            return self.opaque(&[]);
        }
        let (range, excerpt) = (self.range.clone(), std::mem::take(&mut self.excerpt));
        let (condition, found) = (self.condition, self.findings.len());
        let outermost = self.called_at.is_none();
        self.called_at.get_or_insert_with(|| range.clone());
        let mut taken = Vec::new();
        for act in reading.statements.iter().flat_map(|statement| &statement.acts) {
            let Some(own) = self.condition_of(act, &mut taken) else { continue };
            self.range = act.range.clone();
            self.excerpt = Excerpt::new(script, &act.range);
            self.condition = if condition == Condition::Sometimes { condition } else { own };
            self.apply_within(&act.kind, under_way);
        }
        if outermost {
            self.called_at = None;
        }
        self.findings.truncate(found);
        (self.range, self.excerpt, self.condition) = (range, excerpt, condition);
    }
}
