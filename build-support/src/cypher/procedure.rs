//! What `CALL` calls.

use super::script::Parsed;

/// Gives the names of the procedures that a statement calls, in small letters.
pub(super) fn names(parsed: &Parsed<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for call in (0..parsed.tokens.len()).filter(|at| parsed.is(*at, "CALL") && parsed.is_name(*at + 1)) {
        let mut name = parsed.text_of(call + 1).to_lowercase();
        let mut at = call + 2;
        while parsed.is_mark(at, ".") && parsed.is_name(at + 1) {
            name = format!("{name}.{}", parsed.text_of(at + 1).to_lowercase());
            at += 2;
        }
        found.push(name);
    }
    found
}

/// How a procedure has to do with the transaction that it is called in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// It works inside of it.
    Inside,
    /// It only waits or looks.
    Waits,
    /// It may have transactions of its own, or change what isn't data.
    Unknown,
}

/// Says how a procedure has to do with transactions; what isn't known for certain is unknown.
pub(super) fn manner(name: &str) -> Manner {
    const INSIDE: [&str; 14] = [
        "apoc.create.",
        "apoc.merge.",
        "apoc.refactor.",
        "apoc.path.",
        "apoc.nodes.",
        "apoc.atomic.",
        "apoc.util.",
        "apoc.text.",
        "apoc.map.",
        "apoc.convert.",
        "apoc.date.",
        "apoc.load.",
        "db.create.setnodevectorproperty",
        "db.create.setrelationshipvectorproperty",
    ];
    const WAITS: [&str; 8] = [
        "db.awaitindex",
        "db.index.fulltext.await",
        "db.labels",
        "db.relationshiptypes",
        "db.propertykeys",
        "db.ping",
        "db.info",
        "db.resampleindex",
    ];
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    match name {
        // A rename of a label or a type goes through everything in batches of its own.
        name if name.starts_with("apoc.refactor.rename") => Manner::Unknown,
        _ if begins(&WAITS) => Manner::Waits,
        _ if begins(&INSIDE) => Manner::Inside,
        _ => Manner::Unknown,
    }
}
