//! How a statement begins: with a word that is one.

use super::script::Parsed;
use super::token::Kind;
use crate::language::Complaint;
use whimbrel_grammar::names::nearest;

const FIRST: [&str; 40] = [
    "MATCH",
    "OPTIONAL",
    "CREATE",
    "MERGE",
    "INSERT",
    "UNWIND",
    "WITH",
    "CALL",
    "FOREACH",
    "LOAD",
    "RETURN",
    "USE",
    "DROP",
    "ALTER",
    "SHOW",
    "TERMINATE",
    "GRANT",
    "DENY",
    "REVOKE",
    "START",
    "STOP",
    "ENABLE",
    "RENAME",
    "DEALLOCATE",
    "REALLOCATE",
    "EXPLAIN",
    "PROFILE",
    "CYPHER",
    "USING",
    "FINISH",
    "LET",
    "FILTER",
    "FOR",
    "ORDER",
    "SKIP",
    "LIMIT",
    "OFFSET",
    "WHEN",
    "DRYRUN",
    "DETACH",
];

/// What `CREATE` and `DROP` may be followed by, where that is no pattern.
const SECOND: [&str; 19] = [
    "CONSTRAINT",
    "INDEX",
    "RANGE",
    "TEXT",
    "POINT",
    "VECTOR",
    "LOOKUP",
    "FULLTEXT",
    "BTREE",
    "DATABASE",
    "COMPOSITE",
    "ALIAS",
    "USER",
    "ROLE",
    "IMMUTABLE",
    "OR",
    "UNIQUE",
    "CURRENT",
    "SERVER",
];

/// Reports a statement that begins with no word of Cypher, where one is near, or that is the runner's.
pub(super) fn check(parsed: &Parsed<'_>) -> Option<Complaint> {
    let first = parsed.first();
    let range = &parsed.tokens.get(first).filter(|token| token.kind == Kind::Word)?.range;
    let word = parsed.text_of(first);
    let is_alone = parsed.tokens.len() == first + 1 || parsed.is(first + 1, "TRANSACTION");
    if is_alone && ["BEGIN", "COMMIT", "ROLLBACK"].iter().any(|control| parsed.is(first, control)) {
        let complaint = Complaint::error(
            "transaction_control",
            range,
            format!("`{word}` inside a migration, which is one transaction already"),
        );
        return Some(complaint.label("is no Cypher").help(
            "take it out; where the migration can't be one transaction, whimbrel runs it statement by statement",
        ));
    }
    if !FIRST.iter().any(|known| parsed.is(first, known)) {
        let meant = nearest(word, FIRST)?;
        let complaint = Complaint::error("cypher_syntax", range, format!("a statement can't begin with `{word}`"));
        return Some(complaint.help(format!("did you mean `{meant}`?")));
    }
    let second = parsed.text_of(first + 1);
    let names_something = parsed.kind(first + 1) == Some(Kind::Word) && !parsed.is_mark(first + 2, "=");
    if (parsed.is(first, "CREATE") || parsed.is(first, "DROP"))
        && names_something
        && !SECOND.iter().any(|known| parsed.is(first + 1, known))
    {
        let meant = nearest(second, SECOND)?;
        let complaint = Complaint::error(
            "cypher_syntax",
            &parsed.tokens[first + 1].range,
            format!("nothing called `{second}` can be made or dropped"),
        );
        return Some(complaint.help(format!("did you mean `{meant}`?")));
    }
    None
}
