//! One history of three databases, oldest first.

pub mod release_1_0;
pub mod release_1_1;
pub mod release_1_2;
pub mod release_2_0;

whimbrel::registry! { main: Postgres, cache: Redis, graph: Neo4j }
