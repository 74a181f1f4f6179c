//! The databases that the suite runs on, a file each.

mod redis;

pub(crate) use redis::Redis;
