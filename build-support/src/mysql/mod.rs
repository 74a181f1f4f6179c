//! A MySQL or MariaDB chain, proved without a server: its scripts are read, and followed through a catalog.
//!
//! The reader is our own. The grammar crates that there are refuse what the servers accept, and accept what they refuse;
//! here what isn't understood is opaque, and only what the server can't but refuse is an error.
//!
//! # Source
//! MySQL's manual, "SQL Statements"; MariaDB's `information_schema` and its answers to every statement of the tests.

mod acts;
mod deed;
mod effect;
mod follow;
mod judge;
mod read;
mod retyped;
mod server;
mod sql;
#[cfg(test)]
mod tests;

pub(crate) use read::{Reading, SyntaxError, read};
#[cfg(feature = "cli")]
pub(crate) use server::Known;
pub(crate) use server::Server;
pub(crate) use sql::sql;

use crate::catalog::{Catalog, Change, Finding, difference, difference_since};
use crate::effect::Touch;
use crate::rules::Verdict;
use crate::step::{self, Phase, Step, Work};
use follow::Follower;
use judge::Watch;

/// How the rules judge a migration.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Judgement {
    /// Whether it is meant to be one transaction.
    pub(crate) transactional: bool,
    /// The edition of the rules; 0 has none.
    pub(crate) edition: u16,
}

/// What is known of a chain.
#[derive(Debug)]
pub(crate) struct Proof {
    /// A migration each.
    pub(crate) steps: Vec<Proved>,
    /// What the chain makes.
    pub(crate) catalog: Catalog,
}

/// What is known of a migration.
#[derive(Debug, Default)]
pub(crate) struct Proved {
    /// In the order of its scripts.
    pub(crate) findings: Vec<(Phase, Finding)>,
    /// What the rules say of its `UP`.
    pub(crate) verdicts: Vec<Verdict>,
    /// What its `UP` does to tables that were there before it.
    pub(crate) touches: Vec<Touch>,
    /// Whether its `UP` does something that can't be followed.
    pub(crate) opaque: bool,
    /// What it changes.
    pub(crate) changes: Vec<Change>,
    /// What its rollback doesn't bring back; `None` where it has none in SQL, or one that could not be followed.
    pub(crate) remains: Option<Vec<Change>>,
}

/// Proves a chain: a judgement for each of its migrations.
pub(crate) fn prove(steps: &[(Step<'_>, Judgement)], server: Server) -> Proof {
    let mut prover = Prover { follower: Follower::new(server), proved: Proved::default() };
    let steps =
        steps.iter().enumerate().map(|(at, (step, judgement))| prover.migration(at, step, *judgement)).collect();
    Proof { steps, catalog: prover.follower.catalog().clone() }
}

struct Prover {
    follower: Follower,
    /// The migration that is being proved.
    proved: Proved,
}

impl Prover {
    fn migration(&mut self, number: usize, step: &Step<'_>, judgement: Judgement) -> Proved {
        let (before, mark) = (self.follower.catalog().clone(), self.follower.mark());
        self.phase(number, step, Phase::Require, judgement);
        self.phase(number, step, Phase::Up, judgement);
        self.phase(number, step, Phase::Verify, judgement);
        let renames = self.follower.renames(mark);
        self.proved.changes = bare(difference_since(&before, self.follower.catalog(), &renames));
        let after = self.follower.snapshot();
        let found = self.proved.findings.len();
        self.phase(number, step, Phase::Down, judgement);
        if self.proved.findings.len() == found && matches!(step.down, Some(Work::Script(_))) {
            self.proved.remains = Some(bare(difference(&before, self.follower.catalog())));
        }
        self.follower.restore(after);
        std::mem::take(&mut self.proved)
    }

    fn phase(&mut self, number: usize, step: &Step<'_>, phase: Phase, judgement: Judgement) {
        self.follower.begin(step::site(number, phase));
        match step.work(phase) {
            None => {}
            // A question asks, and code that answers one changes nothing.
            Some(Work::Code) if matches!(phase, Phase::Require | Phase::Verify) => {}
            Some(Work::Code) => {
                self.follower.forget(&[]);
                self.proved.opaque |= phase == Phase::Up;
            }
            Some(Work::Script(text)) => {
                let Reading { deeds, errors } = read(text, self.follower.server());
                self.proved.findings.extend(errors.into_iter().map(|error| (phase, syntax(error))));
                let Judgement { transactional, edition } = judgement;
                let mut watch = (phase == Phase::Up).then(|| Watch::new(text, transactional, edition));
                for deed in &deeds {
                    if let Some(watch) = &mut watch {
                        watch.deed(deed, &self.follower);
                    }
                    let found = self.follower.follow(deed);
                    self.proved.findings.extend(found.into_iter().map(|finding| (phase, finding)));
                }
                if let Some(watch) = watch {
                    let judged = watch.finish();
                    self.proved.opaque |= judged.opaque;
                    (self.proved.verdicts, self.proved.touches) = (judged.verdicts, judged.touches);
                }
            }
        }
    }
}

/// Leaves out the one schema that everything is in.
fn bare(changes: Vec<Change>) -> Vec<Change> {
    changes.into_iter().map(Change::without_schema).collect()
}

fn syntax(error: SyntaxError) -> Finding {
    Finding {
        range: error.range,
        code: "sql_syntax",
        message: error.message,
        label: String::new(),
        help: error.help.into_iter().collect(),
        related: Vec::new(),
    }
}
