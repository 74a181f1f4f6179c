//! A PostgreSQL chain, proved without a server: its scripts are read, and followed through a catalog.

use crate::catalog::{Catalog, Finding, Simulator, Snapshot};
use crate::postgres::{self, Reading, SyntaxError};
use crate::statement::{Act, ActKind, Condition, Statement};
use crate::step::{self, Phase, Step, Work};

/// What is known of a migration.
#[derive(Debug)]
pub(crate) struct Proved {
    /// In the order of its scripts.
    pub(crate) findings: Vec<(Phase, Finding)>,
    pub(crate) before: Catalog,
    pub(crate) after: Catalog,
    /// After its rollback; `None` where there is none in SQL, or where it could not be followed.
    pub(crate) after_down: Option<Catalog>,
}

/// Proves a chain.
pub(crate) fn prove(steps: &[Step<'_>]) -> Vec<Proved> {
    let mut prover = Prover { simulator: Simulator::new(false), findings: Vec::new() };
    steps.iter().enumerate().map(|(number, step)| prover.migration(number, step)).collect()
}

struct Prover {
    simulator: Simulator,
    findings: Vec<(Phase, Finding)>,
}

impl Prover {
    fn migration(&mut self, number: usize, step: &Step<'_>) -> Proved {
        let before = self.simulator.snapshot();
        self.phase(number, step, Phase::Require);
        self.phase(number, step, Phase::Up);
        self.phase(number, step, Phase::Verify);
        let after = self.simulator.snapshot();
        let found = self.findings.len();
        self.phase(number, step, Phase::Down);
        let is_followed = self.findings.len() == found && matches!(step.down, Some(Work::Script(_)));
        let after_down = is_followed.then(|| self.simulator.catalog.clone());
        let proved = Proved {
            findings: std::mem::take(&mut self.findings),
            before: before.into_catalog(),
            after: after.catalog().clone(),
            after_down,
        };
        self.simulator.restore(after);
        proved
    }

    fn phase(&mut self, number: usize, step: &Step<'_>, phase: Phase) {
        self.simulator.begin(step::site(number, phase));
        match step.work(phase) {
            None => {}
            // A question asks, and code that answers one changes nothing.
            Some(Work::Code) if matches!(phase, Phase::Require | Phase::Verify) => {}
            Some(Work::Code) => {
                self.simulator.follow("", &anything());
            }
            Some(Work::Script(text)) => {
                let Reading { statements, errors } = postgres::read(text);
                self.findings.extend(errors.into_iter().map(|error| (phase, syntax(error))));
                for statement in &statements {
                    let found = self.simulator.follow(text, statement);
                    self.findings.extend(found.into_iter().map(|finding| (phase, finding)));
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
