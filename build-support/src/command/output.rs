//! What reaches the screen or the pipe, and what the process ends with.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

/// Names how a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Done = 0,
    /// Something is wrong with the migrations, or with a file.
    Wrong = 1,
    /// It was typed wrongly.
    Usage = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Says why a command could not be done, and what to type instead.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    message: String,
    help: Option<String>,
}

impl Failure {
    /// States that it was typed wrongly.
    pub(super) fn usage(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Usage, message: message.into(), help: None }
    }

    /// States that something stands in the way.
    pub(super) fn wrong(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Wrong, message: message.into(), help: None }
    }

    /// States that a file can't be read or written.
    pub(super) fn file(verb: &str, path: impl Display, error: &io::Error) -> Failure {
        Failure::wrong(format!("`{path}` can't be {verb}: {error}"))
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// Shows it on standard error.
    pub(super) fn show(&self) -> Exit {
        let coloured = is_coloured(&io::stderr());
        let paint = |code: &str, text: &str| {
            if coloured { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
        };
        let mut text = format!("{}: {}\n", paint("31", "error"), self.message);
        if let Some(help) = &self.help {
            text += &format!("{}: {help}\n", paint("36", "help"));
        }
        // Nobody is left to be told that this can't be written.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        self.exit
    }
}

/// Tells whether a stream shows colours.
pub(super) fn is_coloured(stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Writes to standard output; a reader who has gone (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Failure::file("written", "standard output", &error)),
    }
}

/// Writes a number with its noun.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
