use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "column-place",
    edition: 1,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    versions: "MySQL before 8.0.29, MariaDB before 10.4",
    finds: "a column whose place makes the server write the whole table anew",
    condition: "`FIRST` or `AFTER` on MySQL before 8.0.29 or MariaDB before 10.4, any new column on MySQL before 8.0.12 or MariaDB before \
                10.3; of a table that was there before the migration.",
    lock: Some(Lock::ShareUpdateExclusive),
    work: Work::Rewrite,
    effect: "Every row and every index is written anew; others can write meanwhile, replicas fall behind.",
    rewrite: "The column at the end, which these servers add at once (from MySQL 8.0.12 and MariaDB 10.3 on).",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255));"),
        ("0002_name.sql", "ALTER TABLE users ADD COLUMN name varchar(64) AFTER id;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255));"),
        ("0002_name.sql", "ALTER TABLE users ADD COLUMN name varchar(64), ALGORITHM=INPLACE, LOCK=NONE;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects.iter().filter(|effect| effect.cause == Cause::ColumnPlace) {
        let table = case.called(&effect.relation);
        found.push(
            Verdict::new(
                &RULE,
                effect.range.clone(),
                format!("the whole of `{table}` is written anew for this column"),
                "rewrites the table",
            )
            .instead(
                "leave `FIRST` or `AFTER` out: at the end it costs nothing, from MySQL 8.0.12 and MariaDB 10.3 on",
                &[],
            ),
        );
    }
}
