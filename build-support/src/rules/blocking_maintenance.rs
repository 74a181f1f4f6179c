use super::words::{behind, ended};
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::ActKind;

pub(super) static RULE: Rule = Rule {
    name: "blocking-maintenance",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all; `REINDEX CONCURRENTLY` is there from 12 on",
    finds: "`VACUUM FULL`, `CLUSTER` or `REINDEX`, which keep everybody out while they work",
    condition: "`VACUUM FULL`, `CLUSTER`, and `REINDEX` without `CONCURRENTLY`, of what was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Reads and writes wait until the table and all its indexes have been written anew; a `REINDEX` lets only those read who \
             need none of the indexes.",
    rewrite: "`REINDEX … CONCURRENTLY` with `transaction = false`; a plain `VACUUM`. A table is made smaller in place by tools for \
              that (pg_repack, pg_squeeze), and by no migration.",
    bad: &[
        ("0001_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);"),
        ("0002_reindex.sql", "REINDEX TABLE orders;"),
    ],
    good: &[
        ("0001_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);"),
        ("0002_reindex.sql", "-- transaction: false\nREINDEX TABLE CONCURRENTLY orders;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let verdict = |message: String, label: &str| Verdict::new(&RULE, case.act.range.clone(), message, label);
    let all = || "every table".to_owned();
    match &case.act.kind {
        ActKind::Reindex { concurrently: false, .. } => {
            let Some(effect) = case.effect(&Cause::Reindex) else { return };
            let table = case.called(&effect.relation);
            let statement = case.text.piece(case.act.range.clone());
            let keyword = if statement.to_ascii_uppercase().contains("INDEX INDEX") { "INDEX INDEX" } else { "TABLE" };
            found.push(
                verdict(
                    format!("nobody can write to `{table}`, or read by these indexes, while they are built anew"),
                    "holds a SHARE lock on the table and ACCESS EXCLUSIVE ones on the indexes",
                )
                .instead(
                    "build them beside reads and writes, in a migration of its own with `transaction = false`:",
                    &[ended(behind(&statement, keyword, "CONCURRENTLY").unwrap_or(statement))],
                ),
            );
        }
        ActKind::Cluster { table } => {
            let name = table.as_ref().map_or_else(all, |table| format!("`{}`", case.written(table)));
            if table.is_none() || case.effect(&Cause::Cluster).is_some() {
                found.push(
                    verdict(
                        format!("nobody can read {name} while `CLUSTER` rewrites it"),
                        "rewrites every row under an ACCESS EXCLUSIVE lock",
                    )
                    .instead(
                        "take it out: a tool that works in place does it beside reads and writes (pg_repack)",
                        &[],
                    ),
                );
            }
        }
        ActKind::Vacuum { full: true, tables } => {
            let name = tables.first().map_or_else(all, |table| format!("`{}`", case.written(table)));
            if tables.is_empty() || case.effect(&Cause::Vacuum).is_some() {
                found.push(
                    verdict(
                        format!("nobody can read {name} while `VACUUM FULL` rewrites it"),
                        "rewrites every row under an ACCESS EXCLUSIVE lock",
                    )
                    .instead("take `FULL` out; a tool that works in place makes a table smaller (pg_repack)", &[]),
                );
            }
        }
        _ => {}
    }
}
