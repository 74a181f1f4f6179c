use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ConstraintKind, TableChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-foreign-key",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a foreign key that is verified while nobody can write to either table",
    condition: "`ADD FOREIGN KEY` without `NOT VALID` on a table that was there before the migration.",
    lock: Some(Lock::ShareRowExclusive),
    work: Work::ForeignKeyScan,
    effect: "Writes to both tables wait until every row has been looked up in the other table.",
    rewrite: "`ADD CONSTRAINT … NOT VALID`, which binds new rows at once, and `VALIDATE CONSTRAINT` in the next migration, \
              which looks the old ones up while others read and write.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL);"),
        (
            "0003_owner.sql",
            "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);",
        ),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL);"),
        (
            "0003_owner.sql",
            "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;",
        ),
        ("0004_owner_valid.sql", "ALTER TABLE orders VALIDATE CONSTRAINT orders_user;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddConstraint(constraint))) = case.change() else { return };
    let ConstraintKind::ForeignKey(foreign) = &constraint.kind else { return };
    let Some(effect) = case.effect(&Cause::ForeignKey) else { return };
    let (table, other) = (case.written(&alter.table), case.written(&foreign.table));
    let verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        match table == other {
            true => format!("nobody can write to `{table}` while every row is looked up"),
            false => format!("nobody can write to `{table}` and `{other}` while every row is looked up"),
        },
        "holds a SHARE ROW EXCLUSIVE lock meanwhile",
    );
    let partitioned = case.before.table_at(&effect.relation).is_some_and(|table| table.partition_by.is_some());
    if partitioned && case.before.version < 18 {
        found.push(verdict.instead(
            format!(
                "up to PostgreSQL 17 a partitioned table's foreign key can't be added unvalidated: give it to each partition with \
                 `NOT VALID`, validate these, and then add it to `{table}`, at a quiet time"
            ),
            &[],
        ));
        return;
    }
    let name = match &constraint.name {
        Some(name) => case.text.name(name),
        None => {
            let columns = foreign.columns.iter().map(|column| column.text.as_str());
            made_up(&std::iter::once(alter.table.name.text.as_str()).chain(columns).chain(["fkey"]).collect::<Vec<_>>())
        }
    };
    let references = match foreign.references.as_slice() {
        [] => String::new(),
        columns => format!(" ({})", case.text.list(columns)),
    };
    let on = |what: &str, action: &str| match action {
        "NO ACTION" => String::new(),
        action => format!(" ON {what} {action}"),
    };
    found.push(verdict.instead(
        "state it first and validate it in the next migration, beside reads and writes:",
        &[
            format!(
                "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {other}{references}{}{} NOT VALID;",
                case.text.list(&foreign.columns),
                on("DELETE", &foreign.on_delete),
                on("UPDATE", &foreign.on_update),
            ),
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};  -- the next migration"),
        ],
    ));
}
