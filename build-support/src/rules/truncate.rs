use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::ActKind;

pub(super) static RULE: Rule = Rule {
    name: "truncate",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a table that is emptied",
    condition: "`TRUNCATE` of a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Build,
    effect: "The rows are gone, with `CASCADE` those of every table that refers to it too, and reads and writes wait until the \
             migration is over.",
    rewrite: "Delete the rows that have to go in batches. Where all of them have to, say why by excusing it.",
    bad: &[
        ("0001_cache.sql", "CREATE TABLE cache (key text PRIMARY KEY, value text);"),
        ("0002_empty.sql", "TRUNCATE cache;"),
    ],
    good: &[
        ("0001_cache.sql", "CREATE TABLE cache (key text PRIMARY KEY, value text);"),
        ("0002_empty.sql", "-- allow: truncate, what is in the cache can be computed again\nTRUNCATE cache;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::Truncate { tables, cascade } = &case.act.kind else { return };
    let there: Vec<_> = tables.iter().filter(|table| case.was_there(table).is_some()).collect();
    let Some(first) = there.first() else { return };
    let name = case.written(first);
    let others: Vec<String> = case
        .effects
        .iter()
        .map(|effect| case.called(&effect.relation))
        .filter(|_| *cascade)
        .filter(|called| !tables.iter().any(|table| *called == case.called(&case.before.relation(table).0)))
        .map(|called| format!("`{called}`"))
        .collect();
    let message = match others.as_slice() {
        [] => format!("all rows of `{name}` are lost"),
        others => format!("all rows of `{name}` are lost, and those of {}, which refer to it", others.join(", ")),
    };
    found.push(
        Verdict::new(&RULE, first.range(), message, "emptied, under an ACCESS EXCLUSIVE lock")
            .instead("delete in batches what has to go:", &[format!("DELETE FROM {name} WHERE …;")]),
    );
}
