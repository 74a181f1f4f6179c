//! The whole command line of whimbrel for this database: `contramind --help`.

use contramind::migrations::MIGRATIONS;
use std::process::ExitCode;

fn main() -> ExitCode {
    whimbrel::cli::main(&MIGRATIONS)
}
