//! What becomes of tables and views in the course of a script: which were there before, under which names they go, and which
//! are the script's own.

use super::Rebuild;
use crate::by_name::ByName;
use crate::catalog::{Relation, Table};
use crate::effect::{Touch, Work};
use crate::sqlite::{Deed, Effect, Kind, Named};
use std::collections::BTreeSet;
use std::fmt;

/// What was there before and after a script. Names are folded.
pub(crate) struct Around<'a> {
    pub(crate) before: &'a dyn Fn(&str) -> Option<&'a Relation>,
    pub(crate) after: &'a dyn Fn(&str) -> Option<&'a Relation>,
    /// Gives the table of an index that is there afterwards.
    pub(crate) indexed_by: &'a dyn Fn(&str) -> Option<String>,
    /// Gives the tables that may refer to one of this name.
    pub(crate) referring: &'a dyn Fn(&str) -> Vec<String>,
    /// Tells whether all is known of what had this name before.
    pub(crate) is_exact: &'a dyn Fn(&str) -> bool,
    /// What makes no sense any more because of the script.
    pub(crate) broken: Vec<Broken>,
}

impl fmt::Debug for Around<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Around").field("broken", &self.broken).finish_non_exhaustive()
    }
}

impl<'a> Around<'a> {
    pub(crate) fn table_before(&self, name: &str) -> Option<&'a Table> {
        table((self.before)(name))
    }

    pub(crate) fn table_after(&self, name: &str) -> Option<&'a Table> {
        table((self.after)(name))
    }
}

fn table(relation: Option<&Relation>) -> Option<&Table> {
    match relation? {
        Relation::Table(table) => Some(table),
        _ => None,
    }
}

/// A view or a trigger that SQLite can't make sense of.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) noun: &'static str,
    pub(crate) name: String,
    pub(crate) words: Vec<String>,
}

/// A relation that was there before the script and is not any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gone<'a> {
    pub(crate) is_view: bool,
    /// The name in the statement that has dropped or renamed it.
    pub(crate) name: &'a Named,
    /// What it is called now; `None` where it was dropped.
    pub(crate) to: Option<&'a Named>,
}

/// What a relation was at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Being {
    /// It had this name.
    Old(String),
    /// The script has made it, with this statement.
    Made(usize),
}

/// A script as a story.
#[derive(Debug, Default)]
pub(crate) struct Story<'a> {
    /// By the name that they had before, folded, those of which nothing has that name now.
    pub(crate) gone: ByName<Gone<'a>>,
    /// Changes of columns of tables that were there, each with the name that its table had before.
    pub(crate) changes: Vec<(String, &'a Deed)>,
    /// Tables that were there, whose rows were put into another one that has their name now.
    pub(crate) rebuilds: Vec<Rebuild<'a>>,
    /// Names of whatever was dropped by name, indexes and triggers too, and not made again.
    pub(crate) dropped: ByName<&'a Named>,
    /// Of these, tables and views that were there.
    pub(crate) missing: ByName<&'a Named>,
    /// Tables that were there, which indexes were made for.
    indexed: BTreeSet<String>,
}

impl<'a> Story<'a> {
    /// Tells it.
    pub(crate) fn new(deeds: &'a [Deed], around: &Around<'a>) -> Story<'a> {
        let mut story = Story::default();
        let mut beings: ByName<Being> = ByName::new();
        let mut lost: ByName<Gone<'a>> = ByName::new();
        let being = |beings: &ByName<Being>, name: &str| {
            beings.get(name).cloned().unwrap_or_else(|| Being::Old(name.to_owned()))
        };
        for (at, deed) in deeds.iter().enumerate() {
            match &deed.effect {
                Effect::Create { kind: Kind::Table | Kind::View, name, optional, .. } => {
                    let is_there = || match beings.get(&name.name) {
                        Some(_) => true,
                        None => (around.before)(&name.name).is_some() && !lost.contains_key(&name.name),
                    };
                    if !(*optional && is_there()) {
                        beings.insert(name.name.clone(), Being::Made(at));
                    }
                    story.dropped.remove(&name.name);
                }
                Effect::Create { kind: Kind::Index, name, .. } => {
                    if let Some(table) = (around.indexed_by)(&name.name)
                        && let Being::Old(old) = being(&beings, &table)
                    {
                        story.indexed.insert(old);
                    }
                    story.dropped.remove(&name.name);
                }
                Effect::Create { name, .. } => drop(story.dropped.remove(&name.name)),
                Effect::Drop { kind, name } => {
                    if matches!(kind, Kind::Table | Kind::View) {
                        if beings.contains_key(&name.name) || (around.before)(&name.name).is_some() {
                            story.missing.insert(name.name.clone(), name);
                        }
                        if let Being::Old(old) = being(&beings, &name.name) {
                            lost.insert(old, Gone { is_view: *kind == Kind::View, name, to: None });
                        }
                    }
                    beings.remove(&name.name);
                    story.dropped.insert(name.name.clone(), name);
                }
                Effect::Rename { table, to } => {
                    let it = being(&beings, &table.name);
                    if let Being::Old(old) = &it {
                        lost.insert(old.clone(), Gone { is_view: false, name: table, to: Some(to) });
                    }
                    beings.remove(&table.name);
                    beings.insert(to.name.clone(), it);
                    story.dropped.remove(&to.name);
                }
                Effect::RenameColumn { table, .. }
                | Effect::DropColumn { table, .. }
                | Effect::AddColumn { table, .. } => {
                    if let Being::Old(old) = being(&beings, &table.name) {
                        story.changes.push((old, deed));
                    }
                }
                Effect::Nothing | Effect::Alter { .. } | Effect::Undo | Effect::Anything => {}
            }
        }
        // A savepoint that was gone back to leaves open what has been done.
        if deeds.iter().any(|deed| deed.effect == Effect::Undo) {
            return Story::default();
        }
        for (name, gone) in &lost {
            if let (Some(Being::Made(at)), Some(old), Some(new)) =
                (beings.get(name), around.table_before(name), around.table_after(name))
                && (around.is_exact)(name)
                && !story.changes.iter().any(|(changed, _)| changed == name)
            {
                story.rebuilds.extend(Rebuild::new(name, (old, new), deeds, *at, gone.name));
            }
        }
        story.missing.retain(|name, _| (around.after)(name).is_none());
        lost.retain(|name, _| (around.before)(name).is_some() && (around.after)(name).is_none());
        story.gone = lost;
        story
    }

    /// Gives the work that is done on tables that were there before.
    pub(crate) fn touches(&self, around: &Around<'_>) -> Vec<Touch> {
        let mut works = ByName::new();
        let is_table = |name: &&str| around.table_before(name).is_some();
        let built = self.indexed.iter().map(|table| (table.as_str(), Work::Build));
        let dropped = |(_, deed): &&(String, &Deed)| matches!(deed.effect, Effect::DropColumn { .. });
        let rewritten = self.changes.iter().filter(dropped).map(|(table, _)| (table.as_str(), Work::Rewrite));
        let rebuilt = self.rebuilds.iter().map(|rebuild| (rebuild.table.as_str(), Work::Rewrite));
        for (table, work) in built.chain(rewritten).chain(rebuilt).filter(|(table, _)| is_table(table)) {
            let most = works.or_insert(table, work);
            *most = (*most).max(work);
        }
        let touch = |(relation, work)| Touch { relation, lock: None, work };
        works.into_iter().map(touch).collect()
    }
}
