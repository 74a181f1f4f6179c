//! The columns that a query gives, by the names that the server gives them.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::expression::{column, read, row, unwrapped};
use super::super::{name, types};
use crate::statement::{Output, Scope, Value};
use squawk_parser::SyntaxKind::*;

/// Adds a list of targets to the scope of its query: what they name, and what they give.
pub(super) fn lower(list: &SyntaxNode, scope: &mut Scope) {
    for target in list.children().filter_map(ast::Target::cast) {
        let Some(expr) = target.expr() else {
            scope.output.push(Output::All);
            continue;
        };
        let node = expr.syntax().clone();
        if let Some(row) = row(&node) {
            scope.output.push(Output::Row(row.clone()));
            scope.rows.push(row);
            continue;
        }
        let name = match target.as_name() {
            Some(alias) => name::name_of(alias.name()).map(|name| name.text),
            None => called(&node).map(|called| called.name),
        };
        scope.output.push(Output::Column { name, value: value(node.clone()) });
        read(node, scope);
    }
}

fn value(node: SyntaxNode) -> Value {
    let node = unwrapped(node);
    if let Some(column) = column(&node) {
        return Value::Column(column);
    }
    let cast = ast::CastExpr::cast(node).and_then(|cast| cast.ty());
    cast.map_or(Value::Other, |ty| Value::Cast(types::lower(&ty)))
}

/// Finds the name that the server makes up for an expression; `None` where it has none of its own.
pub(in crate::postgres) fn given_name(node: &SyntaxNode) -> Option<String> {
    called(node).map(|called| called.name).filter(|name| name != "?column?")
}

/// The name of a column that was given none.
struct Called {
    name: String,
    /// Whether a type or a `CASE` around it doesn't change it.
    firm: bool,
}

impl Called {
    fn firm(name: &str) -> Option<Called> {
        Some(Called { name: name.to_owned(), firm: true })
    }

    fn nothing() -> Option<Called> {
        Some(Called { name: "?column?".to_owned(), firm: false })
    }
}

/// Finds the name that the server gives to a column; `None` where servers differ or it isn't known.
fn called(node: &SyntaxNode) -> Option<Called> {
    let child = |at: usize| node.children().nth(at);
    match node.kind() {
        NAME_REF => Called::firm(&name::name(node)?.text),
        // The last of the names, be it a column or a field of a value.
        FIELD_EXPR => Called::firm(&name::name(&node.children().nth(1)?)?.text),
        PAREN_EXPR => {
            let inside = child(0)?;
            match ast::SelectVariant::cast(inside.clone()) {
                Some(query) => of_query(query),
                None => called(&inside),
            }
        }
        INDEX_EXPR | SLICE_EXPR | COLLATE => called(&child(0)?),
        ARRAY_EXPR => Called::firm("array"),
        TUPLE_EXPR => Called::firm("row"),
        CASE_EXPR => {
            let otherwise = ast::part(node, ELSE_CLAUSE);
            let otherwise = otherwise.and_then(|clause| clause.children().next());
            match otherwise.map(|node| called(&node)) {
                Some(None) => None,
                Some(Some(called)) if called.firm => Some(called),
                _ => Some(Called { name: "case".to_owned(), firm: false }),
            }
        }
        CAST_EXPR => {
            let cast = ast::CastExpr::cast(node.clone())?;
            let inside = cast.expr().map(|expr| called(expr.syntax()));
            match inside {
                Some(None) => None,
                Some(Some(called)) if called.firm => Some(called),
                _ => Some(Called { name: of_type(&cast.ty()?)?, firm: false }),
            }
        }
        CALL_EXPR => of_call(node),
        BIN_EXPR => match node.children().nth(1).map(|op| op.kind()) {
            Some(AT_TIME_ZONE) => Called::firm("timezone"),
            _ if ast::has(node, OVERLAPS_KW) => Called::firm("overlaps"),
            _ => Called::nothing(),
        },
        POSTFIX_EXPR => match child(1).map(|op| op.kind()) {
            Some(AT_LOCAL) => Called::firm("timezone"),
            Some(IS_NORMALIZED) => Called::firm("is_normalized"),
            _ => Called::nothing(),
        },
        LITERAL | BETWEEN_EXPR => Called::nothing(),
        // A sign before a number is a part of it, any other operator has no name.
        PREFIX_EXPR => Called::nothing(),
        _ => None,
    }
}

fn of_call(node: &SyntaxNode) -> Option<Called> {
    let callee = node.children().next()?;
    let name = match callee.kind() {
        NAME_REF | FIELD_EXPR => return called(&callee),
        EXISTS_FN => "exists",
        SUBSTRING_FN => "substring",
        POSITION_FN => "position",
        OVERLAY_FN => "overlay",
        TRIM_FN => match callee.children().next().map(|side| side.kind()) {
            Some(TRIM_LEADING) => "ltrim",
            Some(TRIM_TRAILING) => "rtrim",
            _ => "btrim",
        },
        COLLATION_FOR_FN => "pg_collation_for",
        ANY_FN | ALL_FN | SOME_FN => "?column?",
        XML_ELEMENT_FN => "xmlelement",
        XML_FOREST_FN => "xmlforest",
        XML_PARSE_FN => "xmlparse",
        XML_PI_FN => "xmlpi",
        XML_ROOT_FN => "xmlroot",
        XML_SERIALIZE_FN => "xmlserialize",
        XML_EXISTS_FN => "xmlexists",
        // `EXTRACT` is `date_part` before PostgreSQL 14, and the names of JSON's functions are settled since 17.
        _ => return None,
    };
    Called::firm(name)
}

fn of_query(query: ast::SelectVariant) -> Option<Called> {
    let list = match query {
        ast::SelectVariant::Select(it) => it.clause()?.target_list()?,
        ast::SelectVariant::ParenSelect(it) => return of_query(it.select()?),
        ast::SelectVariant::CompoundSelect(it) => return of_query(it.left()?),
        ast::SelectVariant::Values(_) => return Called::firm("column1"),
        ast::SelectVariant::SelectInto(_) | ast::SelectVariant::Table(_) => return None,
    };
    let target = list.targets().next()?;
    match target.as_name() {
        Some(alias) => Called::firm(&name::name_of(alias.name())?.text),
        None => called(target.expr()?.syntax()).map(|called| Called { firm: true, ..called }),
    }
}

/// The name of a type's own, which isn't the one that is printed.
fn of_type(ty: &ast::Type) -> Option<String> {
    let name = types::lower(ty).name;
    let base = if name.starts_with("interval") { "interval" } else { &name };
    Some(match base {
        "bigint" => "int8".to_owned(),
        "bit varying" => "varbit".to_owned(),
        "boolean" => "bool".to_owned(),
        "character" => "bpchar".to_owned(),
        "character varying" => "varchar".to_owned(),
        "double precision" => "float8".to_owned(),
        "integer" => "int4".to_owned(),
        "real" => "float4".to_owned(),
        "smallint" => "int2".to_owned(),
        "time with time zone" => "timetz".to_owned(),
        "time without time zone" => "time".to_owned(),
        "timestamp with time zone" => "timestamptz".to_owned(),
        "timestamp without time zone" => "timestamp".to_owned(),
        "\"char\"" => "char".to_owned(),
        other => other.to_owned(),
    })
}
