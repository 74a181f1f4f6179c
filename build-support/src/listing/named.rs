//! What the last migrations of a chain name, so that one which comes late is told from those that it has to do with.

use crate::catalog::Kind;
use crate::check::Facts;
use crate::source::{Declaration, Part, Script};
use std::collections::HashSet;

/// Of so many at the end of the chain: one that comes late from another branch is one of the newest.
pub(super) const LAST: usize = 64;

/// Holds every name that a chain gives to something that others can name, in small letters.
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Collects them from what each migration changes.
    pub(super) fn of(chain: &[(&Declaration, &Facts)]) -> Names {
        let changes = chain.iter().filter_map(|(_, facts)| facts.impact.as_ref()).flat_map(|impact| &impact.changes);
        let mut names = HashSet::new();
        for change in changes {
            let object = &change.object;
            if !matches!(object.kind, Kind::Column | Kind::Attribute | Kind::Value) {
                names.insert(object.name.name.to_lowercase());
            }
            names.extend(object.of.iter().map(|of| of.name.to_lowercase()));
        }
        Names(names)
    }

    /// Lists those that a migration's scripts contain, sorted, in whatever sense; `None` where it may do what can't be followed.
    pub(super) fn within(&self, declaration: &Declaration, facts: &Facts) -> Option<Vec<String>> {
        facts.impact.as_ref().filter(|impact| !impact.opaque)?;
        if facts.up.as_ref().is_none_or(|up| up.hides_tables) {
            return None;
        }
        let parts = [Some(&declaration.up), declaration.require.as_ref(), declaration.verify.as_ref()];
        let mut found = HashSet::new();
        for part in parts.into_iter().flatten() {
            match part {
                Part::Script(Script { text, .. }) => found.extend(words(text).filter(|word| self.0.contains(word))),
                Part::Rust(_) => return None,
            }
        }
        let mut found: Vec<String> = found.into_iter().collect();
        found.sort();
        Some(found)
    }
}

/// Gives every word of a text, those in strings, quotes and comments included: rather one too many than one too few.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_lowercase)
}
