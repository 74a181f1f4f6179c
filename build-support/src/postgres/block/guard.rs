//! Conditions of a block of code that ask what is there.

use super::super::ast::{self, SyntaxNode};
use super::super::expression::{column, unwrapped};
use super::super::name;
use super::asked::{of_query, registered_name, text};
use crate::statement::{Guard, Thing, ThingKind};
use squawk_parser::SyntaxKind::*;
use std::collections::HashMap;

type Known = HashMap<String, Guard>;

/// Reads an expression of the block's language.
pub(super) fn of_expression(node: &SyntaxNode, known: &Known) -> Guard {
    let mut parts = node.children();
    let (Some(list), None) = (parts.next(), parts.next()) else { return of_value(node, known) };
    list.children().next().and_then(|target| target.children().next()).map_or(Guard::Unknown, |value| of(value, known))
}

/// Reads a condition.
fn of(node: SyntaxNode, known: &Known) -> Guard {
    let node = unwrapped(node);
    let child = |at: usize| node.children().nth(at);
    let both = || Some((child(0)?, node.children().last()?));
    match node.kind() {
        PREFIX_EXPR if ast::has(&node, NOT_KW) => child(0).map_or(Guard::Unknown, |inside| of(inside, known).not()),
        BIN_EXPR if ast::has(&node, AND_KW) => match both() {
            Some((left, right)) => of(left, known).and(of(right, known)),
            None => Guard::Unknown,
        },
        BIN_EXPR if ast::has(&node, OR_KW) => match both() {
            Some((left, right)) => Guard::Any(vec![of(left, known), of(right, known)]),
            None => Guard::Unknown,
        },
        BIN_EXPR => compared(&node, known),
        CALL_EXPR => {
            let exists = child(0).filter(|call| call.kind() == EXISTS_FN).and_then(|call| call.children().next());
            exists.map_or_else(|| truth(node.clone(), known), |query| of_query(&query))
        }
        LITERAL => match node.first_token().map(|token| token.kind()) {
            Some(TRUE_KW) => Guard::always(),
            Some(FALSE_KW) => Guard::always().not(),
            _ => Guard::Unknown,
        },
        _ => truth(node, known),
    }
}

/// Reads what is true, not null or not zero: a variable, a query in parentheses, `to_regclass('t')`.
fn truth(node: SyntaxNode, known: &Known) -> Guard {
    match node.kind() {
        NAME_REF => name::name(&node).and_then(|name| known.get(&name.text).cloned()).unwrap_or(Guard::Unknown),
        SELECT => of_value(&node, known),
        CALL_EXPR => registered(&node).unwrap_or(Guard::Unknown),
        CAST_EXPR => node.children().next().map_or(Guard::Unknown, |inside| truth(unwrapped(inside), known)),
        _ => Guard::Unknown,
    }
}

/// `… IS NULL`, `… = 0`, `… > 0`, `… = false`.
fn compared(node: &SyntaxNode, known: &Known) -> Guard {
    let mut sides = node.children();
    let Some(left) = sides.next().map(unwrapped) else { return Guard::Unknown };
    let Some(right) = node.children().last().filter(|right| right.kind() == LITERAL) else { return Guard::Unknown };
    let is = |kind| ast::has(node, kind);
    let right = right.text().to_string().to_ascii_lowercase();
    let value = || truth(left.clone(), known);
    let condition = || of(left.clone(), known);
    match right.as_str() {
        "null" if is(IS_NOT) => value(),
        "null" if is(IS_KW) => value().not(),
        "0" if is(EQ) || is(LTEQ) => value().not(),
        "0" if is(R_ANGLE) || is(NEQ) || is(NEQB) => value(),
        "1" if is(L_ANGLE) => value().not(),
        "1" if is(GTEQ) => value(),
        "true" if is(EQ) || is(IS_KW) => condition(),
        "true" if is(NEQ) || is(NEQB) || is(IS_NOT) => condition().not(),
        "false" if is(EQ) || is(IS_KW) => condition().not(),
        "false" if is(NEQ) || is(NEQB) || is(IS_NOT) => condition(),
        _ => Guard::Unknown,
    }
}

/// Reads a query for whether what it gives is true, not null or not zero.
pub(super) fn of_value(query: &SyntaxNode, known: &Known) -> Guard {
    let clause = ast::part(query, SELECT_CLAUSE);
    let list = ast::part(clause.as_ref().unwrap_or(query), TARGET_LIST);
    let Some(value) = list.and_then(|list| list.children().next()?.children().next()).map(unwrapped) else {
        return Guard::Unknown;
    };
    if !ast::has(query, FROM_CLAUSE) {
        return of(value, known);
    }
    // Other aggregates give a row where nothing is found, and of a value it isn't known whether it is null.
    let callee = value.children().next().and_then(|callee| column(&callee)).filter(|_| value.kind() == CALL_EXPR);
    match (callee, value.kind()) {
        (Some(callee), _) if callee.name.text == "count" => of_query(query),
        (None, LITERAL | NAME_REF | FIELD_EXPR) => of_query(query),
        _ => Guard::Unknown,
    }
}

/// `to_regclass('t')` and its like.
fn registered(node: &SyntaxNode) -> Option<Guard> {
    let mut parts = node.children();
    let callee = column(&parts.next()?)?.name;
    let kind = match callee.text.as_str() {
        "to_regclass" => ThingKind::Relation,
        "to_regtype" => ThingKind::Type,
        "to_regnamespace" => ThingKind::Schema,
        _ => return None,
    };
    let argument = parts.next()?.children().next()?.children().next()?;
    let (schema, name) = registered_name(&text(&argument)?)?;
    Some(Guard::There(Thing { kind, schema, of: None, name }))
}
