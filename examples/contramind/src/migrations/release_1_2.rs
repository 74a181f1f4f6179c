//! Figures for the dashboard.

use whimbrel::prelude::*;

/// What the dashboard shows: each day's changes, and how many people made them.
#[migration(schema = "1.2.0", after(m0005_move_contract_log))]
pub mod m0007_create_audit_by_day {
    pub const UP: &str = "
        CREATE VIEW cm.audit_by_day AS
        SELECT ts::date AS day, action, count(*) AS changes, count(DISTINCT user_id) AS users
        FROM cm.audit_log GROUP BY day, action";
    pub const DOWN: &str = "DROP VIEW cm.audit_by_day";
}
