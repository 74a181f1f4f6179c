//! The databases that the suite runs on, a file each.

mod mongodb;
mod neo4j;
mod redis;

pub(crate) use mongodb::Mongodb;
pub(crate) use neo4j::Neo4j;
pub(crate) use redis::Redis;
