//! What the rules say of real chains, beside what a server was seen to do. `WHIMBREL_CORPUS` names their folder.

use crate::catalog::Simulator;
use crate::effect::Work;
use crate::postgres;
use crate::rules::{Judge, Verdict};
use crate::sql::Dialect;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct Migration {
    up: String,
    tx: serde_json::Value,
}

/// `[file, first line, last line, kind, blocking, work, DML under a lock]`
#[derive(Deserialize)]
struct Row(String, usize, usize, String, u8, serde_json::Value, u8);

#[derive(Default)]
struct Score {
    right: usize,
    missed: Vec<String>,
    wrong: Vec<String>,
}

impl Score {
    fn count(&mut self, shown: bool, said: bool, name: impl FnOnce() -> String) {
        match (shown, said) {
            (true, true) => self.right += 1,
            (true, false) => self.missed.push(name()),
            (false, true) => self.wrong.push(name()),
            (false, false) => {}
        }
    }

    fn of(&self, part: usize) -> f64 {
        if part == 0 { 1.0 } else { self.right as f64 / part as f64 }
    }

    fn recall(&self) -> f64 {
        self.of(self.right + self.missed.len())
    }

    fn precision(&self) -> f64 {
        self.of(self.right + self.wrong.len())
    }
}

/// Tells whether a rule is about the work that is done under a lock.
fn is_blocking(verdict: &Verdict) -> bool {
    verdict.rule.work != Work::Nothing
}

fn lines(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte].iter().filter(|byte| **byte == b'\n').count()
}

#[test]
#[allow(clippy::print_stderr)]
fn the_rules_say_what_a_server_does() {
    let Ok(corpus) = std::env::var("WHIMBREL_CORPUS") else {
        eprintln!("not shown, for `WHIMBREL_CORPUS` is not set: the_rules_say_what_a_server_does");
        return;
    };
    let (mut blocking, mut under_lock) = (Score::default(), Score::default());
    let mut projects: Vec<_> = std::fs::read_dir(&corpus).unwrap().flatten().map(|entry| entry.path()).collect();
    projects.sort();
    for folder in projects.into_iter().filter(|folder| folder.join("truth.jsonl").is_file()) {
        let project = folder.file_name().unwrap().to_string_lossy().into_owned();
        let manifest: Vec<Migration> =
            serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap();
        let truth = std::fs::read_to_string(folder.join("truth.jsonl")).unwrap();
        let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in truth.lines().map(|line| serde_json::from_str::<Row>(line).unwrap()) {
            rows.entry(row.0.clone()).or_default().push(row);
        }
        let mut simulator = Simulator::new(false);
        for (index, migration) in manifest.iter().enumerate() {
            let text = std::fs::read_to_string(folder.join(&migration.up)).unwrap();
            let reading = postgres::read(&text);
            simulator.begin(index);
            let transactional = migration.tx != serde_json::Value::Bool(false);
            let mut judge = Judge::new(&text, Dialect::Postgres, transactional, 1, 15);
            for statement in &reading.statements {
                simulator.follow_seen(&text, statement, |simulator, act| {
                    judge.act(statement, act, simulator);
                });
            }
            let verdicts = judge.finish().verdicts;
            let (mut blocks, mut locks) = (BTreeSet::new(), BTreeSet::new());
            for verdict in &verdicts {
                let line = lines(&text, verdict.range.start);
                if is_blocking(verdict) {
                    blocks.insert(line);
                } else if verdict.rule.name == "rows-changed-under-lock" {
                    locks.insert(line);
                }
            }
            for Row(file, first, last, kind, is_blocking, work, is_under_lock) in
                rows.remove(&migration.up).into_iter().flatten()
            {
                let name = || format!("{project}/{file}:{} {kind} {work}", first + 1);
                let within = |lines: &BTreeSet<usize>| lines.range(first..=last).next().is_some();
                blocking.count(is_blocking == 1, within(&blocks), name);
                under_lock.count(is_under_lock == 1, within(&locks), name);
            }
        }
    }
    for (what, score) in [("blocking", &blocking), ("rows changed under a lock", &under_lock)] {
        eprintln!("{what}: recall {:.4}, precision {:.4}, {} right", score.recall(), score.precision(), score.right);
        score.missed.iter().for_each(|name| eprintln!("  missed {name}"));
        score.wrong.iter().for_each(|name| eprintln!("  wrong  {name}"));
    }
    assert!(blocking.recall() >= 0.995 && blocking.precision() >= 0.98);
    assert!(under_lock.recall() >= 0.995 && under_lock.precision() >= 0.98);
}
