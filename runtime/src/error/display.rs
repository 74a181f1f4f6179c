//! The words of each kind.

use super::kind::{Damage, Holder, Interruption, Kind, Left};
use crate::escaped::Escaped;
use std::fmt;

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Refused { findings } => match findings.as_slice() {
                [one] => one.fmt(f),
                many => {
                    write!(f, "{} findings keep the migrations from running", many.len())?;
                    many.iter().try_for_each(|finding| write!(f, "\n  - {finding}"))
                }
            },
            Kind::StatementFailed { id, database, direction, statement, statements, text, place, left } => {
                let doing = if *direction == crate::Direction::Up { "migration" } else { "rollback of" };
                write!(f, "{doing} `{id}` failed on `{database}`")?;
                match statement {
                    Some(statement) => write!(f, " at statement {statement} of {statements}")?,
                    None => write!(f, " {text}")?,
                }
                place.iter().try_for_each(|place| write!(f, "\n  --> {place}"))?;
                if statement.is_some() {
                    excerpt(f, text)?;
                }
                left.fmt(f)
            }
            Kind::CodeFailed { id, database, left } => {
                write!(f, "the Rust code of `{id}` returned an error on `{database}`{left}")
            }
            Kind::Panicked { id, database, message, left } => {
                write!(f, "the Rust code of `{id}` panicked on `{database}`: {message}{left}")
            }
            Kind::TransactionEnded { id, database } => write!(
                f,
                "the Rust code of `{id}` ended the transaction that it was handed on `{database}`: what it did before \
                 is not undone, and the ledger shows it as the database has it now; take the commit or rollback out \
                 of the code, and look at `status`"
            ),
            Kind::TransactionSpoilt { id, database, left } => write!(
                f,
                "the Rust code of `{id}` went on after a statement had failed on `{database}`; let it return the error, \
                 or work in a nested transaction{left}"
            ),
            Kind::CheckFailed { id, check, database, query, answer, place, left } => {
                write!(f, "{check} of `{id}` does not hold on `{database}`: it gave {}", Escaped(answer))?;
                place.iter().try_for_each(|place| write!(f, "\n  --> {place}"))?;
                excerpt(f, query)?;
                left.fmt(f)
            }
            Kind::ForeignKeysViolated { id, database, violations } => {
                write!(f, "migration `{id}` left rows on `{database}` without the row that they refer to")?;
                violations.iter().take(10).try_for_each(|violation| write!(f, "\n  - {}", Escaped(violation)))?;
                if violations.len() > 10 {
                    write!(f, "\n  and {} more", violations.len() - 10)?;
                }
                Left::Nothing.fmt(f)
            }
            Kind::VerificationFailed { failures } => {
                write!(f, "{} of the applied migrations do not hold", failures.len())?;
                failures.iter().try_for_each(|failure| {
                    let text = format!("{failure:#}").replace('\n', "\n    ");
                    write!(f, "\n  - {text}")
                })
            }
            Kind::Overtaken { database, done } => write!(
                f,
                "another process changed the history of `{database}` meanwhile, so that the run would not do what was \
                 planned; {done} of the planned migrations were done; look at `status`, and run again"
            ),
            Kind::Locked { database, holder, waited } => {
                write!(f, "`{database}` is locked by ")?;
                match holder {
                    Some(holder) => holder.fmt(f)?,
                    None => f.write_str("another process")?,
                }
                let seconds = waited.as_secs_f32();
                write!(f, "; waited {seconds:.1} s, nothing was done; wait until it is ready, or end it, and run again")
            }
            Kind::Blocked { id, database, statement, text, place, holder, attempts, waited, left } => {
                write!(f, "`{id}` could not get a lock on `{database}`")?;
                statement.iter().try_for_each(|statement| write!(f, " at statement {statement}"))?;
                place.iter().try_for_each(|place| write!(f, " ({place})"))?;
                let times = if *attempts == 1 { "attempt" } else { "attempts" };
                write!(f, ": {attempts} {times} in {:.1} s", waited.as_secs_f32())?;
                excerpt(f, text)?;
                if let Some(holder) = holder {
                    write!(f, "\nin the way is {holder}")?;
                }
                left.fmt(f)
            }
            Kind::Interrupted { id, database, statement, text, since, why } => {
                let reason = match why {
                    Interruption::Died => "a process died in the middle of it, or is still at it",
                    Interruption::Changed => "a statement that has run already was changed in the code since",
                    Interruption::Carried => {
                        "a statement that has run already gave its session a value which is gone with that, and a later one needs it"
                    }
                };
                write!(f, "`{id}` was interrupted on `{database}`: {reason}")?;
                statement
                    .iter()
                    .try_for_each(|statement| write!(f, "; statement {statement} was begun at {}", Escaped(since)))?;
                excerpt(f, text)?;
                f.write_str(match why {
                    Interruption::Died => {
                        "\nlook at the database whether it took effect, and write that down with a repair; nothing was done now"
                    }
                    Interruption::Carried => {
                        "\nlet the statement that needs it find the value by itself; nothing was done now"
                    }
                    Interruption::Changed => "\nput it back as it was: what has run is not run again; nothing was done now",
                })
            }
            Kind::Pooled { id, database } => write!(
                f,
                "`{id}` has no transaction, and a pooler stands between this program and `{database}`, which may do each of its \
                 statements on another connection; give the server's own URL; nothing was done"
            ),
            Kind::MissingExtension { id, database, extensions } => {
                let (names, it) = (extensions.join("`, `"), if extensions.len() == 1 { "it" } else { "them" });
                write!(
                    f,
                    "`{id}` needs `{names}`, which the server of `{database}` does not have; install {it} there, or connect to a server \
                     that has {it}; nothing was done"
                )
            }
            Kind::Stopped { database } => {
                write!(f, "stopped while it waited for `{database}`, as was asked for; nothing is under way")
            }
            Kind::NothingToRepair { id } => {
                write!(
                    f,
                    "there is nothing to repair in `{id}`: no run died on a statement that only a person can judge, and no rollback \
                     of it has stopped on its way"
                )
            }
            Kind::NotReady { readiness, waited } => match waited.is_zero() {
                true => readiness.fmt(f),
                false => write!(f, "{readiness}; waited {:.1} s", waited.as_secs_f32()),
            },
            Kind::NewerLedger { database, found, known } => write!(
                f,
                "the ledger of `{database}` has format {found}, and this program knows formats up to {known}; a newer \
                 whimbrel has been here: update the dependency `whimbrel`; nothing was touched"
            ),
            Kind::DamagedLedger { database, damage } => write!(f, "the ledger of `{database}` is damaged: {damage}"),
            Kind::Unreachable { database, url, reason } => {
                write!(f, "can't connect to `{database}` ({url}): {reason}")
            }
            Kind::Down { failures, of } => {
                write!(f, "{} of {of} databases can't be reached; nothing was changed in any of them", failures.len())?;
                failures.iter().try_for_each(|failure| {
                    write!(f, "\n  - {}", format!("{failure:#}").replace("\ncaused by: ", ": ").replace('\n', "\n    "))
                })
            }
            Kind::AuthenticationFailed { database, url } => {
                write!(f, "`{database}` ({url}) refused the user or the password; check both in the URL")
            }
            Kind::NoDatabase { database, url, reason } => write!(f, "`{database}` ({url}) is not there: {reason}"),
            Kind::NotADatabase { database } => {
                write!(f, "the file of `{database}` is not a SQLite database; check the path, it was not touched")
            }
            Kind::NoUrl { database, variables } => {
                write!(f, "no URL for `{database}`; set {}", variables.join(" or "))
            }
            Kind::InvalidUrl { database, reason } => write!(f, "the URL of `{database}` is not understood: {reason}"),
            Kind::NotConnected { database, reason } => write!(f, "`{database}` is not connected: {reason}"),
            Kind::InvalidText { text, reason } => write!(f, "{reason}: `{text}`"),
            Kind::Server { database, doing } => write!(f, "{doing} failed on `{database}`"),
            Kind::NotAdopted { obstacles } => match obstacles.as_slice() {
                [one] => one.fmt(f),
                many => {
                    write!(f, "{} obstacles keep the baseline from being recorded", many.len())?;
                    many.iter().try_for_each(|obstacle| write!(f, "\n  - {obstacle}"))
                }
            },
            Kind::Author { message } => f.write_str(message),
        }
    }
}

