use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ColumnChange, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-type-change",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a change of type that leaves the rows as they are, and yet has indexes built or checks verified again",
    condition: "A free change of type (`varchar(8)` to `text`) of a column that a check, an index's expression or an index's condition \
                names; or one after which values are sorted otherwise (`text` to `citext`, `timestamp` to `timestamptz`) of a column \
                that is in an index. Only of tables that were there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Build,
    effect: "Reads and writes wait until the indexes are written or every row has been held against the checks.",
    rewrite: "Drop these indexes and checks before, the indexes concurrently; afterwards build the indexes concurrently, and add the \
              checks with `NOT VALID` and validate them in the next migration.",
    bad: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40) CONSTRAINT users_name CHECK (name <> ''));",
        ),
        ("0002_name.sql", "ALTER TABLE users ALTER COLUMN name TYPE text;"),
    ],
    good: &[
        (
            "0001_users.sql",
            "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40) CONSTRAINT users_name CHECK (name <> ''));",
        ),
        (
            "0002_name.sql",
            "ALTER TABLE users DROP CONSTRAINT users_name;\nALTER TABLE users ALTER COLUMN name TYPE text;\nALTER TABLE users ADD CONSTRAINT users_name CHECK (name <> '') NOT VALID;",
        ),
        ("0003_name_valid.sql", "ALTER TABLE users VALIDATE CONSTRAINT users_name;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, change)) = case.change() else { return };
    let TableChange::AlterColumn { name, change: ColumnChange::Type { ty, .. } } = change else { return };
    let (table, column) = (case.written(&alter.table), case.text.name(name));
    let alter_type = format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {};", case.text.piece(ty.range.clone()));
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    for effect in case.effects_by(|cause| matches!(cause, Cause::TypeIndexes(_) | Cause::TypeChecks(_))) {
        let begun = |message: String, label: &str| Verdict::new(&RULE, case.act.range.clone(), message, label);
        match &effect.cause {
            Cause::TypeIndexes(indexes) => {
                let drop =
                    |name: &String| format!("DROP INDEX CONCURRENTLY {};  -- `transaction = false`", made_up(&[name]));
                let build = |name: &String| {
                    format!("CREATE INDEX CONCURRENTLY {} ON {table} …;  -- `transaction = false`", made_up(&[name]))
                };
                let statements: Vec<String> =
                    indexes.iter().map(drop).chain([alter_type.clone()]).chain(indexes.iter().map(build)).collect();
                found.push(
                    begun(
                        format!(
                            "nobody can read `{table}` while {} is built anew for the type of `{column}`",
                            listed(indexes)
                        ),
                        "builds indexes under an ACCESS EXCLUSIVE lock",
                    )
                    .instead(
                        "the rows stay as they are, so do without the index for a while; each line a migration:",
                        &statements,
                    ),
                );
            }
            Cause::TypeChecks(checks) => {
                let drop = |name: &String| format!("ALTER TABLE {table} DROP CONSTRAINT {};", made_up(&[name]));
                let add = |name: &String| {
                    format!("ALTER TABLE {table} ADD CONSTRAINT {} CHECK (…) NOT VALID;", made_up(&[name]))
                };
                let validate = |name: &String| {
                    format!("ALTER TABLE {table} VALIDATE CONSTRAINT {};  -- the next migration", made_up(&[name]))
                };
                let statements: Vec<String> = checks
                    .iter()
                    .map(drop)
                    .chain([alter_type.clone()])
                    .chain(checks.iter().map(add))
                    .chain(checks.iter().map(validate))
                    .collect();
                found.push(
                    begun(
                        format!("nobody can read `{table}` while every row is held against {} again", listed(checks)),
                        "reads every row under an ACCESS EXCLUSIVE lock",
                    )
                    .instead("the rows stay as they are, so state the check anew and validate it later:", &statements),
                );
            }
            _ => {}
        }
    }
}
