//! A PostgreSQL chain, proved without a server: its scripts are read, and followed through a catalog.

mod readings;
#[cfg(test)]
mod tests;

use crate::catalog::{Catalog, Change, Finding, Simulator, difference, difference_since};
use crate::effect::Touch;
use crate::postgres::{Reading, SyntaxError};
use crate::rules::{Judge, Judged, Verdict};
use crate::sql::Dialect;
use crate::statement::{Act, ActKind, Condition, Statement};
use crate::step::{self, Phase, Step, Work};
use readings::Readings;

/// How the rules judge a migration.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Judgement {
    /// Whether it is one transaction.
    pub(crate) transactional: bool,
    /// The edition of the rules; 0 has none.
    pub(crate) edition: u16,
    /// The server's major version.
    pub(crate) server: u16,
}

/// What is known of a chain.
#[derive(Debug)]
pub(crate) struct Proof {
    /// A migration each.
    pub(crate) steps: Vec<Proved>,
    /// What the chain makes.
    pub(crate) catalog: Catalog,
    /// What spares the next proof what is the same, to be handed to it.
    pub(crate) kept: Vec<u8>,
}

/// What is known of a migration.
#[derive(Debug, Default)]
pub(crate) struct Proved {
    /// In the order of its scripts.
    pub(crate) findings: Vec<(Phase, Finding)>,
    /// What the rules say of its `UP`.
    pub(crate) verdicts: Vec<Verdict>,
    /// What its `UP` does to relations that were there before it.
    pub(crate) touches: Vec<Touch>,
    /// Whether its `UP` does something that can't be followed.
    pub(crate) opaque: bool,
    /// What it changes.
    pub(crate) changes: Vec<Change>,
    /// What its rollback doesn't bring back; `None` where it has none in SQL, or one that could not be followed.
    pub(crate) remains: Option<Vec<Change>>,
}

/// Proves a chain: a judgement for each of its migrations. `kept` is what an earlier proof has left, nothing where there was
/// none; it changes nothing but the time that it takes.
pub(crate) fn prove<'a>(steps: &[(Step<'a>, Judgement)], kept: &'a [u8]) -> Proof {
    let (simulator, readings) = (Simulator::new(false), Readings::new(kept));
    let mut prover = Prover { simulator, readings, proved: Proved::default() };
    let steps =
        steps.iter().enumerate().map(|(at, (step, judgement))| prover.migration(at, step, *judgement)).collect();
    Proof { steps, catalog: prover.simulator.catalog, kept: prover.readings.kept() }
}

struct Prover<'a> {
    simulator: Simulator,
    readings: Readings<'a>,
    /// The migration that is being proved.
    proved: Proved,
}

impl<'a> Prover<'a> {
    fn migration(&mut self, number: usize, step: &Step<'a>, judgement: Judgement) -> Proved {
        let (before, mark) = (self.simulator.catalog.clone(), self.simulator.mark());
        self.phase(number, step, Phase::Require, Judgement::default());
        self.phase(number, step, Phase::Up, judgement);
        self.phase(number, step, Phase::Verify, Judgement::default());
        self.proved.changes = difference_since(&before, &self.simulator.catalog, &self.simulator.renames(mark));
        let after = self.simulator.snapshot();
        let found = self.proved.findings.len();
        self.phase(number, step, Phase::Down, Judgement::default());
        if self.proved.findings.len() == found && matches!(step.down, Some(Work::Script(_))) {
            self.proved.remains = Some(difference(&before, &self.simulator.catalog));
        }
        self.simulator.restore(after);
        std::mem::take(&mut self.proved)
    }

    fn phase(&mut self, number: usize, step: &Step<'a>, phase: Phase, judgement: Judgement) {
        self.simulator.begin(step::site(number, phase));
        match step.work(phase) {
            None => {}
            // A question asks, and code that answers one changes nothing.
            Some(Work::Code) if matches!(phase, Phase::Require | Phase::Verify) => {}
            Some(Work::Code) => {
                self.simulator.follow("", &anything());
                self.proved.opaque |= phase == Phase::Up;
            }
            Some(Work::Script(text)) => {
                let Reading { statements, errors } = self.readings.read(text);
                self.proved.findings.extend(errors.into_iter().map(|error| (phase, syntax(error))));
                let Judgement { transactional, edition, server } = judgement;
                let mut judge =
                    (phase == Phase::Up).then(|| Judge::new(text, Dialect::Postgres, transactional, edition, server));
                for statement in &statements {
                    let found = self.simulator.follow_seen(text, statement, |simulator, act| {
                        if let Some(judge) = &mut judge {
                            judge.act(statement, act, simulator);
                        }
                    });
                    self.proved.findings.extend(found.into_iter().map(|finding| (phase, finding)));
                }
                if let Some(judge) = judge {
                    let Judged { verdicts, touches, opaque } = judge.finish();
                    (self.proved.verdicts, self.proved.touches, self.proved.opaque) = (verdicts, touches, opaque);
                }
            }
        }
    }
}

/// A statement that may do anything to anything.
fn anything() -> Statement {
    let kind = ActKind::Opaque { reason: "Rust code", names: Vec::new() };
    Statement {
        range: 0..0,
        words: "",
        acts: vec![Act { range: 0..0, branch: None, condition: Condition::Always, kind }],
    }
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
