//! Schemas and extensions, and what else can be created under a name.

use super::name::{self, qualified};
use crate::statement::{ActKind, ObjectKind, QualifiedName};
use squawk_syntax::ast::{self, AstNode, Stmt};

/// Reads `CREATE SCHEMA`. What is made together with it isn't followed.
pub(super) fn create(schema: &ast::CreateSchema) -> Option<Vec<ActKind>> {
    let name = match schema.create_schema_target()? {
        ast::CreateSchemaTarget::NamedSchema(it) => name::name_of(it.schema())?,
        // It is called like the role, which may be said by `CURRENT_USER` and the like.
        ast::CreateSchemaTarget::AuthorizationSchema(it) => {
            let role = it.role()?;
            role.ident_token()?;
            name::name(role.syntax())?
        }
    };
    let opaque = |element: ast::SchemaElement| {
        let paths = element.syntax().children().filter_map(|child| child.children().find_map(ast::Path::cast));
        let inside = |path: ast::Path| {
            let name_in = qualified(path.syntax())?.name;
            Some(QualifiedName { schema: Some(name.clone()), name: name_in })
        };
        ActKind::Opaque { reason: "made together with its schema", names: paths.filter_map(inside).collect() }
    };
    let elements: Vec<ActKind> = schema.schema_elements().map(opaque).collect();
    let mut acts = vec![ActKind::CreateSchema { name, if_not_exists: schema.if_not_exists().is_some() }];
    acts.extend(elements);
    Some(acts)
}

/// Reads `CREATE EXTENSION`.
pub(super) fn create_extension(extension: &ast::CreateExtension) -> Option<ActKind> {
    Some(ActKind::CreateExtension {
        name: name::name_of(extension.extension())?,
        if_not_exists: extension.if_not_exists().is_some(),
        schema: extension.extension_schema().and_then(|schema| name::name_of(schema.schema_ref())),
        cascade: extension.cascade_token().is_some(),
    })
}

/// Reads a `CREATE` of what has a name and isn't followed; `None` for any other statement.
pub(super) fn create_other(statement: &Stmt) -> Option<ActKind> {
    let (kind, name) = match statement {
        Stmt::CreateAccessMethod(it) => ("access method", name::qualified_of(it.access_method())),
        Stmt::CreateCollation(it) => ("collation", name::qualified_of(it.collation())),
        Stmt::CreateConversion(it) => ("conversion", name::qualified_of(it.conversion())),
        Stmt::CreateForeignDataWrapper(it) => ("foreign-data wrapper", name::qualified_of(it.foreign_data_wrapper())),
        Stmt::CreateLanguage(it) => ("language", name::qualified_of(it.language())),
        Stmt::CreatePublication(it) => ("publication", name::qualified_of(it.publication())),
        Stmt::CreatePropertyGraph(it) => ("property graph", name::qualified_of(it.property_graph())),
        Stmt::CreateServer(it) => ("server", name::qualified_of(it.server())),
        Stmt::CreateSubscription(it) => ("subscription", name::qualified_of(it.subscription())),
        Stmt::CreateTextSearchConfiguration(it) => {
            ("text search configuration", name::qualified_of(it.text_search_configuration()))
        }
        Stmt::CreateTextSearchDictionary(it) => {
            ("text search dictionary", name::qualified_of(it.text_search_dictionary()))
        }
        Stmt::CreateTextSearchParser(it) => ("text search parser", name::qualified_of(it.text_search_parser())),
        Stmt::CreateTextSearchTemplate(it) => ("text search template", name::qualified_of(it.text_search_template())),
        _ => return None,
    };
    Some(ActKind::CreateOther { kind: ObjectKind::Other(kind), name: name?, on: None })
}
