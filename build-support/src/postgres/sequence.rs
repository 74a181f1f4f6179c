//! Sequences.

use super::ast;
use super::change::Altered;
use super::name;
use super::table;
use crate::statement::{ActKind, Name, QualifiedName, TableChange};

/// Reads `CREATE SEQUENCE`.
pub(super) fn create(sequence: &ast::CreateSequence) -> Option<ActKind> {
    Some(ActKind::CreateSequence {
        name: name::qualified_of(sequence.sequence())?,
        persistence: table::persistence(sequence.persistence()),
        if_not_exists: sequence.if_not_exists(),
        owned_by: sequence.options().find_map(|option| owner(&option)).flatten(),
    })
}

/// Reads `ALTER SEQUENCE`.
pub(super) fn alter(
    altered: &Altered,
    actions: impl Iterator<Item = ast::AlterSequenceAction>,
) -> Option<Vec<ActKind>> {
    use ast::AlterSequenceAction as A;
    let mut acts = Vec::new();
    for action in actions {
        match action {
            A::RenameTo(to) => acts.push(altered.rename(&to)?),
            A::SetSchema(to) => acts.push(altered.move_to(&to)?),
            A::SequenceOption(option) => acts.extend(owner(&option).map(|owner| ActKind::OwnSequence {
                name: altered.table.clone(),
                if_exists: altered.if_exists,
                owner,
            })),
            A::SetLogged(_) => acts.push(altered.act(TableChange::Rewrite("SET LOGGED"))),
            A::SetUnlogged(_) => acts.push(altered.act(TableChange::Rewrite("SET UNLOGGED"))),
            A::Harmless(_) => {}
        }
    }
    if acts.is_empty() {
        acts.push(altered.act(TableChange::Harmless));
    }
    Some(acts)
}

/// Gives the column of `OWNED BY`; the inner `None` is `NONE`, the outer one another option.
fn owner(option: &ast::SequenceOption) -> Option<Option<(QualifiedName, Name)>> {
    let ast::SequenceOption::OptionOwnedBy(owned) = option else { return None };
    Some(match owned.target()? {
        ast::OwnedByTarget::None(_) => None,
        ast::OwnedByTarget::Column(it) => name::column(&it),
    })
}
