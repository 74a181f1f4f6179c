//! `cargo whimbrel explain`.

use super::arguments::ExplainOptions;
use super::output::{Exit, Failure, print};
use crate::explain::{all, canonical, find};
use std::fmt::Write;
use whimbrel_grammar::names::nearest;

/// Explains a code, or lists them all.
pub(super) fn run(options: &ExplainOptions) -> Result<Exit, Failure> {
    let text = match &options.code {
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

fn unknown(typed: &str) -> Failure {
    let failure = Failure::usage(format!("no error or warning is called `{typed}`"));
    let wanted = canonical(typed);
    let known = || all().flat_map(|(_, explanations)| explanations).map(|explanation| explanation.code);
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
    text + "`cargo whimbrel explain CODE` tells more\n"
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
