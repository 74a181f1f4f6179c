//! What was called: the parts of a command that can be typed again.

use super::args::{Command, Range};
use crate::registry::{DatabaseKind, Registry};

/// Names the program and the command as they were typed.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) registry: &'static Registry,
    program: String,
    pub(super) command: &'static str,
    /// What the command is told besides how far to go.
    way: &'static str,
    range: String,
}

impl Call {
    pub(super) fn new(registry: &'static Registry, program: String, command: &Command) -> Self {
        let range = match command {
            Command::Plan(options) if options.all => " --all".into(),
            Command::Plan(options) => words(&options.range),
            Command::Apply(options) => words(&options.range),
            Command::Rollback(options) if options.all => " --all".into(),
            Command::Rollback(options) => words(&options.range),
            _ => String::new(),
        };
        let way = if matches!(command, Command::Plan(options) if options.rollback) { " --rollback" } else { "" };
        Self { registry, program, command: command.name(), way, range }
    }
    /// Writes another command that can be typed.
    pub(super) fn other(&self, words: &str) -> String {
        format!("{} {words}", self.program)
    }
    /// Writes the same command, as far as it went, with something added.
    pub(super) fn again(&self, added: &str) -> String {
        self.other(format!("{}{}{} {added}", self.command, self.way, self.range).trim_end())
    }
    /// Writes a command that goes as far as this one.
    pub(super) fn as_far(&self, command: &str) -> String {
        self.other(&format!("{command}{}", self.range))
    }
    /// Tells whether `init` could create a database.
    pub(super) fn can_create(&self, database: &str) -> bool {
        self.registry.database(database).is_some_and(|database| database.kind() != DatabaseKind::Sqlite)
    }
}

fn words(range: &Range) -> String {
    let to = range.to.iter().map(|to| format!(" --to {to}"));
    to.chain(range.only.iter().map(|only| format!(" --only {only}"))).collect()
}
