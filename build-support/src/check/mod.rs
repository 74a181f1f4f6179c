//! Every check of a chain, in the order of its phases. Each phase reports all that it finds.

mod arguments;
mod bump;
mod dependencies;
mod hypertables;
mod language;
mod link;
mod lock;
mod order;
mod proofs;
mod readings;
mod reversal;
mod scripts;
mod squash;

pub(crate) use arguments::{database, dotted};
pub(crate) use scripts::ScriptFacts;
#[cfg(any(test, feature = "cli"))]
pub(crate) use squash::covered;

use crate::by_name::ByName;
use crate::catalog::{Catalog, Change};
use crate::effect::Touch;
use crate::lock::Index;
use crate::policy::{IMPORTED, Policy};
use crate::report::{Diagnostic, Level};
use crate::rules;
use crate::sort;
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
    /// What the chain makes of each database that could be followed.
    pub(crate) catalogs: Vec<Followed>,
    /// What is to be handed to the next check.
    pub(crate) kept: Kept,
}

/// What a chain makes of one database.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) database: String,
    pub(crate) catalog: Catalog,
    /// The statements that make it; `None` where they are to be written from the catalog.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "for `cargo whimbrel schema`"))]
    pub(crate) sql: Option<String>,
}

/// What one check leaves to the next, so that an edit costs what was edited: for each database that has something to keep.
/// It changes nothing about what is found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept(pub(crate) ByName<Vec<u8>>);

/// What is known about one migration's scripts.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) up: Option<ScriptFacts>,
    pub(crate) down: Option<ScriptFacts>,
    pub(crate) require: Option<ScriptFacts>,
    pub(crate) verify: Option<ScriptFacts>,
    /// Whether the lock file has it.
    pub(crate) is_sealed: bool,
    /// Whether it was written for another tool: what has happened is nobody's to mend.
    pub(crate) is_history: bool,
    /// The edition of the rules that judges it; 0 is none.
    pub(crate) edition: u16,
    /// The sealed migrations whose place it takes.
    pub(crate) replaces: Vec<Replaced>,
    /// What it does to its database; `None` where its chain was not followed.
    pub(crate) impact: Option<Impact>,
}

/// A sealed migration that a squash has taken the place of.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    pub(crate) id: String,
    /// The database that its entry names.
    pub(crate) on: Option<String>,
    pub(crate) algorithm: u16,
    pub(crate) checksum: String,
    /// What it replaced itself.
    pub(crate) replaces: Vec<Replaced>,
}

impl Replaced {
    /// Shows it, and after it what it replaced itself.
    pub(crate) fn each<'a>(&'a self, see: &mut impl FnMut(&'a Replaced)) {
        see(self);
        self.replaces.iter().for_each(|part| part.each(see));
    }
}

/// What a migration does to its database, as far as that could be followed.
#[derive(Debug, Default)]
pub(crate) struct Impact {
    /// The locks that it takes on relations that were there before it, and the work that it does under them.
    pub(crate) touches: Vec<Touch>,
    /// Whether it does something that can't be followed.
    pub(crate) opaque: bool,
    /// What it changes.
    pub(crate) changes: Vec<Change>,
    /// What its rollback doesn't bring back; `None` where that isn't known.
    pub(crate) remains: Option<Vec<Change>>,
}

impl Report<'_> {
    /// Counts the findings that keep the crate from compiling.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count()
    }
}

/// Checks a set. A pure function: the same set and the same policy give the same report.
#[cfg(any(test, feature = "cli"))]
pub(crate) fn check<'a>(set: &'a Set, files: &Files, policy: &Policy) -> Report<'a> {
    check_on(set, files, policy, &Kept::default())
}

/// Checks a set, helped by what an earlier check has left.
pub(crate) fn check_on<'a>(set: &'a Set, files: &Files, policy: &Policy, kept: &Kept) -> Report<'a> {
    let mut chain: Vec<&Declaration> = set.declarations.iter().collect();
    let place = |declaration: &Declaration| set.databases.0.iter().position(|(name, _)| declaration.on() == Some(name));
    sort::by_key(&mut chain, |declaration| (declaration.id.number, place(declaration)));
    let mut found = Vec::new();

    order::duplicates(&chain, &mut found);
    order::reading_order(set, &mut found);
    dependencies::check(set, &chain, &mut found);
    arguments::versions(&chain, &mut found);
    arguments::databases(set, &chain, &mut found);
    arguments::contradictions(&chain, &mut found);
    let lock = lock::read(set, files, &mut found);
    let sealed = Index::of(&lock.lock, set);
    order::incomplete(set, &chain, |id| sealed.has(id), &mut found);
    if !set.incomplete && !set.is_foreign {
        order::gaps(&chain, &set.refused, |id| sealed.has(id), &mut found);
    }
    let scripts = |declaration: &&Declaration| {
        let entry = sealed.entry(declaration);
        let is_history = set.is_foreign || entry.is_some_and(|entry| entry.rules == IMPORTED);
        Facts { is_history, ..scripts::check(set, declaration, (entry.is_some(), is_history), files, &mut found) }
    };
    let mut facts: Vec<Facts> = chain.iter().map(scripts).collect();
    hypertables::check(set, &chain, &facts, files, &mut found);
    squash::check(set, &chain, &mut facts, (&lock.lock, &sealed), &mut found);
    lock::check(set, &chain, &mut facts, (&lock, &sealed), files, policy, &mut found);

    chain.iter().for_each(|declaration| rules::unknown(declaration, &mut found));
    let (catalogs, kept) = proofs::check(set, &chain, &mut facts, files, policy, kept, &mut found);
    if set.is_sound && !found.iter().any(|diagnostic| diagnostic.level == Level::Error) {
        reversal::check(&chain, &facts, files, &mut found);
        bump::check(&chain, &facts, &mut found);
    }

    let mut once = Vec::new();
    // What is said of a whole migration is not said of each of its parts.
    found.into_iter().for_each(|diagnostic| {
        if !once.contains(&diagnostic) {
            once.push(diagnostic);
        }
    });
    Report { chain, facts, diagnostics: once, catalogs, kept }
}
