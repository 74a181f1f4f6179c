//! Queries of the server's own catalogs: what they ask for.

use super::super::ast::{self, AstNode, SyntaxNode};
use super::super::expression::{column, unwrapped};
use super::super::name;
use crate::statement::{Guard, Thing, ThingKind};
use squawk_parser::SyntaxKind::*;

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
            (BIN_EXPR, Some(left), Some(right)) if ast::has(&node, AND_KW) => {
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
        if !ast::has(node, EQ) && !ast::has(node, IN_KW) {
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
pub(super) fn text(node: &SyntaxNode) -> Option<String> {
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
pub(super) fn registered_name(text: &str) -> Option<(Option<String>, String)> {
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
