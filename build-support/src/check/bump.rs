//! Schema versions: that they go up by enough for what changed.

use super::{Facts, dotted};
use crate::catalog::{Change, Voice};
use crate::report::Diagnostic;
use crate::significance::{Significance, significance};
use crate::source::Declaration;

/// So many changes are named; the rest is counted.
const SHOWN: usize = 4;

/// Reports versions that say less than what changed, of those migrations that the rules judge.
///
/// A migration that names no version belongs to the last one that was named; several may name the same. Each is held
/// against the version before its own, and nothing is against the first.
pub(super) fn check(chain: &[&Declaration], facts: &[Facts], found: &mut Vec<Diagnostic>) {
    let mut base: Option<[u64; 3]> = None;
    let mut current: Option<[u64; 3]> = None;
    for (declaration, facts) in chain.iter().zip(facts) {
        let named = declaration.arguments.schema.as_ref();
        if let Some((version, _)) = named.filter(|(version, _)| current.is_none_or(|current| *version > current)) {
            base = current;
            current = Some(*version);
        }
        let (Some(base), Some(version)) = (base, current) else { continue };
        let changes = facts.impact.as_ref().map_or(&[][..], |impact| &impact.changes);
        let most = changes.iter().map(significance).max();
        let (Some(most), Some(step)) = (most, Significance::of_step(base, version)) else { continue };
        if facts.edition == 0 || most <= step {
            continue;
        }
        let (was, is, next) = (dotted(base), dotted(version), dotted(most.next(base)));
        let id = &declaration.id.text;
        let mut finding = Diagnostic::error(
            "version_too_low",
            format!("version {is} says too little: what `{id}` changes is {}, and {was} came before", most.word()),
        );
        finding = match named {
            Some((_, place)) => finding.at(place, format!("has to be {next} or more")),
            None => finding.at(&declaration.place, format!("says nothing, so it belongs to {is}")),
        };
        let causes: Vec<&Change> = changes.iter().filter(|change| significance(change) == most).collect();
        for cause in causes.iter().take(SHOWN) {
            finding = finding.help(format!("it {}", cause.words(Voice::Deed)));
        }
        if causes.len() > SHOWN {
            finding = finding.help(format!("and {} more", causes.len() - SHOWN));
        }
        found.push(match named {
            Some(_) => finding,
            None => finding.help(format!("give it `schema = \"{next}\"`")),
        });
    }
}
