//! The rules over one script, act by act.

use super::words::Text;
use super::{Case, RULES, Rule, Verdict};
use crate::catalog::{Catalog, Simulator};
use crate::effect::{Effect, Touch, Walk, below, touches};
use crate::sort;
use crate::sql::{Dialect, Script};
use crate::statement::{Act, Statement};

/// Judges one script while the catalog follows it.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    text: &'a str,
    dialect: Dialect,
    /// Whether transactions that it begins and ends itself count: none is around it, and none is left out.
    begins: bool,
    rules: Vec<&'static Rule>,
    walk: Walk,
    verdicts: Vec<Verdict>,
    effects: Vec<Effect>,
}

/// What was found out about a script.
#[derive(Debug)]
pub(crate) struct Judged {
    /// What the rules say, in its order.
    pub(crate) verdicts: Vec<Verdict>,
    /// What it does to relations that were there before it.
    pub(crate) touches: Vec<Touch>,
    /// Whether it does something that can't be followed.
    pub(crate) opaque: bool,
}

impl<'a> Judge<'a> {
    /// Begins a script, which is held against the rules of an edition; 0 has none. `version` is the server's.
    pub(crate) fn new(text: &'a str, dialect: Dialect, transactional: bool, edition: u16, version: u16) -> Judge<'a> {
        let applies = |rule: &&&Rule| rule.is_of(dialect, edition);
        Judge {
            text,
            dialect,
            begins: !transactional && !is_framed(text, dialect),
            rules: RULES.iter().filter(applies).copied().collect(),
            walk: Walk::new(transactional, version),
            verdicts: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Judges an act of a statement, before the simulator has followed it.
    pub(crate) fn act(&mut self, statement: &Statement, act: &Act, simulator: &Simulator) {
        let (catalog, path) = (&simulator.catalog, simulator.path.visible());
        match statement.words {
            "BEGIN" | "START TRANSACTION" if self.begins => self.walk.set_transactional(true),
            "COMMIT" | "ROLLBACK" if self.begins => self.walk.set_transactional(false),
            _ => {}
        }
        let before = self.walk.situation(catalog, path);
        let mut effects = self.walk.effects(statement, act, &before);
        let judged = effects.clone();
        let mut beyond = below((self.text, statement), act, &mut effects, &before, simulator);
        beyond.retain(|effect| !self.walk.is_new(&effect.relation, &before));
        self.judged(statement, act, &judged, catalog, path);
        self.effects.extend(effects.into_iter().chain(beyond));
    }

    /// Does the same where the effects are found out by the dialect's own prover.
    #[cfg(feature = "mysql")]
    pub(crate) fn act_with(
        &mut self,
        statement: &Statement,
        act: &Act,
        mut effects: Vec<Effect>,
        catalog: &Catalog,
        path: &[String],
    ) {
        let before = self.walk.situation(catalog, path);
        effects.retain(|effect| effect.relation.is_empty() || !self.walk.is_new(&effect.relation, &before));
        self.judged(statement, act, &effects, catalog, path);
        self.effects.extend(effects.into_iter().filter(|effect| !effect.relation.is_empty()));
    }

    fn judged(&mut self, statement: &Statement, act: &Act, effects: &[Effect], catalog: &Catalog, path: &[String]) {
        let before = self.walk.situation(catalog, path);
        let case = Case {
            dialect: self.dialect,
            transactional: self.walk.is_transactional(),
            text: Text(self.text),
            statement,
            act,
            effects,
            before,
            walk: &self.walk,
        };
        for rule in &self.rules {
            (rule.judge)(&case, &mut self.verdicts);
        }
        self.walk.done(act, effects, &before);
    }

    /// Gives what was found out.
    pub(crate) fn finish(mut self) -> Judged {
        let made = |relation: &String| self.walk.has_made(relation);
        self.verdicts.retain(|verdict| !verdict.unless_made.as_ref().is_some_and(made));
        sort::by_key(&mut self.verdicts, |verdict| (verdict.range.start, verdict.range.end));
        Judged { verdicts: self.verdicts, touches: touches(&self.effects), opaque: self.walk.is_opaque() }
    }
}

/// Tells whether a plain `BEGIN … COMMIT` is around all of a script: it is never sent.
fn is_framed(text: &str, dialect: Dialect) -> bool {
    Script::parse(text, dialect).is_ok_and(|script| script.body().len() < script.statements().len())
}
