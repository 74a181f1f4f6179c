use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "column-without-default",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Mysql],
    versions: "all",
    finds: "a new column that must not be null and has no default",
    condition: "MySQL and MariaDB: `ADD COLUMN … NOT NULL` without a default, of a table that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "The rows that are there get a value that nobody has chosen (0, an empty text), and the inserts of the program that is still \
             running, which don't name it, are refused in the strict mode that is usual.",
    rewrite: "A default; a later migration takes it away, once the program that names it runs everywhere.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_plan.sql", "ALTER TABLE users ADD COLUMN plan varchar(16) NOT NULL, ALGORITHM=INPLACE;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_plan.sql", "ALTER TABLE users ADD COLUMN plan varchar(16) NOT NULL DEFAULT 'free', ALGORITHM=INPLACE;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects.iter().filter(|effect| effect.cause == Cause::NotNullColumn) {
        let table = case.called(&effect.relation);
        found.push(
            Verdict::new(
                &RULE,
                effect.range.clone(),
                format!(
                    "a program that inserts into `{table}` without naming this column fails as soon as this is applied"
                ),
                "needs a default",
            )
            .instead("write `DEFAULT …` behind it; a later migration takes that away", &[]),
        );
    }
}
