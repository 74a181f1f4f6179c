//! A rule in words: for `cargo whimbrel explain`, and for the documentation.

use super::{Chain, Level, Rule};
use crate::effect::Work;
use crate::sql::Dialect;
use std::fmt::Write;
use whimbrel_grammar::Language;

/// Writes all that there is to say about a rule, in Markdown.
pub(crate) fn explain(rule: &Rule) -> String {
    let mut text = String::new();
    let level = match rule.level {
        Level::Allow => "off",
        Level::Warn => "warning",
        Level::Error => "error",
    };
    let lock = rule.lock.map_or_else(|| "none".to_owned(), |lock| lock.to_string());
    let work = match rule.work {
        Work::Nothing => "none",
        Work::Scan => "reads every row",
        Work::ForeignKeyScan => "looks every row up in another table",
        Work::Build => "reads every row and builds an index",
        Work::Rewrite => "writes every row and every index anew",
    };
    let server = |dialect: &Dialect| match dialect {
        Dialect::Postgres => format!("PostgreSQL: {}", rule.versions),
        Dialect::Mysql if rule.dialects.contains(&Dialect::Postgres) => "MySQL, MariaDB".to_owned(),
        Dialect::Mysql => rule.versions.to_owned(),
        Dialect::Sqlite => "SQLite".to_owned(),
    };
    let servers = match rule.dialects {
        [] => rule.versions.to_owned(),
        dialects => dialects.iter().map(server).collect::<Vec<_>>().join(", "),
    };
    // Writing to a text can't fail.
    let _ = write!(
        text,
        "Finds {}.\n\n\
         | level | lock | work meanwhile | servers | since edition |\n|---|---|---|---|---|\n\
         | {level} | {lock} | {work} | {servers} | {} |\n\n\
         **When.** {}\n\n**What it does.** {}\n\n**Instead.** {}\n",
        rule.finds, rule.edition, rule.condition, rule.effect, rule.rewrite
    );
    text.push_str("\nBad:\n\n");
    text.push_str(&chain(rule.bad));
    text.push_str("\nGood:\n\n");
    text.push_str(&chain(rule.good));
    text
}

fn chain(chain: Chain) -> String {
    let language =
        chain.first().and_then(|(name, _)| Language::of_file(name)).map_or(Language::Sql, |(_, language)| language);
    let begin = language.comment();
    let files: Vec<String> = chain.iter().map(|(name, text)| format!("{begin} {name}\n{text}\n")).collect();
    format!("```{}\n{}```\n", language.extension(), files.join("\n"))
}

/// Writes `docs/rules.md`.
#[cfg(test)]
pub(crate) fn page() -> String {
    let mut text = PREFACE.to_owned();
    for rule in super::RULES {
        let _ = writeln!(text, "- [`{name}`](#{name}): {}", rule.finds, name = rule.name);
    }
    for rule in super::RULES {
        let _ = write!(text, "\n## {}\n\n{}", rule.name, explain(rule));
    }
    text
}

#[cfg(test)]
const PREFACE: &str = "\
# Safety rules

What a statement does to those who use the database while it runs, and to the program that is running. The rules know the
whole chain: what is made in the same migration, proven by a check, widened or of one value for all rows is never reported.
Timeouts are the runner's business, and no rule's.

A finding is an error or a warning at the statement, with the safe way written out in the names that stand there. Where the
statement does no harm, the migration says so, with the reason:

```rust
#[migration(allow(blocking-index-build, reason = \"the table has forty rows\"))]
```

or, in a SQL file, in a comment at its top:

```sql
-- allow: blocking-index-build, the table has forty rows
```

A build script sets the server that the rules are for, and their levels:

```rust
whimbrel_build::Check::new(\"src/migrations\")
    .target(\"postgres@15\")
    .level(\"table-renamed\", whimbrel_build::Level::Warn)
    .run();
```

A migration that is sealed in `whimbrel.lock` is judged by the edition of the rules that it was sealed with, and imported
history by none, so a newer whimbrel never breaks an old chain. SQLite chains are judged since edition 2; the locks below are PostgreSQL's.

";
