//! `SET` and `RESET`: what later statements of the session are read by.

use super::ast::{self, AstNode, Stmt, SyntaxNode};
use super::name::range;
use crate::statement::{ActKind, Name};

/// Reads a `SET` or a `RESET`; `None` for what is neither.
pub(super) fn lower(statement: &Stmt) -> Option<ActKind> {
    match statement {
        Stmt::Set(it) => Some(set(&it.target()?, it.local())),
        Stmt::Reset(it) => Some(match it.target()? {
            ast::ResetTarget::All(_) => default("all", false),
            ast::ResetTarget::Parameter(it) => default(&parameter(&it), false),
            ast::ResetTarget::TimeZone(_) => default("timezone", false),
            ast::ResetTarget::Isolation(_) => ActKind::Harmless,
        }),
        _ => None,
    }
}

fn set(target: &ast::SetTarget, local: bool) -> ActKind {
    match target {
        ast::SetTarget::SetConfig(it) => {
            let name = it.parameter().map(|name| parameter(&name)).unwrap_or_default();
            match it.to() {
                Some(to) if to.default() => default(&name, local),
                Some(to) => assigned(name, to.values().map(|value| self::value(&value)).collect(), local),
                None => ActKind::Harmless,
            }
        }
        ast::SetTarget::SetSchemaValue(it) => {
            let schema = it
                .schema()
                .and_then(|literal| Some(Name { text: literal.string_value()?, range: range(literal.syntax()) }));
            ActKind::SetSearchPath { path: Some(schema.into_iter().collect()), local }
        }
        ast::SetTarget::SetTimeZone(it) => match it.value() {
            Some(value) => assigned("timezone".to_owned(), vec![self::value(&value)], local),
            None if it.default() || it.local() => default("timezone", local),
            // An interval.
            None => assigned(
                "timezone".to_owned(),
                it.interval().map(|it| Name { text: it.text().to_string(), range: range(&it) }).into_iter().collect(),
                local,
            ),
        },
        ast::SetTarget::Other(_) => ActKind::Harmless,
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

fn parameter(name: &SyntaxNode) -> String {
    name.text().to_string().to_ascii_lowercase()
}

fn value(value: &ast::ConfigValue) -> Name {
    let node = value.syntax();
    let text = match value {
        ast::ConfigValue::Literal(it) => it.string_value(),
        ast::ConfigValue::Name(it) => Some(ast::word(it)),
        ast::ConfigValue::Negative(_) => None,
    };
    Name { text: text.unwrap_or_else(|| node.text().to_string()), range: range(node) }
}
