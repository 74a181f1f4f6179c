use super::words::{behind, ended};
use super::{Case, Level, Rule, Verdict};
use crate::catalog::Relation;
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::ActKind;

pub(super) static RULE: Rule = Rule {
    name: "blocking-index-build",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "an index that is built while nobody can write to its table",
    condition: "`CREATE INDEX` without `CONCURRENTLY` on a table or a materialized view that was there before the migration. \
                An index of a partitioned table alone (`ON ONLY`), and one that every partition has already, are made of nothing and fine.",
    lock: Some(Lock::Share),
    work: Work::Build,
    effect: "Inserts, updates and deletes wait until every row has been read and the index is written.",
    rewrite: "`CREATE INDEX CONCURRENTLY`, in a migration of its own with `transaction = false`. If it fails, it leaves an \
              invalid index behind, which the runner drops before it tries again.",
    bad: &[
        ("0001_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);"),
        ("0002_orders_by_time.sql", "CREATE INDEX orders_placed_at ON orders (placed_at);"),
    ],
    good: &[
        ("0001_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);"),
        (
            "0002_orders_by_time.sql",
            "-- transaction: false\nCREATE INDEX CONCURRENTLY orders_placed_at ON orders (placed_at);",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::CreateIndex(index) = &case.act.kind else { return };
    let Some(effect) = case.effect(&Cause::Index).filter(|effect| effect.lock.blocks_writes()) else { return };
    // TimescaleDB locks one chunk after the other then.
    if case.text.piece(case.act.range.clone()).contains("transaction_per_chunk") {
        return;
    }
    let table = case.written(&index.table);
    let verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!("nobody can write to `{table}` while this index is built"),
        "holds a SHARE lock while every row is read",
    );
    let statement = case.text.piece(case.act.range.clone());
    let partitioned =
        matches!(case.before.at(&effect.relation), Some(Relation::Table(it)) if it.partition_by.is_some());
    found.push(if partitioned {
        let keys: Vec<String> = index.keys.iter().map(|key| key.expression.text.clone()).collect();
        verdict.instead(
            "build it partition by partition, in a migration of its own with `transaction = false`; this statement then takes these indexes over:",
            &[
                format!("CREATE INDEX CONCURRENTLY ON <partition> ({});  -- for each partition", keys.join(", ")),
                ended(statement),
            ],
        )
    } else {
        verdict.instead(
            "build it beside the writes, in a migration of its own with `transaction = false`:",
            &[ended(behind(&statement, "INDEX", "CONCURRENTLY").unwrap_or(statement))],
        )
    });
}
