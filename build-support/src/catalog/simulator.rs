//! A chain followed statement by statement, as the server would.

use super::excerpt::Excerpt;
use super::links::Links;
use super::{Catalog, Finding, Past, Path, Relation, Renames, Schema, Site};
use crate::statement::{Act, Condition, Statement};
use std::ops::Range;
use std::sync::Arc;

/// Follows statements through a catalog.
#[derive(Clone, Debug)]
pub(crate) struct Simulator {
    pub(crate) catalog: Catalog,
    pub(crate) path: Path,
    pub(super) past: Past,
    pub(super) links: Links,
    /// Whether there was a database before the chain: what isn't known of may have been there always.
    pub(super) open_world: bool,
    /// The script that is followed, and the part of it.
    pub(super) script: usize,
    pub(super) range: Range<usize>,
    pub(super) condition: Condition,
    /// Where the function was called whose body is followed.
    pub(super) called_at: Option<Range<usize>>,
    pub(super) excerpt: Excerpt,
    pub(super) findings: Vec<Finding>,
    /// Whether the bodies of functions are checked when they are created.
    pub(super) checks_bodies: bool,
}

/// A state to go back to.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    catalog: Catalog,
    path: Path,
    past: usize,
}

impl Simulator {
    /// Begins with an empty database; in an open world, with one of which nothing is known.
    pub(crate) fn new(open_world: bool) -> Simulator {
        let mut catalog = Catalog::default();
        catalog.schemas.insert("public".to_owned(), Arc::new(Schema::default()));
        Simulator::resume(catalog, Past::default(), open_world)
    }

    /// Goes on from a catalog.
    pub(crate) fn resume(catalog: Catalog, past: Past, open_world: bool) -> Simulator {
        Simulator {
            path: Path::new(&catalog),
            links: Links::of(&catalog),
            catalog,
            past,
            open_world,
            script: 0,
            range: 0..0,
            condition: Condition::Always,
            called_at: None,
            excerpt: Excerpt::default(),
            findings: Vec::new(),
            checks_bodies: true,
        }
    }

    /// Begins a script, which may run in a session of its own. `script` is the number that its sites get.
    pub(crate) fn begin(&mut self, script: usize) {
        self.script = script;
        self.checks_bodies = true;
        self.forget_temporary();
        self.path.reset(&self.catalog);
    }

    /// Does what a statement of the script does, and gives what the server would refuse. What was refused is taken for
    /// done as far as that helps not to say the same again.
    pub(crate) fn follow(&mut self, text: &str, statement: &Statement) -> Vec<Finding> {
        self.follow_seen(text, statement, |_, _| {})
    }

    /// Does the same, and shows each act that is done before it is.
    pub(crate) fn follow_seen(
        &mut self,
        text: &str,
        statement: &Statement,
        mut see: impl FnMut(&Simulator, &Act),
    ) -> Vec<Finding> {
        let mut taken = Vec::new();
        for act in super::order::acts(statement) {
            let Some(condition) = self.condition_of(act, &mut taken) else { continue };
            see(self, act);
            self.range = act.range.clone();
            self.condition = condition;
            self.excerpt = Excerpt::new(text, &act.range);
            self.apply(&act.kind);
        }
        std::mem::take(&mut self.findings)
    }

    /// Gives a mark for asking later what was renamed since.
    pub(crate) fn mark(&self) -> usize {
        self.past.len()
    }

    pub(crate) fn renames(&self, since: usize) -> Renames {
        self.past.renames(since)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot { catalog: self.catalog.clone(), path: self.path.clone(), past: self.past.len() }
    }

    /// Goes back to a state of the same simulator.
    pub(crate) fn restore(&mut self, snapshot: Snapshot) {
        self.catalog = snapshot.catalog;
        self.path = snapshot.path;
        self.past.truncate(snapshot.past);
    }

    /// Gives a place of the script that is followed.
    pub(super) fn site(&self, range: &Range<usize>) -> Site {
        Site { script: self.script, range: self.called_at.as_ref().unwrap_or(range).clone() }
    }

    /// Tells whether what is followed may not be done at all.
    pub(super) fn unsure(&self) -> bool {
        self.condition == Condition::Sometimes
    }

    /// Temporary objects end with their session. One that hides nothing may be made again, or still be there.
    fn forget_temporary(&mut self) {
        let Some(temporary) = self.catalog.schemas.remove(super::id::TEMPORARY) else { return };
        let mut left = Schema::default();
        for name in temporary.relations.keys() {
            let hides = self.catalog.schemas.values().any(|schema| schema.relations.contains_key(name));
            if !hides {
                left.relations.insert(name.clone(), Relation::Opaque);
            }
        }
        if !left.relations.is_empty() {
            self.catalog.schemas.insert(super::id::TEMPORARY.to_owned(), Arc::new(left));
        }
    }
}
