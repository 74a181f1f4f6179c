//! Nine migrations for a server and nine for a file: each kind of step, and several kinds in one. And seven for a server
//! behind a pooler, which takes no others; five for MySQL, seven for Redis, two and one for a cluster of it, four for Neo4j;
//! and three for a server that are rolled back.
//!
//! Whatever changes rows adds one to the `tally`, without a key that would keep it from being there twice.

pub mod postgres;
pub mod sqlite;
pub mod transactions;

// Behind the others, by their numbers.
pub mod mysql;

pub mod redis;

pub mod neo4j;

pub mod doubt;

pub mod back;

whimbrel::registry! {
    server: Postgres,
    file: Sqlite,
    pooled: Postgres,
    maria: Mysql,
    cache: Redis,
    spread: Redis,
    graph: Neo4j,
    doubt: Redis,
    back: Postgres,
}
