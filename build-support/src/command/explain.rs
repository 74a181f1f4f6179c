//! `cargo whimbrel explain`.

use super::arguments::ExplainOptions;
use super::output::{Exit, Failure, print};
use crate::explain::{all, canonical, find};
use crate::rules::{self, RULES, Rule};
use std::fmt::Write;
use whimbrel_grammar::names::nearest;

/// Explains a code, or lists them all.
pub(super) fn run(options: &ExplainOptions) -> Result<Exit, Failure> {
    let text = match &options.code {
        Some(code) if rule(code).is_some() => {
            rule(code).map(|rule| format!("whimbrel::{}\n\n{}", rule.name, rules::explain(rule))).unwrap_or_default()
        }
        Some(code) => {
            let found = find(code).ok_or_else(|| unknown(code))?;
            format!("whimbrel::{}\n\n{}\n", found.code, found.text)
        }
        None if options.page => page(),
        None => list(),
    };
    print(&text)?;
    Ok(Exit::Done)
}

/// Finds a safety rule, whose name is the code of what it finds.
fn rule(typed: &str) -> Option<&'static Rule> {
    rules::find(&canonical(typed).replace('_', "-"))
}

fn unknown(typed: &str) -> Failure {
    let failure = Failure::usage(format!("no error or warning is called `{typed}`"));
    let wanted = canonical(typed);
    let known = || all().flat_map(|(_, explanations)| explanations).map(|explanation| explanation.code);
    let rules = || RULES.iter().map(|rule| rule.name);
    let slip = wanted.replace('_', "-");
    if let Some(meant) = nearest(&slip, rules()).or_else(|| rules().find(|name| name.contains(&slip))) {
        return failure.help(format!("did you mean `{meant}`?"));
    }
    match nearest(&wanted, known()).or_else(|| known().find(|code| code.contains(&wanted))) {
        Some(meant) => failure.help(format!("did you mean `{meant}`?")),
        None => failure.help("`cargo whimbrel explain` lists them all"),
    }
}

fn list() -> String {
    let mut text = String::new();
    for (title, explanations) in all() {
        let _ = writeln!(text, "{title}");
        for explanation in explanations {
            let _ =
                writeln!(text, "  {:<24} {}", explanation.code, explanation.text.lines().next().unwrap_or_default());
        }
        text.push('\n');
    }
    text.push_str("Safety rules\n");
    for rule in RULES {
        let _ = writeln!(text, "  {:<35} {}", rule.name, rule.finds);
    }
    text + "\n`cargo whimbrel explain CODE` tells more\n"
}

/// Writes `docs/errors.md`.
fn page() -> String {
    let mut text = "# Errors and warnings\n\nWhat stands between the brackets of `error[whimbrel::…]` and `warning[whimbrel::…]`; \
                    `cargo whimbrel explain CODE` shows the same.\nThis page is written by `cargo whimbrel explain --page`.\n"
        .to_owned();
    for (title, explanations) in all() {
        let _ = write!(text, "\n## {title}\n");
        for explanation in explanations {
            let _ = write!(text, "\n### {}\n\n{}\n", explanation.code, explanation.text);
        }
    }
    text
}
