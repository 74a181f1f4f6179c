//! Every check of a chain, in the order of its phases. Each phase reports all that it finds.

mod arguments;
mod dependencies;
mod order;
mod scripts;

pub(crate) use arguments::database;
pub(crate) use scripts::ScriptFacts;

use crate::report::{Diagnostic, Level};
use crate::source::{Declaration, Files, Set};

/// A chain in the order in which it applies, with what is known about each migration.
#[derive(Debug, Default)]
pub(crate) struct Report<'a> {
    /// The declarations, ascending by number.
    pub(crate) chain: Vec<&'a Declaration>,
    /// What is known of each of them.
    pub(crate) facts: Vec<Facts>,
    /// What is wrong.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What is known about one migration's scripts.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) up: Option<ScriptFacts>,
    pub(crate) down: Option<ScriptFacts>,
    pub(crate) require: Option<ScriptFacts>,
    pub(crate) verify: Option<ScriptFacts>,
}

impl Report<'_> {
    /// Counts the findings that keep the crate from compiling.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count()
    }
}

/// Checks a set. A pure function: the same set gives the same report.
pub(crate) fn check<'a>(set: &'a Set, files: &Files) -> Report<'a> {
    let mut chain: Vec<&Declaration> = set.declarations.iter().collect();
    chain.sort_by_key(|declaration| declaration.id.number);
    let mut found = Vec::new();

    order::duplicates(&chain, &mut found);
    order::reading_order(set, &mut found);
    if !set.incomplete {
        order::gaps(&chain, &set.refused, &mut found);
    }
    dependencies::check(set, &chain, &mut found);
    arguments::versions(&chain, &mut found);
    arguments::databases(set, &chain, &mut found);
    arguments::contradictions(&chain, &mut found);
    let facts = chain.iter().map(|declaration| scripts::check(set, declaration, files, &mut found)).collect();

    Report { chain, facts, diagnostics: found }
}
