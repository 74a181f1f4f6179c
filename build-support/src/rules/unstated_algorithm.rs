use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "unstated-algorithm",
    edition: 3,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    versions: "all",
    finds: "a change of a table that leaves it to the server whether the table is copied",
    condition: "MySQL and MariaDB: an `ALTER TABLE` or `CREATE INDEX` that the server can do while others write, of a table that was there \
                before the migration, without `ALGORITHM` and without `LOCK`.",
    lock: Some(Lock::Share),
    work: Work::Rewrite,
    effect: "On a server, a table or a setting on which it can't be done that way, the table is copied in silence, and nobody writes to it meanwhile.",
    rewrite: "The same statement with `ALGORITHM=INPLACE, LOCK=NONE`: what would keep others waiting is refused at once, and nothing is changed.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255));"),
        ("0002_email.sql", "CREATE INDEX users_by_email ON users (email);"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(255));"),
        ("0002_email.sql", "CREATE INDEX users_by_email ON users (email) ALGORITHM=INPLACE LOCK=NONE;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects {
        let Cause::Unstated(words) = effect.cause else { continue };
        let table = case.called(&effect.relation);
        found.push(
            Verdict::new(
                &RULE,
                effect.range.clone(),
                format!("whether `{table}` is copied for this is left to the server"),
                "names no algorithm and no lock",
            )
            .instead("end the statement with:", &[words.to_owned()]),
        );
    }
}
