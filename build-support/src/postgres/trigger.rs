//! What acts on a table's rows: triggers, rules and policies.

use super::maintenance::scope;
use super::name::{self, names};
use super::{constraint, expression};
use crate::statement::{ActKind, Expression, Name, ObjectKind, QualifiedName, Scope};
use squawk_syntax::ast::{self, AstNode};

/// Reads `CREATE TRIGGER`.
pub(super) fn create(trigger: &ast::CreateTrigger) -> Option<ActKind> {
    let events = trigger.trigger_event_list().into_iter().flat_map(|list| list.trigger_events());
    let columns = events.flat_map(|event| match event {
        ast::TriggerEvent::TriggerEventUpdate(it) => names(it.column_name_refs()),
        _ => Vec::new(),
    });
    Some(ActKind::CreateTrigger {
        name: name::name_of(trigger.trigger())?,
        table: name::qualified_of(trigger.on_relation()?.relation_name_ref())?,
        columns: columns.collect(),
        condition: trigger.when_condition().and_then(|when| when.expr()).map(expression::lower),
        function: function(trigger.call_expr()),
        or_replace: trigger.or_replace().is_some(),
        constraint: trigger.constraint_token().is_some(),
    })
}

/// Reads `CREATE EVENT TRIGGER`.
pub(super) fn create_event(trigger: &ast::CreateEventTrigger) -> Option<ActKind> {
    let name = name::qualified_of(trigger.event_trigger())?;
    Some(ActKind::CreateOther { kind: ObjectKind::Other("event trigger"), name, on: None })
}

/// Reads `CREATE POLICY`.
pub(super) fn create_policy(policy: &ast::CreatePolicy) -> Option<Vec<ActKind>> {
    let (name, table) =
        (name::qualified_of(policy.policy())?, name::qualified_of(policy.on_table()?.table_name_ref())?);
    let kind = ObjectKind::Other("policy");
    let mut acts = vec![ActKind::CreateOther { kind, name, on: Some(table.clone()) }];
    acts.extend(conditions(&table, policy.using_expr_clause(), policy.with_check_expr_clause()));
    Some(acts)
}

/// Gives the acts that look a policy's conditions up.
pub(super) fn conditions(
    table: &QualifiedName,
    using: Option<ast::UsingExprClause>,
    check: Option<ast::WithCheckExprClause>,
) -> Vec<ActKind> {
    let exprs = [using.and_then(|using| using.expr()), check.and_then(|check| check.expr())];
    exprs.into_iter().flatten().map(|expr| seen_by(table, expression::lower(expr))).collect()
}

/// Reads `CREATE RULE`. What it does instead isn't followed.
pub(super) fn create_rule(rule: &ast::CreateRule) -> Option<ActKind> {
    let on = rule.rule_on()?;
    let table = name::qualified_of(on.relation_name_ref())?;
    if on.rule_event().is_some_and(|event| event.select_token().is_some()) {
        return Some(ActKind::Opaque { reason: "a rule makes a view of a table", names: vec![table] });
    }
    let name = name::qualified_of(rule.rule())?;
    Some(ActKind::CreateOther { kind: ObjectKind::Other("rule"), name, on: Some(table) })
}

/// Reads `CREATE STATISTICS`.
pub(super) fn create_statistics(statistics: &ast::CreateStatistics) -> Option<Vec<ActKind>> {
    let table = name::qualified_of(statistics.from_table()?.table_name_ref())?;
    let on = statistics.statistics_on_clause().into_iter().flat_map(|on| on.exprs());
    let mut acts = Vec::new();
    if let Some(name) = name::qualified_of(statistics.statistics()) {
        acts.push(ActKind::CreateOther { kind: ObjectKind::Other("statistics"), name, on: Some(table.clone()) });
    }
    let (mut columns, mut exprs): (Vec<Name>, Vec<ActKind>) = Default::default();
    for expr in on {
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
    match call?.expr()? {
        ast::Expr::NameRef(it) => name::qualified(it.syntax()),
        ast::Expr::FieldExpr(it) => {
            let name = name::name_of(it.field())?;
            let schema = match it.base()? {
                ast::Expr::NameRef(it) => name::name(it.syntax()),
                ast::Expr::FieldExpr(it) => name::name_of(it.field()),
                _ => None,
            };
            Some(QualifiedName { schema, name })
        }
        _ => None,
    }
}
