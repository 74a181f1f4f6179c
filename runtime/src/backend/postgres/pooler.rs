//! Whether a pooler stands between, which hands out another connection to the server for each transaction.
//!
//! A setting that is asked for when the connection is opened reaches the server only where nobody stands between: poolers
//! refuse it, or leave it out.

use crate::backend::Rows;
use sqlx::postgres::PgConnectOptions;

/// The setting's name.
const DIRECT: &str = "whimbrel.direct";

/// Asks whether the setting has arrived, and whether nobody limits how long a statement waits for a lock.
pub(super) const PROBE: &str =
    "SELECT pg_catalog.current_setting('whimbrel.direct', true), pg_catalog.current_setting('lock_timeout') = '0'";

/// Takes away the statements that code has prepared. sqlx names them by counting from one on each connection of its own,
/// and here the server's connection, which keeps them, is another client's next: there the same name would be taken. A
/// pooler that keeps statements for its clients gives them names of its own, so it loses none by this.
pub(super) const FORGET: &str = "DO $whimbrel$ DECLARE prepared text; BEGIN FOR prepared IN SELECT name FROM \
    pg_catalog.pg_prepared_statements WHERE name ~ '^sqlx_s_[0-9]+$' LOOP EXECUTE pg_catalog.format('DEALLOCATE %I', \
    prepared); END LOOP; END $whimbrel$";

/// Says what is known of a pooler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooler {
    /// The first answer will tell.
    Unknown,
    /// There is none.
    None,
    /// There is one.
    Between,
}

impl Pooler {
    /// Understands the answer to [`PROBE`], the first row; where none came nothing is known yet.
    pub(super) fn of(rows: &Rows) -> Pooler {
        match rows.first().map(|row| row.first().cloned().flatten()) {
            None => Pooler::Unknown,
            Some(setting) if setting.as_deref() == Some("1") => Pooler::None,
            Some(_) => Pooler::Between,
        }
    }
}

/// Tells from the same answer whether nobody limits how long a statement waits.
pub(super) fn is_unlimited(rows: &Rows) -> bool {
    rows.first().and_then(|row| row.get(1)?.as_deref()) == Some("t")
}

/// Asks for the setting.
pub(super) fn marked(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().options([(DIRECT, "1")])
}

/// Asks for nothing that a pooler does not know, and keeps no statements, which are the server's connection's.
pub(super) fn plain(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().extra_float_digits(None).statement_cache_capacity(0)
}

/// Tells a pooler's refusal from others.
pub(super) fn refuses(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().starts_with("unsupported startup parameter"))
}
