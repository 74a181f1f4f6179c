//! What code on Neo4j is handed.

/// Is lent to a Neo4j migration's Rust code.
#[derive(Debug)]
pub struct Neo4jStep {}
