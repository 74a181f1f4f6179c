use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ConstraintKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-constraint-check",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a check that is verified while nobody can read its table",
    condition: "`ADD CONSTRAINT … CHECK` without `NOT VALID` on a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Scan,
    effect: "Reads and writes wait until every row has been held against the check.",
    rewrite: "`ADD CONSTRAINT … NOT VALID`, which binds new rows at once, and `VALIDATE CONSTRAINT` in the next migration, \
              which reads the old ones while others read and write.",
    bad: &[
        ("0001_items.sql", "CREATE TABLE items (id bigint PRIMARY KEY, price numeric NOT NULL);"),
        ("0002_price.sql", "ALTER TABLE items ADD CONSTRAINT items_price CHECK (price >= 0);"),
    ],
    good: &[
        ("0001_items.sql", "CREATE TABLE items (id bigint PRIMARY KEY, price numeric NOT NULL);"),
        ("0002_price.sql", "ALTER TABLE items ADD CONSTRAINT items_price CHECK (price >= 0) NOT VALID;"),
        ("0003_price_valid.sql", "ALTER TABLE items VALIDATE CONSTRAINT items_price;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddConstraint(constraint))) = case.change() else { return };
    let ConstraintKind::Check(condition) = &constraint.kind else { return };
    if case.effect(&Cause::Check).is_none() {
        return;
    }
    let table = case.written(&alter.table);
    let name = match &constraint.name {
        Some(name) => case.text.name(name),
        None => made_up(&[&alter.table.name.text, "check"]),
    };
    found.push(
        Verdict::new(
            &RULE,
            case.act.range.clone(),
            format!("nobody can read `{table}` while every row is held against this check"),
            "reads every row under an ACCESS EXCLUSIVE lock",
        )
        .instead(
            "state it first and validate it in the next migration, beside reads and writes:",
            &[
                format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({}) NOT VALID;", condition.text),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};  -- the next migration"),
            ],
        ),
    );
}
