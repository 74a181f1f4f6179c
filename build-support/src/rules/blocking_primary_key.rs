use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ConstraintKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-primary-key",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a primary key whose index is built, or whose columns are searched for nulls, while nobody can read its table",
    condition: "`ADD PRIMARY KEY` without `USING INDEX` on a table that was there before the migration, or with it where a column \
                may be null so far.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Build,
    effect: "Reads and writes wait until every row has been read and the index is written.",
    rewrite: "See that the columns are `NOT NULL` (rule `blocking-not-null`), build a unique index concurrently, in a migration of \
              its own with `transaction = false`, and make it the primary key's in the next one, which does no work.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint NOT NULL, name text);"),
        ("0002_key.sql", "ALTER TABLE users ADD PRIMARY KEY (id);"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint NOT NULL, name text);"),
        ("0002_key_index.sql", "-- transaction: false\nCREATE UNIQUE INDEX CONCURRENTLY users_pkey ON users (id);"),
        ("0003_key.sql", "ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddConstraint(constraint))) = case.change() else { return };
    let ConstraintKind::Key { columns, using_index, .. } = &constraint.kind else { return };
    let table = case.written(&alter.table);
    let name = match &constraint.name {
        Some(name) => case.text.name(name),
        None => made_up(&[&alter.table.name.text, "pkey"]),
    };
    if case.effect(&Cause::PrimaryKey).is_some() {
        found.push(
            Verdict::new(
                &RULE,
                case.act.range.clone(),
                format!("nobody can read `{table}` while the primary key's index is built"),
                "builds an index under an ACCESS EXCLUSIVE lock",
            )
            .instead(
                "build the index beside reads and writes, in a migration with `transaction = false`, and use it in the next:",
                &[
                    format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({});", case.text.list(columns)),
                    format!("ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name};  -- the next migration"),
                ],
            ),
        );
    } else if case.effect(&Cause::PrimaryKeyColumns).is_some() {
        let index = using_index.as_ref().map(|index| case.text.name(index)).unwrap_or_default();
        found.push(
            Verdict::new(
                &RULE,
                case.act.range.clone(),
                format!("nobody can read `{table}` while every row is searched for a null in the primary key"),
                "reads every row under an ACCESS EXCLUSIVE lock",
            )
            .instead(
                format!("make the columns of `{index}` NOT NULL before: a check that was validated in an earlier migration does"),
                &[format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (<column> IS NOT NULL) NOT VALID;")],
            ),
        );
    }
}
