use super::{Case, Level, Rule, Verdict};
use crate::effect::{Effect, Lock, Work};
use crate::sql::Dialect;
use std::collections::BTreeSet;

/// From how many tables on it speaks.
const MANY: usize = 3;

pub(super) static RULE: Rule = Rule {
    name: "many-tables-locked",
    edition: 1,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a transaction that keeps everybody out of several tables at once",
    condition: "The third table that was there before the migration and that one transaction takes an ACCESS EXCLUSIVE lock on.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "While it waits for the next lock it keeps the others, so reads of all of them wait for the slowest query on any; and a \
             program that uses the tables in another order can end up in a deadlock with it.",
    rewrite: "A migration for each table.",
    bad: &[
        ("0001_tables.sql", "CREATE TABLE a (id bigint);\nCREATE TABLE b (id bigint);\nCREATE TABLE c (id bigint);"),
        (
            "0002_notes.sql",
            "ALTER TABLE a ADD COLUMN note text;\nALTER TABLE b ADD COLUMN note text;\nALTER TABLE c ADD COLUMN note text;",
        ),
    ],
    good: &[
        ("0001_tables.sql", "CREATE TABLE a (id bigint);\nCREATE TABLE b (id bigint);\nCREATE TABLE c (id bigint);"),
        ("0002_note_a.sql", "ALTER TABLE a ADD COLUMN note text;"),
        ("0003_note_b.sql", "ALTER TABLE b ADD COLUMN note text;"),
        ("0004_note_c.sql", "ALTER TABLE c ADD COLUMN note text;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    if !case.transactional {
        return;
    }
    let exclusive = |effect: &&Effect| effect.lock.blocks_reads();
    let new: BTreeSet<&str> = case.effects.iter().filter(exclusive).map(|effect| effect.relation.as_str()).collect();
    if new.is_empty() {
        return;
    }
    let held = case.walk.all_held().filter(|(_, held)| held.lock.blocks_reads() && !held.asked);
    let before: BTreeSet<&str> = held.map(|(relation, _)| relation).collect();
    let all = before.union(&new).count();
    if before.len() < MANY && all >= MANY {
        let names: Vec<String> = before.union(&new).map(|relation| format!("`{}`", case.called(relation))).collect();
        found.push(
            Verdict::new(
                &RULE,
                case.act.range.clone(),
                format!("this transaction keeps everybody out of {} tables at once: {}", names.len(), names.join(", ")),
                "locks one more while it holds the others",
            )
            .instead("give each table a migration of its own", &[]),
        );
    }
}
