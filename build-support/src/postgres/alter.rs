//! `ALTER` of what isn't a table.

use super::change::{self, Altered};
use super::name;
use super::{expression, sequence, session, trigger, user_type};
use crate::statement::{ActKind, ColumnChange, ObjectKind, QualifiedName, TableChange};
use squawk_syntax::ast::{self, AstNode, Stmt};

/// Reads an `ALTER`; `None` for what isn't one, or isn't understood.
pub(super) fn lower(statement: &Stmt) -> Option<Vec<ActKind>> {
    use ObjectKind as K;
    Some(match statement {
        Stmt::AlterIndex(it) => {
            if it.all_in_tablespace().is_some() {
                return Some(vec![ActKind::Harmless]);
            }
            vec![index(&altered(K::Index, it.index_ref(), it.if_exists())?, &it.action()?)?]
        }
        Stmt::AlterView(it) => vec![view(&altered(K::View, it.view_ref(), it.if_exists())?, &it.action()?)?],
        Stmt::AlterMaterializedView(it) => {
            if it.all_in_tablespace().is_some() {
                return Some(vec![ActKind::Harmless]);
            }
            let altered = altered(K::MaterializedView, it.view_ref(), it.if_exists())?;
            it.action().map(|action| materialized_view(&altered, &action)).collect::<Option<_>>()?
        }
        Stmt::AlterSequence(it) => {
            sequence::alter(&altered(K::Sequence, it.sequence_ref(), it.if_exists())?, it.actions())?
        }
        Stmt::AlterFunction(it) => {
            let name = name::qualified_of(it.function_sig()?.function_name_ref())?;
            vec![match it.action()? {
                ast::AlterFunctionAction::FunctionRenameTo(to) => renamed(K::Function, name, None, to.function_name())?,
                ast::AlterFunctionAction::SetSchema(to) => moved(K::Function, name, &to)?,
                _ => ActKind::Harmless,
            }]
        }
        Stmt::AlterProcedure(it) => {
            let name = name::qualified_of(it.procedure_sig()?.procedure_name_ref())?;
            vec![match it.action()? {
                ast::AlterProcedureAction::ProcedureRenameTo(to) => {
                    renamed(K::Procedure, name, None, to.procedure_name())?
                }
                ast::AlterProcedureAction::SetSchema(to) => moved(K::Procedure, name, &to)?,
                _ => ActKind::Harmless,
            }]
        }
        Stmt::AlterRoutine(it) => {
            let name = name::qualified_of(it.routine_sig()?.routine_name_ref())?;
            vec![match it.action()? {
                ast::AlterRoutineAction::RoutineRenameTo(to) => renamed(K::Routine, name, None, to.routine_name())?,
                ast::AlterRoutineAction::SetSchema(to) => moved(K::Routine, name, &to)?,
                _ => ActKind::Harmless,
            }]
        }
        Stmt::AlterAggregate(it) => {
            let name = name::qualified_of(it.aggregate()?.path_ref())?;
            vec![match it.action()? {
                ast::AlterAggregateAction::AggregateRenameTo(to) => {
                    renamed(K::Aggregate, name, None, to.aggregate_name())?
                }
                ast::AlterAggregateAction::SetSchema(to) => moved(K::Aggregate, name, &to)?,
                ast::AlterAggregateAction::OwnerTo(_) => ActKind::Harmless,
            }]
        }
        Stmt::AlterSchema(it) => vec![match it.action()? {
            ast::AlterSchemaAction::SchemaRenameTo(to) => {
                renamed(K::Schema, name::qualified_of(it.schema_ref())?, None, to.schema())?
            }
            ast::AlterSchemaAction::OwnerTo(_) => ActKind::Harmless,
        }],
        Stmt::AlterExtension(it) => vec![match it.action() {
            Some(ast::AlterExtensionAction::SetSchema(to)) => {
                moved(K::Extension, name::qualified_of(it.extension_ref())?, &to)?
            }
            _ => ActKind::Harmless,
        }],
        Stmt::AlterTrigger(it) => {
            let table = name::qualified_of(it.on_relation()?.relation_name_ref())?;
            vec![match it.action()? {
                ast::AlterTriggerAction::TriggerRenameTo(to) => {
                    renamed(K::Trigger, name::qualified_of(it.trigger_ref())?, Some(table), to.trigger())?
                }
                _ => ActKind::Harmless,
            }]
        }
        Stmt::AlterPolicy(it) => {
            let table = name::qualified_of(it.on_table()?.table_name_ref())?;
            match it.action()? {
                ast::AlterPolicyAction::PolicyRenameTo(to) => {
                    let name = name::qualified_of(it.policy_ref())?;
                    vec![renamed(K::Other("policy"), name, Some(table), to.policy())?]
                }
                ast::AlterPolicyAction::AlterPolicyTo(to) => {
                    trigger::conditions(&table, to.using_expr_clause(), to.with_check_expr_clause())
                }
            }
        }
        Stmt::AlterRule(it) => {
            let table = name::qualified_of(it.on_relation()?.relation_name_ref())?;
            let to = it.rule_rename_to()?.rule();
            vec![renamed(K::Other("rule"), name::qualified_of(it.rule_ref())?, Some(table), to)?]
        }
        Stmt::AlterStatistics(it) => vec![match it.action()? {
            ast::AlterStatisticsAction::StatisticsRenameTo(to) => {
                renamed(K::Other("statistics"), name::qualified_of(it.statistics_ref())?, None, to.statistics())?
            }
            ast::AlterStatisticsAction::SetSchema(to) => {
                moved(K::Other("statistics"), name::qualified_of(it.statistics_ref())?, &to)?
            }
            _ => ActKind::Harmless,
        }],
        Stmt::AlterDatabase(it) => match it.action() {
            Some(ast::AlterDatabaseAction::SetConfigParam(set)) => vec![session::later(&set)],
            _ => vec![ActKind::Harmless],
        },
        Stmt::AlterRole(it) => match it.action() {
            Some(ast::AlterRoleAction::SetConfigParam(set)) => vec![session::later(&set)],
            _ => vec![ActKind::Harmless],
        },
        Stmt::AlterUser(it) => match it.action() {
            Some(ast::AlterUserAction::SetConfigParam(set)) => vec![session::later(&set)],
            _ => vec![ActKind::Harmless],
        },
        Stmt::AlterType(it) => user_type::alter(it)?,
        Stmt::AlterDomain(it) => user_type::alter_domain(it)?,
        _ => return None,
    })
}

