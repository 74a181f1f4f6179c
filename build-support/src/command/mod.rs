//! `cargo whimbrel` (feature `cli`): looks after a chain, with the same check that the build script makes.
//!
//! The commands are described in `docs/cargo-whimbrel.md`. Only this part of the crate writes files of an author's.

mod annotation;
mod arguments;
mod build_script;
mod chain;
mod check;
mod dialect;
mod explain;
mod file;
mod import;
mod joints;
mod lock;
mod new;
mod opaque;
mod output;
mod project;
mod schema;
mod squash;

use arguments::{Arguments, Command};
use clap::Parser;
use output::{Exit, Failure};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs `cargo whimbrel` with the arguments of the process.
pub fn main() -> ExitCode {
    // Cargo hands its subcommand's name on as the first argument.
    let mut words: Vec<OsString> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "whimbrel") {
        words.remove(1);
    }
    let exit = match Arguments::try_parse_from(words) {
        Ok(arguments) => run(&arguments.command).unwrap_or_else(|failure| failure.show()),
        Err(error) => refuse(&error),
    };
    exit.into()
}

fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::New(options) => new::run(options),
        Command::Lock(options) => lock::run(options),
        Command::Check(options) => check::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Schema(options) => schema::run(options),
        Command::Import(options) => import::run(options),
        Command::Squash(options) => squash::run(options),
    }
}

/// Shows what clap has to say: help, the version, or what is wrong.
fn refuse(error: &clap::Error) -> Exit {
    // Where nobody reads there is nobody to be told.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}
