//! What a script has given other names.

use super::deed::Deed;
use super::statement::Effect;
use super::table::SCHEMA;
use super::words::Named;
use crate::catalog::{Id, Past, Renames, Site, Subject};

/// Follows names through what was done. Where some of it was undone, it says nothing.
pub(super) fn renames(deeds: &[Deed]) -> Renames {
    let mut past = Past::default();
    let site = || Site { script: 0, range: 0..0 };
    for Deed { effect, .. } in deeds {
        let id = |named: &Named| Id::new(named.schema.as_deref().unwrap_or(SCHEMA), &named.name);
        match effect {
            Effect::Create { name, .. } => past.made(Subject::relation(&id(name)), site()),
            Effect::Drop { name, .. } => past.dropped(Subject::relation(&id(name)), site()),
            Effect::Rename { table, to } => {
                past.renamed(Subject::relation(&id(table)), id(table).beside(&to.name).to_string(), site());
            }
            Effect::RenameColumn { table, column, to } => {
                past.renamed(Subject::part(&id(table), &column.name), to.name.clone(), site());
            }
            Effect::DropColumn { table, column } => past.dropped(Subject::part(&id(table), &column.name), site()),
            Effect::AddColumn { table, column, .. } => past.made(Subject::part(&id(table), &column.name), site()),
            Effect::Undo | Effect::Anything => return Renames::default(),
            Effect::Nothing | Effect::Alter { .. } => {}
        }
    }
    past.renames(0)
}
