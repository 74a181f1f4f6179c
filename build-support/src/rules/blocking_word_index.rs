use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;

pub(super) static RULE: Rule = Rule {
    name: "blocking-word-index",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Mysql],
    versions: "all",
    finds: "a full-text or spatial index that is built while nobody can write to the table",
    condition: "MySQL and MariaDB: the first full-text index of a table that was there before the migration, or a spatial one. Other \
                indexes are built while the table is written.",
    lock: Some(Lock::Share),
    work: Work::Build,
    effect: "Every insert, update and delete waits until the index is built; the first full-text index writes the whole table anew.",
    rewrite: "In a quiet hour, said by excusing it; or in a table beside, filled in batches, that takes the old one's place.",
    bad: &[
        ("0001_posts.sql", "CREATE TABLE posts (id bigint PRIMARY KEY, body text);"),
        ("0002_words.sql", "CREATE FULLTEXT INDEX posts_body ON posts (body);"),
    ],
    good: &[(
        "0001_posts.sql",
        "CREATE TABLE posts (id bigint PRIMARY KEY, body text, FULLTEXT KEY posts_body (body));",
    )],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    for effect in case.effects {
        let Cause::WordIndex(kind) = effect.cause else { continue };
        let table = case.called(&effect.relation);
        found.push(
            Verdict::new(
                &RULE,
                effect.range.clone(),
                format!("nobody can write to `{table}` while its {kind} index is built"),
                "blocks writes",
            )
            .instead("build it in a quiet hour, and say so by excusing it, or make a table beside that has it", &[]),
        );
    }
}
