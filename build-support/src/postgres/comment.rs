//! `COMMENT ON` anything.

use super::name;
use crate::statement::{ActKind, ObjectKind, QualifiedName};
use squawk_syntax::ast;

/// Reads `COMMENT ON`.
pub(super) fn lower(comment: &ast::CommentOn) -> Option<ActKind> {
    use ObjectKind as K;
    use ast::CommentObject as O;
    let mut column = None;
    let (kind, name): (K, QualifiedName) = match comment.comment_object()? {
        O::ObjectColumn(it) => {
            use squawk_syntax::ast::AstNode;
            let (table, of) = name::column(it.name()?.syntax())?;
            column = Some(of);
            (K::Column, table)
        }
        O::ObjectConstraint(it) => {
            column = Some(name::qualified_of(it.constraint_name_ref())?.name);
            match it.domain_ref() {
                Some(domain) => (K::Domain, name::qualified_of(Some(domain))?),
                None => (K::Constraint, name::qualified_of(it.table_name_ref())?),
            }
        }
        O::ObjectTrigger(it) => {
            column = name::name_of(it.trigger_ref());
            (K::Trigger, name::qualified_of(it.relation_name_ref())?)
        }
        O::ObjectPolicy(it) => {
            column = name::name_of(it.policy_ref());
            (K::Other("policy"), name::qualified_of(it.table_name_ref())?)
        }
        O::ObjectRule(it) => {
            column = name::name_of(it.rule_ref());
            (K::Other("rule"), name::qualified_of(it.relation_name_ref())?)
        }
        O::ObjectSchema(it) => (K::Schema, name::qualified_of(it.schema_ref())?),
        O::ObjectTable(it) => (K::Table, name::qualified_of(it.table_name_ref())?),
        O::ObjectForeignTable(it) => (K::ForeignTable, name::qualified_of(it.table_name_ref())?),
        O::ObjectView(it) => (K::View, name::qualified_of(it.view_ref())?),
        O::ObjectMaterializedView(it) => (K::MaterializedView, name::qualified_of(it.view_ref())?),
        O::ObjectIndex(it) => (K::Index, name::qualified_of(it.index_ref())?),
        O::ObjectSequence(it) => (K::Sequence, name::qualified_of(it.sequence_ref())?),
        O::ObjectType(it) => (K::Type, name::qualified_of(it.type_name_ref())?),
        O::ObjectDomain(it) => (K::Domain, name::qualified_of(it.domain_ref())?),
        O::ObjectFunction(it) => (K::Function, name::qualified_of(it.function_sig()?.function_name_ref())?),
        O::ObjectProcedure(it) => (K::Procedure, name::qualified_of(it.procedure_sig()?.procedure_name_ref())?),
        O::ObjectRoutine(it) => (K::Routine, name::qualified_of(it.routine_sig()?.routine_name_ref())?),
        O::ObjectAggregate(it) => (K::Aggregate, name::qualified_of(it.aggregate()?.path_ref())?),
        O::ObjectExtension(it) => (K::Extension, name::qualified_of(it.extension_ref())?),
        _ => return Some(ActKind::Harmless),
    };
    let text = comment.literal().and_then(|text| text.string_value());
    Some(ActKind::Comment { kind, name, column, text })
}
