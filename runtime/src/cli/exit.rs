//! What the process ends with; documented in `args.rs` and in `docs/cli.md`.

use crate::error::{Error, Kind};
use crate::plan::Finding;
use std::process::ExitCode;

/// Names how a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Disagreement = 3,
    Unavailable = 4,
    Refused = 5,
    Pending = 6,
    Stopped = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        let unavailable = error.is_locked()
            || error.is_unreachable()
            || error.is_authentication_failed()
            || error.is_no_database()
            || error.is_permission_denied()
            || error.is_read_only();
        if unavailable {
            return Exit::Unavailable;
        }
        if error.is_stopped() {
            return Exit::Stopped;
        }
        if error.is_configuration() {
            return Exit::Usage;
        }
        match error.kind() {
            Kind::Refused { findings, .. } if findings.iter().any(is_disagreement) => Exit::Disagreement,
            Kind::Refused { .. } | Kind::NothingToRepair { .. } => Exit::Usage,
            Kind::VerificationFailed { .. } | Kind::NewerLedger { .. } | Kind::DamagedLedger { .. } => {
                Exit::Disagreement
            }
            _ if error.is_baseline_refused() => Exit::Disagreement,
            _ => Exit::Failed,
        }
    }
}

/// Tells what is wrong between history and code from what was asked for and can't be had.
pub(super) fn is_disagreement(finding: &Finding) -> bool {
    matches!(
        finding,
        Finding::ChecksumMismatch { .. }
            | Finding::UnknownChecksum { .. }
            | Finding::Lost { .. }
            | Finding::HalfRolledBack { .. }
            | Finding::Missing { .. }
            | Finding::Unknown { .. }
            | Finding::HalfReplaced { .. }
            | Finding::OutOfOrder { .. }
    )
}
