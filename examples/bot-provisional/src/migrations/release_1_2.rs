//! Preferences, a longer-lived cache, and a graph that knows how a conversation felt.

use whimbrel::prelude::*;

/// A place for each user's settings.
#[migration(schema = "1.2.0", after(m0001_initial_schema, m0002_add_indexes))]
pub mod m0003_add_user_preferences {
    pub const UP: &str = "
        CREATE TABLE user_preferences (
            id                UUID PRIMARY KEY,
            user_id           VARCHAR(255) NOT NULL,
            preference_key    VARCHAR(100) NOT NULL,
            preference_value  JSONB,
            created_at        TIMESTAMPTZ NOT NULL DEFAULT now(),
            updated_at        TIMESTAMPTZ NOT NULL DEFAULT now(),
            UNIQUE (user_id, preference_key)
        );
        CREATE INDEX user_preferences_by_user ON user_preferences (user_id);";
    pub const DOWN: &str = "DROP TABLE user_preferences";
    pub const VERIFY: &str = "SELECT count(*) = 0 FROM user_preferences";
}

/// Namespaces for the longer-lived cache.
#[migration(on = cache, schema = "1.2.0", after(m0003_add_user_preferences))]
pub mod m0004_update_redis_config {
    pub const UP: &str = "
        HSET config:features new_feature_enabled true cache_ttl_extended 7200
        HSET app:namespaces cache:extended initialized";
    pub const DOWN: &str = "
        HDEL config:features new_feature_enabled cache_ttl_extended
        HDEL app:namespaces cache:extended";
    pub const VERIFY: &str = "
        HGET config:features cache_ttl_extended = 7200
        HGET app:namespaces cache:extended = initialized";
}

/// What the recommender needs of a user and a conversation; preferences as JSON text, for a map is no property value.
#[migration(on = graph, schema = "1.2.0", after(m0004_update_redis_config))]
pub mod m0005_add_node_properties {
    pub const UP: &str = "
        MATCH (u:User) WHERE u.last_login IS NULL
        SET u.last_login = datetime(), u.preferences = '{}', u.activity_score = 0.0;

        MATCH (c:Conversation) WHERE c.sentiment IS NULL
        SET c.sentiment = 'neutral', c.complexity_score = 0.5;";
    pub const DOWN: &str = "
        MATCH (u:User) REMOVE u.last_login, u.preferences, u.activity_score;
        MATCH (c:Conversation) REMOVE c.sentiment, c.complexity_score;";
    pub const VERIFY: &str = "
        MATCH (c:Conversation) WHERE c.sentiment IS NULL OR c.complexity_score IS NULL RETURN count(c) = 0";
}

/// Conversations have a sentiment in PostgreSQL too.
#[migration(schema = "1.2.0", after(m0001_initial_schema))]
pub mod m0006_add_sentiment {
    pub const UP: &str = "ALTER TABLE fine_tuning.conversations ADD COLUMN sentiment VARCHAR(20) DEFAULT 'neutral'";
    pub const DOWN: &str = "ALTER TABLE fine_tuning.conversations DROP COLUMN sentiment";
}

/// And are found by it.
#[migration(transaction = false, after(m0006_add_sentiment))]
pub mod m0007_index_sentiment {
    pub const UP: &str = "
        CREATE INDEX CONCURRENTLY conversations_by_sentiment ON fine_tuning.conversations (sentiment)";
    pub const DOWN: &str = "DROP INDEX CONCURRENTLY fine_tuning.conversations_by_sentiment";
}

/// Beside the old score one that is exact to two digits; both are written from this release on.
#[migration(phase = expand, after(m0006_add_sentiment))]
pub mod m0008_add_exact_quality_score {
    pub const UP: &str = "ALTER TABLE fine_tuning.conversations ADD COLUMN quality_score_exact NUMERIC(3,2)";
    pub const DOWN: &str = "ALTER TABLE fine_tuning.conversations DROP COLUMN quality_score_exact";
}

/// The old scores, rounded.
#[migration(phase = migrate, after(m0008_add_exact_quality_score))]
pub mod m0009_copy_quality_score {
    pub const UP: &str = "
        UPDATE fine_tuning.conversations SET quality_score_exact = round(quality_score::numeric, 2)
        WHERE quality_score_exact IS NULL AND quality_score IS NOT NULL";
    pub const DOWN: &str =
        "UPDATE fine_tuning.conversations SET quality_score_exact = NULL WHERE quality_score_exact IS NOT NULL";
}
