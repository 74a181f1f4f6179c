//! The databases that the suite runs on, a file each.

mod mongodb;
mod redis;

pub(crate) use mongodb::Mongodb;
pub(crate) use redis::Redis;
