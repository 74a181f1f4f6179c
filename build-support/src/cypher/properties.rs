//! Properties that are set to a map, which no property can be.

use super::clause::Clauses;
use super::script::Parsed;
use crate::language::Complaint;

/// Reports each map that stands for a property's value in `CREATE`, `MERGE` or `SET`.
pub(super) fn maps(parsed: &Parsed<'_>, clauses: &Clauses) -> Vec<Complaint> {
    (0..parsed.tokens.len()).filter_map(|at| map(parsed, clauses, at)).collect()
}

fn map(parsed: &Parsed<'_>, clauses: &Clauses, at: usize) -> Option<Complaint> {
    // A part of a map can be a value: `{a: 1}.a`.
    let close = parsed.partners.get(at).copied().flatten().filter(|close| *close > at && parsed.is_mark(at, "{"))?;
    if parsed.is_mark(close + 1, ".") || parsed.is_mark(close + 1, "[") {
        return None;
    }
    let name = at.checked_sub(2)?;
    let sets = |at: usize| clauses.clause(at).is_some_and(|clause| parsed.is(clause, "SET"));
    let makes =
        |at: usize| clauses.clause(at).is_some_and(|clause| parsed.is(clause, "CREATE") || parsed.is(clause, "MERGE"));
    let is_value = if parsed.is_mark(at - 1, "=") {
        // `SET n.name = {…}`
        sets(at) && parsed.is_name(name) && name > 0 && parsed.is_mark(name - 1, ".")
    } else if parsed.is_mark(at - 1, ":") && parsed.is_name(name) {
        let outer = clauses.bracket(at).filter(|outer| parsed.is_mark(*outer, "{"))?;
        match clauses.bracket(outer) {
            // `(n:Label {name: {…}})`
            Some(pattern) if !parsed.is_mark(pattern, "{") => makes(pattern),
            // `SET n = {name: {…}}`
            _ => outer > 0 && parsed.is_mark(outer - 1, "=") && sets(outer),
        }
    } else {
        false
    };
    let name = parsed.text_of(name);
    is_value.then(|| {
        Complaint::error(
            "map_property",
            &(parsed.tokens[at].range.start..parsed.tokens[close].range.end),
            format!("property `{name}` can't be a map"),
        )
        .label("Neo4j keeps numbers, texts, truths, times, points and lists of these")
        .help("make a property of each part, or keep it as text: `'{\"a\": 1}'`")
    })
}
