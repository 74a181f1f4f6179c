//! How a command fails: in words, with the next command to type, and with an exit code.

use super::call::Call;
use super::document::Done;
use super::exit::Exit;
use crate::error::{Damage, Error, Interruption, Kind};
use crate::plan::Finding;
use std::error::Error as StdError;

/// Says what was typed wrongly, and what to type instead.
#[derive(Debug)]
pub(super) struct Usage {
    pub(super) message: String,
    pub(super) help: String,
}

impl Usage {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Names the ways in which a command fails.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was typed wrongly.
    Usage(Usage),
    /// It was run and failed, after some of it was done.
    Run(Error, Vec<Done>),
    /// It would lose something, and nobody has agreed.
    Consent(Vec<Loss>),
    /// The answer to the question was no.
    Declined,
    /// There is no runtime to run it on.
    Runtime(std::io::Error),
}

/// Names what the rollback of one migration may lose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) id: &'static str,
    pub(super) loses: &'static str,
}

impl From<Usage> for Failure {
    fn from(usage: Usage) -> Self {
        Failure::Usage(usage)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Run(error, Vec::new())
    }
}

impl Failure {
    /// Gives whimbrel's own error.
    pub(super) fn error(&self) -> Option<&Error> {
        if let Failure::Run(error, _) = self { Some(error) } else { None }
    }
    /// Lists what was done before it failed.
    pub(super) fn done(&self) -> &[Done] {
        if let Failure::Run(_, done) = self { done } else { &[] }
    }
    pub(super) fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Run(error, _) => error.into(),
            Failure::Consent(_) | Failure::Declined => Exit::Refused,
            Failure::Runtime(_) => Exit::Failed,
        }
    }

    /// Names the kind, as JSON shows it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Failure::Usage(_) => "usage",
            Failure::Run(error, _) => kind(error),
            Failure::Consent(_) | Failure::Declined => "refused",
            Failure::Runtime(_) => "runtime",
        }
    }

    /// Gives the message and the messages of its causes.
    pub(super) fn messages(&self) -> Vec<String> {
        match self {
            Failure::Usage(usage) => vec![usage.message.clone()],
            Failure::Run(error, _) => chain(error),
            Failure::Consent(losses) => {
                let losses: String = losses.iter().map(|loss| format!("\n  {}: {}", loss.id, loss.loses)).collect();
                vec![format!("rolling back would lose data, and nobody was asked{losses}")]
            }
            Failure::Declined => vec!["not rolled back: the answer was not yes".into()],
            Failure::Runtime(error) => vec!["the runtime could not be started".into(), error.to_string()],
        }
    }

    /// Says what to do next, where that is known.
    pub(super) fn help(&self, call: &Call) -> Option<String> {
        match self {
            Failure::Usage(usage) => Some(usage.help.clone()),
            Failure::Run(error, _) => help(error, call),
            Failure::Consent(_) => Some(format!("nothing was done; agree with `{}`", call.again("--yes"))),
            Failure::Declined | Failure::Runtime(_) => None,
        }
    }
}

fn chain(error: &Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        messages.push(error.to_string());
        cause = error.source();
    }
    messages
}

fn kind(error: &Error) -> &'static str {
    match error.kind() {
        _ if error.is_locked() => "locked",
        _ if error.is_unreachable() => "unreachable",
        _ if error.is_permission_denied() => "permission_denied",
        _ if error.is_read_only() => "read_only",
        Kind::AuthenticationFailed { .. } => "authentication_failed",
        Kind::NotADatabase { .. } => "not_a_database",
        Kind::NoDatabase { .. } => "no_database",
        _ if error.is_configuration() => "configuration",
        Kind::Refused { .. } => "refused_plan",
        Kind::StatementFailed { .. } => "statement_failed",
        Kind::CodeFailed { .. } => "code_failed",
        Kind::Panicked { .. } => "panicked",
        Kind::TransactionEnded { .. } => "transaction_ended",
        Kind::TransactionSpoilt { .. } => "transaction_spoilt",
        Kind::CheckFailed { .. } => "check_failed",
        Kind::ForeignKeysViolated { .. } => "foreign_keys_violated",
        Kind::VerificationFailed { .. } => "verification_failed",
        Kind::Blocked { .. } => "blocked",
        Kind::Interrupted { .. } => "interrupted",
        Kind::NothingToRepair { .. } => "nothing_to_repair",
        Kind::Stopped { .. } => "stopped",
        Kind::NewerLedger { .. } => "newer_ledger",
        Kind::DamagedLedger { .. } => "damaged_ledger",
        Kind::Overtaken { .. } => "overtaken",
        _ if error.is_baseline_refused() => "baseline_refused",
        _ => "failed",
    }
}

