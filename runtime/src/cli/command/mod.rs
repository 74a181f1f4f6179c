//! The commands, a file each.

mod baseline;
mod check;
mod doctor;
mod history;
mod init;
mod plan;
mod repair;
mod run;
mod status;
mod verify;

use super::args::Command;
use super::failure::Failure;
use super::output::Answer;
use super::session::Session;

/// Runs what was typed.
pub(super) async fn run(session: &Session<'_>, command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Init(options) => init::init(session, options).await,
        Command::Status(options) => status::status(session, options).await,
        Command::Check(options) => check::check(session, options).await,
        Command::Repair(options) => repair::repair(session, options).await,
        Command::Doctor => doctor::doctor(session).await,
        Command::Plan(options) => plan::plan(session, options).await,
        Command::Apply(options) => run::apply(session, options).await,
        Command::Rollback(options) => run::rollback(session, options).await,
        Command::Redo(options) => run::redo(session, options).await,
        Command::Verify => verify::verify(session).await,
        Command::Baseline(options) => baseline::baseline(session, options).await,
        Command::History(options) => history::history(session, options).await,
    }
}
