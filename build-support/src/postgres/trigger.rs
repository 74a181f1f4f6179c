//! What acts on a table's rows: triggers, rules and policies.

use super::ast;
use super::maintenance::scope;
use super::name::{self, names};
use super::{constraint, expression};
use crate::statement::{ActKind, Expression, Name, ObjectKind, QualifiedName, Scope};
use squawk_parser::SyntaxKind::{COLUMN_NAME_REF, SELECT_KW};

/// Reads `CREATE TRIGGER`.
pub(super) fn create(trigger: &ast::CreateTrigger) -> Option<ActKind> {
    // Columns stand behind `UPDATE OF`.
    let columns = trigger.events().flat_map(|event| names(ast::parts(&event, COLUMN_NAME_REF)));
    Some(ActKind::CreateTrigger {
        name: name::name_of(trigger.trigger())?,
        table: name::qualified_of(trigger.relation())?,
        columns: columns.collect(),
        condition: trigger.condition().map(expression::lower),
        function: function(trigger.call()),
        or_replace: trigger.or_replace(),
        constraint: trigger.constraint(),
    })
}

/// Reads `CREATE POLICY`.
pub(super) fn create_policy(policy: &ast::CreatePolicy) -> Option<Vec<ActKind>> {
    let (name, table) = (name::qualified_of(policy.policy())?, name::qualified_of(policy.table())?);
    let kind = ObjectKind::Other("policy");
    let mut acts = vec![ActKind::CreateOther { kind, name, on: Some(table.clone()) }];
    acts.extend(conditions(&table, policy.using(), policy.check()));
    Some(acts)
}

/// Gives the acts that look a policy's conditions up.
pub(super) fn conditions(table: &QualifiedName, using: Option<ast::Expr>, check: Option<ast::Expr>) -> Vec<ActKind> {
    [using, check].into_iter().flatten().map(|expr| seen_by(table, expression::lower(expr))).collect()
}

/// Reads `CREATE RULE`. What it does instead isn't followed.
pub(super) fn create_rule(rule: &ast::CreateRule) -> Option<ActKind> {
    let on = rule.on()?;
    let table = name::qualified_of(on.relation())?;
    if on.event().is_some_and(|event| ast::has(&event, SELECT_KW)) {
        return Some(ActKind::Opaque { reason: "a rule makes a view of a table", names: vec![table] });
    }
    let name = name::qualified_of(rule.rule())?;
    Some(ActKind::CreateOther { kind: ObjectKind::Other("rule"), name, on: Some(table) })
}

/// Reads `CREATE STATISTICS`.
pub(super) fn create_statistics(statistics: &ast::CreateStatistics) -> Option<Vec<ActKind>> {
    let table = name::qualified_of(statistics.table())?;
    let mut acts = Vec::new();
    if let Some(name) = name::qualified_of(statistics.statistics()) {
        acts.push(ActKind::CreateOther { kind: ObjectKind::Other("statistics"), name, on: Some(table.clone()) });
    }
    let (mut columns, mut exprs): (Vec<Name>, Vec<ActKind>) = Default::default();
    for expr in statistics.on() {
        match constraint::plain_column(&expr) {
            Some(column) => columns.push(column),
            None => exprs.push(seen_by(&table, expression::lower(expr))),
        }
    }
    acts.push(ActKind::Query(scope(table, columns)));
    acts.extend(exprs);
    Some(acts)
}

fn seen_by(table: &QualifiedName, expression: Expression) -> ActKind {
    ActKind::Query(Scope { inner: vec![expression.uses], ..scope(table.clone(), Vec::new()) })
}

fn function(call: Option<ast::CallExpr>) -> Option<QualifiedName> {
    match call?.callee()? {
        ast::Expr::NameRef(it) => name::qualified(&it),
        ast::Expr::FieldExpr(it) => {
            let name = name::name_of(it.field())?;
            let schema = match it.base()? {
                ast::Expr::NameRef(it) => name::name(&it),
                ast::Expr::FieldExpr(it) => name::name_of(it.field()),
                _ => None,
            };
            Some(QualifiedName { schema, name })
        }
        _ => None,
    }
}
