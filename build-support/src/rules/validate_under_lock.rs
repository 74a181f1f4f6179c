use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "validate-in-same-transaction",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a constraint that is validated in the transaction that added it, so that the lock is held all the while",
    condition: "`VALIDATE CONSTRAINT` in a transaction that has a lock on the table which stops reads or writes, from `ADD CONSTRAINT … \
                NOT VALID` or anything else.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Scan,
    effect: "The lock of the first statement is kept until the transaction ends: reads and writes wait while every row is read, as if \
             the constraint had been added in one go.",
    rewrite: "Validate it in the next migration.",
    bad: &[
        ("0001_items.sql", "CREATE TABLE items (id bigint PRIMARY KEY, price numeric NOT NULL);"),
        (
            "0002_price.sql",
            "ALTER TABLE items ADD CONSTRAINT items_price CHECK (price >= 0) NOT VALID;\nALTER TABLE items VALIDATE CONSTRAINT items_price;",
        ),
    ],
    good: &[
        ("0001_items.sql", "CREATE TABLE items (id bigint PRIMARY KEY, price numeric NOT NULL);"),
        ("0002_price.sql", "ALTER TABLE items ADD CONSTRAINT items_price CHECK (price >= 0) NOT VALID;"),
        ("0003_price_valid.sql", "ALTER TABLE items VALIDATE CONSTRAINT items_price;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::ValidateConstraint(name))) = case.change() else { return };
    let Some(effect) = case.effect(&Cause::Validation) else { return };
    let Some(held) = case.walk.held(&effect.relation).filter(|held| held.lock.blocks_writes()) else { return };
    let (table, constraint) = (case.written(&alter.table), case.text.name(name));
    let who = if held.lock.blocks_reads() { "read" } else { "write to" };
    let mut verdict = Verdict::new(
        &RULE,
        case.act.range.clone(),
        format!(
            "nobody can {who} `{table}` while `{constraint}` is validated, for the transaction has locked it already"
        ),
        "reads every row while that lock is held",
    )
    .instead("move it to a migration of its own:", &[format!("ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};")]);
    verdict.related = Some((held.range.clone(), format!("takes {} {} lock", article(held.lock), held.lock)));
    found.push(verdict);
}

fn article(lock: Lock) -> &'static str {
    if matches!(lock, Lock::AccessExclusive | Lock::Exclusive) { "an" } else { "a" }
}
