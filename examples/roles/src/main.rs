//! The command line that migrates, logged in as `shop_deploy`: `roles --help`.

use roles::migrations::MIGRATIONS;
use std::process::ExitCode;

fn main() -> ExitCode {
    whimbrel::cli::main(&MIGRATIONS)
}
