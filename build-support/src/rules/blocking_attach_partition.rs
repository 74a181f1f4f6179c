use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "blocking-attach-partition",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a partition that is attached or made while every row of it, or of the default partition, is verified",
    condition: "`ATTACH PARTITION` of a table that was there before the migration and has no validated check on the columns of the \
                partition key; or any new partition beside a default partition without one.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Scan,
    effect: "Reads and writes of the table that is read wait until every row has been looked at, and through the parent all that \
             come to it.",
    rewrite: "A check that says what the bounds say, added with `NOT VALID` and validated before, convinces the server; it can be \
              dropped afterwards. The default partition needs one that excludes the new partition's rows.",
    bad: &[
        (
            "0001_logs.sql",
            "CREATE TABLE logs (day date NOT NULL, text text) PARTITION BY RANGE (day);\nCREATE TABLE logs_2024 (day date NOT NULL, text text);",
        ),
        (
            "0002_attach.sql",
            "ALTER TABLE logs ATTACH PARTITION logs_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
        ),
    ],
    good: &[
        (
            "0001_logs.sql",
            "CREATE TABLE logs (day date NOT NULL, text text) PARTITION BY RANGE (day);\nCREATE TABLE logs_2024 (day date NOT NULL, text text);",
        ),
        (
            "0002_bounds.sql",
            "ALTER TABLE logs_2024 ADD CONSTRAINT bounds CHECK (day >= '2024-01-01' AND day < '2025-01-01') NOT VALID;",
        ),
        ("0003_bounds_valid.sql", "ALTER TABLE logs_2024 VALIDATE CONSTRAINT bounds;"),
        (
            "0004_attach.sql",
            "ALTER TABLE logs ATTACH PARTITION logs_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects_by(|cause| matches!(cause, Cause::Attach | Cause::DefaultPartition)) {
        let key = effect.relation.rsplit('.').next().unwrap_or(&effect.relation);
        let (table, what) = match (&effect.cause, case.change()) {
            (Cause::Attach, Some((_, TableChange::AttachPartition { child, .. }))) => {
                (case.written(child), "what the bounds of the partition say")
            }
            _ => (case.called(&effect.relation), "that the new partition's rows are none of them"),
        };
        let check = made_up(&[key, "bounds"]);
        found.push(
            Verdict::new(
                &RULE,
                case.act.range.clone(),
                format!("nobody can read `{table}` while every row of it is held against the bounds"),
                format!("reads every row of `{table}` under an ACCESS EXCLUSIVE lock"),
            )
            .instead(
                "let a check prove it first, beside reads and writes:",
                &[
                    format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (…) NOT VALID;  -- {what}"),
                    format!(
                        "ALTER TABLE {table} VALIDATE CONSTRAINT {check};  -- the next migration; then this statement"
                    ),
                ],
            ),
        );
    }
}
