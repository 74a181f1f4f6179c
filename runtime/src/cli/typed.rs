//! The typed words: which program they call, and which command they mean.

use super::args::Arguments;
use super::exit::Exit;
use super::output;
use super::terminal::coloured;
use super::urls::without_passwords;
use crate::registry::Registry;
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::path::Path;

/// Names the program so that a command that begins with the name can be typed.
pub(super) fn program(first: Option<&OsString>) -> String {
    if let Ok(package) = std::env::var("CARGO_PKG_NAME") {
        return format!("cargo run -p {package} --");
    }
    first.map(|name| Path::new(name).display().to_string()).unwrap_or_else(|| "app".into())
}

/// Reads the arguments.
pub(super) fn read(registry: &Registry, program: &str, words: &[OsString]) -> Result<Arguments, clap::Error> {
    let named = |command: clap::Command| match command
        .get_after_help()
        .map(|help| help.to_string().replace("{app}", program))
    {
        Some(help) => command.after_help(help),
        None => command,
    };
    let name = if registry.name().is_empty() { "app" } else { registry.name() };
    let command = Arguments::command().name(name).version(registry.app_version()).mut_subcommands(named);
    Arguments::from_arg_matches(&command.try_get_matches_from(words)?)
}

/// Shows what clap has to say: help, the version, or what is wrong.
pub(super) fn refuse(error: &clap::Error) -> Exit {
    let rendered = error.render();
    let text = |coloured| if coloured { rendered.ansi().to_string() } else { rendered.to_string() };
    if !error.use_stderr() {
        return output::out(&text(coloured(&std::io::stdout()))).map_or(Exit::Failed, |()| Exit::Done);
    }
    output::err(&without_passwords(&text(coloured(&std::io::stderr()))));
    Exit::Usage
}
