//! `DETACH DELETE` of whatever has a label, or of everything.

use super::clause::Clauses;
use super::script::Parsed;
use crate::rules::{UNCONDITIONAL_DELETE, Verdict};

/// Finds nodes that are deleted without a condition.
pub(super) fn judge(parsed: &Parsed<'_>, clauses: &Clauses) -> Option<Verdict> {
    let deletes = clauses.all().find(|at| parsed.are(*at, &["DETACH", "DELETE"]))?;
    let is_chosen = |at: usize| {
        // `(n:User {id: 1})`, in a `MATCH` alone.
        let in_match = || {
            let pattern = clauses.bracket(at)?;
            clauses.clause(pattern).filter(|clause| parsed.is(*clause, "MATCH"))
        };
        parsed.is_mark(at, "{") && in_match().is_some() || parsed.is(at, "WHERE")
    };
    let bounded = (0..parsed.tokens.len()).any(is_chosen) || clauses.has(parsed, "LIMIT");
    if bounded || !clauses.has(parsed, "MATCH") {
        return None;
    }
    let text = parsed.text.get(parsed.range()).unwrap_or_default();
    let range = parsed.tokens[deletes].range.start..parsed.tokens[deletes + 1].range.end;
    let verdict = Verdict::new(
        &UNCONDITIONAL_DELETE,
        range,
        "every node that is found is deleted, with its relationships",
        "no condition says which",
    );
    let shown: String = text.lines().next().unwrap_or_default().chars().take(80).collect();
    let with = match shown.to_ascii_uppercase().find("DETACH") {
        Some(at) => format!("{}WHERE … {}", shown.get(..at).unwrap_or_default(), shown.get(at..).unwrap_or_default()),
        None => "MATCH (n:Label) WHERE … DETACH DELETE n".to_owned(),
    };
    Some(verdict.instead("say which:", &[with]))
}
