//! The whole command line of whimbrel for both: `log-aggregator --help`.

use log_aggregator::migrations::MIGRATIONS;
use std::process::ExitCode;

fn main() -> ExitCode {
    whimbrel::cli::main(&MIGRATIONS)
}
