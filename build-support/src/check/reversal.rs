//! Rollbacks: that there is one or a reason why not, and that it brings back what was there before.

use super::Facts;
use crate::catalog::{Aspect, Change, Kind, Voice, What};
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Part};

/// So many differences are shown; the rest is counted.
const SHOWN: usize = 8;

/// Reports rollbacks that are missing or leave something else than was there, of those that the rules judge.
pub(super) fn check(chain: &[&Declaration], facts: &[Facts], files: &Files, found: &mut Vec<Diagnostic>) {
    for (declaration, facts) in chain.iter().zip(facts).filter(|(_, facts)| facts.edition > 0) {
        match &declaration.down {
            Some(Part::Script(script)) => {
                let remains: Vec<&Change> = facts
                    .impact
                    .iter()
                    .flat_map(|impact| impact.remains.iter().flatten())
                    .filter(|one| counts(one))
                    .collect();
                if remains.is_empty() {
                    continue;
                }
                let first = facts.down.as_ref().and_then(|down| down.statements.first().cloned()).unwrap_or_default();
                let id = &declaration.id.text;
                let mut finding = Diagnostic::error(
                    "rollback_differs",
                    format!("rolling back `{id}` does not bring back what was there before"),
                )
                .at(&script.place(first, files), "after this rollback");
                for change in remains.iter().take(SHOWN) {
                    finding = finding.help(change.words(Voice::Rest));
                }
                if remains.len() > SHOWN {
                    finding = finding.help(format!("and {} more", remains.len() - SHOWN));
                }
                found.push(finding);
            }
            Some(Part::Rust(_)) => {}
            // Who sealed it has seen it.
            None if declaration.arguments.irreversible.is_some() || facts.is_sealed => {}
            None => found.push(
                Diagnostic::warning("missing_rollback", format!("`{}` can't be rolled back", declaration.id.text))
                    .at(&declaration.place, "has no `DOWN`, and no reason why not")
                    .help("write what undoes it, or say `irreversible = \"…\"` with the reason"),
            ),
        }
    }
}

/// Tells whether a difference is one that a program or a later migration could notice.
fn counts(change: &Change) -> bool {
    match &change.what {
        What::Changed { aspect: Aspect::Order | Aspect::Comment, .. } => false,
        // Others may use it too, and it does no harm.
        What::Added => change.object.kind != Kind::Extension,
        _ => true,
    }
}
