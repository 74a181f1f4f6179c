//! `COMMENT ON` anything.

use super::ast;
use super::name;
use crate::statement::{ActKind, ObjectKind, QualifiedName};
use squawk_parser::SyntaxKind::*;

/// Reads `COMMENT ON`.
pub(super) fn lower(comment: &ast::CommentOn) -> Option<ActKind> {
    use ObjectKind as K;
    let Some(object) = comment.object() else { return Some(ActKind::Harmless) };
    let of = |kind| name::qualified_of(ast::part(&object, kind));
    // A routine is said with its arguments.
    let routine = |kind| name::qualified_of(ast::part(&object, kind)?.first_child());
    let mut column = None;
    let (kind, name): (K, QualifiedName) = match object.kind() {
        OBJECT_COLUMN => {
            let (table, of) = name::column(&ast::part(&object, QUALIFIED_COLUMN_NAME_REF)?)?;
            column = Some(of);
            (K::Column, table)
        }
        OBJECT_CONSTRAINT => {
            column = Some(of(CONSTRAINT_NAME_REF)?.name);
            match ast::part(&object, DOMAIN_REF) {
                Some(domain) => (K::Domain, name::qualified(&domain)?),
                None => (K::Constraint, of(TABLE_NAME_REF)?),
            }
        }
        OBJECT_TRIGGER => {
            column = name::name_of(ast::part(&object, TRIGGER_REF));
            (K::Trigger, of(RELATION_NAME_REF)?)
        }
        OBJECT_POLICY => {
            column = name::name_of(ast::part(&object, POLICY_REF));
            (K::Other("policy"), of(TABLE_NAME_REF)?)
        }
        OBJECT_RULE => {
            column = name::name_of(ast::part(&object, RULE_REF));
            (K::Other("rule"), of(RELATION_NAME_REF)?)
        }
        OBJECT_SCHEMA => (K::Schema, of(SCHEMA_REF)?),
        OBJECT_TABLE => (K::Table, of(TABLE_NAME_REF)?),
        OBJECT_FOREIGN_TABLE => (K::ForeignTable, of(TABLE_NAME_REF)?),
        OBJECT_VIEW => (K::View, of(VIEW_REF)?),
        OBJECT_MATERIALIZED_VIEW => (K::MaterializedView, of(VIEW_REF)?),
        OBJECT_INDEX => (K::Index, of(INDEX_REF)?),
        OBJECT_SEQUENCE => (K::Sequence, of(SEQUENCE_REF)?),
        OBJECT_TYPE => (K::Type, of(TYPE_NAME_REF)?),
        OBJECT_DOMAIN => (K::Domain, of(DOMAIN_REF)?),
        OBJECT_FUNCTION => (K::Function, routine(FUNCTION_SIG)?),
        OBJECT_PROCEDURE => (K::Procedure, routine(PROCEDURE_SIG)?),
        OBJECT_ROUTINE => (K::Routine, routine(ROUTINE_SIG)?),
        OBJECT_AGGREGATE => (K::Aggregate, routine(AGGREGATE)?),
        OBJECT_EXTENSION => (K::Extension, of(EXTENSION_REF)?),
        _ => return Some(ActKind::Harmless),
    };
    let text = comment.text().and_then(|text| text.string_value());
    Some(ActKind::Comment { kind, name, column, text })
}
