use super::{Case, Level, Rule, Verdict};
use crate::catalog::Relation;
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ActKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    name: "table-dropped",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite],
    versions: "all",
    finds: "a table or a view that is dropped while the program that uses it still runs",
    condition: "`DROP TABLE`, `DROP VIEW` or `DROP MATERIALIZED VIEW` of what was there before the migration, where the migration doesn't \
                make another one of its name.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "The rows are gone. Until the new version of the program runs everywhere, the old one's queries fail.",
    rewrite: "First release a program that doesn't use it. Drop it in a later release, and say so by excusing it.",
    bad: &[
        ("0001_notes.sql", "CREATE TABLE notes (id bigint PRIMARY KEY);"),
        ("0002_no_notes.sql", "DROP TABLE notes;"),
    ],
    good: &[
        ("0001_notes.sql", "CREATE TABLE notes (id bigint PRIMARY KEY);"),
        ("0002_no_notes.sql", "-- allow: table-dropped, nothing has used it since release 1.4\nDROP TABLE notes;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::Drop(drop) = &case.act.kind else { return };
    let rows = match drop.kind {
        ObjectKind::Table => ", and its rows are gone",
        ObjectKind::View | ObjectKind::MaterializedView => "",
        _ => return,
    };
    for name in &drop.names {
        let Some(key) = case.was_there(name) else { continue };
        let found_there = case.before.at(&key);
        if drop.if_exists && found_there.is_none() && !case.before.catalog.opaque {
            continue;
        }
        // A partition is a part of its table, which programs name.
        if matches!(found_there, Some(Relation::Table(table)) if table.partition_of.is_some()) {
            continue;
        }
        let table = case.written(name);
        let mut verdict = Verdict::new(
            &RULE,
            name.range(),
            format!("a program that still uses `{table}` fails as soon as this is applied{rows}"),
            "dropped",
        )
        .instead("first release a program that doesn't use it; drop it in a later release, and say so", &[]);
        verdict.unless_made = Some(key);
        found.push(verdict);
    }
}

/// What SQLite's scripts drop.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    for gone in case.story.gone.values().filter(|gone| gone.to.is_none()) {
        let table = case.written(gone.name);
        let rows = if gone.is_view { "" } else { ", and its rows are gone" };
        found.push(
            Verdict::new(
                &RULE,
                gone.name.range.clone(),
                format!("a program that still uses `{table}` fails as soon as this is applied{rows}"),
                "dropped",
            )
            .instead("first release a program that doesn't use it; drop it in a later release, and say so", &[]),
        );
    }
}
