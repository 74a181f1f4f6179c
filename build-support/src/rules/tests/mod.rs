mod chain;
#[cfg(feature = "neo4j")]
mod cypher;
mod documentation;
mod examples;
#[cfg(feature = "mysql")]
mod mysql;
mod severity;
#[cfg(feature = "sqlite")]
mod sqlite;
mod truth;
