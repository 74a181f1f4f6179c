//! A rule in words: for `cargo whimbrel explain`, and for the documentation.

use super::{Chain, Level, Rule};
use crate::effect::Work;
use std::fmt::Write;

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
    // Writing to a text can't fail.
    let _ = write!(
        text,
        "Finds {}.\n\n\
         | level | lock | work meanwhile | PostgreSQL | since edition |\n|---|---|---|---|---|\n\
         | {level} | {lock} | {work} | {} | {} |\n\n\
         **When.** {}\n\n**What it does.** {}\n\n**Instead.** {}\n",
        rule.finds, rule.versions, rule.edition, rule.condition, rule.effect, rule.rewrite
    );
    text.push_str("\nBad:\n\n");
    text.push_str(&chain(rule.bad));
    text.push_str("\nGood:\n\n");
    text.push_str(&chain(rule.good));
    text
}

fn chain(chain: Chain) -> String {
    let files: Vec<String> = chain.iter().map(|(name, sql)| format!("-- {name}\n{sql}\n")).collect();
    format!("```sql\n{}```\n", files.join("\n"))
}
