use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::{Dialect, Script};
use crate::statement::{ActKind, WriteKind};

pub(super) static RULE: Rule = Rule {
    name: "unbatched-change",
    edition: 1,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "an update or a deletion of all rows of a table in one statement",
    condition: "`UPDATE` or `DELETE` without `WHERE` of a table that was there before the migration.",
    lock: Some(Lock::RowExclusive),
    work: Work::Nothing,
    effect: "Every row is locked until the migration is over, so programs that write wait; the table grows by all its rows, and \
             replicas fall behind.",
    rewrite: "Batches by key, each committed by itself, with a `WHERE` that passes over what is done already.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);"),
        ("0002_fold.sql", "UPDATE users SET email = lower(email);"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);"),
        ("0002_fold.sql", "UPDATE users SET email = lower(email) WHERE id < 10000 AND email <> lower(email);"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::Write { kind, table, .. } = &case.act.kind else { return };
    let words = match kind {
        WriteKind::Update => "updates",
        WriteKind::Delete => "deletes",
        _ => return,
    };
    if case.was_there(table).is_none() || case.exclusive_lock("").is_some() {
        return;
    }
    let statement = case.text.piece(case.act.range.clone());
    if !is_unbounded(&statement) {
        return;
    }
    let name = case.written(table);
    let range = case.act.range.clone();
    found.push(
        Verdict::new(&RULE, range, format!("this {words} every row of `{name}` in one go"), "no `WHERE`").instead(
            "go by the key, in batches that are committed one by one:",
            &[format!("{statement} WHERE <key> IN (SELECT <key> FROM {name} WHERE … LIMIT 1000);")],
        ),
    );
}

/// Tells whether a statement that begins with `UPDATE` or `DELETE` has no condition.
fn is_unbounded(statement: &str) -> bool {
    let Ok(script) = Script::parse(statement, Dialect::Postgres) else { return false };
    let [only] = script.statements() else { return false };
    let mut tokens = script.tokens_of(only).iter();
    tokens.next().is_some_and(|first| first.is_word(statement, "UPDATE") || first.is_word(statement, "DELETE"))
        && !tokens.any(|token| token.is_word(statement, "WHERE"))
}
