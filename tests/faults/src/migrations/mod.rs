//! Nine migrations for a server and nine for a file: each kind of step, and several kinds in one.
//!
//! Whatever changes rows adds one to the `tally`, without a key that would keep it from being there twice.

pub mod postgres;
pub mod sqlite;

whimbrel::registry! { server: Postgres, file: Sqlite }
