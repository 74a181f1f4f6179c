//! Field notes: who saw which bird, where and when.

pub mod migrations;

use migrations::MIGRATIONS;
use std::process::ExitCode;
use whimbrel::cli::Cli;

/// Without arguments: applies all migrations to `field-notes.db` and shows what has happened.
/// With arguments: the whole command line of whimbrel (`quickstart --help`).
pub fn main() -> ExitCode {
    let cli = || Cli::new(&MIGRATIONS).default_url("main", "sqlite:field-notes.db");
    if std::env::args_os().len() > 1 {
        return cli().main();
    }
    match cli().run(["quickstart", "apply"]) {
        ExitCode::SUCCESS => cli().run(["quickstart", "status"]),
        failure => failure,
    }
}
