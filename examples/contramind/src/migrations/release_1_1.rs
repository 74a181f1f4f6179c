//! An audit log of everything, in place of the log of contracts.

use whimbrel::prelude::*;

/// Who did what to which resource, with what it was before and after.
#[migration(schema = "1.1.0")]
pub mod m0004_add_audit_log {
    pub const UP: &str = "
        CREATE TABLE cm.audit_log (
            id             BIGSERIAL PRIMARY KEY,
            ts             TIMESTAMPTZ DEFAULT now(),
            user_id        TEXT,
            action         TEXT NOT NULL,
            resource_type  TEXT,
            resource_id    TEXT,
            old_values     JSONB,
            new_values     JSONB,
            ip_address     INET,
            user_agent     TEXT
        );
        COMMENT ON TABLE cm.audit_log IS 'Who did what to which resource; rows are only ever added';
        COMMENT ON COLUMN cm.audit_log.resource_id IS 'Key of the resource in the table that resource_type names, as text';";
    pub const DOWN: &str = "DROP TABLE cm.audit_log";

    pub const VERIFY: &str = "
        SELECT string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' ORDER BY ordinal_position) =
            'id bigint NO, ts timestamp with time zone YES, user_id text YES, action text NO, '
            'resource_type text YES, resource_id text YES, old_values jsonb YES, new_values jsonb YES, '
            'ip_address inet YES, user_agent text YES'
        FROM information_schema.columns WHERE table_schema = 'cm' AND table_name = 'audit_log';

        SELECT count(*) = 1 FROM information_schema.table_constraints
        WHERE table_schema = 'cm' AND table_name = 'audit_log' AND constraint_type = 'PRIMARY KEY';";
}

/// The log of contracts moves over; the old table stays, unwritten, until no release reads it any more.
#[migration(after(m0004_add_audit_log))]
pub mod m0005_move_contract_log {
    pub const UP: &str = "
        INSERT INTO cm.audit_log (ts, user_id, action, resource_type, resource_id, user_agent)
        SELECT changed_at, changed_by, change, 'contract', contract_id::text, 'cm.contract_log'
        FROM cm.contract_log ORDER BY changed_at";
    pub const DOWN: &str = "DELETE FROM cm.audit_log WHERE user_agent = 'cm.contract_log'";

    pub const VERIFY: &str = "
        SELECT (SELECT (count(*), count(DISTINCT changed_by), min(changed_at), max(changed_at)) FROM cm.contract_log)
            IS NOT DISTINCT FROM
               (SELECT (count(*), count(DISTINCT user_id), min(ts), max(ts)) FROM cm.audit_log
                WHERE user_agent = 'cm.contract_log')";
}

/// Now that the rows are there: indexes, built while others write.
#[migration(transaction = false, after(m0005_move_contract_log))]
pub mod m0006_index_audit_log {
    use super::*;
    use whimbrel::sqlx::{self, Row};

    pub const UP: &str = "
        CREATE INDEX CONCURRENTLY audit_log_ts ON cm.audit_log (ts);
        CREATE INDEX CONCURRENTLY audit_log_user_id ON cm.audit_log (user_id);
        CREATE INDEX CONCURRENTLY audit_log_action ON cm.audit_log (action);";
    pub const DOWN: &str = "
        DROP INDEX CONCURRENTLY cm.audit_log_action;
        DROP INDEX CONCURRENTLY cm.audit_log_user_id;
        DROP INDEX CONCURRENTLY cm.audit_log_ts;";

    /// The last day's rows are found by the index on `ts`; a table of few rows would be read whole, and rightly so.
    pub async fn verify(db: &mut PostgresStep) -> whimbrel::Result<bool> {
        let plan = sqlx::raw_sql(
            "SET LOCAL enable_seqscan = off;
             EXPLAIN SELECT * FROM cm.audit_log WHERE ts >= now() - interval '1 day';
             SET LOCAL enable_seqscan TO DEFAULT;",
        )
        .fetch_all(&mut *db)
        .await?;
        let lines = plan.iter().map(|line| line.try_get(0)).collect::<Result<Vec<String>, _>>()?;
        Ok(lines.iter().any(|line| line.contains("audit_log_ts")))
    }
}
