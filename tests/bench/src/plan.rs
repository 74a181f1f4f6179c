//! What is to be measured, and with whom.

use crate::contender::{CONTENDERS, Contender};
use crate::database::Database;
use std::io::Write;
use url::Url;

/// The choices of one measure.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) database: Database,
    pub(crate) counts: Vec<usize>,
    pub(crate) rounds: usize,
    pub(crate) only: Vec<String>,
    pub(crate) postgres: Option<Url>,
    /// Programs that are there are run as they are.
    pub(crate) built: bool,
}

impl Plan {
    /// Lists the contenders, each with each number of migrations.
    pub(crate) fn entries(&self) -> Vec<(&'static Contender, usize)> {
        let chosen =
            |contender: &&Contender| self.only.is_empty() || self.only.iter().any(|name| name == contender.name);
        CONTENDERS
            .iter()
            .filter(chosen)
            .filter(|contender| self.database == Database::Sqlite || !contender.sqlite_only)
            .flat_map(|contender| self.counts.iter().map(move |count| (contender, *count)))
            .collect()
    }

    /// Lists those that are compared by what it costs to compile them.
    pub(crate) fn compiled(&self) -> Vec<(&'static Contender, usize)> {
        self.entries().into_iter().filter(|(contender, _)| !contender.runs_only).collect()
    }

    /// Tells how far it is, beside the tables.
    pub(crate) fn say(&self, what: &str) {
        // Who closed standard error wants no progress.
        let _ = writeln!(std::io::stderr(), "{}: {what}", self.database.title());
    }
}
