//! Whether a statement that commits in parts can be run once more from its beginning.
//!
//! It can where each part leaves what it would leave the second time: its values don't come from what it writes itself, and it does not
//! make what it looks for.

use super::clause::Clauses;
use super::script::Parsed;
use super::token::Kind;

/// Functions that give the same for the same, and read nothing besides.
const PURE: [&str; 22] = [
    "tolower",
    "toupper",
    "trim",
    "ltrim",
    "rtrim",
    "btrim",
    "tostring",
    "tointeger",
    "tofloat",
    "toboolean",
    "substring",
    "replace",
    "split",
    "left",
    "right",
    "reverse",
    "coalesce",
    "size",
    "abs",
    "round",
    "ceil",
    "floor",
];

/// Tells whether running a statement once more from its beginning leaves what running it once does. What isn't known for certain doesn't.
pub(super) fn is_harmless(parsed: &Parsed<'_>, clauses: &Clauses) -> bool {
    let doubtful =
        ["CREATE", "INSERT", "FOREACH", "LOAD", "LIMIT", "SKIP"].iter().any(|word| clauses.has(parsed, word));
    if doubtful || !super::procedure::names(parsed).is_empty() || makes_what_it_looks_for(parsed, clauses) {
        return false;
    }
    let Some(written) = written(parsed, clauses) else { return false };
    let is_condition = |at: &usize| is_in(parsed, clauses, *at, &["MATCH", "OPTIONAL", "WHERE"]);
    (0..parsed.tokens.len()).filter(|at| !is_condition(at)).all(|at| is_steady(parsed, clauses, at, &written))
}

/// Tells whether a token stands in a clause that begins with one of these words, within whatever brackets.
fn is_in(parsed: &Parsed<'_>, clauses: &Clauses, at: usize, words: &[&str]) -> bool {
    let mut at = at;
    loop {
        if let Some(clause) = clauses.clause(at) {
            return words.iter().any(|word| parsed.is(clause, word));
        }
        let Some(bracket) = clauses.bracket(at) else { return false };
        at = bracket;
    }
}

/// Lists the properties that a statement sets or removes; `None` where it writes in a way that isn't followed.
fn written(parsed: &Parsed<'_>, clauses: &Clauses) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for clause in clauses.all().filter(|at| parsed.is(*at, "SET") || parsed.is(*at, "REMOVE")) {
        for item in clauses.items(parsed, clause) {
            match item {
                at if parsed.is_name(at) && parsed.is_mark(at + 1, ":") => {}
                at if parsed.is_name(at) && parsed.is_mark(at + 1, ".") && parsed.is_name(at + 2) => {
                    if parsed.is(clause, "SET") != parsed.is_mark(at + 3, "=") {
                        return None;
                    }
                    names.push(name(parsed, at + 2));
                }
                _ => return None,
            }
        }
    }
    Some(names)
}

fn name(parsed: &Parsed<'_>, at: usize) -> String {
    let text = parsed.text_of(at);
    match parsed.kind(at) {
        Some(Kind::Name) => text.get(1..text.len() - 1).unwrap_or_default().replace("``", "`"),
        _ => text.to_owned(),
    }
}

/// Tells whether `MERGE` may make nodes or relationships that `MATCH` finds the next time.
fn makes_what_it_looks_for(parsed: &Parsed<'_>, clauses: &Clauses) -> bool {
    let all = || 0..parsed.tokens.len();
    let labels = |words: &[&str]| -> Vec<String> {
        let labelled =
            all().filter(|at| parsed.is_mark(*at, ":") && parsed.is_name(at + 1) && is_in(parsed, clauses, *at, words));
        labelled.map(|at| name(parsed, at + 1)).collect()
    };
    if !clauses.has(parsed, "MERGE") {
        return false;
    }
    let (merged, matched) = (labels(&["MERGE"]), labels(&["MATCH", "OPTIONAL"]));
    // What has no label, or no type, is found whatever it is called.
    let is_open = |at: &usize| {
        let inside = parsed.partners[*at].map(|close| *at + 1..close);
        is_in(parsed, clauses, *at, &["MATCH", "OPTIONAL"])
            && match inside {
                Some(mut inside) if parsed.is_mark(*at, "(") || parsed.is_mark(*at, "[") => {
                    !inside.any(|within| clauses.bracket(within) == Some(*at) && parsed.is_mark(within, ":"))
                }
                _ => {
                    parsed.is_mark(*at, "-")
                        && (parsed.is_mark(*at + 1, "-")
                            || parsed.is_mark(*at + 1, ">") && parsed.is_mark(at.wrapping_sub(1), "-"))
                }
            }
    };
    merged.iter().any(|label| matched.contains(label)) || all().any(|at| is_open(&at))
}

/// Tells whether a token reads nothing that the statement writes, and nothing that differs from time to time.
fn is_steady(parsed: &Parsed<'_>, clauses: &Clauses, at: usize, written: &[String]) -> bool {
    let before = |mark| at > 0 && parsed.is_mark(at - 1, mark);
    let in_pattern = || is_in(parsed, clauses, at, &["MERGE", "ON"]);
    match parsed.text_of(at) {
        "." if parsed.is_name(at + 1) => !written.contains(&name(parsed, at + 1)) || is_target(parsed, clauses, at),
        // `n['name']`
        "[" => {
            in_pattern()
                || !(before("]") || before(")") || at > 0 && parsed.is_name(at - 1) && !parsed.is(at - 1, "IN"))
        }
        // A pattern in a value looks for what the statement may write.
        "-" => in_pattern() || !(parsed.is_mark(at + 1, "-") || parsed.is_mark(at + 1, "[")),
        "(" if at > 0 && parsed.kind(at - 1) == Some(Kind::Word) => {
            let word = parsed.text_of(at - 1).to_lowercase();
            let is_function =
                !clauses.all().any(|clause| clause + 1 == at) && !["in", "and", "or", "not"].contains(&word.as_str());
            !is_function || PURE.contains(&word.as_str()) && !parsed.is_mark(at + 1, ")")
        }
        // The body of a subquery, and the properties of a pattern.
        "{" => in_pattern() || at > 0 && parsed.is(at - 1, "CALL") || is_body(parsed, at),
        _ => true,
    }
}

/// Tells `CALL (n) {`.
fn is_body(parsed: &Parsed<'_>, at: usize) -> bool {
    let open = at.checked_sub(1).and_then(|close| parsed.partners[close]);
    open.and_then(|open| open.checked_sub(1)).is_some_and(|call| parsed.is(call, "CALL"))
}

/// Tells whether a dot belongs to what is assigned to: `SET n.a = …`, `REMOVE n.a`.
fn is_target(parsed: &Parsed<'_>, clauses: &Clauses, at: usize) -> bool {
    let Some(clause) = clauses.clause(at) else { return false };
    let writes = parsed.is(clause, "SET") || parsed.is(clause, "REMOVE");
    writes && at > 0 && clauses.items(parsed, clause).contains(&(at - 1))
}
