use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ConstraintKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-unique-constraint",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a unique constraint whose index is built while nobody can read its table",
    condition: "`ADD CONSTRAINT … UNIQUE` without `USING INDEX` on a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Build,
    effect: "Reads and writes wait until every row has been read and the index is written.",
    rewrite: "Build the unique index concurrently, in a migration of its own with `transaction = false`; make it the constraint's \
              in the next one, which does no work.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);"),
        ("0002_email.sql", "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);"),
        (
            "0002_email_index.sql",
            "-- transaction: false\nCREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);",
        ),
        ("0003_email.sql", "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddConstraint(constraint))) = case.change() else { return };
    let ConstraintKind::Key { columns, include, nulls_not_distinct, .. } = &constraint.kind else { return };
    if case.effect(&Cause::Unique).is_none() {
        return;
    }
    let table = case.written(&alter.table);
    let name = match &constraint.name {
        Some(name) => case.text.name(name),
        None => {
            let columns = columns.iter().map(|column| column.text.as_str());
            made_up(&std::iter::once(alter.table.name.text.as_str()).chain(columns).chain(["key"]).collect::<Vec<_>>())
        }
    };
    let include = if include.is_empty() { String::new() } else { format!(" INCLUDE ({})", case.text.list(include)) };
    let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    found.push(
        Verdict::new(
            &RULE,
            case.act.range.clone(),
            format!("nobody can read `{table}` while this constraint's index is built"),
            "builds an index under an ACCESS EXCLUSIVE lock",
        )
        .instead(
            "build the index beside reads and writes, in a migration with `transaction = false`, and use it in the next:",
            &[
                format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({}){include}{nulls};", case.text.list(columns)),
                format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};  -- the next migration"),
            ],
        ),
    );
}
