//! `diesel_migrations::embed_migrations!` on one connection.

use diesel::Connection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::error::Error;
use std::process::ExitCode;

#[cfg(feature = "postgres")]
use diesel::PgConnection as Database;
#[cfg(feature = "sqlite")]
use diesel::SqliteConnection as Database;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

fn apply() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut connection = Database::establish(&std::env::var("BENCH_URL")?)?;
    connection.run_pending_migrations(MIGRATIONS)?;
    Ok(())
}

fn main() -> ExitCode {
    match apply() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
