//! Schemas and extensions, and what else can be created under a name.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, qualified};
use crate::statement::{ActKind, ObjectKind, QualifiedName};
use squawk_parser::SyntaxKind::*;

/// Reads `CREATE SCHEMA`. What is made together with it isn't followed.
pub(super) fn create(schema: &ast::CreateSchema) -> Option<Vec<ActKind>> {
    let name = match schema.target()? {
        ast::CreateSchemaTarget::Named(it) => name::name_of(ast::part(&it, SCHEMA))?,
        // It is called like the role, which may be said by `CURRENT_USER` and the like.
        ast::CreateSchemaTarget::Authorization(it) => {
            name::name_of(ast::part(&it, ROLE).filter(|role| ast::has(role, IDENT)))?
        }
    };
    let opaque = |element: ast::Stmt| {
        let paths = element.syntax().children().filter_map(|child| ast::part(&child, PATH));
        let inside = |path: SyntaxNode| {
            let name_in = qualified(&path)?.name;
            Some(QualifiedName { schema: Some(name.clone()), name: name_in })
        };
        ActKind::Opaque { reason: "made together with its schema", names: paths.filter_map(inside).collect() }
    };
    let elements: Vec<ActKind> = schema.elements().map(opaque).collect();
    let mut acts = vec![ActKind::CreateSchema { name, if_not_exists: schema.if_not_exists() }];
    acts.extend(elements);
    Some(acts)
}

/// Reads `CREATE EXTENSION`.
pub(super) fn create_extension(extension: &ast::CreateExtension) -> Option<ActKind> {
    Some(ActKind::CreateExtension {
        name: name::name_of(extension.extension())?,
        if_not_exists: extension.if_not_exists(),
        schema: name::name_of(extension.schema()),
        cascade: extension.cascade(),
    })
}

/// Reads a `CREATE` of what has a name and isn't followed; `None` for any other statement.
pub(super) fn create_other(statement: &SyntaxNode) -> Option<ActKind> {
    let (kind, name) = match statement.kind() {
        CREATE_ACCESS_METHOD => ("access method", ACCESS_METHOD),
        CREATE_COLLATION => ("collation", COLLATION),
        CREATE_CONVERSION => ("conversion", CONVERSION),
        CREATE_EVENT_TRIGGER => ("event trigger", EVENT_TRIGGER),
        CREATE_FOREIGN_DATA_WRAPPER => ("foreign-data wrapper", FOREIGN_DATA_WRAPPER),
        CREATE_LANGUAGE => ("language", LANGUAGE),
        CREATE_PUBLICATION => ("publication", PUBLICATION),
        CREATE_PROPERTY_GRAPH => ("property graph", PROPERTY_GRAPH),
        CREATE_SERVER => ("server", SERVER),
        CREATE_SUBSCRIPTION => ("subscription", SUBSCRIPTION),
        CREATE_TEXT_SEARCH_CONFIGURATION => ("text search configuration", TEXT_SEARCH_CONFIGURATION),
        CREATE_TEXT_SEARCH_DICTIONARY => ("text search dictionary", TEXT_SEARCH_DICTIONARY),
        CREATE_TEXT_SEARCH_PARSER => ("text search parser", TEXT_SEARCH_PARSER),
        CREATE_TEXT_SEARCH_TEMPLATE => ("text search template", TEXT_SEARCH_TEMPLATE),
        _ => return None,
    };
    let name = name::qualified_of(ast::part(statement, name))?;
    Some(ActKind::CreateOther { kind: ObjectKind::Other(kind), name, on: None })
}
