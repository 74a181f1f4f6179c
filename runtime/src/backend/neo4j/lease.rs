//! The lease that a run holds: a node with the run's token, which runs out by the server's clock unless it is renewed.
//!
//! Beside it stands the fence, which is written to when the lease is taken and by everything that changes the ledger. A transaction
//! that has passed it keeps it locked up to its end, so whoever takes the lease over waits for that end, and whoever lost the lease
//! passes no more.

use super::ledger::{HELD, Labels, THEN};
use super::quote;
use crate::backend::LockName;
use crate::backend::lease::host;
use crate::ledger::user;

/// So long a lease lasts, in milliseconds.
const LASTS: u64 = 15_000;
/// How a text begins that takes a lease; what follows are the ledger's name and the run.
pub(super) const LEASE: &str = "// whimbrel: lease ";
/// How a text begins that sets a limit to what follows it, in milliseconds.
pub(super) const LIMIT: &str = "// whimbrel: limit ";

/// Looks whose it is; makes it one of its kind, where there is none; takes it if it is nobody's or has run out.
pub(super) fn poll(lock: &LockName<'_>) -> String {
    let labels = Labels::of(lock.ledger);
    let (label, lease, fence, run) = (&labels.lock, &labels.lease, &labels.fence, quote::string(lock.run));
    let (pid, host) = (std::process::id(), quote::string(&host()));
    let who = quote::string(&user());
    let look = format!(
        "{LEASE}{} {}\nOPTIONAL MATCH (l:{label} {{name: {lease}}}) RETURN CASE WHEN l IS NULL THEN 'none' WHEN l.until > timestamp() AND \
         l.run <> {run} THEN 'f' ELSE 'free' END, {WHO}",
        lock.run, lock.ledger
    );
    let unique = labels.unique(label, "lock_name", "name");
    let take = format!(
        "OPTIONAL MATCH (other:{label} {{name: {lease}}}) WHERE other.until > timestamp() AND other.run <> {run} CALL {{ WITH other \
         WITH other WHERE other IS NULL MERGE (l:{label} {{name: {lease}}}) SET l.seen = timestamp() WITH l WHERE (l.run = {run} OR \
         coalesce(l.until, 0) <= timestamp()) AND coalesce(l.dropped, '') <> {run} SET l.run = {run}, l.until = timestamp() + {LASTS}, l.pid = {pid}, l.host = {host}, \
         l.application = 'whimbrel', l.user = {who}, l.since = toString(datetime()), l.state = 'active', l.query = '' MERGE \
         (f:{label} {{name: {fence}}}) SET f.run = {run} RETURN count(f) AS taken }} WITH taken OPTIONAL MATCH (l:{label} {{name: \
         {lease}}}) RETURN CASE WHEN taken > 0 THEN 't' ELSE 'f' END, {WHO}"
    );
    // A fence that somebody has deleted begins to count where the events end.
    let count = format!(
        "MATCH (f:{label} {{name: {fence}}}) WHERE f.run = {run} AND f.events IS NULL OPTIONAL MATCH (e:{}) WITH f, \
         coalesce(max(e.seq), 0) AS last SET f.events = last",
        labels.event
    );
    [look, unique, take, count].join(THEN)
}

const WHO: &str = "l.pid, l.application, l.user, l.host, l.since, l.state, l.query, l.until - timestamp()";

/// Tells who has it.
pub(super) fn holder(lock: &LockName<'_>) -> String {
    let labels = Labels::of(lock.ledger);
    format!("MATCH (l:{} {{name: {}}}) WHERE l.until > timestamp() RETURN {WHO}", labels.lock, labels.lease)
}

/// Gives it back.
pub(super) fn release(lock: &LockName<'_>) -> String {
    let (labels, run) = (Labels::of(lock.ledger), quote::string(lock.run));
    format!(
        "MATCH (l:{} {{name: {}}}) SET l.seen = timestamp() WITH l WHERE l.run = {run} SET l.until = 0, l.run = '', l.state = 'free' \
         RETURN 't'",
        labels.lock, labels.lease
    )
}

/// Gives it back for a run that was dropped, whose attempt to take it may come behind this.
pub(super) fn give_back(ledger: &str, run: &str) -> String {
    let (labels, run) = (Labels::of(ledger), quote::string(run));
    format!(
        "MATCH (l:{} {{name: {}}}) SET l.dropped = {run} WITH l WHERE l.run = {run} SET l.until = 0, l.run = '', l.state = 'free'",
        labels.lock, labels.lease
    )
}

/// Renews it, and says what its run is at.
pub(super) fn renew(ledger: &str, run: &str, doing: &str) -> String {
    let labels = Labels::of(ledger);
    format!(
        "MATCH (l:{} {{name: {}}}) SET l.seen = timestamp() WITH l WHERE l.run = {} SET l.until = timestamp() + {LASTS}, l.query = \
         {} RETURN count(l) AS {HELD}",
        labels.lock,
        labels.lease,
        quote::string(run),
        quote::string(doing)
    )
}

/// Begins a text that only the holder's run may go on with.
pub(super) fn fence(labels: &Labels, run: &str) -> String {
    format!(
        "MATCH (fence:{} {{name: {}}}) SET fence.seen = timestamp() WITH fence WHERE fence.run = {}",
        labels.lock,
        labels.fence,
        quote::string(run)
    )
}

/// Passes the fence, at the beginning of a transaction that changes no ledger.
pub(super) fn pass(ledger: &str, run: &str) -> String {
    format!("{} RETURN count(fence) AS {HELD}", fence(&Labels::of(ledger), run))
}
