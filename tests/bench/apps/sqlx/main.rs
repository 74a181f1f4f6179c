//! `sqlx::migrate!` on one connection.

use sqlx::Connection;
use sqlx::migrate::Migrator;
use std::error::Error;
use std::process::ExitCode;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

async fn apply(url: &str) -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "postgres")]
    let mut connection = sqlx::PgConnection::connect(url).await?;
    #[cfg(feature = "sqlite")]
    let mut connection = sqlx::SqliteConnection::connect_with(
        &sqlx::sqlite::SqliteConnectOptions::new().filename(url).create_if_missing(true),
    )
    .await?;
    MIGRATOR.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

fn main() -> ExitCode {
    let run = || -> Result<(), Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(apply(&std::env::var("BENCH_URL")?))
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
