use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "foreign-key-copies",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Mysql],
    versions: "all",
    finds: "a foreign key that is added to a table while nobody can write to it",
    condition: "MySQL and MariaDB: a foreign key of a table that was there before the migration, with `foreign_key_checks` on.",
    lock: Some(Lock::Share),
    work: Work::Rewrite,
    effect: "The table is copied, and each row looked up in the other one; every insert, update and delete waits until that is done.",
    rewrite: "See that every row has its match, then add it with `foreign_key_checks` off, which copies nothing and lets others write.",
    bad: &[
        ("0001_shop.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, KEY orders_user (user_id));"),
        (
            "0003_orders_user.sql",
            "ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id);",
        ),
    ],
    good: &[
        ("0001_shop.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, KEY orders_user (user_id));"),
        (
            "0003_orders_user.sql",
            "SET foreign_key_checks = 0;\nALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id), \
             ALGORITHM=INPLACE, LOCK=NONE;\nSET foreign_key_checks = 1;",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects.iter().filter(|effect| effect.cause == Cause::ForeignKey) {
        let table = case.called(&effect.relation);
        let statement = case.text.piece(case.statement.range.clone());
        found.push(
            Verdict::new(
                &RULE,
                effect.range.clone(),
                format!("nobody can write to `{table}` while it is copied for its foreign key"),
                "copies the table",
            )
            .instead(
                "see that every row has its match, and add it without looking at them again:",
                &[
                    "SET foreign_key_checks = 0;".to_owned(),
                    format!("{statement}, ALGORITHM=INPLACE, LOCK=NONE;"),
                    "SET foreign_key_checks = 1;".to_owned(),
                ],
            ),
        );
    }
}
