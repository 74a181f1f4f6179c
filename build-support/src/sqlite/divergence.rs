//! How a chain differs from the one that was proved before: a migration that has nothing to do with an edit keeps its proof.

use super::kept::Entry;
use super::migration::{Outcome, keys};
use super::names::Key;
use super::object::{Object, ObjectKind};
use super::world::{Delta, World};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What is different at one point of both chains.
#[derive(Debug, Default)]
pub(super) struct Divergence {
    /// Objects, as they are in the earlier chain; `None` where they aren't there.
    objects: HashMap<Key, Option<Arc<Object>>>,
    /// What else is known about names.
    names: HashSet<String>,
    /// Whether too much is different to go into it.
    total: bool,
}

impl Divergence {
    /// Tells whether a migration would be proved with something that is different.
    pub(super) fn touches(&self, entry: &Entry<'_>, world: &World) -> bool {
        let depends = |object: &Arc<Object>| {
            // A view that is new, or isn't there any more, counts for a change of each table that it names.
            let is_known = |word: &&String| world.get(&Key::Relation((*word).clone())).is_some();
            let may_hinder = matches!(object.kind, ObjectKind::View | ObjectKind::Trigger | ObjectKind::Table);
            let mut words = object.words.iter().filter(is_known).chain([&object.table]);
            may_hinder && words.any(|word| entry.names(word))
        };
        let object = |(key, before): (&Key, &Option<Arc<Object>>)| {
            entry.names(name(key)) || [before.as_ref(), world.get(key)].into_iter().flatten().any(depends)
        };
        self.total || self.names.iter().any(|name| entry.names(name)) || self.objects.iter().any(object)
    }

    /// Goes on over a migration that does the same in both chains.
    pub(super) fn follow(&mut self, outcome: &Outcome) {
        if !self.objects.is_empty() {
            for key in keys(&outcome.delta) {
                self.objects.remove(&key);
            }
        }
    }

    /// Goes on over a migration that may do something else in this chain; `world` is as it was before it.
    pub(super) fn compare(&mut self, before: Option<&Outcome>, now: &Outcome, world: &World) {
        let Some(before) = before else {
            // The earlier chain is at its end, or can't be read any further.
            self.total = true;
            return;
        };
        let flags =
            |delta: &Delta| (delta.has_sequences, delta.has_statistics, delta.broken.clone(), delta.sound.clone());
        self.total |= before.said.age != now.said.age || flags(&before.delta) != flags(&now.delta);
        let entries = |these: &Outcome, others: &Outcome| {
            let other = |entry| !others.said.entries.contains(entry);
            let names = these.said.entries.iter().filter(|entry| other(*entry)).map(|(key, ..)| name(key).to_owned());
            names.collect::<Vec<_>>()
        };
        self.names.extend(entries(before, now));
        self.names.extend(entries(now, before));
        let changed: HashSet<Key> = keys(&before.delta).chain(keys(&now.delta)).collect();
        for key in changed {
            let was = world.get(&key).cloned();
            let old = self.objects.get(&key).cloned().unwrap_or_else(|| was.clone());
            let (old, new) = (after(&before.delta, &key).unwrap_or(old), after(&now.delta, &key).unwrap_or(was));
            match old == new {
                true => self.objects.remove(&key),
                false => self.objects.insert(key, old),
            };
        }
    }
}

/// Gives what a change makes of something; `None` where it leaves it alone.
fn after(delta: &Delta, key: &Key) -> Option<Option<Arc<Object>>> {
    let put = delta.put.iter().find(|object| object.key() == *key);
    match put {
        Some(object) => Some(Some(Arc::clone(object))),
        None => delta.removed.contains(key).then_some(None),
    }
}

fn name(key: &Key) -> &str {
    let (Key::Relation(name) | Key::Trigger(name) | Key::Column(name, _)) = key;
    name
}
