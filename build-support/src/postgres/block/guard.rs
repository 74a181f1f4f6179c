//! Conditions of a block of code that ask what is there.

use super::super::expression::{column, unwrapped};
use super::super::name;
use crate::statement::{Guard, Thing, ThingKind};
use squawk_syntax::SyntaxKind::*;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};
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
        PREFIX_EXPR if has_token(&node, NOT_KW) => child(0).map_or(Guard::Unknown, |inside| of(inside, known).not()),
        BIN_EXPR if has_token(&node, AND_KW) => match both() {
            Some((left, right)) => of(left, known).and(of(right, known)),
            None => Guard::Unknown,
        },
        BIN_EXPR if has_token(&node, OR_KW) => match both() {
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
    let is = |kind| has_token(node, kind) || node.children().any(|op| op.kind() == kind);
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
    let clause = query.children().find(|part| part.kind() == SELECT_CLAUSE);
    let list = clause.as_ref().unwrap_or(query).children().find(|part| part.kind() == TARGET_LIST);
    let Some(value) = list.and_then(|list| list.children().next()?.children().next()).map(unwrapped) else {
        return Guard::Unknown;
    };
    if !query.children().any(|part| part.kind() == FROM_CLAUSE) {
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

/// Reads a query of the server's own catalogs for whether it finds something.
pub(super) fn of_query(query: &SyntaxNode) -> Guard {
    let mut asked = Asked::default();
    asked.query(query);
    asked.thing().map_or(Guard::Unknown, Guard::There)
}

/// What a query of the catalogs asks for.
#[derive(Debug, Default)]
struct Asked {
    tables: Vec<String>,
    /// Columns, each with the text that it has to be equal to.
    equal: Vec<(String, String)>,
    /// Whether it asks for more than is understood.
    unknown: bool,
}

/// Columns by which nothing else is told apart than by names.
const IRRELEVANT: &[&str] = &[
    "attisdropped",
    "attnum",
    "constraint_catalog",
    "constraint_type",
    "contype",
    "relkind",
    "table_catalog",
    "table_type",
    "typtype",
    "catalog_name",
];

/// Columns that name a schema.
const SCHEMAS: &[&str] = &[
    "table_schema",
    "schemaname",
    "nspname",
    "constraint_schema",
    "event_object_schema",
    "sequence_schema",
    "trigger_schema",
    "routine_schema",
];

impl Asked {
    fn query(&mut self, query: &SyntaxNode) {
        if query.kind() != SELECT {
            self.unknown = true;
            return;
        }
        for part in query.children() {
            match part.kind() {
                SELECT_CLAUSE | ORDER_BY_CLAUSE | LIMIT_CLAUSE | FETCH_CLAUSE => {}
                FROM_CLAUSE => {
                    for node in part.descendants() {
                        match node.kind() {
                            RELATION_NAME_REF => self.tables.extend(name::qualified(&node).map(|name| name.name.text)),
                            ON_CLAUSE => node.children().for_each(|on| self.condition(on)),
                            PAREN_FROM_ITEM | FUNCTION_FROM_ITEM => self.unknown = true,
                            _ => {}
                        }
                    }
                }
                WHERE_CLAUSE => part.children().for_each(|condition| self.condition(condition)),
                TARGET_LIST => {}
                _ => self.unknown = true,
            }
        }
    }

    fn condition(&mut self, node: SyntaxNode) {
        let node = unwrapped(node);
        let mut sides = node.children();
        let (left, right) = (sides.next(), node.children().last());
        match (node.kind(), left, right) {
            (BIN_EXPR, Some(left), Some(right)) if has_token(&node, AND_KW) => {
                self.condition(left);
                self.condition(right);
            }
            (BIN_EXPR, Some(left), Some(right)) => self.compared(&node, unwrapped(left), unwrapped(right)),
            (PREFIX_EXPR, Some(inside), _) => {
                let is_irrelevant = named(&unwrapped(inside)).is_some_and(|name| IRRELEVANT.contains(&name.as_str()));
                self.unknown |= !is_irrelevant;
            }
            (CALL_EXPR, Some(callee), _) => {
                let is_visible = column(&callee).is_some_and(|callee| callee.name.text.ends_with("_is_visible"));
                self.unknown |= !is_visible;
            }
            _ => self.unknown = true,
        }
    }

    fn compared(&mut self, node: &SyntaxNode, left: SyntaxNode, right: SyntaxNode) {
        let (left, right) = if named(&left).is_some() { (left, right) } else { (right, left) };
        let Some(name) = named(&left) else {
            self.unknown = true;
            return;
        };
        if IRRELEVANT.contains(&name.as_str()) {
            return;
        }
        if !has_token(node, EQ) && !has_token(node, IN_KW) {
            // The server's own schemas left out.
            self.unknown |= !SCHEMAS.contains(&name.as_str());
            return;
        }
        if let Some(text) = text(&right) {
            self.equal.push((name, text));
        } else if let Some(query) = Some(&right).filter(|right| right.kind() == SELECT) {
            self.query(query);
        } else if named(&right).is_some() || is_of_session(&right) {
            // Two tables joined, or the schema and the database at hand.
        } else {
            self.unknown = true;
        }
    }

    fn find(&self, names: &[&str]) -> Option<String> {
        self.equal.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, text)| text.clone())
    }

    fn thing(&self) -> Option<Thing> {
        const UNDERSTOOD: &[&str] = &[
            "attname",
            "attrelid",
            "column_name",
            "conname",
            "conrelid",
            "constraint_name",
            "constraint_schema",
            "enumlabel",
            "enumtypid",
            "event_object_schema",
            "event_object_table",
            "extname",
            "indexname",
            "indexrelid",
            "matviewname",
            "nspname",
            "oid",
            "proname",
            "relname",
            "routine_name",
            "routine_schema",
            "schema_name",
            "schemaname",
            "sequence_name",
            "sequence_schema",
            "sequencename",
            "table_name",
            "table_schema",
            "tablename",
            "tgname",
            "tgrelid",
            "trigger_name",
            "trigger_schema",
            "typname",
            "viewname",
            "domain_name",
        ];
        let understood = self.equal.iter().all(|(name, _)| UNDERSTOOD.contains(&name.as_str()));
        if self.unknown || !understood || self.tables.is_empty() || !self.tables.iter().all(|table| is_catalog(table)) {
            return None;
        }
        let registered = |names: &[&str]| self.find(names).and_then(|text| registered_name(&text));
        let relation = self.find(&[
            "table_name",
            "tablename",
            "relname",
            "viewname",
            "matviewname",
            "event_object_table",
            "sequencename",
            "sequence_name",
        ]);
        let by_id = registered(&["attrelid", "conrelid", "tgrelid", "indexrelid", "oid"]);
        let schema = self.find(SCHEMAS);
        let schema = schema.or_else(|| by_id.as_ref()?.0.clone());
        let of = relation.clone().or_else(|| by_id.as_ref().map(|(_, name)| name.clone()));
        let kinds = [
            (ThingKind::EnumValue, self.find(&["enumlabel"])),
            (ThingKind::Column, self.find(&["column_name", "attname"])),
            (ThingKind::Constraint, self.find(&["constraint_name", "conname"])),
            (ThingKind::Trigger, self.find(&["trigger_name", "tgname"])),
            (ThingKind::Relation, self.find(&["indexname"])),
            (ThingKind::Type, self.find(&["typname", "domain_name"])),
            (ThingKind::Function, self.find(&["proname", "routine_name"])),
            (ThingKind::Extension, self.find(&["extname"])),
            (ThingKind::Relation, of.clone()),
            (ThingKind::Schema, self.find(&["nspname", "schema_name"])),
        ];
        let (kind, name) = kinds.into_iter().find_map(|(kind, name)| Some((kind, name?)))?;
        let (schema, of) = match kind {
            ThingKind::EnumValue => {
                let by_id = registered(&["enumtypid"]);
                let ty = self.find(&["typname"]).or_else(|| by_id.as_ref().map(|(_, name)| name.clone()));
                (schema.or_else(|| by_id?.0), Some(ty?))
            }
            ThingKind::Column => (schema, Some(of?)),
            ThingKind::Constraint | ThingKind::Trigger => (schema, of),
            ThingKind::Schema | ThingKind::Extension => (None, None),
            ThingKind::Relation | ThingKind::Type | ThingKind::Function => (schema, None),
        };
        Some(Thing { kind, schema, of, name })
    }
}

