//! A chain of SQL files, judged as a whole.

use crate::catalog::Simulator;
use crate::effect::ASSUMED;
use crate::policy::EDITION;
use crate::postgres;
use crate::rules::{Judge, Verdict};
use crate::sql::Dialect;
use whimbrel_grammar::header;

/// Gives what the rules say of each file, what it excuses left out; every file has to be one that a server accepts.
pub(super) fn judge(files: &[(&str, &str)], version: u16) -> Vec<(String, Verdict)> {
    let mut simulator = Simulator::new(false);
    let mut found = Vec::new();
    for (index, (file, text)) in files.iter().enumerate() {
        let (header, mistakes) = header::read(text);
        assert_eq!(mistakes, [], "{file}");
        let reading = postgres::read(text);
        assert_eq!(reading.errors, [], "{file}: {text}");
        simulator.begin(index);
        let transactional = header.arguments.transaction.is_none_or(|(transaction, _)| transaction);
        let mut judge = Judge::new(text, Dialect::Postgres, transactional, EDITION, version);
        for statement in &reading.statements {
            let found = simulator.follow_seen(text, statement, |simulator, act| {
                judge.act(statement, act, simulator);
            });
            assert_eq!(found, [], "{file}: {text}");
        }
        let excused = |verdict: &Verdict| header.arguments.allow.iter().any(|allow| allow.rule == verdict.rule.name);
        let verdicts = judge.finish().verdicts.into_iter().filter(|verdict| !excused(verdict));
        found.extend(verdicts.map(|verdict| ((*file).to_owned(), verdict)));
    }
    found
}

/// Gives the same of a chain for SQLite.
#[cfg(feature = "sqlite")]
pub(super) fn judge_sqlite(files: &[(&str, &str)]) -> Vec<(String, Verdict)> {
    use crate::step::{Step, Work};
    let steps: Vec<Step<'_>> = files
        .iter()
        .map(|(file, text)| Step {
            key: (*file).to_owned(),
            up: Work::Script(text),
            down: None,
            require: None,
            verify: None,
        })
        .collect();
    let proof = crate::sqlite::prove(steps, &[]);
    let mut found = Vec::new();
    for (proved, (file, text)) in proof.steps.into_iter().zip(files) {
        assert_eq!(proved.findings, [], "{file}: {text}");
        let (header, mistakes) = header::read(text);
        assert_eq!(mistakes, [], "{file}");
        let excused = |verdict: &Verdict| header.arguments.allow.iter().any(|allow| allow.rule == verdict.rule.name);
        let verdicts = proved.verdicts.into_iter().filter(|verdict| !excused(verdict));
        found.extend(verdicts.map(|verdict| ((*file).to_owned(), verdict)));
    }
    found
}

#[cfg(not(feature = "sqlite"))]
pub(super) fn judge_sqlite(_: &[(&str, &str)]) -> Vec<(String, Verdict)> {
    Vec::new()
}

/// Gives the names of the rules that find something in the last of some scripts.
pub(super) fn rules_of(scripts: &[&str]) -> Vec<&'static str> {
    rules_on(scripts, ASSUMED)
}

/// Gives the same for a server of this major version.
pub(super) fn rules_on(scripts: &[&str], version: u16) -> Vec<&'static str> {
    let names: Vec<String> = (0..scripts.len()).map(|index| format!("{index:04}.sql")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(scripts.iter().copied()).collect();
    let last = names.last().cloned().unwrap_or_default();
    let verdicts = judge(&files, version).into_iter().filter(|(file, _)| *file == last);
    let mut rules: Vec<&str> = verdicts.map(|(_, verdict)| verdict.rule.name).collect();
    rules.dedup();
    rules
}
