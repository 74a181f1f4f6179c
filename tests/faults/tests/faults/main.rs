//! Everything that can go wrong around a run, on real servers: the process dies, the connection is cut, the disk is full,
//! others come at the same moment. The next run starts at once, and what is left in the end has to be what an undisturbed
//! run leaves.
//!
//! A sample of the points is tried, another one each time; `WHIMBREL_FAULTS=all` tries all of them.

#[cfg(target_os = "linux")]
mod across;
mod busy;
mod by_message;
#[cfg(target_os = "linux")]
mod by_operation;
mod cluster;
mod count;
mod graph;
mod keys;
#[cfg(target_os = "linux")]
mod peers;
mod place;
mod points;
mod pooled;
mod protocol;
mod proxy;
mod restarted;
mod rolled_back;
mod site;
mod state;
mod stopped;
mod tampered;
mod together;
mod victim;
mod waiting;

/// Held by whoever needs servers that nobody restarts, and alone by who restarts them.
static CALM: tokio::sync::RwLock<()> = tokio::sync::RwLock::const_new(());
