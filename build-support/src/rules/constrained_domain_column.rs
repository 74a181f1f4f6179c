use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "constrained-domain-column",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a new column of a domain with constraints, so that all rows are rewritten",
    condition: "`ADD COLUMN` of a domain that has a check or is `NOT NULL`, whatever its default, on a table that was there before \
                the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Reads and writes wait until every row and every index has been written anew, for the server holds the value of each row \
             against the domain.",
    rewrite: "The domain's base type, and its check as the table's own: unvalidated at first, validated in the next migration.",
    bad: &[
        (
            "0001_items.sql",
            "CREATE DOMAIN price AS numeric CHECK (value >= 0);\nCREATE TABLE items (id bigint PRIMARY KEY);",
        ),
        ("0002_price.sql", "ALTER TABLE items ADD COLUMN cost price;"),
    ],
    good: &[
        (
            "0001_items.sql",
            "CREATE DOMAIN price AS numeric CHECK (value >= 0);\nCREATE TABLE items (id bigint PRIMARY KEY);",
        ),
        (
            "0002_price.sql",
            "ALTER TABLE items ADD COLUMN cost numeric;\nALTER TABLE items ADD CONSTRAINT items_cost CHECK (cost >= 0) NOT VALID;",
        ),
        ("0003_price_valid.sql", "ALTER TABLE items VALIDATE CONSTRAINT items_cost;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::AddColumn { column, .. })) = case.change() else { return };
    let (Some(_), Some(ty)) = (case.effect(&Cause::ConstrainedDomain), &column.ty) else { return };
    let (table, name) = (case.written(&alter.table), case.text.name(&column.name));
    let domain = case.text.piece(ty.range.clone());
    let found_domain = case.before.own_type(ty.schema.as_ref(), &ty.name).and_then(|(key, _)| case.before.domain(&key));
    let base = found_domain.map(|domain| domain.base.as_str()).unwrap_or_default();
    let check = made_up(&[&alter.table.name.text, &column.name.text, "check"]);
    found.push(
        Verdict::new(
            &RULE,
            ty.range.clone(),
            format!("nobody can read `{table}` while every row is rewritten and held against `{domain}`"),
            "a domain with constraints",
        )
        .instead(
            format!("use its base type, and give the table what `{domain}` demands:"),
            &[
                format!("ALTER TABLE {table} ADD COLUMN {name} {base};"),
                format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (…) NOT VALID;"),
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};  -- the next migration"),
            ],
        ),
    );
}
