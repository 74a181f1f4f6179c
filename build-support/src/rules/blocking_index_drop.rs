use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ActKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    name: "blocking-index-drop",
    edition: 1,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "an index that is dropped while nobody can read its table",
    condition: "`DROP INDEX` without `CONCURRENTLY`, of an index on a table that was there before the migration and isn't \
                dropped by it. Partitioned tables are left alone: their indexes can't be dropped concurrently.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "It is quick, but it waits for every running query of the table, and all later ones wait behind it.",
    rewrite: "`DROP INDEX CONCURRENTLY`, in a migration of its own with `transaction = false`.",
    bad: &[
        (
            "0001_orders.sql",
            "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\nCREATE INDEX orders_note ON orders (note);",
        ),
        ("0002_no_note_index.sql", "DROP INDEX orders_note;"),
    ],
    good: &[
        (
            "0001_orders.sql",
            "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\nCREATE INDEX orders_note ON orders (note);",
        ),
        ("0002_no_note_index.sql", "-- transaction: false\nDROP INDEX CONCURRENTLY orders_note;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::Drop(drop) = &case.act.kind else { return };
    if drop.kind != ObjectKind::Index || drop.concurrently {
        return;
    }
    for name in &drop.names {
        let Some(owner) = case.before.owner_of_index(name).filter(|owner| !case.walk.is_new(owner, &case.before))
        else {
            continue;
        };
        if case
            .before
            .table_at(&owner)
            .is_some_and(|table| table.partition_by.is_some() || table.partition_of.is_some())
        {
            continue;
        }
        let (table, index) = (case.called(&owner), case.written(name));
        let exists = if drop.if_exists { "IF EXISTS " } else { "" };
        found.push(
            Verdict::new(
                &RULE,
                name.range(),
                format!("nobody can read `{table}` while this index is dropped"),
                format!("takes an ACCESS EXCLUSIVE lock on `{table}`"),
            )
            .instead(
                "drop it beside them, in a migration of its own with `transaction = false`:",
                &[format!("DROP INDEX CONCURRENTLY {exists}{index};")],
            ),
        );
    }
}
