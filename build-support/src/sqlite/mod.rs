//! SQLite's own word on a chain: each migration is run in a database in memory, as far as it is about the schema.
//!
//! What makes, changes and drops things is run, what reads and writes rows is compiled and not run. Left to the rules is
//! therefore what only rows can show: a column that is `NOT NULL` without a default, a unique index over what is there twice.

mod definition;
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

pub(crate) use crate::step::{Phase, Step, Work, script, site};

use crate::catalog::{Catalog, Finding};
use names::Names;
use object::Object;
use world::World;

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
    before: Vec<Object>,
    after: Vec<Object>,
    after_down: Option<Vec<Object>>,
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

/// Proves a chain. `kept` is what an earlier proof has left, if there was one.
pub(crate) fn prove<'a>(steps: impl IntoIterator<Item = Step<'a>>, kept: Option<&str>) -> Proof {
    let mut proof = Proof::default();
    let mut names = Names::default();
    let mut kept = kept::Ledger::open(kept);
    for (number, step) in steps.into_iter().enumerate() {
        let (outcome, findings) = match kept.take(&step.key) {
            Some(outcome) => {
                names.repeat(&outcome.said);
                (outcome, Vec::new())
            }
            None => {
                let (outcome, findings) = migration::prove(&step, number, &proof.world, &mut names);
                kept.add(&step.key, &outcome, findings.is_empty());
                (outcome, findings)
            }
        };
        proof.steps.push(outcome.proved(&proof.world, findings));
        proof.world.apply(outcome.delta);
    }
    proof.kept = kept.close();
    proof
}
