//! The entries of a lock file by what they are of: an id, and where several databases share it, the database.

use super::{Entry, Lock};
use crate::source::{Declaration, Set};
use std::collections::HashMap;

/// Finds the entries of migrations.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    by_id: HashMap<&'a str, Vec<&'a Entry>>,
    /// The database of what names none.
    first: &'a str,
}

impl<'a> Index<'a> {
    /// Begins with the entries of a lock, held against the databases of a set.
    pub(crate) fn of(lock: &'a Lock, set: &'a Set) -> Index<'a> {
        let mut by_id: HashMap<&str, Vec<&Entry>> = HashMap::new();
        for entry in &lock.entries {
            by_id.entry(&entry.id).or_default().push(entry);
        }
        Index { by_id, first: set.databases.0.first().map_or("", |(name, _)| name.as_str()) }
    }

    /// Tells whether an id is sealed, for whichever database.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Finds the entry of a declaration. One that stands alone has it also where it was sealed for another database.
    pub(crate) fn entry(&self, declaration: &Declaration) -> Option<&'a Entry> {
        let id = declaration.id.text.as_str();
        let own = self.of_database(id, declaration.on().unwrap_or(self.first));
        own.or_else(|| if declaration.together.is_none() { self.only(id) } else { None })
    }

    /// Finds the entry that a squash names, in its own database if there is one.
    pub(crate) fn named(&self, squash: &Declaration, id: &str) -> Option<&'a Entry> {
        let own = self.of_database(id, squash.on().unwrap_or(self.first));
        own.or_else(|| self.by_id.get(id)?.first().copied())
    }

    /// Names the database of an entry.
    pub(crate) fn database(&self, entry: &'a Entry) -> &'a str {
        entry.on.as_deref().unwrap_or(self.first)
    }

    fn of_database(&self, id: &str, database: &str) -> Option<&'a Entry> {
        self.by_id.get(id)?.iter().copied().find(|entry| self.database(entry) == database)
    }

    fn only(&self, id: &str) -> Option<&'a Entry> {
        match self.by_id.get(id)?.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}
