#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accepted;
mod corpus;
mod findings;
mod hostile;
mod syntax;

use super::{Judgement, Server, prove};
use crate::catalog::{Catalog, Finding, Voice};
use crate::step::{Step, Work};

/// Follows scripts, each a migration; gives what is wrong with each and what they make.
fn follow(scripts: &[&str], server: Server) -> (Vec<Vec<Finding>>, Catalog) {
    let step = |text| Step { key: String::new(), up: Work::Script(text), down: None, require: None, verify: None };
    let steps: Vec<_> = scripts.iter().map(|text| (step(text), Judgement::default())).collect();
    let proof = prove(&steps, server);
    let findings = proof.steps.into_iter().map(|proved| proved.findings.into_iter().map(|(_, one)| one).collect());
    (findings.collect(), proof.catalog)
}

fn mysql() -> Server {
    Server::default()
}

/// Gives what is wrong with the last of some scripts: where, and in what words.
fn wrong(scripts: &[&str]) -> Vec<String> {
    let (mut findings, _) = follow(scripts, mysql());
    let last = findings.pop().unwrap_or_default();
    let before: Vec<_> = findings.into_iter().flatten().collect();
    assert_eq!(before, []);
    let text = scripts.last().unwrap();
    last.iter()
        .map(|found| {
            let help: String = found.help.iter().map(|help| format!(" ({help})")).collect();
            format!("{} `{}`: {}{help}", found.code, &text[found.range.clone()], found.message)
        })
        .collect()
}

#[test]
fn a_new_name_is_one_change() {
    let before = "CREATE TABLE users (id INT PRIMARY KEY, Mail VARCHAR(80), KEY by_mail (mail)); \
                  CREATE TABLE posts (id INT PRIMARY KEY, author INT, FOREIGN KEY (author) REFERENCES users (id));";
    for (script, words) in [
        ("ALTER TABLE users RENAME COLUMN mail TO email", &["renames column `users.Mail` to `email`"][..]),
        ("ALTER TABLE users CHANGE mail email VARCHAR(80)", &["renames column `users.Mail` to `email`"]),
        ("RENAME TABLE users TO people", &["renames table `users` to `people`"]),
        ("ALTER TABLE users RENAME INDEX by_mail TO by_email", &["renames index `by_mail` of `users` to `by_email`"]),
        (
            "RENAME TABLE users TO people; ALTER TABLE people RENAME COLUMN id TO number, ADD age INT",
            &[
                "renames table `users` to `people`",
                "renames column `people.id` to `number`",
                "adds column `people.age`",
            ],
        ),
    ] {
        let step = |text| Step { key: String::new(), up: Work::Script(text), down: None, require: None, verify: None };
        let steps = [before, script].map(|text| (step(text), Judgement::default()));
        let proof = prove(&steps, mysql());
        let changes = proof.steps[1].changes.iter().map(|change| change.words(Voice::Deed));
        assert_eq!(changes.collect::<Vec<_>>(), words, "{script}");
    }
}
