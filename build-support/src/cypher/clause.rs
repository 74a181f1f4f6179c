//! Which words of a statement begin its clauses.

use super::script::Parsed;
use super::token::Kind;
use crate::language::Complaint;

const CLAUSES: [&str; 26] = [
    "MATCH", "OPTIONAL", "CREATE", "MERGE", "INSERT", "SET", "DELETE", "DETACH", "NODETACH", "REMOVE", "RETURN",
    "WITH", "UNWIND", "CALL", "FOREACH", "LOAD", "YIELD", "UNION", "USE", "ORDER", "SKIP", "LIMIT", "FINISH", "FILTER",
    "LET", "WHERE",
];

/// The words that begin clauses, and for each token the one whose clause it stands in.
#[derive(Clone, Debug)]
pub(super) struct Clauses {
    begins: Vec<usize>,
    /// For each token the word that begins its clause, within its own brackets.
    of: Vec<Option<usize>>,
    /// For each token the bracket that it stands in.
    within: Vec<Option<usize>>,
}

impl Clauses {
    pub(super) fn of(parsed: &Parsed<'_>) -> Clauses {
        let (mut begins, mut of, mut within) = (Vec::new(), Vec::new(), Vec::new());
        let mut levels: Vec<(Option<usize>, Option<usize>)> = vec![(None, None)];
        for at in 0..parsed.tokens.len() {
            let closes = parsed.partners[at].is_some_and(|partner| partner < at);
            if closes && levels.len() > 1 {
                levels.pop();
            }
            if let Some(level) = levels.last_mut() {
                if is_clause(parsed, at) {
                    level.1 = Some(at);
                    begins.push(at);
                }
                within.push(level.0);
                of.push(level.1);
            }
            if parsed.partners[at].is_some_and(|partner| partner > at) {
                levels.push((Some(at), None));
            }
        }
        Clauses { begins, of, within }
    }

    /// Gives the words that begin clauses, in order, at whatever depth.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.begins.iter().copied()
    }

    /// Gives the word whose clause a token stands in, within its own brackets.
    pub(super) fn clause(&self, at: usize) -> Option<usize> {
        self.of.get(at).copied().flatten()
    }

    /// Gives the bracket that a token stands in.
    pub(super) fn bracket(&self, at: usize) -> Option<usize> {
        self.within.get(at).copied().flatten()
    }

    /// Gives where each item of a clause's list begins.
    pub(super) fn items(&self, parsed: &Parsed<'_>, clause: usize) -> Vec<usize> {
        let here = |at: &usize| self.bracket(*at) == self.bracket(clause);
        let ends = |at: &usize| {
            here(at) && self.clause(*at) != Some(clause)
                || self.bracket(clause).is_some() && parsed.partners[*at] == self.bracket(clause)
        };
        let end = (clause + 1..parsed.tokens.len()).find(ends).unwrap_or(parsed.tokens.len());
        let commas = (clause + 1..end).filter(|at| here(at) && parsed.is_mark(*at, ","));
        std::iter::once(clause + 1).chain(commas.map(|comma| comma + 1)).collect()
    }

    /// Tells whether some clause begins with this word.
    pub(super) fn has(&self, parsed: &Parsed<'_>, word: &str) -> bool {
        self.all().any(|at| parsed.is(at, word))
    }

    /// Reports each `WHERE` that stands where none can: behind a clause that writes.
    pub(super) fn misplaced_conditions(&self, parsed: &Parsed<'_>) -> Vec<Complaint> {
        if super::schema::read(parsed).is_some() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for pair in self.all().collect::<Vec<_>>() {
            if !parsed.is(pair, "WHERE") {
                continue;
            }
            let same_level = |at: &usize| self.bracket(*at) == self.bracket(pair);
            let before = self.begins.iter().rev().find(|at| **at < pair && same_level(at));
            let Some(before) = before
                .filter(|at| ["SET", "REMOVE", "DELETE", "CREATE", "MERGE"].iter().any(|word| parsed.is(**at, word)))
            else {
                continue;
            };
            let word = parsed.text_of(*before).to_ascii_uppercase();
            found.push(
                Complaint::error(
                    "cypher_syntax",
                    &parsed.tokens[pair].range,
                    format!("`WHERE` can't come after `{word}`"),
                )
                .label(format!("has to stand before the `{word}`"))
                .help(format!("write it behind the `MATCH`: `MATCH … WHERE … {word} …`")),
            );
        }
        found
    }
}

/// Tells whether a word begins a clause, and is no name of something.
fn is_clause(parsed: &Parsed<'_>, at: usize) -> bool {
    if parsed.kind(at) != Some(Kind::Word) || !CLAUSES.iter().any(|word| parsed.is(at, word)) {
        return false;
    }
    let follows = |mark| at > 0 && parsed.is_mark(at - 1, mark);
    let precedes = |mark| parsed.is_mark(at + 1, mark);
    let after = |word| at > 0 && parsed.is(at - 1, word);
    if [".", ":", "&", "!", "$", ","].into_iter().any(follows) || after("AS") {
        return false;
    }
    if [".", ":", ",", ")", "]", "=", "+", "|", "<", ">"].into_iter().any(precedes) {
        return false;
    }
    match parsed.text_of(at).to_ascii_uppercase().as_str() {
        // `STARTS WITH`, `LOAD CSV WITH HEADERS`.
        "WITH" => !after("STARTS") && !after("ENDS") && !parsed.is(at + 1, "HEADERS"),
        // `ON CREATE SET`, `ON MATCH SET`.
        "CREATE" | "MATCH" => !after("ON"),
        "WHERE" => true,
        // Somebody's variable.
        _ => !parsed.is(at + 1, "WHERE") && !parsed.is(at + 1, "AS"),
    }
}
