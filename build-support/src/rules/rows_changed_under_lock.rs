use super::words::ended;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ActKind, WriteKind};

pub(super) static RULE: Rule = Rule {
    name: "rows-changed-under-lock",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "rows that are changed while the transaction keeps everybody out of a table",
    condition: "`INSERT`, `UPDATE`, `DELETE`, `MERGE` or `COPY` in a transaction that has taken an ACCESS EXCLUSIVE lock on a table or a \
                view which was there before it (by `ALTER TABLE`, `DROP`, a rename).",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "A lock that would have been held for a moment is held until all the rows are changed, and meanwhile nobody reads that \
             table.",
    rewrite: "Two migrations: the one changes the table, the next one the rows.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text);"),
        (
            "0002_locale.sql",
            "ALTER TABLE users ADD COLUMN locale text;\nUPDATE users SET locale = 'en' WHERE locale IS NULL;",
        ),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text);"),
        ("0002_locale.sql", "ALTER TABLE users ADD COLUMN locale text;"),
        ("0003_locales.sql", "UPDATE users SET locale = 'en' WHERE locale IS NULL;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::Write { kind, table: changed, .. } = &case.act.kind else { return };
    let Some((locked, held)) = case.exclusive_lock(&case.before.relation(changed).0) else { return };
    let table = case.called(locked);
    let what = match kind {
        WriteKind::Insert => "inserted",
        WriteKind::Update => "updated",
        WriteKind::Delete => "deleted",
        WriteKind::Merge => "merged",
        WriteKind::Copy => "copied",
    };
    let mut statement = case.text.piece(case.act.range.clone());
    if statement.chars().count() > 160 {
        statement = statement.chars().take(159).chain(['…']).collect();
    }
    let mut verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!("nobody can read `{table}` while these rows are {what}"),
        format!("`{table}` stays locked until this is done"),
    )
    .instead("change the rows in a migration of their own, after this one:", &[ended(statement)]);
    verdict.related = Some((held.range.clone(), "takes the ACCESS EXCLUSIVE lock".to_owned()));
    found.push(verdict);
}
