//! Looking things up.

use whimbrel::prelude::*;

/// Conversations of a user, the newest first.
#[migration(schema = "1.1.0", transaction = false, after(m0001_initial_schema))]
pub mod m0002_add_indexes {
    pub const UP: &str = "
        CREATE INDEX CONCURRENTLY conversations_by_user ON fine_tuning.conversations (user_id, created_at DESC)";
    pub const DOWN: &str = "DROP INDEX CONCURRENTLY fine_tuning.conversations_by_user";
}
