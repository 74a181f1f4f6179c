//! How far an earlier attempt at a migration without a transaction came.

use super::interruption::{self, Found};
use crate::backend::Backend;
use crate::error::{Error, Interruption, Result};
use crate::history::Entry;
use crate::ledger::{Ledger, entries};
use crate::plan::Step;
use crate::registry::Work;
use crate::script::Retry;
use std::time::Duration;

const LEFTOVER: &str = "invalid index: ";

/// Tells where a step begins.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// So many statements are done.
    pub(super) done: usize,
    /// So many events tell of it.
    pub(super) events: usize,
    /// The invalid indexes that were there before.
    pub(super) leftovers: Vec<String>,
    /// The invalid indexes that the failed attempt left.
    pub(super) stray: Vec<String>,
}

/// Drops the invalid indexes that a failed attempt left, if they still are.
pub(super) async fn clear(progress: &mut Progress, backend: &mut dyn Backend, database: &str) -> Result<()> {
    let can = backend.capabilities();
    for index in &progress.stray {
        let refused = |answer| Error::server_refused(database, "dropping an invalid index", answer);
        for text in backend.ask((can.drop_leftover)(index)).await.map_err(refused)?.into_iter().flatten().flatten() {
            tracing::info!(%text, "dropping the invalid index that the failed attempt left");
            backend.ask(text).await.map_err(refused)?;
            progress.leftovers.retain(|leftover| leftover != index);
        }
    }
    Ok(())
}

/// Writes down an invalid index in a failure's detail.
pub(super) fn leftover(index: &str) -> String {
    format!("{LEFTOVER}{index}")
}

/// Reads what the events tell of a step; none where somebody else may be at it right now.
///
/// # Errors
/// An attempt that ended in the middle of a statement, of which nobody knows whether it took effect.
pub(super) async fn progress(
    step: &Step,
    backend: &mut dyn Backend,
    ledger: &Ledger<'_>,
    create: bool,
    patience: Duration,
) -> Result<Option<Progress>> {
    let name = step.migration.database;
    let refused = |answer| Error::server_refused(name, "reading how far it came", answer);
    let can = backend.capabilities();
    let rows = match create {
        true => Vec::new(),
        false => backend.ask(ledger.read_events(Some(step.migration.id))?).await.map_err(refused)?,
    };
    let events = entries(&rows);
    let leftovers = match can.leftovers {
        None => Vec::new(),
        Some(text) => backend.ask(text.into()).await.map_err(refused)?.into_iter().flatten().flatten().collect(),
    };
    let mut progress = Progress { events: events.len(), leftovers, ..Progress::default() };
    let before: Vec<_> = events.iter().filter(|entry| entry.direction == step.direction.as_str()).collect();
    let Some(last) = before.last() else { return Ok(Some(progress)) };
    progress.done = done(step, &before)?;
    if let Some(Work::Script(script)) = step.work()
        && progress.done < script.statements.len()
        && script.steps().take(progress.done).any(|(_, _, retry)| retry == Retry::Carries)
    {
        return Err(interruption::interrupted(step, last, Interruption::Carried));
    }
    match last.event.as_str() {
        "started" if can.lock.is_none() && last.age < patience => return Ok(None),
        "started" => match interruption::found(step, backend, ledger, last, &progress.leftovers).await? {
            Found::Done => {
                progress.done += 1;
                progress.events += 1;
            }
            Found::Undone { stray } => progress.stray = stray,
        },
        _ => {
            let detail = last.detail.as_deref().unwrap_or_default();
            progress.stray.extend(detail.lines().filter_map(|line| line.strip_prefix(LEFTOVER)).map(Into::into));
        }
    }
    Ok(Some(progress))
}

/// Tells how many statements are done.
fn done(step: &Step, before: &[&Entry]) -> Result<usize> {
    let statements = match step.work() {
        Some(work @ Work::Script(_)) => work.statements(),
        _ => vec![step.migration.source.to_owned()],
    };
    let ran = |entry: &&&Entry| entry.event == "statement";
    for entry in before.iter().filter(ran) {
        let text = entry.statement.and_then(|n| statements.get(n.checked_sub(1)?));
        if text.map(String::as_str) != entry.detail.as_deref() && entry.detail.is_some() {
            return Err(interruption::interrupted(step, entry, Interruption::Changed));
        }
    }
    let done = before.iter().rev().find(|entry| entry.event == "statement").and_then(|entry| entry.statement);
    Ok(done.unwrap_or(0).min(statements.len()))
}

#[cfg(test)]
mod tests {
    use super::{LEFTOVER, leftover};

    #[test]
    fn a_leftover_is_read_as_it_was_written() {
        assert_eq!(leftover("cm.\"my index\"").strip_prefix(LEFTOVER), Some("cm.\"my index\""));
    }
}
