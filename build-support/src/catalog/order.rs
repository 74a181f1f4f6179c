//! The order in which the server does the parts of one `ALTER TABLE`: what it drops goes first, whatever is written first.

use crate::sort;
use crate::statement::{Act, ActKind, ColumnChange, ConstraintKind, Statement, TableChange};

/// Gives the acts of a statement in the order in which they are done.
pub(super) fn acts(statement: &Statement) -> Vec<&Act> {
    let mut acts: Vec<&Act> = statement.acts.iter().collect();
    let one_statement = statement.words.starts_with("ALTER");
    if one_statement && acts.len() > 1 {
        sort::by_key(&mut acts, |act| pass(&act.kind));
    }
    acts
}

/// Gives the pass that does an act.
///
/// # Source
/// `AlterTablePass` in PostgreSQL's `tablecmds.c`.
fn pass(act: &ActKind) -> u8 {
    let ActKind::AlterTable(alter) = act else { return 0 };
    match &alter.change {
        TableChange::DropColumn { .. } | TableChange::DropConstraint { .. } => 0,
        TableChange::AlterColumn { change, .. } => match change {
            ColumnChange::NotNull(false) | ColumnChange::DropExpression { .. } | ColumnChange::DropIdentity { .. } => 0,
            ColumnChange::Type { .. } => 1,
            ColumnChange::SetExpression(_) => 2,
            ColumnChange::Default(_) | ColumnChange::NotNull(true) | ColumnChange::AddIdentity { .. } => 4,
            ColumnChange::SetIdentity { .. } | ColumnChange::Storage | ColumnChange::Harmless => 9,
        },
        TableChange::AddColumn { .. } => 3,
        TableChange::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::Check(_) | ConstraintKind::NotNull(_) => 5,
            ConstraintKind::Key { .. } | ConstraintKind::Exclude { .. } => 6,
            ConstraintKind::ForeignKey(_) => 7,
        },
        _ => 9,
    }
}
