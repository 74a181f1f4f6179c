//! What the last migrations of a chain name, so that one which comes late is told from those that it has to do with.

use crate::catalog::Kind;
use crate::check::Facts;
use crate::source::{Declaration, Part, Script};
use std::collections::HashSet;

/// Of so many at the end of the chain: one that comes late from another branch is one of the newest.
pub(super) const LAST: usize = 64;

/// What a migration may begin a statement with whose order can make a difference by what it names alone. What moves rows, defines
/// behaviour or gives privileges reaches things that it doesn't name: by cascades, triggers, defaults, views.
const SCHEMA_ALONE: [&[&str]; 8] = [
    &["create", "table"],
    &["create", "index"],
    &["create", "unique", "index"],
    &["create", "view"],
    &["create", "type"],
    &["alter", "table"],
    &["alter", "index"],
    &["comment", "on"],
];

/// Holds every name that a chain gives to something that others can name, in small letters.
pub(super) struct Names {
    names: HashSet<String>,
    /// Some table has others below it, which a change of it reaches without their names.
    has_children: bool,
}

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
        let has_children = chain.iter().any(|(declaration, _)| match &declaration.up {
            Part::Script(Script { text, .. }) => {
                ["INHERITS", "inherits", "PARTITION", "partition"].iter().any(|word| text.contains(word))
            }
            Part::Rust(_) => true,
        });
        Names { names, has_children }
    }

    /// Lists those that a migration's scripts contain, sorted, in whatever sense; `None` where it may do what can't be followed.
    pub(super) fn within(&self, declaration: &Declaration, facts: &Facts) -> Option<Vec<String>> {
        facts.impact.as_ref().filter(|impact| !impact.opaque)?;
        let Part::Script(up) = &declaration.up else { return None };
        let read = facts.up.as_ref().filter(|up| !up.hides_tables && !self.has_children)?;
        if !read.statements.iter().all(|range| is_schema_alone(up.text.get(range.clone()).unwrap_or_default())) {
            return None;
        }
        let parts = [Some(&declaration.up), declaration.require.as_ref(), declaration.verify.as_ref()];
        let mut found = HashSet::new();
        for part in parts.into_iter().flatten() {
            match part {
                Part::Script(Script { text, .. }) => found.extend(words(text).filter(|word| self.names.contains(word))),
                Part::Rust(_) => return None,
            }
        }
        let mut found: Vec<String> = found.into_iter().collect();
        found.sort();
        Some(found)
    }
}

/// Tells whether a statement begins like one that changes the schema and nothing else.
fn is_schema_alone(statement: &str) -> bool {
    let begins: Vec<String> = words(statement).take(3).collect();
    SCHEMA_ALONE
        .iter()
        .any(|wanted| begins.iter().zip(*wanted).filter(|(word, wanted)| word == *wanted).count() == wanted.len())
}

/// Gives every word of a text, those in strings, quotes and comments included: rather one too many than one too few.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_lowercase)
}
