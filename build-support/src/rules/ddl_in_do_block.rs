use super::{Case, Level, Rule, Verdict};
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use crate::statement::ActKind;

/// Words that begin what changes a schema.
const CHANGES: [&str; 8] = ["CREATE", "ALTER", "DROP", "TRUNCATE", "REINDEX", "CLUSTER", "REFRESH", "RENAME"];

pub(super) static RULE: Rule = Rule {
    name: "ddl-in-do-block",
    edition: 1,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    versions: "all",
    finds: "changes of the schema in a block of code, which nothing can follow",
    condition: "A `DO` block that changes the schema in a way that can't be told from its text: in a loop, by \
                `EXECUTE`. The usual guards (`IF NOT EXISTS (SELECT …) THEN ALTER TABLE …`) are followed.",
    lock: Some(Lock::AccessExclusive),
    work: Work::Nothing,
    effect: "Neither this check nor a reader of `plan` sees which locks it takes and what it leaves behind, and what comes after it is \
             checked less strictly.",
    rewrite: "The statements themselves, with `IF EXISTS` or `IF NOT EXISTS` where they may have been done already.",
    bad: &[
        ("0001_logs.sql", "CREATE TABLE logs (day date NOT NULL) PARTITION BY RANGE (day);"),
        (
            "0002_months.sql",
            "DO $$\nBEGIN\n    FOR month IN 1..11 LOOP\n        EXECUTE format('CREATE TABLE logs_%s PARTITION OF logs FOR VALUES FROM (%L) TO (%L)', month, make_date(2024, month, 1), make_date(2024, month + 1, 1));\n    END LOOP;\nEND\n$$;",
        ),
    ],
    good: &[
        ("0001_logs.sql", "CREATE TABLE logs (day date NOT NULL) PARTITION BY RANGE (day);"),
        (
            "0002_january.sql",
            "CREATE TABLE IF NOT EXISTS logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');",
        ),
    ],
    judge,
};

fn judge(case: &Case<'_>, found: &mut Vec<Verdict>) {
    let opaque = |kind: &ActKind| matches!(kind, ActKind::Somewhere(_) | ActKind::Opaque { .. });
    let first = case.statement.acts.iter().find(|act| opaque(&act.kind));
    if case.statement.words != "DO" || !first.is_some_and(|first| std::ptr::eq(first, case.act)) {
        return;
    }
    let text = case.text.piece(case.statement.range.clone()).to_ascii_uppercase();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    if !words.any(|word| CHANGES.contains(&word)) {
        return;
    }
    let start = case.statement.range.start;
    found.push(
        Verdict::new(
            &RULE,
            start..(start + 2).min(case.statement.range.end),
            "this block changes the schema in a way that can't be followed",
            "its locks and its changes aren't known",
        )
        .instead("write the statements themselves, with `IF NOT EXISTS` or `IF EXISTS` where they may have been done already", &[]),
    );
}
