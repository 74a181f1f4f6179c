//! Statements that change what isn't data: constraints, indexes, databases, users.

use super::script::Parsed;
use super::token::Kind;
use crate::sql::Retry;

/// A statement that changes what isn't data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SchemaChange {
    pub(super) retry: Retry,
    /// Whether something is lost that can't be made again from the data.
    pub(super) is_lossy: bool,
}

const KINDS: [&str; 7] = ["RANGE", "TEXT", "POINT", "VECTOR", "LOOKUP", "FULLTEXT", "BTREE"];

/// Reads a statement that changes what isn't data; `None` of all others.
pub(super) fn read(parsed: &Parsed<'_>) -> Option<SchemaChange> {
    let first = parsed.first();
    let verb = parsed.text_of(first).to_ascii_uppercase();
    let is_schema = match verb.as_str() {
        "CREATE" | "DROP" => parsed.kind(first + 1) == Some(Kind::Word) && !parsed.is_mark(first + 2, "="),
        "ALTER" | "RENAME" | "GRANT" | "DENY" | "REVOKE" | "START" | "STOP" | "ENABLE" | "DEALLOCATE"
        | "REALLOCATE" | "TERMINATE" => true,
        _ => false,
    };
    if !is_schema || parsed.kind(first) != Some(Kind::Word) {
        return None;
    }
    let object = first + 1 + usize::from(KINDS.iter().any(|kind| parsed.is(first + 1, kind)));
    let plural = match () {
        () if parsed.is(object, "INDEX") => Some("INDEXES"),
        () if parsed.is(object, "CONSTRAINT") => Some("CONSTRAINTS"),
        () => None,
    };
    // `CREATE UNIQUE (a)-[…]` of old is a pattern.
    if verb == "CREATE" && plural.is_none() && parsed.is_mark(first + 2, "(") {
        return None;
    }
    Some(SchemaChange { retry: retry(parsed, &verb, object, plural), is_lossy: plural.is_none() })
}

fn retry(parsed: &Parsed<'_>, verb: &str, object: usize, plural: Option<&str>) -> Retry {
    let is_conditional = (object..parsed.tokens.len()).any(|at| match verb {
        "CREATE" => parsed.are(at, &["IF", "NOT", "EXISTS"]),
        "DROP" | "ALTER" | "RENAME" | "STOP" => parsed.are(at, &["IF", "EXISTS"]),
        _ => false,
    });
    if is_conditional {
        return Retry::Again;
    }
    let Some(plural) = plural.filter(|_| matches!(verb, "CREATE" | "DROP")) else { return Retry::Ask };
    let Some(name) = name(parsed, object + 1) else { return Retry::Ask };
    let name = name.replace('\\', "\\\\").replace('\'', "\\'");
    Retry::Seen(match (verb, plural) {
        // It is there before it is filled. The backend waits for it, and tells of one that can't be.
        ("CREATE", "INDEXES") => format!(
            "CALL db.awaitIndex('{name}', 3600);\n// then\nSHOW INDEXES YIELD name, state WHERE name = '{name}' AND state = \
             'ONLINE' RETURN count(*) = 1 AS done"
        ),
        _ => {
            let count = if verb == "CREATE" { 1 } else { 0 };
            format!("SHOW {plural} YIELD name WHERE name = '{name}' RETURN count(*) = {count} AS done")
        }
    })
}

/// Gives a constraint's or an index's name, where it has one.
fn name(parsed: &Parsed<'_>, at: usize) -> Option<String> {
    let text = parsed.text_of(at);
    match parsed.kind(at)? {
        Kind::Word if parsed.is(at, "ON") || parsed.is(at, "FOR") => None,
        Kind::Word => Some(text.to_owned()),
        Kind::Name => Some(text.get(1..text.len() - 1)?.replace("``", "`")),
        _ => None,
    }
}
