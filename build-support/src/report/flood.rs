//! Warnings that come in a flood: the first ones of a kind are shown, and the rest is counted.

use super::{Diagnostic, Level};
use crate::by_name::ByName;

/// So many warnings of a kind are shown.
const SHOWN: usize = 10;

/// Takes out what is too many. Errors are all shown.
pub(crate) fn limit(found: &mut Vec<Diagnostic>) {
    let mut counts = ByName::new();
    found.retain(|diagnostic| {
        let count = counts.or_insert(diagnostic.code, 0);
        *count += usize::from(diagnostic.level == Level::Warning);
        diagnostic.level == Level::Error || *count <= SHOWN
    });
    for (code, count) in counts.into_iter().filter(|(_, count)| *count > SHOWN) {
        let mut shown = found.iter_mut().rev();
        if let Some(last) = shown.find(|diagnostic| diagnostic.level == Level::Warning && diagnostic.code == code) {
            last.help.push(format!("and {} more like this: `cargo whimbrel check` shows them all", count - SHOWN));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_warnings_of_a_kind_are_shown_and_all_errors() {
        let error = || Diagnostic::error("missing_rollback", "wrong");
        let warning = |code| Diagnostic::warning(code, "dubious");
        let mut found: Vec<Diagnostic> = (0..30).map(|_| error()).collect();
        found.extend((0..SHOWN).map(|_| warning("unsealed")));
        found.extend((0..33).map(|_| warning("missing_rollback")));
        limit(&mut found);
        let of = |code: &'static str, level| found.iter().filter(move |one| one.code == code && one.level == level);
        assert_eq!(of("missing_rollback", Level::Error).count(), 30);
        assert_eq!(of("unsealed", Level::Warning).filter(|one| one.help.is_empty()).count(), SHOWN);
        let helps: Vec<&str> =
            of("missing_rollback", Level::Warning).flat_map(|one| &one.help).map(String::as_str).collect();
        assert_eq!(of("missing_rollback", Level::Warning).count(), SHOWN);
        assert_eq!(helps, ["and 23 more like this: `cargo whimbrel check` shows them all"]);
    }
}
