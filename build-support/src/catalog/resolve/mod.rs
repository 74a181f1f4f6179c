//! The names in a query, looked up as the server would.

mod column;
mod function;
mod level;
mod output;
mod problem;
#[cfg(test)]
mod tests;
mod walk;

use super::Simulator;
use crate::sort;
use crate::statement::Scope;
use problem::Problem;
use walk::Walk;

/// A relation that is seen besides those of the query: a check's own table, `new` and `old` of a trigger.
#[derive(Clone, Debug)]
pub(super) struct Around<'a> {
    /// The schema, where it can be said before the name.
    pub(super) schema: Option<&'a str>,
    pub(super) name: &'a str,
    /// `None` where they aren't known.
    pub(super) columns: Option<Vec<&'a str>>,
    /// Whether it is only seen under its name: `new.a`.
    pub(super) hidden: bool,
}

/// What is known of a query once its names are looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolved {
    /// `schema.table` of what it reads or writes, sorted, each once.
    pub(super) tables: Vec<String>,
    /// `schema.table.column` of what it names, sorted, each once.
    pub(super) columns: Vec<String>,
    /// The columns that it gives, with their types, empty where they aren't known; `None` where not all are known by name.
    pub(super) output: Option<Vec<(String, String)>>,
}

/// Looks the names of a query or an expression up.
fn look(simulator: &Simulator, scope: &Scope, around: &[Around<'_>]) -> (Resolved, Vec<Problem>) {
    let mut walk = Walk::new(simulator);
    let given = walk.outermost(scope, around);
    let output = given.and_then(|given| given.into_iter().map(|column| Some((column.name?, column.ty))).collect());
    // What is read and written under one name is looked up twice.
    let mut problems = walk.problems;
    sort::by_key(&mut problems, |problem| problem.range().start);
    problems.dedup_by_key(|problem| problem.range());
    let resolved =
        Resolved { tables: walk.tables.into_iter().collect(), columns: walk.columns.into_iter().collect(), output };
    (resolved, problems)
}

impl Simulator {
    /// Looks the names of a query or an expression up, and reports what isn't there.
    pub(super) fn resolve(&mut self, scope: &Scope, around: &[Around<'_>]) -> Resolved {
        let (resolved, problems) = look(self, scope, around);
        problems.into_iter().for_each(|problem| self.settle(problem));
        resolved
    }
}
