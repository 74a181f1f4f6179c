//! What `ALTER TABLE` changes.

use super::ast::{self, AstNode, SyntaxNode};
use super::name::{self, range};
use super::{alter, column, constraint, expression, types};
use crate::statement::{Act, ActKind, AlterTable, ColumnChange, Condition, ObjectKind, QualifiedName, TableChange};

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
    pub(super) fn rename(&self, to: &SyntaxNode) -> Option<ActKind> {
        Some(ActKind::Rename {
            kind: self.kind,
            name: self.table.clone(),
            on: None,
            if_exists: self.if_exists,
            to: name::qualified_of(to.first_child())?.name,
        })
    }

    /// Gives the act of `SET SCHEMA`.
    pub(super) fn move_to(&self, to: &ast::SetSchema) -> Option<ActKind> {
        Some(ActKind::Move {
            kind: self.kind,
            name: self.table.clone(),
            if_exists: self.if_exists,
            schema: name::name_of(to.schema())?,
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
        A::AddColumn(it) => {
            TableChange::AddColumn { column: Box::new(column::lower_added(it)?), if_not_exists: it.if_not_exists() }
        }
        A::DropColumn(it) => TableChange::DropColumn {
            name: name::name_of(it.name())?,
            if_exists: it.if_exists(),
            cascade: it.cascade(),
        },
        A::RenameColumn(it) => alter::renamed_column(it)?,
        A::AlterColumn(it) => {
            TableChange::AlterColumn { name: name::name_of(it.name())?, change: column_change(&it.option()?)? }
        }
        A::AddConstraint(it) => {
            let constraint = it.children().find_map(ast::Constraint::cast)?;
            TableChange::AddConstraint(constraint::lower(&constraint, None)?)
        }
        A::DropConstraint(it) => TableChange::DropConstraint {
            name: name::qualified_of(it.name())?.name,
            if_exists: it.if_exists(),
            cascade: it.cascade(),
        },
        A::RenameConstraint(it) => {
            TableChange::RenameConstraint { from: name::qualified_of(it.from())?.name, to: name::name_of(it.to())? }
        }
        A::ValidateConstraint(it) => TableChange::ValidateConstraint(name::qualified_of(it.name())?.name),
        A::AlterConstraint(it) => TableChange::Names(name::qualified_of(it.name())?.name),
        A::ClusterOn(it) => TableChange::ClusterOn(name::qualified_of(it.index())?.name),
        A::ReplicaIdentity(it) => match it.option()? {
            ast::ReplicaIdentityOption::Index(it) => TableChange::Names(name::qualified_of(it.first_child())?.name),
            ast::ReplicaIdentityOption::Harmless(_) => TableChange::Harmless,
        },
        A::AttachPartition(it) => {
            TableChange::AttachPartition { child: name::qualified_of(it.table())?, default: it.default() }
        }
        // It was detached by the statement that this one brings to its end.
        A::DetachPartition(it) if it.finalize() => TableChange::Harmless,
        A::DetachPartition(it) => {
            TableChange::DetachPartition { child: name::qualified_of(it.table())?, concurrently: it.concurrently() }
        }
        A::InheritTable(it) => TableChange::Inherit { parent: name::qualified_of(it.table())?, no: false },
        A::NoInheritTable(it) => TableChange::Inherit { parent: name::qualified_of(it.table())?, no: true },
        // Without a name it is about all of them.
        A::EnableTrigger(it) => TableChange::Trigger(name::name_of(it.trigger())),
        A::DisableTrigger(it) => TableChange::Trigger(name::name_of(it.trigger())),
        A::EnableReplicaTrigger(it) => TableChange::Trigger(Some(name::name_of(it.trigger())?)),
        A::EnableAlwaysTrigger(it) => TableChange::Trigger(Some(name::name_of(it.trigger())?)),
        A::SetTablespace(_) => TableChange::Rewrite("SET TABLESPACE"),
        A::SetAccessMethod(_) => TableChange::Rewrite("SET ACCESS METHOD"),
        A::SetLogged(_) => TableChange::Rewrite("SET LOGGED"),
        A::SetUnlogged(_) => TableChange::Rewrite("SET UNLOGGED"),
        A::RenameTo(it) => return altered.rename(it),
        A::SetSchema(it) => return altered.move_to(it),
        A::Repartition(_) => return None,
        // What logical decoding reads is no mere parameter of how rows are kept.
        A::Options(it) if is_about_decoding(it) => TableChange::Harmless,
        A::Options(_) => TableChange::Options,
        A::Harmless(_) => TableChange::Harmless,
    }))
}

fn is_about_decoding(options: &SyntaxNode) -> bool {
    options.text().to_string().to_ascii_lowercase().contains("user_catalog_table")
}

fn column_change(option: &ast::AlterColumnOption) -> Option<ColumnChange> {
    use ast::AlterColumnOption as O;
    Some(match option {
        O::SetType(it) => ColumnChange::Type {
            ty: types::lower(&it.ty()?),
            collated: it.collate(),
            using: it.using().map(expression::lower),
        },
        O::SetDefault(it) => ColumnChange::Default(Some(expression::lower(it.expr()?))),
        O::DropDefault(_) => ColumnChange::Default(None),
        O::SetNotNull(_) => ColumnChange::NotNull(true),
        O::DropNotNull(_) => ColumnChange::NotNull(false),
        O::AddGenerated(it) => ColumnChange::AddIdentity { always: it.always() },
        O::DropIdentity(it) => ColumnChange::DropIdentity { if_exists: it.if_exists() },
        O::SetExpression(it) => ColumnChange::SetExpression(expression::lower(it.expr()?)),
        O::DropExpression(it) => ColumnChange::DropExpression { if_exists: it.if_exists() },
        O::SetGenerated(it) => ColumnChange::SetIdentity { always: Some(it.always()) },
        O::SetGeneratedOptions(it) => ColumnChange::SetIdentity { always: it.generated().map(|it| it.always()) },
        O::SetSequence(_) => ColumnChange::SetIdentity { always: None },
        O::Harmless(_) => ColumnChange::Harmless,
        O::Storage(_) => ColumnChange::Storage,
    })
}
