//! No library: the least work that is still correct. A transaction a migration, sent in one piece with its history row;
//! a start with nothing to do is a connection and one query.

mod list;

use list::LIST;
use std::error::Error;
use std::process::ExitCode;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS floor_history (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";
const READ: &str = "SELECT version, checksum FROM floor_history ORDER BY version";

/// FNV-1a: stands for any checksum that costs next to nothing.
fn checksum(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

fn record(version: i64, name: &str, sql: &str) -> String {
    format!("INSERT INTO floor_history VALUES ({version}, '{name}', '{}');\n", checksum(sql))
}

/// Counts what is applied, after a look at all of it.
fn applied(rows: &[(i64, String)]) -> Result<usize, Box<dyn Error>> {
    for (at, (version, sum)) in rows.iter().enumerate() {
        let Some((known, _, sql)) = LIST.get(at) else {
            return Err("the database is ahead".into());
        };
        if known != version || *sum != checksum(sql) {
            return Err(format!("migration {version} differs").into());
        }
    }
    Ok(rows.len())
}

#[cfg(feature = "postgres")]
async fn apply_all(url: &str) -> Result<(), Box<dyn Error>> {
    use tokio_postgres::SimpleQueryMessage::{self, Row};
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let rows = |messages: Vec<SimpleQueryMessage>| -> Vec<(i64, String)> {
        let row = |message: &SimpleQueryMessage| match message {
            Row(row) if row.len() == 2 => Some((row.get(0)?.parse().ok()?, row.get(1)?.to_owned())),
            _ => None,
        };
        messages.iter().filter_map(row).collect()
    };
    let mut done = match client.simple_query(READ).await {
        Ok(messages) => applied(&rows(messages))?,
        Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::UNDEFINED_TABLE) => 0,
        Err(error) => return Err(error.into()),
    };
    if done < LIST.len() {
        // Behind the lock another process may have been quicker.
        let locked = format!("SELECT FROM pg_advisory_lock(727272); {CREATE}; {READ}");
        done = applied(&rows(client.simple_query(&locked).await?))?;
    }
    for (version, name, sql) in &LIST[done..] {
        client.batch_execute(&format!("BEGIN;\n{sql}{}COMMIT", record(*version, name, sql))).await?;
    }
    Ok(())
}

#[cfg(feature = "postgres")]
fn apply(url: &str) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(apply_all(url))
}

#[cfg(feature = "sqlite")]
fn apply(url: &str) -> Result<(), Box<dyn Error>> {
    let connection = rusqlite::Connection::open(url)?;
    connection.busy_timeout(std::time::Duration::from_secs(60))?;
    let read = || -> rusqlite::Result<Vec<(i64, String)>> {
        let mut statement = connection.prepare(READ)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    };
    let mut done = match read() {
        Ok(rows) => applied(&rows)?,
        Err(error) if error.to_string().contains("no such table") => 0,
        Err(error) => return Err(error.into()),
    };
    while done < LIST.len() {
        connection.execute_batch(&format!("BEGIN IMMEDIATE; {CREATE}"))?;
        let found: i64 = connection.query_row("SELECT count(*) FROM floor_history", [], |row| row.get(0))?;
        done = usize::try_from(found)?;
        if let Some((version, name, sql)) = LIST.get(done) {
            connection.execute_batch(sql)?;
            connection.execute_batch(&record(*version, name, sql))?;
        }
        connection.execute_batch("COMMIT")?;
        done += 1;
    }
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
