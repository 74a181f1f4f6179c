//! A database as the chain has made it so far, and the part of it that a migration touches.
//!
//! SQLite looks at its whole schema for many a change, so that a chain which is replayed in one database costs the square of
//! its length. Each migration therefore gets a database that has in it what its scripts name, and what depends on that.

use super::names::Key;
use super::object::{Object, ObjectKind};
use super::words;
use crate::sort;
use crate::sql::Script;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// All that there is.
#[derive(Debug, Default)]
pub(super) struct World {
    relations: HashMap<String, Arc<Object>>,
    triggers: HashMap<String, Arc<Object>>,
    /// Indexes and triggers by their table.
    on: HashMap<String, Vec<Key>>,
    /// Views and triggers by each word in them.
    mentioned_by: HashMap<String, Vec<Key>>,
    /// Tables by each table that they refer to.
    referred_by: HashMap<String, Vec<Key>>,
    /// Views and triggers that SQLite can't make sense of, which any change of a table may run into.
    broken: BTreeSet<Key>,
    /// Whether SQLite has made its table of sequences.
    has_sequences: bool,
    /// Whether SQLite has made its tables of statistics.
    has_statistics: bool,
}

/// What a migration has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) put: Vec<Arc<Object>>,
    pub(super) removed: Vec<Key>,
    /// Of the views and triggers that it touched, those that make no sense now, and those that do.
    pub(super) broken: Vec<Key>,
    pub(super) sound: Vec<Key>,
    pub(super) has_sequences: bool,
    pub(super) has_statistics: bool,
}

/// The part of a world that a migration touches, in an order in which it can be made.
#[derive(Debug, Default)]
pub(super) struct Part<'w> {
    pub(super) objects: Vec<&'w Arc<Object>>,
    /// What its scripts name, and what views and triggers among it name, folded, each once.
    pub(super) words: Vec<String>,
    pub(super) sequences: bool,
    pub(super) statistics: bool,
}

impl World {
    /// Finds an object.
    pub(super) fn get(&self, key: &Key) -> Option<&Arc<Object>> {
        match key {
            Key::Relation(name) => self.relations.get(name),
            Key::Trigger(name) => self.triggers.get(name),
            Key::Column(..) => None,
        }
    }

    /// Lists the names of all `table`s, `view`s, `index`es or `trigger`s, in no order.
    pub(super) fn named(&self, kinds: &[&str]) -> impl Iterator<Item = &str> {
        self.objects().filter(|object| kinds.contains(&object.kind.noun())).map(|object| object.name.as_str())
    }

