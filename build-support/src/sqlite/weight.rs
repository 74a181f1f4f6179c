//! How much of a query is behind a view: each view in it is read as often as it is named, so that a few lines can ask for
//! more than SQLite can hold.

use super::object::{Object, ObjectKind};
use super::words;
use crate::sql::{Dialect, Script};
use std::collections::HashMap;

/// The heaviest view that SQLite is asked about. A query of a chain has a handful of tables behind it.
const LIMIT: u32 = 1_000;

/// What is behind each of a set of views.
#[derive(Debug, Default)]
pub(super) struct Weights {
    /// How often each view names what, by its folded name.
    uses: HashMap<String, Vec<String>>,
    known: HashMap<String, u32>,
}

impl Weights {
    /// Weighs views against each other.
    pub(super) fn of<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Weights {
        let mut weights = Weights::default();
        for object in objects.into_iter().filter(|object| object.kind == ObjectKind::View) {
            weights.add(&object.name.to_ascii_lowercase(), &object.sql);
        }
        weights
    }

    /// Adds a view, or another text for one.
    pub(super) fn add(&mut self, view: &str, sql: &str) {
        let mut uses = Vec::new();
        if let Ok(script) = Script::parse(sql, Dialect::Sqlite) {
            words::each(script.tokens(), sql, |word| uses.push(word.to_owned()));
        }
        self.uses.insert(view.to_owned(), uses);
        self.known.clear();
    }

    /// Tells whether a view is too heavy to ask about.
    pub(super) fn is_too_heavy(&mut self, view: &str) -> bool {
        self.weigh(view, 0) > LIMIT
    }

    fn weigh(&mut self, view: &str, depth: u32) -> u32 {
        if let Some(known) = self.known.get(view) {
            return *known;
        }
        let Some(uses) = self.uses.get(view).filter(|_| depth <= LIMIT).cloned() else {
            return if depth > LIMIT { LIMIT + 1 } else { 0 };
        };
        // Its own name is among its words; what comes back to itself is heavy enough for SQLite to refuse it.
        let mut weight = 1u32;
        for word in uses.iter().filter(|word| *word != view) {
            if weight > LIMIT {
                break;
            }
            weight = weight.saturating_add(self.weigh(word, depth + 1));
        }
        self.known.insert(view.to_owned(), weight);
        weight
    }
}
