//! What a block of code asks of the catalog before it acts.

use super::{ActKind, TableChange};
use std::sync::Arc;

/// A part of a block that is only gone through under a condition. It is asked for once, on the way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Branch {
    /// The part that it is a part of.
    pub(crate) within: Option<Arc<Branch>>,
    pub(crate) guard: Guard,
}

/// A condition on what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    There(Thing),
    Not(Box<Guard>),
    All(Vec<Guard>),
    Any(Vec<Guard>),
    /// Not understood.
    Unknown,
}

/// Something that may be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) kind: ThingKind,
    /// `None` where any schema will do.
    pub(crate) schema: Option<String>,
    /// The table of a column, a constraint or a trigger, the type of an enum's value; `None` where any will do.
    pub(crate) of: Option<String>,
    pub(crate) name: String,
}

/// The kinds of things that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThingKind {
    Schema,
    Extension,
    /// A table, a view, a sequence or an index.
    Relation,
    Column,
    Constraint,
    Trigger,
    Type,
    EnumValue,
    Function,
}

impl Guard {
    pub(crate) fn not(self) -> Guard {
        match self {
            Guard::Not(inside) => *inside,
            Guard::Unknown => Guard::Unknown,
            other => Guard::Not(Box::new(other)),
        }
    }

    /// Both of two conditions.
    pub(crate) fn and(self, other: Guard) -> Guard {
        let mut all = self.parts();
        all.append(&mut other.parts());
        match (all.pop(), all.is_empty()) {
            (Some(one), true) => one,
            (last, _) => {
                all.extend(last);
                Guard::All(all)
            }
        }
    }

    fn parts(self) -> Vec<Guard> {
        match self {
            Guard::All(all) => all,
            one => vec![one],
        }
    }

    /// The condition that always holds.
    pub(crate) fn always() -> Guard {
        Guard::All(Vec::new())
    }

    /// Tells whether it holds, where it can be told of each thing whether it is there.
    pub(crate) fn holds(&self, is_there: &impl Fn(&Thing) -> Option<bool>) -> Option<bool> {
        match self {
            Guard::There(thing) => is_there(thing),
            Guard::Not(inside) => inside.holds(is_there).map(|holds| !holds),
            Guard::All(all) => decided(all.iter().map(|guard| guard.holds(is_there)), false),
            Guard::Any(any) => decided(any.iter().map(|guard| guard.holds(is_there)), true),
            Guard::Unknown => None,
        }
    }
}

/// One that is `decisive` decides; without one, all have to be known.
fn decided(each: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut known = true;
    for holds in each {
        match holds {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

impl ActKind {
    /// Tells whether it makes something that could be there already.
    pub(crate) fn creates(&self) -> bool {
        match self {
            ActKind::AlterTable(alter) => matches!(
                alter.change,
                TableChange::AddColumn { .. }
                    | TableChange::AddConstraint(_)
                    | TableChange::RenameColumn { .. }
                    | TableChange::RenameConstraint { .. }
                    | TableChange::AttachPartition { .. }
            ),
            ActKind::CreateSchema { .. }
            | ActKind::CreateTable(_)
            | ActKind::CreateTableAs { .. }
            | ActKind::CreateIndex(_)
            | ActKind::CreateType(_)
            | ActKind::AddEnumValue { .. }
            | ActKind::RenameEnumValue { .. }
            | ActKind::CreateSequence { .. }
            | ActKind::CreateView { .. }
            | ActKind::CreateFunction(_)
            | ActKind::CreateTrigger { .. }
            | ActKind::CreateExtension { .. }
            | ActKind::CreateOther { .. }
            | ActKind::Rename { .. }
            | ActKind::Move { .. } => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_matters_only_where_it_decides() {
        let thing = |name: &str| {
            let (kind, name) = (ThingKind::Schema, name.to_owned());
            Guard::There(Thing { kind, schema: None, of: None, name })
        };
        let is_there = |thing: &Thing| Some(thing.name == "a");
        assert_eq!(thing("a").and(thing("b").not()).holds(&is_there), Some(true));
        assert_eq!(thing("a").and(Guard::Unknown).holds(&is_there), None);
        assert_eq!(thing("b").and(Guard::Unknown).holds(&is_there), Some(false));
        assert_eq!(Guard::Any(vec![Guard::Unknown, thing("a")]).holds(&is_there), Some(true));
        assert_eq!(Guard::Any(vec![Guard::Unknown, thing("b")]).holds(&is_there), None);
        assert_eq!(Guard::always().holds(&is_there), Some(true));
        assert_eq!(Guard::Unknown.not().holds(&is_there), None);
    }
}
