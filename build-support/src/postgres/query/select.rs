//! `SELECT`, `VALUES`, `TABLE`, and what combines them.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::expression::{is_name, read, row as row_of, unwrapped};
use super::super::name;
use super::{from, output, with};
use crate::statement::{ActKind, FunctionUse, Output, QualifiedName, Relation, Scope, Source, Value};
use squawk_parser::SyntaxKind::*;

/// Reads a query.
pub(in crate::postgres) fn lower(query: ast::SelectVariant) -> Scope {
    let mut scope = Scope::default();
    add(query, &mut scope);
    scope
}

/// Reads a call of a procedure, as if it were a query that calls a function.
pub(in crate::postgres) fn called(call: &ast::Call) -> Option<ActKind> {
    let mut scope = Scope { output: vec![Output::Column { name: None, value: Value::Other }], ..Scope::default() };
    let arguments = call.arguments()?;
    read(arguments.syntax().clone(), &mut scope);
    let name = name::qualified_of(call.procedure())?;
    scope.functions.push(FunctionUse { name, arguments: arguments.arguments().count() });
    Some(ActKind::Query(scope))
}

fn add(query: ast::SelectVariant, scope: &mut Scope) {
    match query {
        ast::SelectVariant::Select(it) => clauses(it.syntax(), scope),
        ast::SelectVariant::SelectInto(it) => clauses(it.syntax(), scope),
        ast::SelectVariant::Values(it) => {
            let row = it.rows().next();
            let width = row.as_ref().map_or(0, |row| row.exprs().count());
            scope.opaque |= row.iter().flat_map(|row| row.exprs()).any(|value| row_of(value.syntax()).is_some());
            let column = |place| Output::Column { name: Some(format!("column{place}")), value: Value::Other };
            scope.output.extend((1..=width).map(column));
            clauses(it.syntax(), scope);
        }
        ast::SelectVariant::Table(it) => {
            let table = it.relation().and_then(|relation| relation.name());
            scope.from.extend(name::qualified_of(table).map(whole));
            scope.output.push(Output::All);
            clauses(it.syntax(), scope);
        }
        // What stands behind the parentheses belongs to the query in them.
        ast::SelectVariant::ParenSelect(it) => {
            if let Some(inside) = it.select() {
                add(inside, scope);
            }
            clauses(it.syntax(), scope);
        }
        ast::SelectVariant::CompoundSelect(it) => compound(it, scope),
    }
}

/// Reads the clauses of a query, whatever of them there is.
fn clauses(node: &SyntaxNode, scope: &mut Scope) {
    node.children().for_each(|child| clause(child, scope));
}

/// Reads one clause, of a query or of a change of rows.
pub(super) fn clause(node: SyntaxNode, scope: &mut Scope) {
    match node.kind() {
        WITH_CLAUSE => with::lower(&node, scope),
        FROM_CLAUSE | USING_CLAUSE => node.children().for_each(|item| from::lower(item, scope)),
        SELECT_CLAUSE => clauses(&node, scope),
        TARGET_LIST => output::lower(&node, scope),
        DISTINCT_CLAUSE => clauses(&node, scope),
        DISTINCT_ON => node.children().for_each(|by| sorted(by, scope)),
        GROUP_BY_CLAUSE => grouped(&node, scope),
        ORDER_BY_CLAUSE | SORT_BY_LIST => clauses(&node, scope),
        SORT_BY => node.children().take(1).for_each(|by| sorted(by, scope)),
        LOCKING_CLAUSE => {
            let of = ast::part(&node, LOCKING_OF);
            let named = of.iter().flat_map(|of| of.children()).filter_map(|named| name::name(&named));
            scope.rows.extend(named.map(|name| QualifiedName { schema: None, name }));
        }
        INTO_CLAUSE | RELATION_NAME => {}
        // An arm, or what stands in parentheses: read by whoever has it.
        kind if ast::SelectVariant::can_cast(kind) => {}
        _ => read(node, scope),
    }
}

/// A relation that is meant under its own name, with all of its columns.
pub(super) fn plain(source: Source) -> Relation {
    Relation { source, alias: None, columns: Vec::new(), lateral: false, hidden: false }
}

/// A table that is meant so.
pub(in crate::postgres) fn whole(table: QualifiedName) -> Relation {
    plain(Source::Table(table))
}

/// Reads a chain of `UNION`, `INTERSECT` and `EXCEPT`.
fn compound(query: ast::CompoundSelect, scope: &mut Scope) {
    let mut arms = Vec::new();
    let mut next = query;
    // The first arm is the innermost: a union of thousands is as deep a tree.
    let first = loop {
        arms.extend(next.right());
        clauses(next.syntax(), scope);
        match next.left() {
            Some(ast::SelectVariant::CompoundSelect(lhs)) => next = lhs,
            first => break first,
        }
    };
    arms.extend(first);
    for (place, arm) in arms.into_iter().rev().enumerate() {
        let leads = place == 0 && ast::has(arm.syntax(), WITH_CLAUSE);
        let mut arm = lower(arm);
        if leads {
            // It stands before the first arm and is seen by all.
            scope.with.append(&mut arm.with);
            scope.recursive |= arm.recursive;
        }
        scope.inner.push(arm);
    }
    scope.output.push(Output::Inner);
}

fn grouped(node: &SyntaxNode, scope: &mut Scope) {
    for part in node.children() {
        match part.kind() {
            GROUP_BY_LIST | GROUPING_EXPR | GROUPING_ROLLUP | GROUPING_CUBE | GROUPING_SETS | TUPLE_EXPR => {
                grouped(&part, scope);
            }
            _ => {
                let part = unwrapped(part);
                if part.kind() == TUPLE_EXPR { grouped(&part, scope) } else { sorted(part, scope) }
            }
        }
    }
}

/// Reads what is sorted or grouped by: a name that stands alone may be that of an output column.
fn sorted(by: SyntaxNode, scope: &mut Scope) {
    let by = unwrapped(by);
    match name::name(&by).filter(|_| is_name(&by)) {
        Some(name) => scope.sorts.push(name),
        None => read(by, scope),
    }
}
