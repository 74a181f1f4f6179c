//! How far to go, and which way.

use semver::Version;

/// Says how far a run goes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// Up: everything that is pending. Down: the last one that is applied.
    Latest,
    /// Up: up to and including this id. Down: everything after it; the id itself stays applied.
    Id(String),
    /// Up: the next so many. Down: the last so many.
    Count(usize),
    /// Up: until this schema version is reached. Down: until it is the version again.
    Schema(Version),
    /// This one migration alone, if what it depends on (down: what depends on it) allows it.
    Only(String),
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::Latest => f.write_str("latest"),
            Target::Id(id) => f.write_str(id),
            Target::Count(count) => write!(f, "{count}"),
            Target::Schema(version) => write!(f, "schema {version}"),
            Target::Only(id) => write!(f, "only {id}"),
        }
    }
}

/// Says which way a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Applies.
    Up,
    /// Rolls back.
    Down,
}

impl Direction {
    /// Gives the word that the ledger keeps (`up`, `down`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
