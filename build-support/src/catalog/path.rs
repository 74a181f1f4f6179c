//! The search path: in which schemas a name without one is looked for, and in which it is made.

use super::Catalog;
use super::id::TEMPORARY;

/// A search path as it was set, and what of it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    set: Vec<String>,
    /// The schemas of it that exist, in order; the server's own are left out.
    visible: Vec<String>,
    /// What the path was before `SET LOCAL`.
    outer: Option<Vec<String>>,
    /// Schemas that another script of the chain has put into the path: whoever runs all in one session still has them there.
    left_behind: Vec<String>,
}

impl Path {
    pub(super) fn new(catalog: &Catalog) -> Path {
        let mut path = Path { set: usual(), visible: Vec::new(), outer: None, left_behind: Vec::new() };
        path.refresh(catalog);
        path
    }

    /// Goes back to the usual path, as each script begins with it.
    pub(super) fn reset(&mut self, catalog: &Catalog) {
        let last = self.outer.take().unwrap_or_else(|| std::mem::replace(&mut self.set, usual()));
        for schema in last {
            if schema != "$user" && schema != "public" && !self.left_behind.contains(&schema) {
                self.left_behind.push(schema);
            }
        }
        self.set = usual();
        self.refresh(catalog);
    }

    pub(super) fn set(&mut self, path: Option<Vec<String>>, local: bool, catalog: &Catalog) {
        let old = std::mem::replace(&mut self.set, path.unwrap_or_else(usual));
        if local {
            self.outer.get_or_insert(old);
        } else {
            self.outer = None;
        }
        self.refresh(catalog);
    }

    /// Looks again which of its schemas exist.
    pub(super) fn refresh(&mut self, catalog: &Catalog) {
        let exists = |schema: &&String| catalog.schemas.contains_key(schema) && *schema != TEMPORARY;
        self.visible = self.set.iter().filter(exists).cloned().collect();
    }

    /// Gives the schemas that exist, in order; the server's own are left out.
    pub(crate) fn visible(&self) -> &[String] {
        &self.visible
    }

    /// Gives schemas that names may be found in where a session has gone on from one script to the next.
    pub(super) fn left_behind(&self) -> &[String] {
        &self.left_behind
    }

    /// Tells whether all of it is known by name: a schema of the user's own name isn't.
    pub(super) fn names_user(&self) -> bool {
        self.set.iter().any(|schema| schema == "$user")
    }
}

fn usual() -> Vec<String> {
    vec!["$user".to_owned(), "public".to_owned()]
}
