//! SQLite's own word on a chain: each migration is run in a database in memory, as far as it is about the schema.
//!
//! What makes, changes and drops things is run, what reads and writes rows is compiled and not run. Left to the rules is
//! therefore what only rows can show: a column that is `NOT NULL` without a default, a unique index over what is there twice.

mod definition;
mod divergence;
mod doubt;
mod kept;
mod migration;
mod names;
mod object;
mod permission;
mod refusal;
mod session;
mod snapshot;
mod statement;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod walk;
mod wording;
mod words;
mod world;

use crate::catalog::{Catalog, Finding};
use divergence::Divergence;
use kept::{Entry, Reader};
use names::Names;
use object::Object;
use session::Session;
use std::sync::Arc;
use world::World;

/// A part of a migration that may be a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Up,
    Down,
    Require,
    Verify,
}

impl Phase {
    /// Lists all of them.
    pub(crate) const ALL: [Phase; 4] = [Phase::Up, Phase::Down, Phase::Require, Phase::Verify];
}

/// What a part of a migration is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work<'a> {
    Script(&'a str),
    /// Rust code, which may do anything.
    Code,
}

/// A migration of a chain.
#[derive(Clone, Debug)]
pub(crate) struct Step<'a> {
    /// Tells the contents of its scripts from all others; what is kept counts where it is the same.
    pub(crate) key: String,
    pub(crate) up: Work<'a>,
    pub(crate) down: Option<Work<'a>>,
    pub(crate) require: Option<Work<'a>>,
    pub(crate) verify: Option<Work<'a>>,
}

impl<'a> Step<'a> {
    fn work(&self, phase: Phase) -> Option<Work<'a>> {
        match phase {
            Phase::Up => Some(self.up),
            Phase::Down => self.down,
            Phase::Require => self.require,
            Phase::Verify => self.verify,
        }
    }
}

/// What is known of a chain.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    /// A migration each.
    pub(crate) steps: Vec<Proved>,
    /// What spares the next proof what is the same, to be handed to it.
    pub(crate) kept: String,
    world: World,
}

/// What is known of a migration.
#[derive(Debug, Default)]
pub(crate) struct Proved {
    pub(crate) findings: Vec<(Phase, Finding)>,
    before: Vec<Arc<Object>>,
    after: Vec<Arc<Object>>,
    after_down: Option<Vec<Arc<Object>>>,
}

impl Proved {
    /// Gives what the migration touches, as it was before.
    pub(crate) fn before(&self) -> Catalog {
        table::catalog(&self.before)
    }

    /// Gives what the migration touches, as it is afterwards.
    pub(crate) fn after(&self) -> Catalog {
        table::catalog(&self.after)
    }

    /// Gives what the migration touches, as it is after its rollback; `None` where that could not be followed.
    ///
    /// It is as before in any case where SQLite keeps the same statements for it.
    pub(crate) fn after_down(&self) -> Option<Catalog> {
        self.after_down.as_ref().map(|objects| table::catalog(objects))
    }
}

impl Proof {
    /// Gives all that the chain makes.
    pub(crate) fn catalog(&self) -> Catalog {
        table::catalog(self.world.relations())
    }
}

/// Gives the number of a script that findings name it by.
pub(crate) fn site(step: usize, phase: Phase) -> usize {
    step * Phase::ALL.len() + phase as usize
}

/// Finds the script that a number stands for.
pub(crate) fn script(site: usize) -> (usize, Phase) {
    let phases = Phase::ALL.len();
    (site / phases, Phase::ALL.get(site % phases).copied().unwrap_or(Phase::Up))
}

/// Proves a chain. `kept` is what an earlier proof has left, if there was one; it changes nothing but the time that it takes.
pub(crate) fn prove<'a>(steps: impl IntoIterator<Item = Step<'a>>, kept: Option<&str>) -> Proof {
    let edition = Session::open().map(|session| session.edition()).unwrap_or_default();
    let mut proof = Proof { kept: kept::heading(&edition), ..Proof::default() };
    let mut old = kept.and_then(|kept| Reader::new(kept, &proof.kept));
    let mut divergence = Divergence::default();
    let mut names = Names::default();
    let mut keeps = true;
    for (number, step) in steps.into_iter().enumerate() {
        let known = old.as_mut().and_then(Reader::next);
        let is_known = |entry: &&Entry<'_>| entry.key == step.key && !divergence.touches(entry, &proof.world);
        let (outcome, findings) = match known.as_ref().filter(is_known) {
            Some(entry) => {
                names.repeat(&entry.outcome.said);
                divergence.follow(&entry.outcome);
                proof.kept.push_str(if keeps { entry.text } else { "" });
                (None, Vec::new())
            }
            None => {
                let (outcome, findings) = migration::prove(&step, number, &proof.world, &mut names);
                let before = known.as_ref().map(|entry| &entry.outcome);
                divergence.compare(before, &outcome, &proof.world);
                // What is wrong is to be said again each time.
                let key = if findings.is_empty() { step.key.as_str() } else { "" };
                let entry = kept::entry(key, &outcome).filter(|_| keeps);
                keeps = entry.is_some();
                proof.kept.push_str(&entry.unwrap_or_default());
                (Some(outcome), findings)
            }
        };
        if let Some(outcome) = outcome.or(known.map(|entry| entry.outcome)) {
            proof.steps.push(outcome.proved(&proof.world, findings));
            proof.world.apply(&outcome.delta);
        }
    }
    proof
}
