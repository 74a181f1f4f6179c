use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ColumnChange, ConstraintKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-not-null",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all; the server is convinced by a check from 12 on, and by `NOT NULL … NOT VALID` from 18 on",
    finds: "a column that is made `NOT NULL` while nobody can read its table",
    condition: "`SET NOT NULL` on a column that may be null so far, with no validated check that says otherwise \
                (`CHECK (column IS NOT NULL)`), of a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Scan,
    effect: "Reads and writes wait until every row has been looked at.",
    rewrite: "A check that is added unvalidated and validated in a later migration proves the same without the wait; the \
              server then takes its word.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);"),
        ("0002_email.sql", "ALTER TABLE users ALTER COLUMN email SET NOT NULL;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);"),
        (
            "0002_email_check.sql",
            "ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;",
        ),
        ("0003_email_valid.sql", "ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;"),
        (
            "0004_email.sql",
            "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_not_null;",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, change)) = case.change() else { return };
    let column = match change {
        TableChange::AlterColumn { name, change: ColumnChange::NotNull(true) } => name,
        TableChange::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::NotNull(name) => name,
            _ => return,
        },
        _ => return,
    };
    if case.effect(&Cause::NotNull).is_none() {
        return;
    }
    let (table, written) = (case.written(&alter.table), case.text.name(column));
    let check = made_up(&[&alter.table.name.text, &column.text, "not_null"]);
    let verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!("nobody can read `{table}` while every row is searched for a null in `{written}`"),
        "reads every row under an ACCESS EXCLUSIVE lock",
    );
    found.push(if case.before.version >= 18 {
        verdict.instead(
            "state it first and validate it in the next migration, beside reads and writes:",
            &[
                format!("ALTER TABLE {table} ADD CONSTRAINT {check} NOT NULL {written} NOT VALID;"),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};  -- the next migration"),
            ],
        )
    } else {
        verdict.instead(
            "let a check prove it first, beside reads and writes, in three migrations:",
            &[
                format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({written} IS NOT NULL) NOT VALID;"),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};  -- the next migration"),
                format!("ALTER TABLE {table} ALTER COLUMN {written} SET NOT NULL;  -- the one after it"),
                format!("ALTER TABLE {table} DROP CONSTRAINT {check};"),
            ],
        )
    });
}
