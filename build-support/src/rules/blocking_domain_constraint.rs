use super::words::made_up;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{ActKind, ConstraintKind, DomainChange};

pub(super) static RULE: Rule = Rule {
    name: "blocking-domain-constraint",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a domain's constraint that is verified while nobody can write to the tables that use it",
    condition: "`ALTER DOMAIN` with `ADD CONSTRAINT` that isn't `NOT VALID`, with `SET NOT NULL` or with `VALIDATE CONSTRAINT`, \
                where tables that were there before the migration have columns of the domain.",
    lock: Some(Lock::Share),
    work: Work::Scan,
    effect: "Writes to each of these tables wait until every row of all of them has been read. `VALIDATE CONSTRAINT` takes the \
             same lock here, unlike a table's.",
    rewrite: "`ADD CONSTRAINT … NOT VALID`, which binds new values at once. To have the old ones verified, validate it at a quiet \
              time and excuse that.",
    bad: &[
        ("0001_users.sql", "CREATE DOMAIN email AS text;\nCREATE TABLE users (id bigint PRIMARY KEY, address email);"),
        ("0002_address.sql", "ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (value LIKE '%@%');"),
    ],
    good: &[
        ("0001_users.sql", "CREATE DOMAIN email AS text;\nCREATE TABLE users (id bigint PRIMARY KEY, address email);"),
        ("0002_address.sql", "ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (value LIKE '%@%') NOT VALID;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::AlterDomain { name, change } = &case.act.kind else { return };
    let tables: Vec<String> =
        case.effects_by(|cause| *cause == Cause::Domain).map(|it| case.called(&it.relation)).collect();
    let Some(first) = tables.first() else { return };
    let domain = case.written(name);
    let all = if tables.len() == 1 { format!("`{first}`") } else { format!("`{first}` and {} more", tables.len() - 1) };
    let verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!("nobody can write to {all} while every value of `{domain}` is verified"),
        format!("reads every row of {all} under a SHARE lock"),
    );
    found.push(match change {
        DomainChange::AddConstraint(constraint) => {
            let condition = match &constraint.kind {
                ConstraintKind::Check(condition) => condition.text.as_str(),
                _ => "value IS NOT NULL",
            };
            let constraint = match &constraint.name {
                Some(name) => case.text.name(name),
                None => made_up(&[&name.name.text, "check"]),
            };
            verdict.instead(
                "bind new values alone:",
                &[format!("ALTER DOMAIN {domain} ADD CONSTRAINT {constraint} CHECK ({condition}) NOT VALID;")],
            )
        }
        DomainChange::SetNotNull(_) => verdict.instead(
            "bind new values alone:",
            &[format!(
                "ALTER DOMAIN {domain} ADD CONSTRAINT {} CHECK (value IS NOT NULL) NOT VALID;",
                made_up(&[&name.name.text, "not_null"])
            )],
        ),
        _ => verdict.instead("leave it unvalidated: new values are bound by it already", &[]),
    });
}
