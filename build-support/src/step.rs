//! A migration as a prover of chains sees it: scripts and code, in the order in which they run.

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
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "PostgreSQL's proof keeps what belongs to a text"))]
    pub(crate) key: String,
    pub(crate) up: Work<'a>,
    pub(crate) down: Option<Work<'a>>,
    pub(crate) require: Option<Work<'a>>,
    pub(crate) verify: Option<Work<'a>>,
}

impl<'a> Step<'a> {
    /// Gives a part of it.
    pub(crate) fn work(&self, phase: Phase) -> Option<Work<'a>> {
        match phase {
            Phase::Up => Some(self.up),
            Phase::Down => self.down,
            Phase::Require => self.require,
            Phase::Verify => self.verify,
        }
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
