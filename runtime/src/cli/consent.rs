//! The question before data is lost.

use super::args::Consent;
use super::failure::{Failure, Loss};
use super::output;
use super::session::Session;
use super::terminal::{self, BAD};
use crate::plan::Plan;
use std::io::{self, IsTerminal};

/// Asks whether a rollback may lose what it loses; one that loses nothing is not asked about.
pub(super) fn ask(session: &Session<'_>, plan: &Plan, consent: &Consent) -> Result<(), Failure> {
    let losses: Vec<_> = plan.losses().map(|(id, loses)| Loss { id, loses }).collect();
    if losses.is_empty() || consent.yes {
        return Ok(());
    }
    if !(session.for_people() && io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Failure::Consent(losses));
    }
    let lines: String = losses.iter().map(|loss| format!("  {}: {}\n", loss.id, loss.loses)).collect();
    let migrations = output::counted(plan.steps().len(), "migration");
    let warning = terminal::err(BAD, "data is lost");
    output::err(&format!("{warning} by rolling back {migrations}:\n{lines}roll back? [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    let agreed = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if read.is_ok() && agreed { Ok(()) } else { Err(Failure::Declined) }
}
