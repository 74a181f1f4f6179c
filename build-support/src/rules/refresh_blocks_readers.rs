use super::words::{behind, ended, made_up};
use super::{Case, Level, Rule, Verdict};
use crate::catalog::{IndexPart, Relation};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::ActKind;

pub(super) static RULE: Rule = Rule {
    name: "refresh-blocks-readers",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a materialized view that is filled anew while nobody can read it",
    condition: "`REFRESH MATERIALIZED VIEW` without `CONCURRENTLY` of a view that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Readers of the view wait until its query has run and its indexes are built.",
    rewrite: "`REFRESH MATERIALIZED VIEW CONCURRENTLY`, for which the view needs a unique index over all its rows.",
    bad: &[
        (
            "0001_totals.sql",
            "CREATE TABLE orders (id bigint PRIMARY KEY, buyer text);\nCREATE MATERIALIZED VIEW totals AS SELECT buyer, count(*) AS orders FROM orders GROUP BY buyer;\nCREATE UNIQUE INDEX totals_buyer ON totals (buyer);",
        ),
        ("0002_refresh.sql", "REFRESH MATERIALIZED VIEW totals;"),
    ],
    good: &[
        (
            "0001_totals.sql",
            "CREATE TABLE orders (id bigint PRIMARY KEY, buyer text);\nCREATE MATERIALIZED VIEW totals AS SELECT buyer, count(*) AS orders FROM orders GROUP BY buyer;\nCREATE UNIQUE INDEX totals_buyer ON totals (buyer);",
        ),
        ("0002_refresh.sql", "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::RefreshMaterializedView { name, concurrently: false } = &case.act.kind else { return };
    if case.effect(&Cause::Refresh).is_none() {
        return;
    }
    let view = case.written(name);
    let plain = |part: &IndexPart| matches!(part, IndexPart::Column(_));
    let unique = match case.before.relation(name).1 {
        Some(Relation::View(view)) => view
            .indexes
            .values()
            .any(|index| index.unique && index.predicate.is_none() && index.keys.iter().all(|key| plain(&key.part))),
        _ => true,
    };
    let statement = case.text.piece(case.act.range.clone());
    let refresh = ended(behind(&statement, "VIEW", "CONCURRENTLY").unwrap_or(statement));
    let verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!("nobody can read `{view}` while it is filled anew"),
        "runs the whole query under an ACCESS EXCLUSIVE lock",
    );
    found.push(if unique {
        verdict.instead("fill it beside its readers:", &[refresh])
    } else {
        let index = made_up(&[&name.name.text, "key"]);
        verdict.instead(
            "fill it beside its readers, for which it needs a unique index:",
            &[
                format!(
                    "CREATE UNIQUE INDEX CONCURRENTLY {index} ON {view} (…);  -- a migration with `transaction = false`"
                ),
                refresh,
            ],
        )
    });
}
