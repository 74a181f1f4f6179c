//! The part that a migration has in a change, as its author or the compiler says.

/// Names the part that a migration has in a change which running applications survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// It adds: versions of the application from before it don't notice.
    Expand,
    /// It moves rows from the old shape to the new one: versions from before it still work.
    Migrate,
    /// It takes the old shape away: versions from before it don't work any more.
    Contract,
}

impl Phase {
    /// Finds the phase of a name (`expand`, `migrate`, `contract`).
    pub fn named(name: &str) -> Option<Phase> {
        [Phase::Expand, Phase::Migrate, Phase::Contract].into_iter().find(|phase| phase.as_str() == name)
    }
    /// Gives the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Phase::Expand => "expand",
            Phase::Migrate => "migrate",
            Phase::Contract => "contract",
        }
    }
    /// Tells whether the application's version from before the migration works with it.
    pub const fn is_compatible(self) -> bool {
        matches!(self, Phase::Expand | Phase::Migrate)
    }
}
