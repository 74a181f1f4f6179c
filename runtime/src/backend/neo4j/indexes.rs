//! Waiting for what `CREATE INDEX` and `CREATE CONSTRAINT` have begun: Neo4j fills an index after the statement is done, and a constraint's
//! before it.

use super::ledger::THEN;
use super::quote;
use super::step::{Neo4jStep, Transaction};
use crate::error::{Notes, ServerError};
use std::time::{Duration, Instant};

/// Says which indexes to look at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Made {
    Nothing,
    Named(String),
    /// The statement left the name to the server; these are older.
    Unnamed(Vec<String>),
}

/// What waiting ends with where the index fails just then.
const CREATION_FAILED: &str = "Neo.DatabaseError.Schema.IndexCreationFailed";

/// So long the half of a constraint is left to the server, which mostly takes it back soon after the client has died that makes it.
const HALF: Duration = Duration::from_secs(10);
/// So long the index is filled and the constraint is not there yet.
const FILLED: Duration = Duration::from_secs(1);
/// So long is waited between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Makes room for a constraint that was refused because half of it has its name: the index, which is there first. The server ends it or
/// takes it back; where it or the client was killed at the wrong moment the half stays for ever, and is dropped here. Tells whether the
/// constraint may be tried again.
///
/// # Errors
/// The server's, when it is asked.
pub(super) async fn make_room(step: &mut Neo4jStep, text: &str, refusal: &ServerError) -> Result<bool, ServerError> {
    let is_taken = refusal.code().is_some_and(|code| code.ends_with(".IndexWithNameAlreadyExists"));
    let is_constraint = words(text).nth(1).is_some_and(|word| word.eq_ignore_ascii_case("CONSTRAINT"));
    let Some(Some(name)) = made(text).filter(|_| is_taken && is_constraint) else { return Ok(false) };
    let begun = Instant::now();
    // What nobody fills any more is shown as filled, and as waiting for it.
    let look = format!(
        "SHOW INDEXES YIELD name, state, owningConstraint, populationPercent WHERE name = {} RETURN CASE WHEN owningConstraint IS NOT NULL \
         THEN 'OWNED' WHEN state = 'POPULATING' AND populationPercent < 100 THEN 'FILLING' ELSE state END",
        quote::string(&name)
    );
    let (mut was_half, mut was_filling) = (false, false);
    loop {
        let found = step.one(&look, &[], true).await?.rows;
        let state = found.first().and_then(|row| row.first()).map(|state| state.cell(" ").unwrap_or_default());
        let patience = match state.as_deref() {
            None => return Ok(true),
            Some("POPULATING" | "FILLING") => HALF,
            Some("ONLINE") => FILLED,
            Some(_) => return Ok(was_half),
        };
        was_half |= patience == HALF;
        was_filling |= state.as_deref() == Some("FILLING");
        if begun.elapsed() >= patience {
            return if patience == HALF && !was_filling { drop_half(step, &name).await } else { Ok(false) };
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Drops the half of a constraint that nobody makes any more.
async fn drop_half(step: &mut Neo4jStep, name: &str) -> Result<bool, ServerError> {
    let making = format!(
        "SHOW TRANSACTIONS YIELD currentQuery AS query WHERE query CONTAINS {} AND query CONTAINS 'CONSTRAINT' AND NOT query STARTS WITH \
         'SHOW' RETURN query",
        quote::string(name)
    );
    if !step.one(&making, &[], true).await?.rows.is_empty() {
        return Ok(false);
    }
    let quoted = quote::name(name).map_err(|error| ServerError::other(error.to_string()))?;
    tracing::warn!(name, "whoever made this constraint has died, and its half is dropped");
    step.one(&format!("DROP INDEX {quoted} IF EXISTS"), &[], false).await.map(|_| true)
}

/// Looks what there is before a statement is sent.
pub(super) async fn before(step: &mut Neo4jStep, text: &str) -> Result<Made, ServerError> {
    // A schema statement is not done before its transaction is.
    if step.transaction != Transaction::None {
        return Ok(Made::Nothing);
    }
    match made(text) {
        None => Ok(Made::Nothing),
        Some(Some(name)) => Ok(Made::Named(name)),
        Some(None) => Ok(Made::Unnamed(ask(step, "").await?.into_iter().map(|index| index.name).collect())),
    }
}

/// Waits until the indexes that a statement made are filled.
///
/// # Errors
/// One that could not be filled, with the server's reason.
pub(super) async fn wait(step: &mut Neo4jStep, made: Made) -> Result<(), ServerError> {
    let (which, older) = match made {
        Made::Nothing => return Ok(()),
        Made::Named(name) => (format!(" AND name = {}", quote::string(&name)), Vec::new()),
        Made::Unnamed(older) => (String::new(), older),
    };
    settle(step, &which, &older).await
}

/// Waits for the index that a query about a dead run's statement names first, as whimbrel-build writes it; gives the query.
///
/// # Errors
/// One that could not be filled: the statement would be refused, because the index is there.
pub(super) async fn awaited(step: &mut Neo4jStep, text: String) -> Result<String, ServerError> {
    let Some((name, query)) = awaits(&text) else { return Ok(text) };
    settle(step, &format!(" AND name = {name}"), &[]).await?;
    Ok(query.to_owned())
}

/// Gives the name that is awaited, as a literal, and what follows.
fn awaits(text: &str) -> Option<(&str, &str)> {
    let (first, query) = text.split_once(THEN)?;
    Some((first.strip_prefix("CALL db.awaitIndex(")?.strip_suffix(", 3600)")?, query))
}

async fn settle(step: &mut Neo4jStep, which: &str, older: &[String]) -> Result<(), ServerError> {
    loop {
        let indexes = ask(step, which).await?;
        let Some(index) = indexes.into_iter().find(|index| !older.contains(&index.name)) else { return Ok(()) };
        if index.state == "FAILED" {
            return Err(unfilled(&index));
        }
        // It says so when it has failed; that is asked again, for the reason is told there.
        let text = format!("CALL db.awaitIndex({}, 3600)", quote::string(&index.name));
        if let Err(error) = step.one(&text, &[], false).await
            && error
                .code()
                .is_none_or(|code| !code.starts_with("Neo.ClientError.Procedure.") && code != CREATION_FAILED)
        {
            return Err(error);
        }
    }
}

struct Index {
    name: String,
    state: String,
    reason: String,
}

/// Asks for the indexes that are not filled.
async fn ask(step: &mut Neo4jStep, which: &str) -> Result<Vec<Index>, ServerError> {
    let text = format!(
        "SHOW INDEXES YIELD name, state, failureMessage WHERE state <> 'ONLINE'{which} RETURN name, state, failureMessage"
    );
    let answer = step.one(&text, &[], true).await?;
    let index = |row: Vec<super::Neo4jValue>| {
        let mut texts = row.into_iter().map(|value| value.cell(" ").unwrap_or_default());
        let mut next = || texts.next().unwrap_or_default();
        Index { name: next(), state: next(), reason: next() }
    };
    Ok(answer.rows.into_iter().map(index).collect())
}

fn unfilled(index: &Index) -> ServerError {
    let hint = format!("mend the data, `DROP INDEX {}`, and run again", index.name);
    let notes = Some(Box::new(Notes { hint: Some(hint), ..Notes::default() }));
    let reason = index.reason.lines().next().unwrap_or_default();
    ServerError { notes, ..ServerError::other(format!("the index `{}` could not be filled: {reason}", index.name)) }
}

/// Tells whether a statement makes an index or a constraint, and which name it gives.
fn made(text: &str) -> Option<Option<String>> {
    let mut words = words(text);
    if !words.next()?.eq_ignore_ascii_case("CREATE") {
        return None;
    }
    // At most `CREATE OR REPLACE FULLTEXT INDEX`.
    let named = |word: &&str| word.eq_ignore_ascii_case("INDEX") || word.eq_ignore_ascii_case("CONSTRAINT");
    words.by_ref().take(4).find(named)?;
    let name = words.next()?;
    let is_name = !["IF", "FOR", "ON"].iter().any(|word| name.eq_ignore_ascii_case(word));
    Some(is_name.then(|| name.trim_matches('`').replace("``", "`")))
}

/// Lists a statement's first words, without the comments before them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    loop {
        let after = match rest.strip_prefix("//") {
            Some(comment) => comment.split_once('\n').map(|(_, after)| after),
            None => rest.strip_prefix("/*").and_then(|comment| comment.split_once("*/")).map(|(_, after)| after),
        };
        match after {
            Some(after) => rest = after.trim_start(),
            None => return quoted(rest),
        }
    }
}

/// Splits at white space, except between marks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let mut inside = false;
        let end = rest.find(|c: char| {
            inside ^= c == '`';
            !inside && (c.is_whitespace() || c == '(')
        });
        let (word, behind) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::{awaits, made};

    #[test]
    fn what_makes_an_index_is_recognised() {
        let named = |name: &str| Some(Some(name.to_owned()));
        assert_eq!(made("CREATE INDEX users_name FOR (u:User) ON (u.name)"), named("users_name"));
        assert_eq!(made("// why\n/* and */ create fulltext index `my ``one` IF NOT EXISTS FOR"), named("my `one"));
        assert_eq!(made("CREATE CONSTRAINT a IF NOT EXISTS FOR (n:N) REQUIRE n.x IS UNIQUE"), named("a"));
        assert_eq!(made("CREATE TEXT INDEX FOR (u:User) ON (u.name)"), Some(None));
        assert_eq!(made("CREATE INDEX IF NOT EXISTS FOR (u:User) ON (u.name)"), Some(None));
        assert_eq!(made("CREATE CONSTRAINT ON (n:N) ASSERT n.x IS UNIQUE"), Some(None));
        for other in
            ["CREATE (:Index {name: 'x'})", "DROP INDEX a", "MATCH (n) SET n.x = 'CREATE INDEX a'", "", "//", "/*"]
        {
            assert_eq!(made(other), None, "{other}");
        }
    }

    #[test]
    fn a_query_may_first_await_an_index() {
        let text = "CALL db.awaitIndex('it\\'s', 3600);\n// then\nSHOW INDEXES";
        assert_eq!(awaits(text), Some(("'it\\'s'", "SHOW INDEXES")));
        assert_eq!(awaits("CALL db.awaitIndex('i', 3600)"), None);
        assert_eq!(awaits("RETURN 1;\n// then\nRETURN 2"), None);
    }
}
