//! `ALTER` of what isn't a table.

use super::ast::{self, Stmt, SyntaxNode};
use super::change::{self, Altered};
use super::name;
use super::{expression, sequence, session, trigger, user_type};
use crate::statement::{ActKind, ColumnChange, ObjectKind, QualifiedName, TableChange};

/// Reads an `ALTER`; `None` for what isn't one, or isn't understood.
pub(super) fn lower(statement: &Stmt) -> Option<Vec<ActKind>> {
    use ObjectKind as K;
    Some(match statement {
        Stmt::AlterIndex(it) => {
            if it.all_in_tablespace() {
                return Some(vec![ActKind::Harmless]);
            }
            vec![index(&altered(K::Index, it.index(), it.if_exists())?, &it.action()?)?]
        }
        Stmt::AlterView(it) => vec![view(&altered(K::View, it.view(), it.if_exists())?, &it.action()?)?],
        Stmt::AlterMaterializedView(it) => {
            if it.all_in_tablespace() {
                return Some(vec![ActKind::Harmless]);
            }
            let altered = altered(K::MaterializedView, it.view(), it.if_exists())?;
            it.actions().map(|action| materialized_view(&altered, action)).collect::<Option<_>>()?
        }
        Stmt::AlterSequence(it) => {
            sequence::alter(&altered(K::Sequence, it.sequence(), it.if_exists())?, it.actions())?
        }
        Stmt::AlterFunction(it) => vec![named(K::Function, it.function(), None, &it.action()?)?],
        Stmt::AlterProcedure(it) => vec![named(K::Procedure, it.procedure(), None, &it.action()?)?],
        Stmt::AlterRoutine(it) => vec![named(K::Routine, it.routine(), None, &it.action()?)?],
        Stmt::AlterAggregate(it) => vec![named(K::Aggregate, it.aggregate()?.name(), None, &it.action()?)?],
        Stmt::AlterSchema(it) => vec![match it.action()? {
            ast::AlterAction::Harmless(_) => ActKind::Harmless,
            action => named(K::Schema, it.schema(), None, &action)?,
        }],
        Stmt::AlterExtension(it) => vec![match it.set_schema() {
            Some(to) => moved(K::Extension, name::qualified_of(it.extension())?, &to)?,
            None => ActKind::Harmless,
        }],
        Stmt::AlterTrigger(it) => {
            let table = name::qualified_of(it.relation())?;
            vec![match it.action()? {
                ast::AlterAction::Harmless(_) => ActKind::Harmless,
                action => named(K::Trigger, it.trigger(), Some(table), &action)?,
            }]
        }
        Stmt::AlterPolicy(it) => {
            let table = name::qualified_of(it.table())?;
            match it.action()? {
                ast::AlterPolicyAction::RenameTo(to) => {
                    let name = name::qualified_of(it.policy())?;
                    vec![renamed(K::Other("policy"), name, Some(table), &to)?]
                }
                ast::AlterPolicyAction::AlterPolicyTo(to) => trigger::conditions(&table, to.using(), to.check()),
            }
        }
        Stmt::AlterRule(it) => {
            let table = name::qualified_of(it.relation())?;
            vec![renamed(K::Other("rule"), name::qualified_of(it.rule())?, Some(table), &it.rename_to()?)?]
        }
        Stmt::AlterStatistics(it) => vec![match it.action()? {
            ast::AlterAction::Harmless(_) => ActKind::Harmless,
            action => named(K::Other("statistics"), it.statistics(), None, &action)?,
        }],
        Stmt::AlterDatabase(it) => vec![it.set().map_or(ActKind::Harmless, |set| session::later(&set))],
        Stmt::AlterRole(it) => vec![it.set().map_or(ActKind::Harmless, |set| session::later(&set))],
        Stmt::AlterUser(it) => vec![it.set().map_or(ActKind::Harmless, |set| session::later(&set))],
        Stmt::AlterType(it) => user_type::alter(it)?,
        Stmt::AlterDomain(it) => user_type::alter_domain(it)?,
        _ => return None,
    })
}

