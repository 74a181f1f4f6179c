//! Doors for the fuzz targets below `tests/fuzz`; built by `cargo fuzz`, and for a test that goes through them.

use crate::catalog::{Finding, sql};
use crate::language::{self, Reading, Role};
use crate::policy::EDITION;
use crate::proof::{self, Judgement};
use crate::rules::Verdict;
use crate::sql::{Dialect, Facts, Script};
use crate::step::{self, Phase, Step, Work};
use crate::{lock, mysql, sqlite};
use whimbrel_grammar::DatabaseKind;

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

/// Reads a script in each language that isn't SQL.
///
/// # Panics
/// Where a place lies outside of the text, or what is laid out in another way is another script.
pub fn script(text: &str) {
    for (kind, between, behind) in [
        (DatabaseKind::Redis, "\t  ", "\r\n # else\n\n"),
        (DatabaseKind::Neo4j, " /* else; */\n", ";; // else\n"),
        (DatabaseKind::Mongodb, " // else }\n", ";\n"),
    ] {
        for role in [Role::Work, Role::Question] {
            let Some(reading) = language::read(text, kind, role) else { continue };
            within(text, &reading);
            if reading.is_readable {
                lays_out_freely(text, &reading, kind, role, (between, behind));
            }
        }
    }
}

fn within(text: &str, reading: &Reading) {
    let mut end = 0;
    for statement in &reading.statements {
        assert!(end <= statement.range.start && !statement.range.is_empty(), "{text:?}");
        assert!(text.get(statement.range.clone()).is_some(), "{text:?}");
        end = statement.range.start;
        for token in &statement.tokens {
            assert!(end <= token.start && !token.is_empty() && token.end <= statement.range.end, "{text:?}");
            assert!(text.get(token.clone()).is_some(), "{text:?}");
            end = token.end;
        }
        assert_eq!(end, statement.range.end, "{text:?}");
    }
    for complaint in &reading.complaints {
        assert!(text.get(complaint.range.clone()).is_some(), "{text:?}: {}", complaint.message);
    }
    for verdict in &reading.verdicts {
        assert!(text.get(verdict.range.clone()).is_some(), "{text:?}: {}", verdict.message);
    }
    assert!(reading.is_readable || !reading.complaints.is_empty(), "{text:?} can't be read, and nobody is told why");
}

/// Tokens are what they are alone: laid out in another way they are the same script.
fn lays_out_freely(text: &str, reading: &Reading, kind: DatabaseKind, role: Role, (between, behind): (&str, &str)) {
    let statement = |tokens: &[std::ops::Range<usize>]| {
        tokens.iter().filter_map(|token| text.get(token.clone())).collect::<Vec<_>>().join(between)
    };
    let relaid: Vec<String> = reading.statements.iter().map(|read| statement(&read.tokens) + behind).collect();
    let relaid = format!("\n{}", relaid.concat());
    let checksum = |reading: Option<Reading>, text: &str| {
        reading.filter(|reading| reading.is_readable).map(|reading| reading.checksum(text, kind.language(), &[]))
    };
    let again = checksum(language::read(&relaid, kind, role), &relaid);
    assert_eq!(again, Some(reading.checksum(text, kind.language(), &[])), "{text:?} as {relaid:?}");
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
