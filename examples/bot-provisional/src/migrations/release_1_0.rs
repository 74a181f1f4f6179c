//! The first release: a beginning in each database.

use whimbrel::prelude::*;

/// The first schema, in all three.
#[migration(on = all, schema = "1.0.0")]
pub mod m0001_initial_schema {
    pub mod main {
        pub const UP: &str = "
            CREATE SCHEMA fine_tuning;
            CREATE TABLE fine_tuning.conversations (
                id             UUID PRIMARY KEY,
                user_id        VARCHAR(255) NOT NULL,
                quality_score  REAL,
                created_at     TIMESTAMPTZ NOT NULL DEFAULT now()
            );";
        pub const DOWN: &str = "DROP TABLE fine_tuning.conversations; DROP SCHEMA fine_tuning;";
    }
    pub mod cache {
        pub const UP: &str = "
            HSET config:features chat_enabled true cache_ttl 3600
            HSET app:namespaces session initialized
            HSET metrics:totals messages 0 errors 0";
        pub const DOWN: &str = "UNLINK config:features app:namespaces metrics:totals";
        pub const VERIFY: &str = "HGET config:features chat_enabled = true";
    }
    pub mod graph {
        pub const UP: &str = "
            CREATE CONSTRAINT user_id FOR (u:User) REQUIRE u.id IS UNIQUE;
            CREATE CONSTRAINT conversation_id FOR (c:Conversation) REQUIRE c.id IS UNIQUE;";
        pub const DOWN: &str = "
            DROP CONSTRAINT conversation_id;
            DROP CONSTRAINT user_id;";
    }
}
