use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "implicit-commit",
    edition: 1,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    versions: "all",
    finds: "a statement that commits in the middle of a migration that is meant to be one transaction",
    condition: "MySQL and MariaDB: a statement that commits (each that makes, changes or drops something) in a transactional migration \
                that changes something else too.",
    lock: None,
    work: Work::Nothing,
    effect: "What stands before it is committed, whatever becomes of the rest. If a later statement fails, the migration is half \
             applied, and no rollback of a transaction brings it back.",
    rewrite: "A migration each, or `transaction: false`: progress is then kept statement by statement, and the next run goes on from there.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255));"),
        ("0002_plans.sql", "CREATE TABLE plans (id bigint PRIMARY KEY);\nINSERT INTO plans (id) VALUES (1);"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255));"),
        (
            "0002_plans.sql",
            "-- transaction: false\nCREATE TABLE plans (id bigint PRIMARY KEY);\nINSERT INTO plans (id) VALUES (1);",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let commit = case.effects.iter().find_map(|effect| match &effect.cause {
        Cause::Commit(first) => Some((effect, first)),
        _ => None,
    });
    let Some((effect, first)) = commit else { return };
    let mut verdict = Verdict::new(
        &RULE,
        effect.range.clone(),
        "this migration is no one transaction: statements that change a schema commit, each for itself",
        "another statement",
    )
    .instead("give each a migration of its own, or say that it is none:", &["-- transaction: false".to_owned()]);
    verdict.related = Some((first.clone(), "stays, whatever becomes of the rest".to_owned()));
    found.push(verdict);
}