/// Shows a statement's first lines.
fn excerpt(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in lines.iter().take(4) {
        let short: String = line.chars().take(120).collect();
        write!(f, "\n  | {}", Escaped(&short))?;
    }
    if lines.len() > 4 { f.write_str("\n  | …") } else { Ok(()) }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::MissingEvents { table } => write!(
                f,
                "table `{table}` is missing; nothing was touched; `init` creates it again and leaves the history as it is"
            ),
            Damage::MissingHistory { table, events } => write!(
                f,
                "table `{table}` is missing, and `{events}` is there; nothing was touched; bring it back from a backup, \
                 or drop `{events}` too and record with a baseline what the database has"
            ),
            Damage::MissingColumn => f.write_str("a column is missing; nothing was touched; put it back"),
            Damage::KeepsNothing => f.write_str(
                "what is written to it is not there afterwards; look whether its tables have lost a key, or have a \
                 trigger or a rule that is not whimbrel's",
            ),
        }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Left::Nothing => f.write_str("\nit was rolled back, and what came before it stays; mend it and run again"),
            Left::Statements { done, invalid_indexes } => {
                match done {
                    0 => f.write_str("\nno statement before it was done; mend it, and run again")?,
                    1 => f.write_str("\nthe statement before it stays done; mend it, and the next run goes on from it")?,
                    _ => write!(f, "\nthe {done} statements before it stay done; mend it, and the next run goes on from it")?,
                }
                invalid_indexes.iter().try_for_each(|index| {
                    write!(f, "\nit left the invalid index {index}, which the next run drops first")
                })
            }
            Left::Untouched => Ok(()),
            Left::Undecided => f.write_str("\nall of it is done and recorded, or nothing is: `status` tells which"),
            Left::Unknown => f.write_str(
                "\nit has no transaction: what it did stays done; mend it, and the next run calls it from the beginning",
            ),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.pid)?;
        if !self.application.is_empty() {
            write!(f, " ({})", Escaped(&self.application))?;
        }
        write!(f, " of user {}", Escaped(&self.user))?;
        self.address.iter().try_for_each(|address| write!(f, " from {address}"))?;
        write!(f, ", since {}", Escaped(&self.since))?;
        self.state.iter().try_for_each(|state| write!(f, ", {}", Escaped(state)))?;
        if let Some(query) = &self.query {
            let line = query.split_whitespace().collect::<Vec<_>>().join(" ");
            let short: String = line.chars().take(120).collect();
            write!(f, ": {}", Escaped(&short))?;
        }
        self.lease.iter().try_for_each(|lease| {
            let seconds = lease.as_millis().div_ceil(1000);
            write!(f, "; its lease runs out in {seconds} s unless it renews it")
        })
    }
}
