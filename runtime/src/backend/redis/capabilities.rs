//! What Redis and Valkey can do, and the texts of the lease.

use super::ledger::{Lines, key};
use super::line::{join, split};
use super::lua;
use super::program::Place;
use crate::backend::capabilities::{Capabilities, LockName, SessionLock};
use crate::backend::lease::host;
use crate::ledger::{SELF, user};

/// Says what a server can do.
pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    begin: "# together, as one script:",
    transactions: false,
    rolls_back: false,
    lock: Some(SessionLock { opening: None, poll, holder, release }),
    local_limits: false,
    examine: |_| Ok(join(["EVAL", lua::EXAMINE.get(), "0"])),
    ..Capabilities::plain(&Lines { cluster: false })
};

/// Says what a cluster can do: its keys are elsewhere than the ledger, so nothing is done together with the note about it.
pub(crate) const OF_A_CLUSTER: Capabilities = Capabilities { language: &Lines { cluster: true }, ..CAPABILITIES };

fn poll(lock: &LockName<'_>) -> String {
    let (lease, pid) = (key(lock.ledger, "lock"), std::process::id().to_string());
    join(["EVAL", lua::POLL.get(), "1", &lease, lock.run, &pid, &host(), &user(), &application()])
}

/// Recognises what asks for a lease, and tells for which.
pub(super) fn polled(line: &str) -> Option<Place> {
    let begin = join(["EVAL", lua::POLL.get(), "1"]);
    let words = split(line.strip_prefix(&begin)?)?;
    let text = |n: usize| String::from_utf8(words.get(n)?.clone()).ok();
    let prefix = text(0)?.strip_prefix('{')?.strip_suffix("}:lock")?.to_owned();
    Some(Place { prefix, run: text(1)? })
}

fn holder(lock: &LockName<'_>) -> String {
    join(["EVAL", lua::HOLDER.get(), "1", &key(lock.ledger, "lock")])
}

fn release(lock: &LockName<'_>) -> String {
    join(["EVAL", lua::RELEASE.get(), "1", &key(lock.ledger, "lock"), lock.run])
}

fn application() -> String {
    let program = std::env::current_exe().ok();
    program.and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).unwrap_or_else(|| SELF.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{LockName, poll, polled, release};

    #[test]
    fn what_asks_for_a_lease_is_recognised() {
        let lock = LockName { key: 1, ledger: "it's", run: "7" };
        let place = polled(&poll(&lock)).unwrap();
        assert_eq!((place.prefix.as_str(), place.run.as_str()), ("it's", "7"));
        assert!(polled(&release(&lock)).is_none());
    }
}
