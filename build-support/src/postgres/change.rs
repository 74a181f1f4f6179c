//! What `ALTER TABLE` changes.

use super::name::{self, range};
use super::{column, constraint, expression, types};
use crate::statement::{
    Act, ActKind, AlterTable, ColumnChange, Condition, Expression, ObjectKind, QualifiedName, TableChange, TypeName,
};
use squawk_syntax::ast::{self, AstNode};

/// The relation that a statement alters.
pub(super) struct Altered {
    pub(super) kind: ObjectKind,
    pub(super) table: QualifiedName,
    pub(super) if_exists: bool,
}

impl Altered {
    /// Gives the act of one change.
    pub(super) fn act(&self, change: TableChange) -> ActKind {
        let Altered { kind, table, if_exists } = self;
        ActKind::AlterTable(AlterTable { kind: *kind, table: table.clone(), if_exists: *if_exists, change })
    }

    /// Gives the act of `RENAME TO`.
    pub(super) fn rename(&self, to: Option<impl AstNode>) -> Option<ActKind> {
        Some(ActKind::Rename {
            kind: self.kind,
            name: self.table.clone(),
            on: None,
            if_exists: self.if_exists,
            to: name::qualified_of(to)?.name,
        })
    }

    /// Gives the act of `SET SCHEMA`.
    pub(super) fn move_to(&self, to: &ast::SetSchema) -> Option<ActKind> {
        Some(ActKind::Move {
            kind: self.kind,
            name: self.table.clone(),
            if_exists: self.if_exists,
            schema: name::name_of(to.schema_ref())?,
        })
    }
}

/// Reads all actions of an `ALTER TABLE`; what one of them can't be read from is opaque.
pub(super) fn lower(altered: &Altered, actions: impl Iterator<Item = ast::AlterTableAction>) -> Vec<Act> {
    let act = |action: ast::AlterTableAction| {
        let kind = change(altered, &action)
            .unwrap_or_else(|| ActKind::Opaque { reason: "not understood", names: vec![altered.table.clone()] });
        Act { range: range(action.syntax()), branch: None, condition: Condition::Always, kind }
    };
    actions.map(act).collect()
}

fn change(altered: &Altered, action: &ast::AlterTableAction) -> Option<ActKind> {
    use ast::AlterTableAction as A;
    Some(altered.act(match action {
        A::AddColumn(it) => TableChange::AddColumn {
            column: Box::new(column::lower_added(it)?),
            if_not_exists: it.if_not_exists().is_some(),
        },
        A::DropColumn(it) => TableChange::DropColumn {
            name: name::name_of(it.column_name_ref())?,
            if_exists: it.if_exists().is_some(),
            cascade: cascade(it.drop_behavior()),
        },
        A::RenameColumn(it) => TableChange::RenameColumn {
            from: name::name_of(it.column_name_ref())?,
            to: name::name_of(it.column_name())?,
        },
        A::AlterColumn(it) => TableChange::AlterColumn {
            name: name::name_of(it.column_name_ref())?,
            change: column_change(&it.option()?)?,
        },
        A::AddConstraint(it) => {
            let constraint = it.syntax().children().find_map(ast::Constraint::cast)?;
            TableChange::AddConstraint(constraint::lower(&constraint, None)?)
        }
        A::DropConstraint(it) => TableChange::DropConstraint {
            name: name::qualified_of(it.constraint_name_ref())?.name,
            if_exists: it.if_exists().is_some(),
            cascade: cascade(it.drop_behavior()),
        },
        A::RenameConstraint(it) => TableChange::RenameConstraint {
            from: name::qualified_of(it.constraint_name_ref())?.name,
            to: name::name_of(it.constraint_name())?,
        },
        A::ValidateConstraint(it) => {
            TableChange::ValidateConstraint(name::qualified_of(it.constraint_name_ref())?.name)
        }
        A::AlterConstraint(it) => TableChange::Names(name::qualified_of(it.constraint_name_ref())?.name),
        A::ClusterOn(it) => TableChange::ClusterOn(name::qualified_of(it.index_ref())?.name),
        A::ReplicaIdentity(it) => match it.replica_identity_option()? {
            ast::ReplicaIdentityOption::UsingIndexName(it) => {
                TableChange::Names(name::qualified_of(it.index_ref())?.name)
            }
            _ => TableChange::Harmless,
        },
        A::AttachPartition(it) => TableChange::AttachPartition {
            child: name::qualified_of(it.table_name_ref())?,
            default: matches!(it.partition_type(), Some(ast::PartitionType::PartitionDefault(_))),
        },
        A::DetachPartition(it) => match it.detach_partition_option() {
            // It was detached by the statement that this one brings to its end.
            Some(ast::DetachPartitionOption::DetachFinalize(_)) => TableChange::Harmless,
            option => TableChange::DetachPartition {
                child: name::qualified_of(it.table_name_ref())?,
                concurrently: option.is_some(),
            },
        },
        A::InheritTable(it) => TableChange::Inherit { parent: name::qualified_of(it.table_name_ref())?, no: false },
        A::NoInheritTable(it) => TableChange::Inherit { parent: name::qualified_of(it.table_name_ref())?, no: true },
        A::EnableTrigger(it) => trigger(it.trigger_target()),
        A::DisableTrigger(it) => trigger(it.trigger_target()),
        A::EnableReplicaTrigger(it) => TableChange::Trigger(Some(name::name_of(it.trigger_ref())?)),
        A::EnableAlwaysTrigger(it) => TableChange::Trigger(Some(name::name_of(it.trigger_ref())?)),
        A::SetTablespace(_) => TableChange::Rewrite("SET TABLESPACE"),
        A::SetAccessMethod(_) => TableChange::Rewrite("SET ACCESS METHOD"),
        A::SetLogged(_) => TableChange::Rewrite("SET LOGGED"),
        A::SetUnlogged(_) => TableChange::Rewrite("SET UNLOGGED"),
        A::TableRenameTo(it) => return altered.rename(it.table_name()),
        A::SetSchema(it) => return altered.move_to(it),
        A::MergePartitions(_) | A::SplitPartition(_) => return None,
        // What logical decoding reads is no mere parameter of how rows are kept.
        A::SetOptions(it) if is_about_decoding(it) => TableChange::Harmless,
        A::ResetOptions(it) if is_about_decoding(it) => TableChange::Harmless,
        A::OptionItemList(_) | A::ResetOptions(_) | A::SetOptions(_) | A::SetWithoutCluster(_) => TableChange::Options,
        A::AlterOptionList(_)
        | A::DisableRls(_)
        | A::DisableRule(_)
        | A::EnableAlwaysRule(_)
        | A::EnableReplicaRule(_)
        | A::EnableRls(_)
        | A::EnableRule(_)
        | A::ForceRls(_)
        | A::NoForceRls(_)
        | A::NotOf(_)
        | A::OfType(_)
        | A::OwnerTo(_)
        | A::SetWithoutOids(_) => TableChange::Harmless,
    }))
}

