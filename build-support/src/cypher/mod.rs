//! Cypher scripts, for Neo4j: their statements, what is surely wrong with them, and how each is taken up again.
//!
//! Words and brackets alone, no grammar: what isn't recognised is left to the server.

mod again;
mod batches;
mod clause;
mod delete_all;
mod head;
mod lex;
mod procedure;
mod properties;
mod retry;
mod schema;
mod script;
#[cfg(test)]
mod tests;
mod token;

use crate::language::{Complaint, Reading, Role, Statement};
use crate::sql::Retry;
use clause::Clauses;
use script::Parsed;
use token::Kind;

/// Reads a script.
pub(crate) fn read(text: &str, role: Role) -> Reading {
    let mut reading = Reading::default();
    let statements = match script::parse(text) {
        Ok(statements) => statements,
        Err(complaints) => return Reading { complaints, ..reading },
    };
    reading.is_readable = true;
    for parsed in statements {
        let clauses = Clauses::of(&parsed);
        if let Some(wrong) = head::check(&parsed) {
            reading.complaints.push(wrong);
        } else {
            reading.complaints.extend(clauses.misplaced_conditions(&parsed));
            reading.complaints.extend(properties::maps(&parsed, &clauses));
            reading.complaints.extend(parameter(&parsed));
        }
        match role {
            Role::Work => reading.verdicts.extend(delete_all::judge(&parsed, &clauses)),
            Role::Question => reading.complaints.extend(question(&parsed, &clauses)),
        }
        losses(&parsed, &clauses, &mut reading);
        let retry = retry::of(&parsed, &clauses);
        reading.statements.push(Statement {
            range: parsed.range(),
            tokens: parsed.tokens.iter().map(|token| token.range.clone()).collect(),
            is_data: retry == Retry::Together,
            retry,
        });
    }
    reading
}

/// Reports a parameter: a script is sent with none.
fn parameter(parsed: &Parsed<'_>) -> Option<Complaint> {
    let token = parsed.tokens.iter().find(|token| token.kind == Kind::Parameter)?;
    let name = parsed.text.get(token.range.clone()).unwrap_or_default();
    Some(
        Complaint::error("cypher_syntax", &token.range, format!("nobody gives the parameter `{name}` a value"))
            .label("has none here")
            .help("write the value itself, or give it in a function `up` in Rust"),
    )
}

/// Reports a `REQUIRE` or `VERIFY` that changes something.
fn question(parsed: &Parsed<'_>, clauses: &Clauses) -> Option<Complaint> {
    let writes = |at: &usize| {
        ["CREATE", "MERGE", "SET", "DELETE", "REMOVE", "INSERT", "FOREACH"].iter().any(|word| parsed.is(*at, word))
    };
    let at = match schema::read(parsed) {
        Some(_) => parsed.first(),
        None => clauses.all().find(writes)?,
    };
    let word = parsed.text_of(at).to_ascii_uppercase();
    Some(
        Complaint::error("question_writes", &parsed.tokens[at].range, format!("`{word}` is no part of a question"))
            .label("changes data")
            .help("write a query that only reads and returns one row whose first column is true: `MATCH (n:User) RETURN count(n) > 0`"),
    )
}

/// Adds what running a statement may lose.
fn losses(parsed: &Parsed<'_>, clauses: &Clauses, reading: &mut Reading) {
    if let Some(change) = schema::read(parsed) {
        if change.is_lossy {
            reading.loses(format!("runs `{}`", parsed.words(3)));
        }
        return;
    }
    for at in clauses.all() {
        match parsed.text_of(at).to_ascii_uppercase().as_str() {
            "DELETE" => reading.loses("deletes nodes or relationships".to_owned()),
            "SET" | "REMOVE" => reading.loses("changes properties or labels".to_owned()),
            _ => {}
        }
    }
    for name in procedure::names(parsed) {
        reading.loses(format!("calls `{name}`"));
    }
}
