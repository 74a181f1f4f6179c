use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "table-copied",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Mysql],
    versions: "all",
    finds: "an `ALTER TABLE` that writes the table anew while nobody else can write to it",
    condition: "MySQL and MariaDB: a change that needs `ALGORITHM=COPY` (another type, another character set, a primary key dropped \
                alone, a stored or a numbered column), of a table that was there before the migration. One that says `LOCK=NONE` or another \
                algorithm is refused by the server in place of keeping others waiting.",
    lock: Some(Lock::Share),
    work: Work::Rewrite,
    effect: "Every insert, update and delete waits until the last row is copied and every index built.",
    rewrite: "A second column (or table) beside the old one, filled in batches, and a program that changes over; or a tool that copies \
              beside the running table, gh-ost or pt-online-schema-change.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id int PRIMARY KEY, visits int NOT NULL DEFAULT 0);"),
        ("0002_visits.sql", "ALTER TABLE users MODIFY visits bigint NOT NULL DEFAULT 0;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id int PRIMARY KEY, visits int NOT NULL DEFAULT 0);"),
        (
            "0002_visits.sql",
            "ALTER TABLE users ADD COLUMN visits_64 bigint NOT NULL DEFAULT 0, ALGORITHM=INPLACE, LOCK=NONE;",
        ),
        ("0003_visits.sql", "UPDATE users SET visits_64 = visits WHERE id BETWEEN 1 AND 1000;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects {
        let Cause::Copy(reason) = effect.cause else { continue };
        let table = case.called(&effect.relation);
        found.push(
            Verdict::new(
                &RULE,
                effect.range.clone(),
                format!("nobody can write to `{table}` while it is written anew: {reason}"),
                "writes the table anew",
            )
            .instead(
                "make what is new beside what is there, fill it in batches, and change over in a later release; to be refused \
                 rather than to keep others waiting, end the statement with:",
                &[", ALGORITHM=INPLACE, LOCK=NONE".to_owned()],
            ),
        );
    }
}
