//! What is certain about names: whether SQLite's word for it that one is there, or isn't, can be relied on.

use crate::catalog::Site;
use crate::sort;
use std::collections::HashMap;

/// What has a name. Names are folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// A table, a view or an index: they share their names.
    Relation(String),
    Trigger(String),
    /// A table's column.
    Column(String, String),
}

/// How something went away, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gone {
    pub(super) site: Site,
    /// The name that it has now; `None` where it was dropped.
    pub(super) to: Option<String>,
}

/// What is known about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It is what SQLite says that it is.
    Exact,
    /// It may be there or not, and may be anything.
    Loose,
    /// It isn't there.
    Gone(Gone),
}

/// The names that something is to be said about.
///
/// Time is cut by each thing that can't be followed, such as Rust code; what was said before that no longer counts.
#[derive(Debug, Default)]
pub(super) struct Names {
    entries: HashMap<Key, (u32, Certainty)>,
    age: u32,
    /// What to put back, the newest last.
    undo: Vec<(Key, Option<(u32, Certainty)>)>,
}

/// What a migration has to say about names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) entries: Vec<(Key, u32, Certainty)>,
    pub(super) age: u32,
}

/// A point to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    undo: usize,
    age: u32,
}

impl Names {
    /// Tells whether anything may have happened since a point that can't be followed.
    pub(super) fn was_opened_since(&self, mark: Mark) -> bool {
        self.age > mark.age
    }

    /// Begins a time of which nothing is known.
    pub(super) fn open(&mut self) {
        self.age += 1;
    }

    /// Says what is known about a name from here on.
    pub(super) fn set(&mut self, key: Key, certainty: Certainty) {
        let before = self.entries.insert(key.clone(), (self.age, certainty));
        self.undo.push((key, before));
    }

    /// Gives what is known about a name; where nothing was said, it is as SQLite says, unless anything may have happened.
    pub(super) fn get(&self, key: &Key) -> &Certainty {
        match self.entries.get(key) {
            Some((age, certainty)) if *age == self.age => certainty,
            None if self.age == 0 => &Certainty::Exact,
            _ => &Certainty::Loose,
        }
    }

    /// Gives how something went away, however long ago that was.
    pub(super) fn gone(&self, key: &Key) -> Option<&Gone> {
        match self.entries.get(key) {
            Some((_, Certainty::Gone(gone))) => Some(gone),
            _ => None,
        }
    }

    /// Tells whether a name was called loose, and not merely never spoken of.
    pub(super) fn is_named_loose(&self, key: &Key) -> bool {
        matches!(self.entries.get(key), Some((_, Certainty::Loose)))
    }

    /// Remembers this point.
    pub(super) fn mark(&self) -> Mark {
        Mark { undo: self.undo.len(), age: self.age }
    }

    /// Takes back what was said since a point.
    pub(super) fn back_to(&mut self, mark: Mark) {
        while self.undo.len() > mark.undo {
            let Some((key, before)) = self.undo.pop() else { break };
            match before {
                Some(before) => self.entries.insert(key, before),
                None => self.entries.remove(&key),
            };
        }
        self.age = mark.age;
    }

    /// Lists the names that were spoken of since a point.
    pub(super) fn since(&self, mark: Mark) -> Vec<Key> {
        let mut keys: Vec<Key> = self.undo.iter().skip(mark.undo).map(|(key, _)| key.clone()).collect();
        sort::by(&mut keys, Ord::cmp);
        keys.dedup();
        keys
    }

    /// Gives what was said since the last time, to be said again by [`Names::repeat`].
    pub(super) fn settle(&mut self) -> Said {
        let keys = self.since(Mark { undo: 0, age: 0 });
        self.undo.clear();
        let entry = |key: Key| {
            let (age, certainty) = self.entries.get(&key)?.clone();
            Some((key, age, certainty))
        };
        Said { entries: keys.into_iter().filter_map(entry).collect(), age: self.age }
    }

    /// Says again what was said before.
    pub(super) fn repeat(&mut self, said: &Said) {
        for (key, age, certainty) in &said.entries {
            self.entries.insert(key.clone(), (*age, certainty.clone()));
        }
        self.age = said.age;
    }
}
