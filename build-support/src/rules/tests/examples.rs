//! Each rule's own examples: the bad one is found by that rule alone, the good one by none.

use super::chain::{judge, judge_sqlite};
use crate::catalog::Simulator;
use crate::effect::ASSUMED;
use crate::postgres;
use crate::rules::{Chain, RULES, Rule, Verdict};
use crate::sql::Dialect;
use std::collections::HashSet;

/// Judges an example by its own dialect's prover.
fn judged(rule: &Rule, chain: Chain) -> Vec<(String, Verdict)> {
    match rule.dialects {
        #[cfg(feature = "mysql")]
        [Dialect::Mysql] => super::mysql::judge(chain),
        [Dialect::Sqlite] => judge_sqlite(chain),
        #[cfg(feature = "neo4j")]
        [] => super::cypher::judge(chain),
        _ => judge(chain, ASSUMED),
    }
}

/// Gives the rules whose examples can be judged here.
fn rules() -> impl Iterator<Item = &'static Rule> {
    let is_judged = |rule: &&Rule| match rule.dialects {
        [Dialect::Mysql] => cfg!(feature = "mysql"),
        [Dialect::Sqlite] => cfg!(feature = "sqlite"),
        [] => cfg!(feature = "neo4j"),
        _ => true,
    };
    RULES.iter().copied().filter(is_judged)
}

#[test]
fn a_bad_example_is_found_by_its_rule_alone() {
    for rule in rules() {
        let found = judged(rule, rule.bad);
        let last = rule.bad.last().unwrap().0;
        let said: Vec<_> = found.iter().map(|(file, verdict)| (file.as_str(), verdict.rule.name)).collect();
        assert_eq!(said, [(last, rule.name)], "{}", rule.name);
    }
}

#[test]
fn a_good_example_is_found_by_none() {
    for rule in rules() {
        let found = judged(rule, rule.good);
        let said: Vec<_> = found.iter().map(|(file, verdict)| (file.as_str(), verdict.rule.name)).collect();
        assert_eq!(said, [], "{}", rule.name);
    }
}

#[test]
fn every_file_is_a_rule_of_the_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let mut written = HashSet::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        if let Some((_, rest)) = text.split_once("static RULE: Rule = Rule {\n    name: \"") {
            written.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    let listed: HashSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(written, listed);
    assert_eq!(listed.len(), RULES.len(), "a name is taken twice");
}

#[test]
fn every_word_of_a_rule_is_there() {
    for rule in RULES {
        for text in [rule.finds, rule.condition, rule.effect, rule.rewrite, rule.versions] {
            assert!(!text.is_empty() && !text.contains("  "), "{}: {text}", rule.name);
        }
        assert!(
            !rule.finds.ends_with('.') && rule.condition.ends_with('.') && rule.rewrite.ends_with('.'),
            "{}",
            rule.name
        );
        assert!(rule.edition > 0 && rule.edition <= crate::policy::EDITION, "{}", rule.name);
        assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.name);
    }
}

#[test]
fn what_is_said_to_write_can_be_written() {
    for rule in rules() {
        for (_, verdict) in judged(rule, rule.bad) {
            assert!(!verdict.message.is_empty() && !verdict.label.is_empty(), "{}", rule.name);
            assert!(!verdict.help.is_empty(), "{} gives no way out", rule.name);
            for help in &verdict.help {
                let statements: String = help.lines().skip(1).map(|line| format!("{line}\n")).collect();
                // What only the author knows is left open.
                let is_followed = rule.dialects != [Dialect::Mysql] && !rule.dialects.is_empty();
                if is_followed && !statements.contains(['…', '<']) {
                    let (last, before) = rule.bad.split_last().unwrap();
                    // What a rebuilt table has to be given back is given at the end.
                    let until = if rule.name.starts_with("rebuild") { last.1.len() } else { verdict.range.start };
                    let done = last.1[..until].rfind(';').map_or("", |end| &last.1[..=end]);
                    match rule.dialects.first() {
                        Some(Dialect::Sqlite) => {
                            let scripts = format!("{done}\n{statements}");
                            let chain: Vec<_> = before.iter().copied().chain([(last.0, scripts.as_str())]).collect();
                            judge_sqlite(&chain);
                        }
                        _ => applies(before, done, &statements, rule.name),
                    }
                }
            }
        }
    }
}

/// Follows some statements after a chain and a part of its last migration.
fn applies(chain: &[(&str, &str)], done: &str, statements: &str, rule: &str) {
    let mut simulator = Simulator::new(false);
    for (index, text) in chain.iter().map(|(_, text)| *text).chain([done, statements]).enumerate() {
        let reading = postgres::read(text);
        assert_eq!(reading.errors, [], "{rule}: {text}");
        simulator.begin(index);
        for statement in &reading.statements {
            assert_eq!(simulator.follow(text, statement), [], "{rule}: {text}");
        }
    }
}