    /// Lists everything, in no order.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.relations.values().chain(self.triggers.values())
    }

    /// Lists tables and views, in no order.
    pub(super) fn relations(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.relations.values()
    }

    /// Tells whether a view or a trigger made no sense before.
    pub(super) fn is_broken(&self, key: &Key) -> bool {
        self.broken.contains(key)
    }

    /// Lists the tables that refer to one of this name, folded.
    pub(super) fn referring_to(&self, name: &str) -> impl Iterator<Item = &Arc<Object>> {
        self.referred_by.get(name).into_iter().flatten().filter_map(|key| self.get(key))
    }

    /// Takes over what a migration has changed.
    pub(super) fn apply(&mut self, delta: &Delta) {
        for key in &delta.removed {
            self.take_out(key);
        }
        for object in &delta.put {
            self.take_out(&object.key());
            self.put(Arc::clone(object));
        }
        for key in &delta.sound {
            self.broken.remove(key);
        }
        self.broken.extend(delta.broken.iter().cloned());
        self.has_sequences |= delta.has_sequences;
        self.has_statistics |= delta.has_statistics;
    }

    fn put(&mut self, object: Arc<Object>) {
        let key = object.key();
        let index = match object.kind {
            ObjectKind::View | ObjectKind::Trigger => Some(&mut self.mentioned_by),
            ObjectKind::Table => Some(&mut self.referred_by),
            _ => None,
        };
        if let Some(index) = index {
            for word in &object.words {
                entry(index, word).push(key.clone());
            }
        }
        if matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger) {
            entry(&mut self.on, &object.table).push(key.clone());
        }
        match key {
            Key::Trigger(name) => self.triggers.insert(name, object),
            Key::Relation(name) | Key::Column(name, _) => self.relations.insert(name, object),
        };
    }

    fn take_out(&mut self, key: &Key) {
        let removed = match key {
            Key::Relation(name) => self.relations.remove(name),
            Key::Trigger(name) => self.triggers.remove(name),
            Key::Column(..) => None,
        };
        let Some(object) = removed else { return };
        let index = if object.kind == ObjectKind::Table { &mut self.referred_by } else { &mut self.mentioned_by };
        for word in &object.words {
            entry(index, word).retain(|other| other != key);
        }
        if matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger) {
            entry(&mut self.on, &object.table).retain(|other| other != key);
        }
        self.broken.remove(key);
    }

    /// Finds what a migration's scripts name, and whatever decides how SQLite answers to them.
    pub(super) fn part(&self, scripts: &[&Script<'_>]) -> Part<'_> {
        let mut part = Part::default();
        let mut named: BTreeSet<&str> = BTreeSet::new();
        let mut waiting: Vec<Key> = Vec::new();
        let (mut alters, mut renames) = (false, false);
        let mut spoken: HashSet<String> = HashSet::new();
        for script in scripts {
            words::each(script.tokens(), script.text(), |word| {
                alters |= word == "alter" || word == "drop";
                renames |= word == "rename";
                named.extend(self.relations.get_key_value(word).map(|(name, _)| name.as_str()));
                if self.triggers.contains_key(word) {
                    waiting.push(Key::Trigger(word.to_owned()));
                }
                part.sequences |= self.has_sequences && word == "sqlite_sequence";
                part.statistics |= self.has_statistics && word.starts_with("sqlite_stat");
                if !spoken.contains(word) {
                    spoken.insert(word.to_owned());
                }
            });
        }
        for name in named {
            waiting.push(Key::Relation(name.to_owned()));
            // SQLite rewrites or reads again what depends on a table that it changes.
            if alters {
                waiting.extend(self.mentioned_by.get(name).into_iter().flatten().cloned());
            }
            if renames {
                waiting.extend(self.referred_by.get(name).into_iter().flatten().cloned());
            }
        }
        if alters {
            waiting.extend(self.broken.iter().cloned());
        }
        part.objects = self.with_what_they_need(waiting);
        sort::by(&mut part.objects, |a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        for object in &part.objects {
            spoken.insert(object.name.to_ascii_lowercase());
            if matches!(object.kind, ObjectKind::View | ObjectKind::Trigger) {
                spoken.extend(object.words.iter().cloned());
            }
        }
        part.words = spoken.into_iter().collect();
        part.words.sort();
        part
    }

    /// Adds indexes and triggers to tables, and to views and triggers what they name.
    fn with_what_they_need(&self, mut waiting: Vec<Key>) -> Vec<&Arc<Object>> {
        let mut taken: HashSet<(bool, &str)> = HashSet::new();
        let mut objects = Vec::new();
        while let Some(key) = waiting.pop() {
            let (is_trigger, found) = match &key {
                Key::Relation(name) => (false, self.relations.get_key_value(name)),
                Key::Trigger(name) => (true, self.triggers.get_key_value(name)),
                Key::Column(..) => continue,
            };
            let Some((name, object)) = found else { continue };
            if matches!(object.kind, ObjectKind::Index | ObjectKind::Shadow) {
                waiting.push(Key::Relation(object.table.clone()));
                continue;
            }
            if !taken.insert((is_trigger, name)) {
                continue;
            }
            objects.push(object);
            if is_trigger {
                waiting.push(Key::Relation(object.table.clone()));
            }
            if is_trigger || object.kind == ObjectKind::View {
                let known = object.words.iter().filter(|word| self.relations.contains_key(*word));
                waiting.extend(known.map(|word| Key::Relation(word.clone())));
            }
            for key in self.on.get(name).into_iter().flatten().filter(|_| !is_trigger) {
                match key {
                    Key::Trigger(_) => waiting.push(key.clone()),
                    _ => objects.extend(self.get(key)),
                }
            }
        }
        objects
    }
}

fn entry<'i>(index: &'i mut HashMap<String, Vec<Key>>, word: &str) -> &'i mut Vec<Key> {
    index.entry(word.to_owned()).or_default()
}
