use super::words::{in_step, made_up};
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Cause, Lock, Work};
use crate::sql::Dialect;
use crate::statement::{AlterTable, ColumnChange, Name, TableChange, TypeName};

pub(super) static RULE: Rule = Rule {
    name: "table-rewrite",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all; `timestamp` and `timestamptz` turn into each other for nothing from 12 on, unless the script sets another time zone than UTC",
    finds: "a change for which every row of a table is written anew",
    condition: "A column's type that is changed to one whose values are kept otherwise (`integer` to `bigint`), or by a `USING` that \
                computes; `SET EXPRESSION` of a stored column; `SET LOGGED`, `SET UNLOGGED`, `SET TABLESPACE`, `SET ACCESS METHOD`. \
                Only of tables that were there before the migration. A `varchar` that is widened or turned to `text`, a `numeric` of \
                more digits and the same scale, a longer `varbit`, more digits of a time or an interval, `cidr` to `inet` and a \
                domain to its base are free.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Rewrite,
    effect: "Reads and writes wait until every row and every index has been written anew, which also needs as much disk again.",
    rewrite: "A new column of the new type, a trigger that keeps both in step, the old rows copied in batches; the program changes \
              over, and a later release drops the old column.",
    bad: &[
        ("0001_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, amount integer NOT NULL);"),
        ("0002_amount.sql", "ALTER TABLE orders ALTER COLUMN amount TYPE bigint;"),
    ],
    good: &[
        ("0001_orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, amount integer NOT NULL);"),
        (
            "0002_amount.sql",
            "ALTER TABLE orders ADD COLUMN amount_new bigint;\nCREATE FUNCTION orders_amount() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    NEW.amount_new := NEW.amount;\n    RETURN NEW;\nEND\n$$;\nCREATE TRIGGER orders_amount BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_amount();",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, change)) = case.change() else { return };
    let table = case.written(&alter.table);
    let verdict = |message: String| {
        let label = "rewrites every row under an ACCESS EXCLUSIVE lock";
        Verdict::new(&RULE, case.act.range.clone(), message, label)
    };
    match change {
        TableChange::AlterColumn { name, change: ColumnChange::Type { ty, .. } }
            if case.effect(&Cause::Type).is_some() =>
        {
            let message =
                format!("nobody can read `{table}` while every row is rewritten for the new type of `{}`", name.text);
            found.push(retyped(case, verdict(message), alter, name, ty));
        }
        TableChange::AlterColumn { name, .. } if case.effect(&Cause::Expression).is_some() => {
            let name = case.text.name(name);
            found.push(
                verdict(format!("nobody can read `{table}` while `{name}` is computed anew and every row rewritten")).instead(
                    "add another column that a trigger keeps, fill it in batches, and drop this one in a later release:",
                    &[format!("ALTER TABLE {table} ADD COLUMN {}_new …;", name.trim_matches('"'))],
                ),
            );
        }
        TableChange::Rewrite(words) if case.effect(&Cause::Storage(words)).is_some() => {
            let new = made_up(&[&alter.table.name.text, "new"]);
            found.push(verdict(format!("nobody can read `{table}` while `{words}` rewrites it")).instead(
                "do it at a quiet time and excuse it, or make a new table, copy the rows in batches and change the names:",
                &[format!("CREATE TABLE {new} (LIKE {table} INCLUDING ALL);")],
            ));
        }
        _ => {}
    }
}

fn retyped(case: &Case<'_>, verdict: Verdict, alter: &AlterTable, name: &Name, ty: &TypeName) -> Verdict {
    let (table, column) = (case.written(&alter.table), case.text.name(name));
    let to = case.text.piece(ty.range.clone());
    let known =
        case.before.table(&alter.table).1.and_then(|table| table.columns.iter().find(|it| it.name == name.text));
    let from = known.map(|column| column.ty.as_str()).unwrap_or_default();
    let timestamps = |ty: &str| ty.starts_with("timestamp");
    let free = timestamps(from) && timestamps(&ty.name) && ty.arguments.is_empty() && !case.before.utc;
    let new = made_up(&[&name.text, "new"]);
    let verdict = if free {
        verdict.instead(
            "if the values are UTC, say so before, and no row is touched:",
            &[
                "SET LOCAL timezone = 'UTC';".to_owned(),
                format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {to};"),
            ],
        )
    } else {
        verdict
    };
    let mut statements = vec![format!("ALTER TABLE {table} ADD COLUMN {new} {to};")];
    statements.extend(in_step(&table, &alter.table.name.text, &column, &new));
    statements
        .push(format!("UPDATE {table} SET {new} = {column} WHERE {new} IS NULL;  -- in batches, after this migration"));
    statements.push(format!(
        "ALTER TABLE {table} DROP COLUMN {column};  -- in a later release, the trigger and its function too"
    ));
    verdict.instead("let both types stand side by side until the program has changed over:", &statements)
}