fn is_about_decoding(options: &impl AstNode) -> bool {
    options.syntax().text().to_string().to_ascii_lowercase().contains("user_catalog_table")
}

fn trigger(target: Option<ast::TriggerTarget>) -> TableChange {
    TableChange::Trigger(match target {
        Some(ast::TriggerTarget::TriggerRef(it)) => name::name(it.syntax()),
        Some(ast::TriggerTarget::All(_) | ast::TriggerTarget::User(_)) | None => None,
    })
}

fn column_change(option: &ast::AlterColumnOption) -> Option<ColumnChange> {
    use ast::AlterColumnOption as O;
    Some(match option {
        O::SetType(it) => {
            let (ty, using) = retyped(it)?;
            ColumnChange::Type { ty, collated: it.collate().is_some(), using }
        }
        O::SetDefault(it) => ColumnChange::Default(Some(expression::lower(it.expr()?))),
        O::DropDefault(_) => ColumnChange::Default(None),
        O::SetNotNull(_) => ColumnChange::NotNull(true),
        O::DropNotNull(_) => ColumnChange::NotNull(false),
        O::AddGenerated(it) => ColumnChange::AddIdentity { always: column::always(it.generated_when()) },
        O::DropIdentity(it) => ColumnChange::DropIdentity { if_exists: it.if_exists().is_some() },
        O::SetExpression(it) => ColumnChange::SetExpression(expression::lower(it.expr()?)),
        O::DropExpression(it) => ColumnChange::DropExpression { if_exists: it.if_exists().is_some() },
        O::SetGenerated(it) => ColumnChange::SetIdentity { always: Some(column::always(it.generated_when())) },
        O::SetGeneratedOptions(it) => {
            let said = it.set_generated_options().find_map(|option| match option {
                ast::SetGeneratedOption::SetGenerated(it) => Some(column::always(it.generated_when())),
                _ => None,
            });
            ColumnChange::SetIdentity { always: said }
        }
        O::Restart(_) | O::SetSequenceOption(_) => ColumnChange::SetIdentity { always: None },
        O::Inherit(_)
        | O::NoInherit(_)
        | O::ResetOptions(_)
        | O::SetOptions(_)
        | O::SetOptionsList(_)
        | O::SetStatistics(_) => ColumnChange::Harmless,
        O::SetCompression(_) | O::SetStorage(_) => ColumnChange::Storage,
    })
}

fn retyped(change: &ast::SetType) -> Option<(TypeName, Option<Expression>)> {
    let using = change.using_expr().and_then(|using| using.expr());
    Some((types::lower(&change.ty()?), using.map(expression::lower)))
}

/// Tells whether what depends on a thing goes with it.
pub(super) fn cascade(behavior: Option<ast::DropBehavior>) -> bool {
    matches!(behavior, Some(ast::DropBehavior::Cascade(_)))
}