/// Reads what most can be told: another name, another schema.
fn named(
    kind: ObjectKind,
    name: Option<SyntaxNode>,
    on: Option<QualifiedName>,
    action: &ast::AlterAction,
) -> Option<ActKind> {
    let name = name::qualified_of(name)?;
    match action {
        ast::AlterAction::RenameTo(to) => renamed(kind, name, on, to),
        ast::AlterAction::SetSchema(to) => moved(kind, name, to),
        ast::AlterAction::Harmless(_) => Some(ActKind::Harmless),
    }
}

/// Gives the relation that is altered.
pub(super) fn altered(kind: ObjectKind, name: Option<SyntaxNode>, if_exists: bool) -> Option<Altered> {
    Some(Altered { kind, table: name::qualified_of(name)?, if_exists })
}

/// Gives the act of `RENAME TO`.
pub(super) fn renamed(
    kind: ObjectKind,
    name: QualifiedName,
    on: Option<QualifiedName>,
    to: &SyntaxNode,
) -> Option<ActKind> {
    Some(ActKind::Rename { kind, name, on, if_exists: false, to: name::qualified_of(to.first_child())?.name })
}

/// Gives the act of `SET SCHEMA`.
pub(super) fn moved(kind: ObjectKind, name: QualifiedName, to: &ast::SetSchema) -> Option<ActKind> {
    Some(ActKind::Move { kind, name, if_exists: false, schema: name::name_of(to.schema())? })
}

fn index(altered: &Altered, action: &ast::AlterIndexAction) -> Option<ActKind> {
    use ast::AlterIndexAction as A;
    Some(match action {
        A::RenameTo(to) => altered.rename(to)?,
        A::AttachIndexPartition(it) => {
            altered.act(TableChange::AttachPartition { child: name::qualified_of(it.index())?, default: false })
        }
        A::SetTablespace(_) => altered.act(TableChange::Rewrite("SET TABLESPACE")),
        A::Options(_) => altered.act(TableChange::Options),
        A::Harmless(_) => altered.act(TableChange::Harmless),
    })
}

fn view(altered: &Altered, action: &ast::AlterViewAction) -> Option<ActKind> {
    use ast::AlterViewAction as A;
    Some(match action {
        A::RenameTo(to) => altered.rename(to)?,
        A::SetSchema(to) => altered.move_to(to)?,
        A::RenameColumn(it) => altered.act(renamed_column(it)?),
        A::AlterViewColumn(it) => altered.act(TableChange::AlterColumn {
            name: name::name_of(it.name())?,
            change: ColumnChange::Default(match it.action()? {
                ast::AlterViewColumnAction::SetDefault(it) => Some(expression::lower(it.expr()?)),
                ast::AlterViewColumnAction::DropDefault(_) => None,
            }),
        }),
        A::Harmless(_) => altered.act(TableChange::Harmless),
    })
}

fn materialized_view(altered: &Altered, action: ast::AlterMaterializedViewAction) -> Option<ActKind> {
    use ast::AlterMaterializedViewAction as A;
    Some(match action {
        A::RenameTo(to) => altered.rename(&to)?,
        A::SetSchema(to) => altered.move_to(&to)?,
        A::RenameColumn(it) => altered.act(renamed_column(&it)?),
        A::Harmless(_) => altered.act(TableChange::Harmless),
        A::AlterTableAction(it) => change::lower(altered, std::iter::once(it)).into_iter().next()?.kind,
    })
}

/// Reads `RENAME COLUMN`.
pub(super) fn renamed_column(rename: &ast::RenameColumn) -> Option<TableChange> {
    Some(TableChange::RenameColumn { from: name::name_of(rename.from())?, to: name::name_of(rename.to())? })
}
