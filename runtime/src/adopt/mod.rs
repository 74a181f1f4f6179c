//! Taking over a database that exists already: its migrations are marked as applied and not run.
//!
//! What a baseline says is held against the database first: the tables that the migrations create must be there.
//! Version tables of other tools are read and never written to.

mod choice;
mod matching;
mod obstacle;
mod tables;
mod version_table;

pub(crate) use choice::{choose, recorded};
pub use obstacle::Obstacle;

/// Says which migrations a database has already; given to [`Migrator::baseline`](crate::Migrator::baseline).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Baseline {
    /// Everything up to and including this id.
    To(String),
    /// What this version table records: another tool's, under any name, or any table with a column `version`.
    ///
    /// A recorded version is matched to a migration by its id, else by its number, else (`1.1`) by its name. A table of
    /// one's own with a single row says how far the database is; one with several rows lists what was applied.
    Table(String),
    /// What sqlx, refinery, diesel, Flyway or Prisma has recorded, under its usual table's name.
    Detect,
}

impl Baseline {
    /// Reads what a user wrote: `auto`, a tool's name (`sqlx`, `flyway`), or a table's (`cm.schema_version`).
    pub fn recorded_by(name: &str) -> Self {
        if name.eq_ignore_ascii_case("auto") {
            return Self::Detect;
        }
        let tool = version_table::TOOLS.iter().find(|(tool, _)| tool.eq_ignore_ascii_case(name));
        Self::Table(tool.map_or(name, |(_, table)| table).into())
    }
}

#[cfg(test)]
mod tests {
    use super::Baseline;

    #[test]
    fn a_tool_stands_for_its_table() {
        assert_eq!(Baseline::recorded_by("AUTO"), Baseline::Detect);
        assert_eq!(Baseline::recorded_by("sqlx"), Baseline::Table("_sqlx_migrations".into()));
        assert_eq!(Baseline::recorded_by("cm.schema_version"), Baseline::Table("cm.schema_version".into()));
    }
}
