//! What becomes of a rule's verdict: excused by the migration, at the level of the crate, or shown.

use super::{Level, RULES, Rule, Verdict, find};
use crate::policy::Policy;
use crate::report::{self, Diagnostic};
use crate::source::{Declaration, Files, Origin, Script};
use whimbrel_grammar::Language;
use whimbrel_grammar::names::nearest;

/// Reports what the rules say of a migration's script. What was sealed with a warning has been seen by whoever sealed it.
pub(crate) fn report(
    verdicts: Vec<Verdict>,
    declaration: &Declaration,
    script: &Script,
    files: &Files,
    is_sealed: bool,
    policy: &Policy,
    found: &mut Vec<Diagnostic>,
) {
    let excuses = &declaration.arguments.allow;
    let mut used = vec![false; excuses.len()];
    for verdict in verdicts {
        if let Some(at) = excuses.iter().position(|excuse| excuse.rule == verdict.rule.name) {
            used[at] = true;
            continue;
        }
        let level = match level(verdict.rule, policy) {
            Level::Allow => continue,
            Level::Warn if is_sealed => continue,
            Level::Warn => report::Level::Warning,
            Level::Error => report::Level::Error,
        };
        found.push(diagnostic(verdict, level, declaration, script, files));
    }
    for (excuse, _) in excuses.iter().zip(used).filter(|(excuse, used)| !used && find(&excuse.rule).is_some()) {
        found.push(
            Diagnostic::warning("needless_allow", format!("`{}` finds nothing in this migration", excuse.rule))
                .at(&excuse.place, "excuses nothing")
                .help("take it out"),
        );
    }
}

/// Reports rules that a migration excuses and that don't exist.
pub(crate) fn unknown(declaration: &Declaration, found: &mut Vec<Diagnostic>) {
    for excuse in declaration.arguments.allow.iter().filter(|excuse| find(&excuse.rule).is_none()) {
        found.push(
            Diagnostic::error("unknown_rule", format!("there is no rule `{}`", excuse.rule))
                .at(&excuse.place, "not a rule")
                .help(meant(&excuse.rule)),
        );
    }
}

/// Reports rules that the crate gives a level to and that don't exist.
pub(crate) fn unknown_levels(policy: &Policy, found: &mut Vec<Diagnostic>) {
    for (name, _) in policy.levels.iter().filter(|(name, _)| find(name).is_none()) {
        found.push(
            Diagnostic::error("unknown_rule", format!("the build script sets a level for `{name}`, which is no rule"))
                .help(meant(name)),
        );
    }
}

fn meant(name: &str) -> String {
    let slip = name.replace('_', "-");
    match nearest(&slip, RULES.iter().map(|rule| rule.name)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "the rules are listed in `docs/rules.md`, and each finding names its own".to_owned(),
    }
}

fn level(rule: &Rule, policy: &Policy) -> Level {
    let set = policy.levels.iter().rev().find(|(name, _)| name == rule.name);
    set.map_or(rule.level, |(_, level)| *level)
}

fn diagnostic(
    verdict: Verdict,
    level: report::Level,
    declaration: &Declaration,
    script: &Script,
    files: &Files,
) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::error(verdict.rule.name, verdict.message).at(&script.place(verdict.range, files), verdict.label);
    diagnostic.level = level;
    if let Some((range, text)) = verdict.related {
        diagnostic = diagnostic.at(&script.place(range, files), text);
    }
    for help in verdict.help {
        diagnostic = diagnostic.help(help);
    }
    let name = verdict.rule.name;
    diagnostic.help(match &declaration.origin {
        Origin::File(_) => format!(
            "or excuse it at the top of the file: `{} allow: {name}, why it does no harm here`",
            declaration.language().unwrap_or(Language::Sql).comment()
        ),
        Origin::Module(_) => {
            format!("or excuse it: `#[migration(allow({name}, reason = \"why it does no harm here\"))]`")
        }
    })
}
