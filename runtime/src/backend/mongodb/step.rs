//! What code on MongoDB is handed.

/// Is lent to a MongoDB migration's Rust code.
#[derive(Debug)]
pub struct MongodbStep {}
