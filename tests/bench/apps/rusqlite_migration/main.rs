//! `rusqlite_migration` with a folder that is embedded.

use include_dir::{Dir, include_dir};
use rusqlite_migration::Migrations;
use std::error::Error;
use std::process::ExitCode;

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");

fn apply() -> Result<(), Box<dyn Error>> {
    let mut connection = rusqlite::Connection::open(std::env::var("BENCH_URL")?)?;
    Migrations::from_directory(&FOLDER)?.to_latest(&mut connection)?;
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
