use super::{Case, Level, Rule, Verdict};
use crate::effect::Work;
use crate::sql::Dialect;
use crate::statement::ActKind;

pub(super) static RULE: Rule = Rule {
    name: "enum-value-renamed",
    edition: 1,
    level: Level::Error,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "a value of an enum that is renamed while the program that uses the old name still runs",
    condition: "`ALTER TYPE … RENAME VALUE` of a type that was there before the migration.",
    lock: None,
    work: Work::Nothing,
    effect: "The old version of the program fails where it writes the old value or compares with it, and doesn't know the new one that \
             it reads.",
    rewrite: "Add the new value, release a program that reads both and writes the new one, and change the rows in batches.",
    bad: &[
        ("0001_mood.sql", "CREATE TYPE mood AS ENUM ('sad', 'ok');"),
        ("0002_fine.sql", "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';"),
    ],
    good: &[
        ("0001_mood.sql", "CREATE TYPE mood AS ENUM ('sad', 'ok');"),
        ("0002_fine.sql", "ALTER TYPE mood ADD VALUE 'fine';"),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let ActKind::RenameEnumValue { name, from, to } = &case.act.kind else { return };
    if case.walk.has_made_type(&name.name.text) {
        return;
    }
    let ty = case.written(name);
    found.push(
        Verdict::new(
            &RULE,
            from.range.clone(),
            format!("a program that still uses `{}` of `{ty}` fails as soon as this is applied", from.text),
            "renamed",
        )
        .instead(
            "add the new value, and change the rows in batches once every program knows it:",
            &[format!("ALTER TYPE {ty} ADD VALUE '{}';", to.text.replace('\'', "''"))],
        ),
    );
}
