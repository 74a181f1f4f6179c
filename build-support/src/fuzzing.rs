//! Doors for the fuzz targets below `tests/fuzz`; built by `cargo fuzz`, and for a test that goes through them.

use crate::catalog::{Finding, sql};
use crate::policy::EDITION;
use crate::proof::{self, Judgement};
use crate::rules::Verdict;
use crate::sql::{Dialect, Facts, Script};
use crate::step::{self, Phase, Step, Work};
use crate::{lock, mysql, sqlite};

/// Proves a chain for each of the databases, as a build does. Form feeds part its migrations, and vertical tabs what goes
/// up in one from what goes down.
///
/// # Panics
/// Where something found stands outside of its script, or is another thing in a second proof.
pub fn chain(text: &str) {
    let scripts: Vec<(&str, Option<&str>)> = text
        .split('\u{c}')
        .map(|script| script.split_once('\u{b}').map_or((script, None), |(up, down)| (up, Some(down))))
        .collect();
    for (up, down) in &scripts {
        for dialect in [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql] {
            for script in [Some(*up), *down].into_iter().flatten() {
                if let Ok(parsed) = Script::parse(script, dialect) {
                    let _ = Facts::of(&parsed);
                }
            }
        }
    }
    postgres(&scripts);
    in_sqlite(&scripts);
    in_mysql(&scripts);
}

fn steps<'a>(scripts: &'a [(&'a str, Option<&'a str>)]) -> impl Iterator<Item = Step<'a>> {
    scripts.iter().map(|(up, down)| Step {
        key: format!("{up}\u{b}{}", down.unwrap_or("\u{b}")),
        up: Work::Script(up),
        down: down.map(Work::Script),
        require: None,
        verify: None,
    })
}

fn postgres(scripts: &[(&str, Option<&str>)]) {
    let judgement = Judgement { transactional: true, edition: EDITION, server: 15 };
    let steps: Vec<_> = steps(scripts).map(|step| (step, judgement)).collect();
    let proof = proof::prove(&steps, &[]);
    let again = proof::prove(&steps, &proof.kept);
    let said_again = again.steps.iter().zip(&proof.steps).all(|(again, proved)| again.findings == proved.findings);
    assert!(said_again && again.catalog == proof.catalog, "what is kept changes the proof");
    for (proved, (up, _)) in proof.steps.iter().zip(scripts) {
        for Verdict { range, message, related, .. } in &proved.verdicts {
            let ranges = related.iter().map(|(range, _)| range).chain([range]);
            ranges.for_each(|range| assert!(up.get(range.clone()).is_some(), "{message}"));
        }
    }
    said(proof.steps.iter().map(|proved| &proved.findings), scripts);
    let _ = sql(&proof.catalog);
}

fn in_sqlite(scripts: &[(&str, Option<&str>)]) {
    let proof = sqlite::prove(steps(scripts), &[]);
    said(proof.steps.iter().map(|proved| &proved.findings), scripts);
    let again = sqlite::prove(steps(scripts), &proof.kept);
    assert_eq!(again.kept, proof.kept, "what is kept changes the proof");
    assert_eq!(again.catalog(), proof.catalog(), "what is kept changes the catalog");
}

fn in_mysql(scripts: &[(&str, Option<&str>)]) {
    let maria = mysql::Server::read(true, None);
    for server in [Some(mysql::Server::default()), maria].into_iter().flatten() {
        let judgement = mysql::Judgement { transactional: true, edition: EDITION };
        let steps: Vec<_> = steps(scripts).map(|step| (step, judgement)).collect();
        let proof = mysql::prove(&steps, server);
        for (proved, (up, _)) in proof.steps.iter().zip(scripts) {
            for Verdict { range, message, related, .. } in &proved.verdicts {
                let ranges = related.iter().map(|(range, _)| range).chain([range]);
                ranges.for_each(|range| assert!(up.get(range.clone()).is_some(), "{message}"));
            }
        }
        said(proof.steps.iter().map(|proved| &proved.findings), scripts);
        let _ = mysql::sql(&proof.catalog);
    }
}

/// Looks whether what was found stands in the scripts.
fn said<'a>(steps: impl Iterator<Item = &'a Vec<(Phase, Finding)>>, scripts: &[(&str, Option<&str>)]) {
    let text = |number: usize, phase| match (scripts.get(number), phase) {
        (Some((up, _)), Phase::Up) => *up,
        (Some((_, down)), Phase::Down) => down.unwrap_or_default(),
        _ => "",
    };
    for (number, findings) in steps.enumerate() {
        for (phase, finding) in findings {
            assert!(text(number, *phase).get(finding.range.clone()).is_some(), "{}", finding.message);
            for (site, _) in &finding.related {
                let (number, phase) = step::script(site.script);
                assert!(text(number, phase).get(site.range.clone()).is_some(), "{}", finding.message);
            }
        }
    }
}

/// Reads a lock file, and what is written for it.
///
/// # Panics
/// Where a place lies outside of the text, or what is written is another lock.
pub fn lock(text: &str) {
    match lock::read(text, 0) {
        Ok(lock) => {
            for entry in &lock.entries {
                assert_eq!(text.get(entry.places.id.clone()), Some(entry.id.as_str()));
                assert_eq!(text.get(entry.places.checksum.clone()), Some(entry.checksum.as_str()));
            }
            assert_eq!(lock::read(&lock::write(&lock), 0).ok(), Some(lock), "not what was written");
        }
        Err(found) => {
            for label in found.iter().flat_map(|diagnostic| &diagnostic.labels) {
                assert!(text.get(label.place.range.clone()).is_some(), "{}", label.text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    /// What the targets have failed at, and what shows that they come as far as they should.
    const CHAINS: [&str; 3] = [
        "CREATE TABLE a (b int);\u{b}DROP TABLE a;\u{c}CREATE INDEX i ON a (b);\u{b}DROP INDEX i;",
        "CREATE TABLE a (b int)\u{c}DROP TABLE a\u{c}SELECT c FROM a; CREATE TABEL \u{e9} (",
        "CREATE TABLE `a` (b int, KEY (b))\u{b}DROP TABLE a\u{c}SELECT NOT ~- c FROM a; BEGIN NOT ATOMIC CALL \u{e9}(); END",
    ];

    #[test]
    fn nothing_that_was_found_fails_again() {
        CHAINS.iter().for_each(|text| super::chain(text));
        super::lock("version = 1\n\n[[migration]]\nid = \"0001_\u{e9}\"");
    }
}
