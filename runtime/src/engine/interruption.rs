//! Finding out what became of the statement that a dead run was at.

use crate::backend::{Backend, Rows, judge};
use crate::error::{Error, Interruption, Kind, Result};
use crate::history::Entry;
use crate::ledger::{Happening, Ledger};
use crate::plan::Step;
use crate::registry::Work;
use crate::script::Retry;

/// Says what became of a statement.
#[derive(Debug)]
pub(super) enum Found {
    /// It took effect, and that is written down now.
    Done,
    /// It did not, or to do it again does no harm; it left these invalid indexes.
    Undone { stray: Vec<String> },
}

/// Finds out whether the statement that was begun took effect. The lock is held: nobody is at it any more.
///
/// # Errors
/// A statement of which only a person can tell.
pub(super) async fn found(
    step: &Step,
    backend: &mut dyn Backend,
    ledger: &Ledger<'_>,
    begun: &Entry,
    invalid: &[String],
) -> Result<Found> {
    let can = backend.capabilities();
    let refused = |answer| Error::server_refused(step.migration.database, "finding out how far it came", answer);
    let (mut stray, mut done) = (Vec::new(), false);
    match retry(step, ledger, begun) {
        Retry::Together | Retry::Joined | Retry::Inside | Retry::Closes | Retry::Session | Retry::Carries => {}
        Retry::Seen(query) => {
            let rows = backend.ask(query.to_owned()).await.map_err(refused)?;
            done = judge(&rows).is_ok();
        }
        Retry::Again => stray.extend(invalid.iter().filter(|index| is_copy(index)).cloned()),
        Retry::BuildsIndex { table, name } => {
            let rows = backend.ask((can.index)(table, name)?).await.map_err(refused)?;
            done = says(&rows, 0) == Some("t");
            stray.extend(says(&rows, 1).filter(|_| !done).map(Into::into));
        }
        Retry::DropsIndex(name) => {
            let rows = backend.ask((can.gone)(name)?).await.map_err(refused)?;
            done = says(&rows, 0) == Some("t");
        }
        Retry::Ask => return Err(interrupted(step, begun, Interruption::Died)),
    }
    if !done {
        tracing::info!(id = step.migration.id, statement = begun.statement, "a dead run's statement is done again");
        return Ok(Found::Undone { stray });
    }
    tracing::info!(id = step.migration.id, statement = begun.statement, "a dead run's statement has taken effect");
    let happening = Happening {
        event: "statement",
        statement: begun.statement.zip(begun.statements),
        message: Some("found to have taken effect after the run that was at it had died"),
        detail: begun.detail.as_deref(),
        fence: None,
    };
    backend.ask(ledger.event(step.migration, step.direction, &happening)?).await.map_err(refused)?;
    Ok(Found::Done)
}

/// Tells how the statement is taken up again, if it is still the one that was begun.
fn retry(step: &Step, ledger: &Ledger<'_>, begun: &Entry) -> Retry {
    let Some(Work::Script(script)) = step.work() else { return Retry::Ask };
    let at = begun.statement.and_then(|n| n.checked_sub(1));
    let same = |(index, text, _): &(usize, &'static str, Retry)| {
        Some(*index) == at && begun.detail.as_deref().is_none_or(|detail| detail == *text)
    };
    ledger.steps(script).find(same).map_or(Retry::Ask, |(_, _, retry)| retry)
}

fn says(rows: &Rows, column: usize) -> Option<&str> {
    rows.first()?.get(column)?.as_deref()
}

/// Tells an index that REINDEX CONCURRENTLY was at from others by what it adds to the name.
fn is_copy(index: &str) -> bool {
    let name = index.trim_end_matches('"').trim_end_matches(|c: char| c.is_ascii_digit());
    name.ends_with("_ccnew") || name.ends_with("_ccold")
}

/// Tells whether only a person can say what became of a statement that was begun.
pub(super) fn in_doubt(step: &Step, ledger: &Ledger<'_>, begun: &Entry) -> bool {
    retry(step, ledger, begun) == Retry::Ask
}

/// Says what only a person can settle.
pub(super) fn interrupted(step: &Step, entry: &Entry, why: Interruption) -> Error {
    let m = step.migration;
    Kind::Interrupted {
        id: m.id.into(),
        database: m.database.into(),
        statement: entry.statement,
        text: entry.detail.clone().unwrap_or_else(|| m.source.to_owned()),
        since: entry.at.clone(),
        why,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::is_copy;

    #[test]
    fn the_copies_of_a_reindex_are_known_by_their_names() {
        for copy in ["users_name_ccnew", "app.users_name_ccold2", "\"Users_ccnew1\""] {
            assert!(is_copy(copy), "{copy}");
        }
        assert!(!is_copy("users_name"));
        assert!(!is_copy("users_ccnew_name"));
    }
}
