//! What code on Redis is handed.

/// Is lent to a Redis migration's Rust code.
#[derive(Debug)]
pub struct RedisStep {}
