//! Log lines and alerts in PostgreSQL, and who they belong to in MongoDB.

pub mod migrations;

/// What the gateway reads and writes, and what the server's validator is made of: one type is the source of both.
pub use migrations::release_1_1::m0006_add_tier::Tenant;
