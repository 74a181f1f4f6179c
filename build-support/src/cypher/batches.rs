//! Statements that commit in parts: `CALL { … } IN TRANSACTIONS`, `USING PERIODIC COMMIT`.

use super::script::Parsed;

/// Tells whether a statement commits in parts, so that none can be around it.
pub(super) fn commits_in_parts(parsed: &Parsed<'_>) -> bool {
    let is_batched = |at: usize| {
        (parsed.is(at, "TRANSACTIONS") || parsed.is(at, "TRANSACTION"))
            && (1..=3).any(|back| {
                at >= back && parsed.is(at - back, "IN") && parsed.is_mark(at.saturating_sub(back + 1), "}")
            })
    };
    (0..parsed.tokens.len()).any(|at| is_batched(at) || parsed.are(at, &["USING", "PERIODIC", "COMMIT"]))
}
