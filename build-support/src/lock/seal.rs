//! What a lock becomes when a chain is sealed: what is new is added, what was accepted is taken as it is now.

use super::{Entry, Index, Lock, Places};
use crate::check::{Facts, Report, covered, dotted};
use crate::codegen::{checksum, down_checksum};
use crate::policy::{EDITION, IMPORTED};
use crate::sort;
use crate::source::{Declaration, Set};
use crate::sql::ALGORITHM;
use std::collections::{HashMap, HashSet};
use whimbrel_grammar::Id;

/// How a lock is to change.
#[derive(Debug, Default)]
pub(crate) struct Wish<'a> {
    /// Ids whose edit, removal, new name or late arrival is accepted.
    pub(crate) accepted: &'a [String],
    /// New migrations up to this number are history that no rules judge.
    pub(crate) history: Option<i64>,
}

/// What happened to one migration's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was sealed.
    Sealed,
    /// It was sealed as history.
    Imported,
    /// An edit of what it does, of its schema version or of its database was accepted.
    Accepted,
    /// A text or a rollback that changed was taken over.
    Refreshed,
    /// A squash has taken its place.
    Replaced,
    /// It was taken out.
    Dropped,
}

/// Gives the lock as it will be, with what changed in it, in order.
pub(crate) fn seal(report: &Report<'_>, before: &Lock, set: &Set, wish: &Wish<'_>) -> (Lock, Vec<(String, Change)>) {
    let known = Index::of(before, set);
    let (replaced, gone) = absent(report, before, &known);
    let reached = before.entries.last().map(number);
    let mut lock = Lock::default();
    let mut changes = Vec::new();
    for (declaration, facts) in report.chain.iter().zip(&report.facts) {
        let id = &declaration.id.text;
        let old = known.entry(declaration);
        let is_history = wish.history.is_some_and(|limit| declaration.id.number <= limit);
        let new = entry(declaration, facts, if old.is_none() && is_history { IMPORTED } else { EDITION });
        let change = match old {
            // What comes too late, or was sealed under another id, is not new.
            None if !facts.replaces.is_empty() => Change::Sealed,
            None if !wish.accepts(id) && reached.is_some_and(|reached| declaration.id.number <= reached) => continue,
            None if gone.iter().any(|gone| is_renamed(gone, &new) && !wish.accepts_either(&gone.id, id)) => continue,
            None if is_history => Change::Imported,
            None => Change::Sealed,
            Some(old) if is_same_work(old, &new) => {
                let new = Entry { rules: old.rules, ..new };
                if *old != new {
                    changes.push((id.clone(), Change::Refreshed));
                }
                lock.entries.push(new);
                continue;
            }
            Some(_) if wish.accepts(id) => Change::Accepted,
            Some(old) => {
                lock.entries.push(old.clone());
                continue;
            }
        };
        changes.push((id.clone(), change));
        lock.entries.push(new);
    }
    for (entry, before) in replaced {
        if before.replaced != entry.replaced {
            changes.push((entry.id.clone(), Change::Replaced));
        }
        lock.entries.push(entry);
    }
    for gone in gone {
        let same = lock.entries.iter().find(|entry| is_renamed(gone, entry));
        if wish.accepts(&gone.id) || same.is_some_and(|same| wish.accepts(&same.id)) {
            changes.push((gone.id.clone(), Change::Dropped));
        } else {
            lock.entries.push(gone.clone());
        }
    }
    // A squash may have the number of the last one that it replaces.
    sort::by_key(&mut lock.entries, |entry| (number(entry), entry.replaced.is_none()));
    // What happened to each database's part alike is told once.
    changes.dedup();
    (lock, changes)
}

impl Wish<'_> {
    fn accepts(&self, id: &str) -> bool {
        self.accepted.iter().any(|accepted| accepted == id)
    }

    fn accepts_either(&self, id: &str, other: &str) -> bool {
        self.accepts(id) || self.accepts(other)
    }
}

/// Lists the entries whose migrations are no longer there: those that squashes cover, as they will be, and the others.
fn absent<'a>(report: &Report<'_>, before: &'a Lock, known: &Index<'a>) -> (Vec<(Entry, &'a Entry)>, Vec<&'a Entry>) {
    let there = report.chain.iter().filter_map(|declaration| known.entry(declaration));
    let there: HashSet<_> = there.map(Entry::key).collect();
    let covered = covered(&report.facts);
    let named = report.chain.iter().flat_map(|d| d.arguments.replaces.iter().map(|(id, _)| (id.as_str(), &d.id.text)));
    let squashes: HashMap<&str, &String> = named.collect();
    let (mut replaced, mut gone) = (Vec::new(), Vec::new());
    for entry in before.entries.iter().filter(|entry| !there.contains(&entry.key())) {
        if covered.contains(&(entry.id.clone(), entry.on.clone())) {
            // What an earlier squash replaced stays that one's.
            let squash = squashes.get(entry.id.as_str()).copied().or(entry.replaced.as_ref()).cloned();
            replaced.push((Entry { replaced: squash, ..entry.clone() }, entry));
        } else {
            gone.push(entry);
        }
    }
    (replaced, gone)
}

fn number(entry: &Entry) -> i64 {
    Id::parse(&entry.id).map_or(i64::MAX, |id| id.number)
}

/// Tells whether a new migration does what a sealed one of another id did.
fn is_renamed(gone: &Entry, new: &Entry) -> bool {
    gone.algorithm == new.algorithm && gone.checksum == new.checksum
}

/// Tells whether two entries differ in text and rollback alone.
fn is_same_work(old: &Entry, new: &Entry) -> bool {
    old.algorithm == new.algorithm && old.checksum == new.checksum && old.schema == new.schema && old.on == new.on
}

fn entry(declaration: &Declaration, facts: &Facts, rules: u16) -> Entry {
    Entry {
        id: declaration.id.text.clone(),
        schema: declaration.arguments.schema.as_ref().map(|(version, _)| dotted(*version)),
        on: declaration.arguments.on.as_ref().map(|(name, _)| name.clone()),
        algorithm: ALGORITHM,
        checksum: checksum(declaration, facts).to_owned(),
        text: facts.up.as_ref().map(|up| up.text_checksum.clone()),
        down: down_checksum(declaration, facts).map(str::to_owned),
        replaced: None,
        rules,
        places: Places::default(),
    }
}
