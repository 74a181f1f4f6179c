use super::words::in_step;
use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::TableChange;

pub(super) static RULE: Rule = Rule {
    name: "column-renamed",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite],
    versions: "all",
    finds: "a column that is renamed while the program that uses the old name still runs",
    condition: "`RENAME COLUMN` of a column that was there before the migration.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "The old version of the program fails at the old name, the new one at the new name until this is applied: there is no order \
             in which both work.",
    rewrite: "A new column that a trigger keeps in step with the old one, filled in batches; the program changes over, and a later \
              release drops the old one. Or no rename at all: the program can call it what it likes.",
    bad: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, mail text);"),
        ("0002_email.sql", "ALTER TABLE users RENAME COLUMN mail TO email;"),
    ],
    good: &[
        ("0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, mail text);"),
        (
            "0002_email.sql",
            "ALTER TABLE users ADD COLUMN email text;\nCREATE FUNCTION users_email() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    NEW.email := coalesce(NEW.email, NEW.mail);\n    RETURN NEW;\nEND\n$$;\nCREATE TRIGGER users_email BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION users_email();",
        ),
        ("0003_emails.sql", "UPDATE users SET email = mail WHERE email IS NULL AND mail IS NOT NULL;"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let Some((alter, TableChange::RenameColumn { from, to })) = case.change() else { return };
    let Some(key) = case.was_there(&alter.table) else { return };
    if case.walk.has_added(&key, &from.text) {
        return;
    }
    let table = case.written(&alter.table);
    let (old, new) = (case.text.name(from), case.text.name(to));
    let known = case.before.table_at(&key).and_then(|table| table.columns.iter().find(|it| it.name == from.text));
    let ty = known.map(|column| column.ty.as_str()).filter(|ty| !ty.is_empty()).unwrap_or("…");
    let mut statements = vec![format!("ALTER TABLE {table} ADD COLUMN {new} {ty};")];
    statements.extend(match case.dialect {
        Dialect::Mysql => ["INSERT", "UPDATE"]
            .map(|event| {
                let name = format!("{}_{}_on_{}", alter.table.name.text, to.text, event.to_lowercase());
                format!("CREATE TRIGGER `{name}` BEFORE {event} ON {table} FOR EACH ROW SET NEW.{new} = NEW.{old};")
            })
            .to_vec(),
        _ => in_step(&table, &alter.table.name.text, &old, &new),
    });
    statements
        .push(format!("UPDATE {table} SET {new} = {old} WHERE {new} IS NULL;  -- in batches, after this migration"));
    statements.push(format!(
        "ALTER TABLE {table} DROP COLUMN {old};  -- in a later release, the trigger and its function too"
    ));
    found.push(
        Verdict::new(
            &RULE,
            from.range.clone(),
            format!("a program that still uses `{table}.{old}` fails as soon as this is applied"),
            "renamed",
        )
        .instead("let both stand side by side until the program has changed over:", &statements),
    );
}

/// Columns that SQLite's scripts rename.
#[cfg(feature = "sqlite")]
pub(super) fn sqlite(case: &super::sqlite::Case<'_, '_>, found: &mut Vec<Verdict>) {
    use super::sqlite::find;
    for (name, deed) in &case.story.changes {
        let crate::sqlite::Effect::RenameColumn { table, column, to } = &deed.effect else { continue };
        let known = case.around.table_before(name).and_then(|table| find(table, &column.name));
        let is = case.around.table_after(name).is_some_and(|table| find(table, &column.name).is_some());
        let Some(known) = known.filter(|_| !is) else { continue };
        let (table, old, new) = (case.written(table), case.written(column), case.written(to));
        let added = format!("ALTER TABLE {table} ADD COLUMN {new} {}", known.ty);
        let made = |what: &str| super::words::made_up(&[name, &to.name, what]);
        let (inserted, updated) = (made("inserted"), made("updated"));
        let fill = format!("UPDATE {table} SET {new} = {old} WHERE rowid = NEW.rowid; END;");
        found.push(
            Verdict::new(
                &RULE,
                column.range.clone(),
                format!("a program that still uses `{table}.{old}` fails as soon as this is applied"),
                "renamed",
            )
            .instead(
                "let both stand side by side until the program has changed over, the new one filled from the old one:",
                &[
                    format!("{};", added.trim_end()),
                    format!("UPDATE {table} SET {new} = {old};"),
                    format!("CREATE TRIGGER {inserted} AFTER INSERT ON {table} WHEN NEW.{new} IS NULL BEGIN {fill}"),
                    format!("CREATE TRIGGER {updated} AFTER UPDATE OF {old} ON {table} BEGIN {fill}"),
                ],
            ),
        );
    }
}
