//! One database's part of a chain, as a prover wants it.

use super::arguments::database;
use super::{Facts, ScriptFacts};
use crate::catalog::Finding;
use crate::report::{Diagnostic, Level};
use crate::sort;
use crate::source::{Declaration, Files, Part, Script, Set};
use crate::step::{self, Phase, Step, Work};

/// A migration of one database; neither declared nor known is one that the attribute macro refuses.
pub(super) struct Link<'a> {
    number: i64,
    /// Where it stands in the whole chain.
    pub(super) index: Option<usize>,
    pub(super) declaration: Option<&'a Declaration>,
    pub(super) facts: Option<&'a Facts>,
}

/// Tells whether a chain is one: nothing stands twice.
pub(super) fn is_ordered(chain: &[&Declaration]) -> bool {
    let ascends = |one: &Declaration, next: &Declaration| one.id.number < next.id.number || one.is_part_with(next);
    chain.windows(2).all(|pair| ascends(pair[0], pair[1]))
}

/// Draws a finding about one of the scripts.
pub(super) fn diagnostic(
    links: &[Link<'_>],
    link: &Link<'_>,
    phase: Phase,
    finding: &Finding,
    files: &Files,
) -> Option<Diagnostic> {
    let script = link.script(phase)?;
    let mut diagnostic = Diagnostic::error(finding.code, finding.message.as_str())
        .at(&script.place(finding.range.clone(), files), finding.label.as_str());
    for (site, words) in &finding.related {
        let (step, phase) = step::script(site.script);
        if let Some(script) = links.get(step).and_then(|link| link.script(phase)) {
            diagnostic = diagnostic.at(&script.place(site.range.clone(), files), words.as_str());
        }
    }
    diagnostic.help.extend(finding.help.iter().cloned());
    // Nobody may ever have run the rollbacks of history, and who sealed it has seen what is wrong with them.
    if let Some(facts) = link.facts.filter(|facts| phase == Phase::Down && facts.is_history) {
        if facts.is_sealed {
            return None;
        }
        diagnostic.level = Level::Warning;
    }
    Some(diagnostic)
}

/// Lists the migrations of a database in order, those that are refused included.
pub(super) fn links<'a>(set: &Set, chain: &[&'a Declaration], facts: &'a [Facts], name: &str) -> Vec<Link<'a>> {
    let of_database = |declaration: &Declaration| database(set, declaration).is_some_and(|(of, _)| of == name);
    let mut links: Vec<Link<'_>> = chain
        .iter()
        .zip(facts)
        .enumerate()
        .filter(|(_, (declaration, _))| of_database(declaration))
        .map(|(index, (declaration, facts))| Link {
            number: declaration.id.number,
            index: Some(index),
            declaration: Some(declaration),
            facts: Some(facts),
        })
        .collect();
    links.extend(set.refused.iter().map(|id| Link { number: id.number, index: None, declaration: None, facts: None }));
    sort::by_key(&mut links, |link| link.number);
    links
}

impl Link<'_> {
    pub(super) fn part(&self, phase: Phase) -> Option<&Part> {
        let declaration = self.declaration?;
        match phase {
            Phase::Up => Some(&declaration.up),
            Phase::Down => declaration.down.as_ref(),
            Phase::Require => declaration.require.as_ref(),
            Phase::Verify => declaration.verify.as_ref(),
        }
    }

    pub(super) fn script(&self, phase: Phase) -> Option<&Script> {
        match self.part(phase)? {
            Part::Script(script) => Some(script),
            Part::Rust(_) => None,
        }
    }

    fn work(&self, phase: Phase) -> Option<Work<'_>> {
        self.part(phase).map(|part| match part {
            // What can't even be told into its words has been reported, and may be anything.
            Part::Script(script) if self.read(phase).is_some() => Work::Script(&script.text),
            Part::Script(_) | Part::Rust(_) => Work::Code,
        })
    }

    fn read(&self, phase: Phase) -> Option<&ScriptFacts> {
        let facts = self.facts?;
        match phase {
            Phase::Up => facts.up.as_ref(),
            Phase::Down => facts.down.as_ref(),
            Phase::Require => facts.require.as_ref(),
            Phase::Verify => facts.verify.as_ref(),
        }
    }

    pub(super) fn step(&self) -> Step<'_> {
        // The length tells apart what differs in its line ends alone, which places of findings depend on.
        let key = Phase::ALL.map(|phase| match (self.script(phase), self.read(phase)) {
            (Some(script), Some(facts)) => format!("{} {}", facts.text_checksum, script.text.len()),
            (Some(_), None) => "unreadable".to_owned(),
            (None, _) => if self.part(phase).is_some() { "code" } else { "" }.to_owned(),
        });
        Step {
            key: key.join(";"),
            up: self.work(Phase::Up).unwrap_or(Work::Code),
            down: self.work(Phase::Down),
            require: self.work(Phase::Require),
            verify: self.work(Phase::Verify),
        }
    }
}
