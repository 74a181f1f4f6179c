use super::words::ended;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ActKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    name: "table-renamed",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite],
    versions: "all",
    finds: "a table or a view that is renamed while the program that uses the old name still runs",
    condition: "`RENAME TO` or `SET SCHEMA` of a table or a view that was there before the migration, where the migration doesn't make \
                another one of the old name.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "The old version of the program fails at the old name, the new one at the new name until this is applied: there is no order \
             in which both work.",
    rewrite: "A view of the old name in the same migration: a simple one can be written to like the table. A later release drops it.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_accounts.sql", "ALTER TABLE users RENAME TO accounts;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_accounts.sql", "ALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let (kind, name, new) = match &case.act.kind {
        ActKind::Rename { kind, name, to, .. } => {
            let schema = name.schema.as_ref().map(|schema| format!("{}.", case.text.name(schema)));
            (kind, name, format!("{}{}", schema.unwrap_or_default(), case.text.name(to)))
        }
        ActKind::Move { kind, name, schema, .. } => {
            (kind, name, format!("{}.{}", case.text.name(schema), case.text.name(&name.name)))
        }
        _ => return,
    };
    if !matches!(kind, ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView) {
        return;
    }
    let relation = case.before.relation(name).1;
    // `ALTER TABLE` renames indexes and sequences too, and no program names these.
    let other = matches!(relation, Some(crate::catalog::Relation::Index(_) | crate::catalog::Relation::Sequence(_)));
    let Some(key) = case.was_there(name).filter(|_| !other) else { return };
    let old = case.written(name);
    let mut verdict = Verdict::new(
        &RULE,
        name.range(),
        format!("a program that still uses `{old}` fails as soon as this is applied"),
        "renamed",
    )
    .instead(
        "leave a view of the old name until no program uses it; a simple view can be written to like the table:",
        &[ended(case.text.piece(case.statement.range.clone())), format!("CREATE VIEW {old} AS SELECT * FROM {new};")],
    );
    verdict.unless_made = Some(key);
    found.push(verdict);
}

/// What SQLite's scripts rename.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    for gone in case.story.gone.values() {
        let Some(to) = gone.to else { continue };
        let (old, new) = (case.written(gone.name), case.written(to));
        found.push(
            Verdict::new(
                &RULE,
                gone.name.range.clone(),
                format!("a program that still uses `{old}` fails as soon as this is applied"),
                "renamed",
            )
            .instead(
                "leave a view of the old name for those that only read; who writes has to change over first:",
                &[format!("ALTER TABLE {old} RENAME TO {new};"), format!("CREATE VIEW {old} AS SELECT * FROM {new};")],
            ),
        );
    }
}
