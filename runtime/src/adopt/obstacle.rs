//! What keeps a baseline from being recorded, each kind typed.

use super::version_table::TOOLS;
use crate::escaped::Escaped;
use std::fmt;

/// Names one reason why a baseline can't be recorded. All that are found are reported at once; nothing is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// A table that should be there is not.
    #[non_exhaustive]
    MissingTable {
        /// The table, as the migration names it.
        table: String,
        /// Where it was looked for.
        database: String,
        /// The migration that creates it.
        id: String,
    },
    /// The history has rows already.
    #[non_exhaustive]
    AlreadyRecorded {
        /// Where.
        database: String,
        /// Which.
        ids: Vec<String>,
    },
    /// A recorded version is no migration of the registry.
    #[non_exhaustive]
    Unmatched {
        /// The version table.
        table: String,
        /// What it records: version and, where it has one, name.
        version: String,
    },
    /// A recorded version is a negative number, and migrations are numbered from 0.
    #[non_exhaustive]
    Negative {
        /// The version table.
        table: String,
        /// What it records: version and, where it has one, name.
        version: String,
    },
    /// The version table says that a migration failed, or is not at its end.
    #[non_exhaustive]
    Failed {
        /// The version table.
        table: String,
        /// What it records: version and, where it has one, name.
        version: String,
    },
    /// The version table records nothing.
    #[non_exhaustive]
    Empty {
        /// The version table.
        table: String,
    },
    /// There is no such version table, or none of a tool that is known.
    #[non_exhaustive]
    NoVersionTable {
        /// The name asked for; none where any tool's would have done.
        table: Option<String>,
    },
    /// There are several tables that it could be.
    #[non_exhaustive]
    SeveralVersionTables {
        /// Each, with database and schema.
        tables: Vec<String>,
    },
    /// The table has no column `version`.
    #[non_exhaustive]
    NotAVersionTable {
        /// The table.
        table: String,
        /// Its columns.
        columns: Vec<String>,
    },
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::MissingTable { table, database, id } => {
                write!(
                    f,
                    "`{database}` has no table `{table}`, which `{id}` creates; baseline to a migration before it"
                )
            }
            Obstacle::AlreadyRecorded { database, ids } => write!(
                f,
                "the history of `{database}` has {} already; a baseline is for a database in whose history nothing is",
                listed(ids)
            ),
            Obstacle::Unmatched { table, version } => {
                write!(
                    f,
                    "`{}` records {}, and no migration has that id, number or name",
                    Escaped(table),
                    Escaped(version)
                )
            }
            Obstacle::Negative { table, version } => write!(
                f,
                "`{}` records {}, and no migration has a negative number; correct the table, or baseline to an id",
                Escaped(table),
                Escaped(version)
            ),
            Obstacle::Failed { table, version } => write!(
                f,
                "`{}` says that {} failed or was not finished; mend it with the tool that ran it, then adopt",
                Escaped(table),
                Escaped(version)
            ),
            Obstacle::Empty { table } => {
                write!(f, "`{}` records nothing, so there is nothing to adopt; run `apply`", Escaped(table))
            }
            Obstacle::NoVersionTable { table: Some(table) } => {
                write!(f, "there is no table `{table}`; name the version table with its schema, or baseline to an id")
            }
            Obstacle::NoVersionTable { table: None } => {
                f.write_str("no version table is there that is known (")?;
                for (n, (_, table)) in TOOLS.iter().enumerate() {
                    write!(f, "{}`{table}`", if n == 0 { "" } else { ", " })?;
                }
                f.write_str("); name it, or baseline to an id")
            }
            Obstacle::SeveralVersionTables { tables } => {
                write!(f, "{} are there; name the one that holds, with its schema", listed(tables))
            }
            Obstacle::NotAVersionTable { table, columns } => {
                write!(f, "`{}` has no column `version`, only {}; baseline to an id", Escaped(table), listed(columns))
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(10).map(|name| format!("`{}`", Escaped(name))).collect::<Vec<_>>().join(", ");
    if names.len() > 10 { format!("{shown} and {} more", names.len() - 10) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::Obstacle;

    #[test]
    fn each_says_what_to_do() {
        let missing = Obstacle::MissingTable { table: "cm.a".into(), database: "main".into(), id: "0002_a".into() };
        assert_eq!(
            missing.to_string(),
            "`main` has no table `cm.a`, which `0002_a` creates; baseline to a migration before it"
        );
        assert_eq!(
            Obstacle::NoVersionTable { table: None }.to_string(),
            "no version table is there that is known (`_sqlx_migrations`, `refinery_schema_history`, \
             `__diesel_schema_migrations`, `flyway_schema_history`, `_prisma_migrations`); name it, or baseline to an id"
        );
        let ids = (1..=12).map(|n| format!("{n}_a")).collect();
        let recorded = Obstacle::AlreadyRecorded { database: "main".into(), ids }.to_string();
        assert!(recorded.contains("`10_a` and 2 more already"), "{recorded}");
    }
}
