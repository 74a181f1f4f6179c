//! SQLite chains: proved by SQLite itself.

use super::arguments::database;
use super::{Facts, Kept};
use crate::report::{Diagnostic, Level};
use crate::source::{Declaration, Files, Part, Script, Set};
use crate::sqlite::{self, Phase, Step, Work};
use whimbrel_grammar::DatabaseKind;

/// Proves the chain of each SQLite database; gives what spares the next build the same work.
///
/// Needs a chain that is whole and in order.
pub(super) fn check(
    set: &Set,
    chain: &[&Declaration],
    facts: &[Facts],
    files: &Files,
    kept: &Kept,
    found: &mut Vec<Diagnostic>,
) -> Kept {
    let mut keeps = Kept::default();
    let is_ordered = chain.windows(2).all(|pair| pair[0].id.number < pair[1].id.number);
    if set.incomplete || !is_ordered {
        return keeps;
    }
    for (name, kind) in &set.databases.0 {
        if *kind != DatabaseKind::Sqlite {
            continue;
        }
        let links = links(set, chain, facts, name);
        let proof = sqlite::prove(links.iter().map(Link::step), kept.0.get(name).map(String::as_str));
        for (link, proved) in links.iter().zip(&proof.steps) {
            for (phase, finding) in &proved.findings {
                let Some(script) = link.script(*phase) else { continue };
                let mut diagnostic = Diagnostic::error(finding.code, finding.message.as_str())
                    .at(&script.place(finding.range.clone(), files), finding.label.as_str());
                for (site, words) in &finding.related {
                    let (step, phase) = sqlite::script(site.script);
                    if let Some(script) = links.get(step).and_then(|link| link.script(phase)) {
                        diagnostic = diagnostic.at(&script.place(site.range.clone(), files), words.as_str());
                    }
                }
                diagnostic.help.extend(finding.help.iter().cloned());
                // Nobody may ever have run the rollbacks of history.
                if *phase == Phase::Down && link.facts.is_some_and(|facts| facts.is_history) {
                    diagnostic.level = Level::Warning;
                }
                found.push(diagnostic);
            }
        }
        keeps.0.insert(name.clone(), proof.kept);
    }
    keeps
}

/// A migration of one database; neither declared nor known is one that the attribute macro refuses.
struct Link<'a> {
    number: i64,
    declaration: Option<&'a Declaration>,
    facts: Option<&'a Facts>,
}

fn links<'a>(set: &Set, chain: &[&'a Declaration], facts: &'a [Facts], name: &str) -> Vec<Link<'a>> {
    let of_database = |declaration: &Declaration| database(set, declaration).is_some_and(|(of, _)| of == name);
    let mut links: Vec<Link<'_>> = chain
        .iter()
        .zip(facts)
        .filter(|(declaration, _)| of_database(declaration))
        .map(|(declaration, facts)| Link {
            number: declaration.id.number,
            declaration: Some(declaration),
            facts: Some(facts),
        })
        .collect();
    links.extend(set.refused.iter().map(|id| Link { number: id.number, declaration: None, facts: None }));
    links.sort_by_key(|link| link.number);
    links
}

impl Link<'_> {
    fn part(&self, phase: Phase) -> Option<&Part> {
        let declaration = self.declaration?;
        match phase {
            Phase::Up => Some(&declaration.up),
            Phase::Down => declaration.down.as_ref(),
            Phase::Require => declaration.require.as_ref(),
            Phase::Verify => declaration.verify.as_ref(),
        }
    }

    fn script(&self, phase: Phase) -> Option<&Script> {
        match self.part(phase)? {
            Part::Script(script) => Some(script),
            Part::Rust(_) => None,
        }
    }

    fn work(&self, phase: Phase) -> Option<Work<'_>> {
        self.part(phase).map(|part| match part {
            Part::Script(script) => Work::Script(&script.text),
            Part::Rust(_) => Work::Code,
        })
    }

    fn step(&self) -> Step<'_> {
        let facts = |phase| {
            let facts = self.facts?;
            match phase {
                Phase::Up => facts.up.as_ref(),
                Phase::Down => facts.down.as_ref(),
                Phase::Require => facts.require.as_ref(),
                Phase::Verify => facts.verify.as_ref(),
            }
        };
        // The length tells apart what differs in its line ends alone, which places of findings depend on.
        let key = Phase::ALL.map(|phase| match (self.script(phase), facts(phase)) {
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