fn help(error: &Error, call: &Call) -> Option<String> {
    let status = || format!("`{}` shows where every migration stands", call.other("status"));
    match error.kind() {
        Kind::NoDatabase { database, .. } if call.can_create(database) && call.command != "init" => {
            Some(format!("`{}` creates it", call.other("init")))
        }
        Kind::Down { failures, .. } if failures.iter().all(|one| creatable(one, call)) && call.command != "init" => {
            Some(format!("`{}` creates what is missing", call.other("init")))
        }
        Kind::Down { .. } => {
            let doctor = format!("`{}` shows how each is", call.other("doctor"));
            Some(match call.command {
                "apply" | "plan" => format!("{doctor}; `{}` goes on without them", call.again("--available")),
                _ => doctor,
            })
        }
        Kind::NoUrl { database, .. } => Some(format!("or write `{}`", call.again(&format!("--url {database}=URL")))),
        Kind::Refused { findings, .. } => refused(findings, call),
        Kind::StatementFailed { .. }
        | Kind::Blocked { .. }
        | Kind::CodeFailed { .. }
        | Kind::CheckFailed { .. }
        | Kind::Panicked { .. }
        | Kind::TransactionEnded { .. }
        | Kind::TransactionSpoilt { .. }
        | Kind::Overtaken { .. } => Some(status()),
        Kind::Interrupted { why: Interruption::Died, .. } => {
            Some(format!("`{}` shows it and writes down what you have found", call.other("repair")))
        }
        Kind::DamagedLedger { damage: Damage::MissingEvents { .. }, .. } => {
            Some(format!("`{}` creates it again", call.other("init")))
        }
        Kind::DamagedLedger { damage: Damage::MissingHistory { .. }, .. } => {
            Some(format!("`{}` shows what had happened", call.other("history")))
        }
        Kind::DamagedLedger { .. } => Some(format!("`{}` checks it again, once it is mended", call.other("status"))),
        _ if error.is_locked() => Some(format!("`{}` once more, when it is free", call.again(""))),
        _ => None,
    }
}

/// Tells a database that is missing and could be made.
fn creatable(error: &Error, call: &Call) -> bool {
    matches!(error.kind(), Kind::NoDatabase { database, .. } if call.can_create(database))
}

fn refused(findings: &[Finding], call: &Call) -> Option<String> {
    let every = |matching: fn(&Finding) -> bool| findings.iter().all(matching);
    if every(|f| matches!(f, Finding::OutOfOrder { .. })) {
        let independent = every(|f| matches!(f, Finding::OutOfOrder { shares: Some(shares), .. } if shares.is_empty()));
        let option = if independent { "--allow-out-of-order=independent" } else { "--allow-out-of-order" };
        return Some(format!("`{}` applies it nevertheless", call.again(option)));
    }
    if every(|f| matches!(f, Finding::ChecksumMismatch { .. })) {
        let repair = call.other("repair");
        return Some(format!(
            "`{repair}` shows what differs, and can have it recorded where the database has what it does now"
        ));
    }
    if let [Finding::HalfRolledBack { id, reached, .. }] = findings
        && reached.holder.is_none()
    {
        return Some(format!("`{}` goes on with the rollback", call.other(&format!("rollback --only {id}"))));
    }
    let hopeless =
        every(|f| matches!(f, Finding::Irreversible { .. } | Finding::NoRollback { .. } | Finding::NotStored { .. }));
    (!hopeless).then(|| format!("`{}` shows where every migration stands", call.other("status")))
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::cli::args::Command;
    use crate::cli::call::Call;
    use crate::error::{Error, Kind, Left};
    use crate::registry::Registry;

    #[test]
    fn kinds_that_only_a_run_shows_have_names_and_help() {
        let call = Call::new(&Registry::EMPTY, "app".into(), &Command::Verify);
        let (id, database) = (|| "0001_a".to_owned(), || "main".to_owned());
        let kinds = [
            (Kind::Overtaken { database: database(), done: 1 }, "overtaken"),
            (Kind::TransactionSpoilt { id: id(), database: database(), left: Left::Nothing }, "transaction_spoilt"),
            (Kind::TransactionEnded { id: id(), database: database() }, "transaction_ended"),
        ];
        for (kind, name) in kinds {
            let failure = Failure::from(Error::from(kind));
            assert_eq!(failure.kind(), name);
            assert_eq!(failure.help(&call).as_deref(), Some("`app status` shows where every migration stands"));
        }
    }
}
