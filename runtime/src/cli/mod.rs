//! A whole command line for the application's own binary (feature `cli`).
//!
//! ```no_run
//! # mod migrations { pub static MIGRATIONS: whimbrel::Registry = whimbrel::Registry::EMPTY; }
//! use migrations::MIGRATIONS;
//!
//! fn main() -> std::process::ExitCode {
//!     whimbrel::cli::main(&MIGRATIONS)
//! }
//! ```
//!
//! Commands, options, exit codes and the shape of the JSON are in `docs/cli.md`.

mod args;
mod call;
mod command;
mod consent;
mod document;
mod effect;
mod exit;
mod failure;
mod output;
mod progress;
mod session;
mod signal;
mod table;
mod target;
mod terminal;
mod typed;
mod unavailable;
mod urls;

use crate::databases::Urls;
use crate::registry::Registry;
use call::Call;
use failure::Failure;
use output::Answer;
use session::Session;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line with the arguments of the process.
pub fn main(registry: &'static Registry) -> ExitCode {
    Cli::new(registry).main()
}

/// Builds a command line with choices of the application's own.
#[derive(Debug, Clone)]
pub struct Cli {
    registry: &'static Registry,
    defaults: BTreeMap<&'static str, String>,
}

impl Cli {
    /// Begins without defaults.
    pub const fn new(registry: &'static Registry) -> Self {
        Self { registry, defaults: BTreeMap::new() }
    }
    /// Chooses where a database is when neither `--url` nor the environment says.
    #[must_use]
    pub fn default_url(mut self, database: &'static str, url: impl Into<String>) -> Self {
        self.defaults.insert(database, url.into());
        self
    }
    /// Runs with the arguments of the process.
    pub fn main(&self) -> ExitCode {
        self.run(std::env::args_os())
    }
    /// Runs with the given arguments, the program's name first, on a runtime of its own.
    pub fn run<A: Into<OsString>>(&self, arguments: impl IntoIterator<Item = A>) -> ExitCode {
        let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let program = typed::program(words.first());
        let arguments = match typed::read(self.registry, &program, &words) {
            Ok(arguments) => arguments,
            Err(error) => return typed::refuse(&error).into(),
        };
        let call = Call::new(self.registry, program, &arguments.command);
        let json = arguments.general.json;
        let environment = Urls::from_env(self.registry);
        let ended = urls::urls(self.registry, &arguments.general.urls, environment, &self.defaults)
            .map_err(Failure::from)
            .and_then(|urls| {
                let session = Session::new(&call, arguments.general, urls);
                on_a_runtime(async { command::run(&session, &arguments.command).await })
            });
        let exit = match ended {
            Ok(answer) => answer.print(json),
            Err(failure) => output::fail(&failure, &call, json),
        };
        exit.into()
    }
}

/// Runs a command to its end; on a thread of its own where the caller is in a runtime already.
fn on_a_runtime(command: impl Future<Output = Result<Answer, Failure>> + Send) -> Result<Answer, Failure> {
    let block = || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => Err(Failure::Runtime(error)),
    };
    if tokio::runtime::Handle::try_current().is_err() {
        return block();
    }
    std::thread::scope(|scope| match scope.spawn(block).join() {
        Ok(ended) => ended,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