/// Gives the relation that is altered.
pub(super) fn altered(
    kind: ObjectKind,
    name: Option<impl AstNode>,
    if_exists: Option<ast::IfExists>,
) -> Option<Altered> {
    Some(Altered { kind, table: name::qualified_of(name)?, if_exists: if_exists.is_some() })
}

/// Gives the act of `RENAME TO`.
pub(super) fn renamed(
    kind: ObjectKind,
    name: QualifiedName,
    on: Option<QualifiedName>,
    to: Option<impl AstNode>,
) -> Option<ActKind> {
    Some(ActKind::Rename { kind, name, on, if_exists: false, to: name::qualified_of(to)?.name })
}

/// Gives the act of `SET SCHEMA`.
pub(super) fn moved(kind: ObjectKind, name: QualifiedName, to: &ast::SetSchema) -> Option<ActKind> {
    Some(ActKind::Move { kind, name, if_exists: false, schema: name::name_of(to.schema_ref())? })
}

fn index(altered: &Altered, action: &ast::AlterIndexAction) -> Option<ActKind> {
    use ast::AlterIndexAction as A;
    Some(match action {
        A::IndexRenameTo(to) => altered.rename(to.index())?,
        A::AttachIndexPartition(it) => {
            altered.act(TableChange::AttachPartition { child: name::qualified_of(it.index_ref())?, default: false })
        }
        A::SetTablespace(_) => altered.act(TableChange::Rewrite("SET TABLESPACE")),
        A::AlterSetStatistics(_) | A::ResetOptions(_) | A::SetOptions(_) => altered.act(TableChange::Options),
        A::DependsOnExtension(_) | A::NoDependsOnExtension(_) => altered.act(TableChange::Harmless),
    })
}

fn view(altered: &Altered, action: &ast::AlterViewAction) -> Option<ActKind> {
    use ast::AlterViewAction as A;
    Some(match action {
        A::ViewRenameTo(to) => altered.rename(to.view())?,
        A::SetSchema(to) => altered.move_to(to)?,
        A::RenameColumn(it) => altered.act(renamed_column(it)?),
        A::AlterViewColumn(it) => altered.act(TableChange::AlterColumn {
            name: name::name_of(it.name())?,
            change: ColumnChange::Default(match it.alter_view_column_action()? {
                ast::AlterViewColumnAction::SetDefault(it) => Some(expression::lower(it.expr()?)),
                ast::AlterViewColumnAction::DropDefault(_) => None,
            }),
        }),
        A::OwnerTo(_) | A::ResetOptions(_) | A::SetOptions(_) => altered.act(TableChange::Harmless),
    })
}

fn materialized_view(altered: &Altered, action: &ast::AlterMaterializedViewAction) -> Option<ActKind> {
    use ast::AlterMaterializedViewAction as A;
    Some(match action {
        A::ViewRenameTo(to) => altered.rename(to.view())?,
        A::SetSchema(to) => altered.move_to(to)?,
        A::RenameColumn(it) => altered.act(renamed_column(it)?),
        A::DependsOnExtension(_) | A::NoDependsOnExtension(_) => altered.act(TableChange::Harmless),
        A::AlterTableAction(it) => {
            let acts = change::lower(altered, std::iter::once(it.clone()));
            acts.into_iter().next()?.kind
        }
    })
}

fn renamed_column(rename: &ast::RenameColumn) -> Option<TableChange> {
    Some(TableChange::RenameColumn {
        from: name::name_of(rename.column_name_ref())?,
        to: name::name_of(rename.column_name())?,
    })
}
