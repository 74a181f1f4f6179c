//! What a bot remembers: conversations in PostgreSQL, features in Redis, who talked with whom in Neo4j.

pub mod migrations;
