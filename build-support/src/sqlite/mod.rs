//! SQLite's own word on a chain: each migration is run in a database in memory, as far as it is about the schema.
//!
//! What makes, changes and drops things is run, what reads and writes rows is compiled and not run. Left to the rules is
//! therefore what only rows can show: a column that is `NOT NULL` without a default, a unique index over what is there twice.

mod deed;
mod definition;
mod divergence;
mod doubt;
mod judged;
mod kept;
mod migration;
mod names;
mod object;
mod permission;
mod refusal;
mod renamed;
mod session;
mod snapshot;
mod statement;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod walk;
mod weight;
mod wording;
mod words;
mod world;

pub(crate) use crate::step::{Phase, Step, Work, site};
pub(crate) use deed::{Copy, Deed, RowRefusal};
pub(crate) use statement::{Effect, Kind};
pub(crate) use words::Named;

use crate::catalog::{Catalog, Finding};
use crate::effect::Touch;
use crate::encoding::encode_bytes;
use crate::rules::Verdict;
use crate::sort;
use divergence::Divergence;
use kept::{Entry, Reader};
use migration::Differences;
use names::Names;
use object::{Object, ObjectKind};
use session::Session;
use std::ops::Range;
use std::sync::Arc;
use world::World;

/// What is known of a chain.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    /// A migration each.
    pub(crate) steps: Vec<Proved>,
    /// What spares the next proof what is the same, to be handed to it.
    pub(crate) kept: Vec<u8>,
    world: World,
}

/// What is known of a migration.
#[derive(Debug, Default)]
pub(crate) struct Proved {
    pub(crate) findings: Vec<(Phase, Finding)>,
    /// Whether its `UP` does something that can't be followed.
    pub(crate) opaque: bool,
    /// What the rules of all editions say of its `UP`.
    pub(crate) verdicts: Vec<Verdict>,
    /// The work that its `UP` does on tables that were there before it.
    pub(crate) touches: Vec<Touch>,
    pub(crate) differences: Differences,
    /// What was passed over in silence, and why; nothing where an earlier proof was at hand.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "shown by the command alone"))]
    pub(crate) believed: Vec<(Phase, Range<usize>, String)>,
    #[cfg(test)]
    touched: migration::Touched,
}

impl Proof {
    /// Gives the statements that make it, as SQLite keeps them: tables, then what is about them.
    pub(crate) fn sql(&self) -> String {
        let has_sql = |object: &&Arc<Object>| !object.sql.is_empty() && object.kind != ObjectKind::Shadow;
        let mut objects: Vec<&Arc<Object>> = self.world.objects().filter(has_sql).collect();
        sort::by(&mut objects, |a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        objects.iter().map(|object| format!("{};\n", object.sql)).collect()
    }

    /// Gives all that the chain makes.
    pub(crate) fn catalog(&self) -> Catalog {
        table::catalog(self.world.relations())
    }
}

/// Proves a chain. `kept` is what an earlier proof has left, nothing where there was none; it changes nothing but the time that
/// it takes.
pub(crate) fn prove<'a>(steps: impl IntoIterator<Item = Step<'a>>, kept: &[u8]) -> Proof {
    let edition = Session::open().map(|session| session.edition()).unwrap_or_default();
    let mut proof = Proof { kept: kept::heading(&edition), ..Proof::default() };
    let mut old = Reader::new(kept, &proof.kept);
    let mut divergence = Divergence::default();
    let mut names = Names::default();
    for (number, step) in steps.into_iter().enumerate() {
        let known = old.as_mut().and_then(Reader::next);
        let is_known = |entry: &&Entry<'_>| entry.key == step.key && !divergence.touches(entry, &proof.world);
        let (outcome, findings) = match known.as_ref().filter(is_known) {
            Some(entry) => {
                names.repeat(&entry.outcome.said);
                divergence.follow(&entry.outcome);
                encode_bytes(entry.bytes, &mut proof.kept);
                (None, Vec::new())
            }
            None => {
                let (outcome, findings) = migration::prove(&step, number, &proof.world, &mut names);
                let before = known.as_ref().map(|entry| &entry.outcome);
                divergence.compare(before, &outcome, &proof.world);
                // What is wrong is to be said again each time.
                let key = if findings.is_empty() { step.key.as_str() } else { "" };
                encode_bytes(&kept::entry(key, &outcome), &mut proof.kept);
                (Some(outcome), findings)
            }
        };
        if let Some(outcome) = outcome.or(known.map(|entry| entry.outcome)) {
            proof.steps.push(Proved {
                findings,
                opaque: outcome.opaque,
                verdicts: outcome.verdicts.clone(),
                touches: outcome.touches.clone(),
                #[cfg(test)]
                touched: outcome.touched(&proof.world),
                believed: outcome.believed,
                differences: outcome.differences,
            });
            proof.world.apply(&outcome.delta);
        }
    }
    proof
}
