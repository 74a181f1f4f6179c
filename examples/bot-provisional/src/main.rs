//! The whole command line of whimbrel for all three: `bot-provisional --help`.

use bot_provisional::migrations::MIGRATIONS;
use std::process::ExitCode;

fn main() -> ExitCode {
    whimbrel::cli::main(&MIGRATIONS)
}
