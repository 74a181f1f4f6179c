use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{Column, Constraint, ConstraintKind, KeyKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "inline-constraint-on-new-column",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a new column with a constraint that is verified, or an index that is built, while nobody can read its table",
    condition: "`ADD COLUMN` with `CHECK`, `UNIQUE` or `PRIMARY KEY`, or with `REFERENCES` and a default, on a table that was there \
                before the migration. `REFERENCES` without a default is fine: the server knows that the column is null everywhere.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Build,
    effect: "Reads and writes wait until every row has been read, although all of them have the same value.",
    rewrite: "Add the column alone. A check or a foreign key follows with `NOT VALID` and is validated in the next migration; a unique \
              index is built concurrently.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_age.sql", "ALTER TABLE users ADD COLUMN age integer CHECK (age >= 0);"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        (
            "0002_age.sql",
            "ALTER TABLE users ADD COLUMN age integer;\nALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age >= 0) NOT VALID;",
        ),
        ("0003_age_valid.sql", "ALTER TABLE users VALIDATE CONSTRAINT users_age_check;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddColumn { column, .. })) = case.change() else { return };
    let table = case.written(&alter.table);
    for constraint in &column.constraints {
        let (cause, what) = match &constraint.kind {
            ConstraintKind::Check(_) => (Cause::InlineCheck, "every row is held against this check"),
            ConstraintKind::Key { .. } => (Cause::InlineKey, "this constraint's index is built"),
            ConstraintKind::ForeignKey(_) => (Cause::InlineReference, "every row is looked up"),
            _ => continue,
        };
        if case.effect(&cause).is_none() {
            continue;
        }
        let statements = statements(case, &table, &alter.table.name.text, column, constraint);
        found.push(
            Verdict::new(
                &RULE,
                constraint.range.clone(),
                format!("nobody can read `{table}` while {what}"),
                "reads every row under an ACCESS EXCLUSIVE lock",
            )
            .instead("add the column alone, and the constraint beside reads and writes:", &statements),
        );
    }
}

fn statements(case: &Case<'_>, table: &str, plain: &str, column: &Column, constraint: &Constraint) -> Vec<String> {
    let name = case.text.name(&column.name);
    let ty = column.ty.as_ref().map(|ty| case.text.piece(ty.range.clone())).unwrap_or_default();
    let default = column.default.as_ref().map(|default| format!(" DEFAULT {}", default.text)).unwrap_or_default();
    let not_null = if column.not_null.is_some() && !default.is_empty() { " NOT NULL" } else { "" };
    let suffix = match &constraint.kind {
        ConstraintKind::Key { kind: KeyKind::Primary, .. } => "pkey",
        ConstraintKind::Key { .. } => "key",
        ConstraintKind::ForeignKey(_) => "fkey",
        _ => "check",
    };
    let called = match &constraint.name {
        Some(name) => case.text.name(name),
        None => made_up(&[plain, &column.name.text, suffix]),
    };
    let mut statements = vec![format!("ALTER TABLE {table} ADD COLUMN {name} {ty}{not_null}{default};")];
    let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {called};  -- the next migration");
    match &constraint.kind {
        ConstraintKind::Key { kind, .. } => {
            let words = if *kind == KeyKind::Primary { "PRIMARY KEY" } else { "UNIQUE" };
            statements.push(format!(
                "CREATE UNIQUE INDEX CONCURRENTLY {called} ON {table} ({name});  -- a migration with `transaction = false`"
            ));
            statements.push(format!(
                "ALTER TABLE {table} ADD CONSTRAINT {called} {words} USING INDEX {called};  -- the next"
            ));
        }
        ConstraintKind::ForeignKey(foreign) => {
            let other = case.written(&foreign.table);
            let columns = match foreign.references.as_slice() {
                [] => String::new(),
                columns => format!(" ({})", case.text.list(columns)),
            };
            statements.push(format!(
                "ALTER TABLE {table} ADD CONSTRAINT {called} FOREIGN KEY ({name}) REFERENCES {other}{columns} NOT VALID;"
            ));
            statements.push(validate);
        }
        ConstraintKind::Check(condition) => {
            statements
                .push(format!("ALTER TABLE {table} ADD CONSTRAINT {called} CHECK ({}) NOT VALID;", condition.text));
            statements.push(validate);
        }
        _ => {}
    }
    statements
}
