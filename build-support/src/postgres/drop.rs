//! `DROP` of anything.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, qualified};
use super::types;
use crate::statement::{ActKind, Drop, ObjectKind, QualifiedName};
use squawk_parser::SyntaxKind::{self, *};

/// Reads a `DROP`; `None` for what isn't one.
pub(super) fn lower(node: &SyntaxNode) -> Option<ActKind> {
    use ObjectKind as K;
    let all = |kind, named| dropped(node, kind, ast::parts(node, named).filter_map(|name| qualified(&name)).collect());
    let other = |what| dropped(node, K::Other(what), Vec::new());
    Some(match node.kind() {
        DROP_TABLE => all(K::Table, TABLE_NAME_REF),
        DROP_FOREIGN_TABLE => all(K::ForeignTable, TABLE_NAME_REF),
        DROP_VIEW => all(K::View, VIEW_REF),
        DROP_MATERIALIZED_VIEW => all(K::MaterializedView, VIEW_REF),
        DROP_INDEX => all(K::Index, INDEX_REF),
        DROP_SEQUENCE => all(K::Sequence, SEQUENCE_REF),
        DROP_SCHEMA => all(K::Schema, SCHEMA_REF),
        DROP_TYPE => all(K::Type, TYPE_NAME_REF),
        DROP_DOMAIN => all(K::Domain, DOMAIN_REF),
        DROP_EXTENSION => all(K::Extension, EXTENSION_REF),
        DROP_FUNCTION => routines(node, K::Function, ast::part(node, FUNCTION_SIG_LIST)),
        DROP_PROCEDURE => routines(node, K::Procedure, ast::part(node, PROCEDURE_SIG_LIST)),
        DROP_ROUTINE => routines(node, K::Routine, ast::part(node, ROUTINE_SIG_LIST)),
        DROP_AGGREGATE => routines(node, K::Aggregate, Some(node.clone())),
        DROP_TRIGGER => of_table(node, K::Trigger, TRIGGER_REF, ON_RELATION),
        DROP_POLICY => of_table(node, K::Other("policy"), POLICY_REF, ON_TABLE),
        DROP_RULE => of_table(node, K::Other("rule"), RULE_REF, ON_RELATION),
        DROP_ACCESS_METHOD => other("access method"),
        DROP_CAST => other("cast"),
        DROP_COLLATION => other("collation"),
        DROP_CONVERSION => other("conversion"),
        DROP_DATABASE => other("database"),
        DROP_EVENT_TRIGGER => other("event trigger"),
        DROP_FOREIGN_DATA_WRAPPER => other("foreign-data wrapper"),
        DROP_GROUP | DROP_ROLE | DROP_USER => other("role"),
        DROP_LANGUAGE => other("language"),
        DROP_OPERATOR => other("operator"),
        DROP_OPERATOR_CLASS => other("operator class"),
        DROP_OPERATOR_FAMILY => other("operator family"),
        DROP_PROPERTY_GRAPH => other("property graph"),
        DROP_PUBLICATION => other("publication"),
        DROP_SERVER => other("server"),
        DROP_STATISTICS => other("statistics"),
        DROP_SUBSCRIPTION => other("subscription"),
        DROP_TABLESPACE => other("tablespace"),
        DROP_TEXT_SEARCH_CONFIG => other("text search configuration"),
        DROP_TEXT_SEARCH_DICT => other("text search dictionary"),
        DROP_TEXT_SEARCH_PARSER => other("text search parser"),
        DROP_TEXT_SEARCH_TEMPLATE => other("text search template"),
        DROP_TRANSFORM => other("transform"),
        DROP_USER_MAPPING => other("user mapping"),
        _ => return None,
    })
}

fn dropped(node: &SyntaxNode, kind: ObjectKind, names: Vec<QualifiedName>) -> ActKind {
    ActKind::Drop(Drop {
        kind,
        signatures: vec![None; names.len()],
        names,
        on: None,
        if_exists: ast::has(node, IF_EXISTS),
        cascade: ast::has(node, CASCADE),
        concurrently: ast::has(node, CONCURRENTLY_KW),
    })
}

/// Reads routines with the types by which they are told apart.
fn routines(node: &SyntaxNode, kind: ObjectKind, list: Option<SyntaxNode>) -> ActKind {
    let is_named = |child: &SyntaxNode| matches!(child.kind(), AGGREGATE | FUNCTION_SIG | PROCEDURE_SIG | ROUTINE_SIG);
    let named = list.iter().flat_map(|list| list.children()).filter(is_named);
    let (names, signatures) = named
        .filter_map(|named| {
            let types = ast::part(&named, PARAM_LIST).and_then(ast::ParamList::cast);
            Some((qualified(&named.first_child()?)?, types.map(|list| types::inputs(&list))))
        })
        .unzip();
    match dropped(node, kind, names) {
        ActKind::Drop(drop) => ActKind::Drop(Drop { signatures, ..drop }),
        other => other,
    }
}

fn of_table(node: &SyntaxNode, kind: ObjectKind, name: SyntaxKind, on: SyntaxKind) -> ActKind {
    let names = name::qualified_of(ast::part(node, name)).into_iter().collect();
    let table = ast::part(node, on).and_then(|on| on.first_child());
    match dropped(node, kind, names) {
        ActKind::Drop(drop) => ActKind::Drop(Drop { on: name::qualified_of(table), ..drop }),
        other => other,
    }
}
