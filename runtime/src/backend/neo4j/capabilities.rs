//! What Neo4j can do.

use super::lease;
use super::ledger::Cypher;
use crate::backend::{Capabilities, Limits, SessionLock};
use crate::error::ServerError;

/// Says what Neo4j can do.
pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    partial,
    transactional_ddl: false,
    lock: Some(SessionLock { opening: None, poll: lease::poll, holder: lease::holder, release: lease::release }),
    limits,
    unlimited: &["// whimbrel: limit 0"],
    examine: |_| Ok(EXAMINE.into()),
    ..Capabilities::plain(&Cypher)
};

/// Asks for name and version, the user, and whether the database is written to; the clock comes with the first.
pub(super) const EXAMINE: &str = "CALL dbms.components() YIELD name, versions, edition RETURN 'Neo4j ' + versions[0] + ' ' + edition, \
     timestamp();\n// then\nSHOW CURRENT USER YIELD user RETURN user;\n// then\nSHOW DATABASES YIELD name, access, writer, home RETURN \
     name, access, writer, home";

/// Batches that were committed before one that fails stay; what isn't understood has not begun.
fn partial(text: &str, answer: &ServerError) -> bool {
    let unread = ["SyntaxError", "SemanticError", "ParameterMissing", "AccessMode", "NotSystemDatabaseError"];
    let understood = !answer.code().is_some_and(|code| unread.iter().any(|kind| code.ends_with(kind)));
    let upper = text.to_uppercase();
    understood && upper.contains("IN") && upper.contains("TRANSACTIONS")
}

/// Limits a transaction, which is how Neo4j counts; how long a statement waits for a lock is a setting of the server alone.
fn limits(limits: Limits) -> Vec<String> {
    let limit = limits.statement.map(|limit| format!("{}{}", lease::LIMIT, limit.as_millis()));
    limit.into_iter().collect()
}
