//! `refinery::embed_migrations!`, a transaction a migration.

use std::error::Error;
use std::process::ExitCode;

refinery::embed_migrations!("migrations");

#[cfg(feature = "postgres")]
fn apply(url: &str) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        migrations::runner().run_async(&mut client).await?;
        Ok(())
    })
}

#[cfg(feature = "sqlite")]
fn apply(url: &str) -> Result<(), Box<dyn Error>> {
    let mut connection = rusqlite::Connection::open(url)?;
    migrations::runner().run(&mut connection)?;
    Ok(())
}

fn main() -> ExitCode {
    let run = || apply(&std::env::var("BENCH_URL")?);
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