fn is_catalog(table: &str) -> bool {
    table.starts_with("pg_")
        || matches!(
            table,
            "columns"
                | "constraint_column_usage"
                | "constraint_table_usage"
                | "domains"
                | "key_column_usage"
                | "referential_constraints"
                | "routines"
                | "schemata"
                | "sequences"
                | "table_constraints"
                | "tables"
                | "triggers"
                | "views"
        )
}

/// The column that a node is, a cast or `lower` around it left out.
fn named(node: &SyntaxNode) -> Option<String> {
    let node = unwrapped(node.clone());
    match node.kind() {
        CAST_EXPR => named(&node.children().next()?),
        CALL_EXPR => {
            let mut parts = node.children();
            let is_lower = column(&parts.next()?)?.name.text == "lower";
            named(&parts.next().filter(|_| is_lower)?.children().next()?.children().next()?)
        }
        _ => column(&node).map(|column| column.name.text),
    }
}

/// The text that a literal is, a cast around it left out, or the only one of a list.
fn text(node: &SyntaxNode) -> Option<String> {
    let node = unwrapped(node.clone());
    match node.kind() {
        LITERAL => {
            let is_text = matches!(node.first_token()?.kind(), STRING | ESC_STRING | DOLLAR_QUOTED_STRING);
            ast::Literal::cast(node).filter(|_| is_text)?.string_value()
        }
        CAST_EXPR => node.children().find_map(|inside| text(&inside)),
        _ => None,
    }
}

/// Tells whether a value is the schema or the database at hand.
fn is_of_session(node: &SyntaxNode) -> bool {
    let calls = node.descendants().filter(|part| part.kind() == NAME_REF).filter_map(|part| name::name(&part));
    let mut names = calls.map(|name| name.text).peekable();
    let known = ["current_schema", "current_schemas", "current_database", "current_catalog"];
    names.peek().is_some() && names.all(|name| known.contains(&name.as_str()))
}

/// Reads a name as `regclass` does: folded unless quoted, the schema before a dot.
fn registered_name(text: &str) -> Option<(Option<String>, String)> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in text.trim().chars() {
        let part = parts.last_mut()?;
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ if quoted => part.push(c),
            _ => part.push(c.to_ascii_lowercase()),
        }
    }
    let name = parts.pop().filter(|name| !name.is_empty())?;
    Some((parts.pop(), name))
}

fn has_token(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.children_with_tokens().any(|element| element.kind() == kind)
}
