//! `SET` and `RESET`: what later statements of the session are read by.

use super::name::range;
use crate::statement::{ActKind, Name};
use squawk_syntax::ast::{self, AstNode, Stmt};

/// Reads a `SET` or a `RESET`; `None` for what is neither.
pub(super) fn lower(statement: &Stmt) -> Option<ActKind> {
    match statement {
        Stmt::Set(it) => {
            let local = matches!(it.set_scope(), Some(ast::SetScope::LocalScope(_)));
            Some(set(&it.set_target()?, local))
        }
        Stmt::Reset(it) => Some(match it.reset_target()? {
            ast::ResetTarget::All(_) => default("all", false),
            ast::ResetTarget::ConfigParameterRef(it) => default(&parameter(&it), false),
            ast::ResetTarget::ResetTimeZone(_) => default("timezone", false),
            ast::ResetTarget::ResetTransactionIsolation(_) => ActKind::Harmless,
        }),
        _ => None,
    }
}

fn set(target: &ast::SetTarget, local: bool) -> ActKind {
    match target {
        ast::SetTarget::SetConfig(it) => {
            let name = it.config_parameter_ref().map(|name| parameter(&name)).unwrap_or_default();
            match it.config_assignment() {
                Some(ast::ConfigAssignment::ToConfigValue(to)) if to.default_token().is_none() => {
                    assigned(name, to.config_values().map(|value| self::value(&value)).collect(), local)
                }
                Some(ast::ConfigAssignment::ToConfigValue(_)) => default(&name, local),
                _ => ActKind::Harmless,
            }
        }
        ast::SetTarget::SetSchemaValue(it) => {
            let schema = it
                .literal()
                .and_then(|literal| Some(Name { text: literal.string_value()?, range: range(literal.syntax()) }));
            ActKind::SetSearchPath { path: Some(schema.into_iter().collect()), local }
        }
        ast::SetTarget::SetTimeZone(it) => match it.config_value() {
            Some(value) => assigned("timezone".to_owned(), vec![self::value(&value)], local),
            None if it.default_token().is_some() || it.local_token().is_some() => default("timezone", local),
            // An interval.
            None => assigned(
                "timezone".to_owned(),
                it.cast_expr()
                    .map(|it| Name { text: it.syntax().text().to_string(), range: range(it.syntax()) })
                    .into_iter()
                    .collect(),
                local,
            ),
        },
        ast::SetTarget::SetCatalog(_) | ast::SetTarget::SetXmlOption(_) => ActKind::Harmless,
    }
}

fn assigned(name: String, values: Vec<Name>, local: bool) -> ActKind {
    if name == "search_path" {
        return ActKind::SetSearchPath { path: Some(values), local };
    }
    let value = values.into_iter().map(|value| value.text).collect::<Vec<_>>().join(", ");
    ActKind::Set { name, value: Some(value), local }
}

fn default(name: &str, local: bool) -> ActKind {
    match name {
        "search_path" => ActKind::SetSearchPath { path: None, local },
        _ => ActKind::Set { name: name.to_owned(), value: None, local },
    }
}

fn parameter(name: &ast::ConfigParameterRef) -> String {
    name.syntax().text().to_string().to_ascii_lowercase()
}

fn value(value: &ast::ConfigValue) -> Name {
    let node = value.syntax();
    let text = match value {
        ast::ConfigValue::Literal(it) => it.string_value(),
        ast::ConfigValue::ConfigValueName(it) => Some(ast::normalize_name_node(it.syntax())),
        ast::ConfigValue::PrefixExpr(_) => None,
    };
    Name { text: text.unwrap_or_else(|| node.text().to_string()), range: range(node) }
}
