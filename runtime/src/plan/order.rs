//! What comes after what: by number, by what was declared, and across databases.

use super::finding::Finding;
use crate::history::History;
use crate::registry::{Migration, Registry};

/// Gives the place of a migration in its chain.
pub(super) fn position(code: &[Migration], migration: &Migration) -> usize {
    let start = code.partition_point(|m| m.number < migration.number);
    let same = |m: &Migration| m.id == migration.id && m.database == migration.database;
    code.iter().skip(start).position(same).map_or(code.len(), |offset| start + offset)
}

/// Tells whether `later` was declared to come after `earlier`, itself or through others. The parts of one migration, each for a
/// database, do not wait for each other.
pub(super) fn comes_after(code: &[Migration], later: &Migration, earlier: &Migration) -> bool {
    let (here, there) = (position(code, later), position(code, earlier));
    if there >= here || later.id == earlier.id {
        return false;
    }
    match later.after {
        None => true,
        Some(after) => after.iter().any(|id| {
            *id == earlier.id
                || code.iter().take(here).any(|between| between.id == *id && comes_after(code, between, earlier))
        }),
    }
}

/// Finds the last migration that is applied in its turn and should have waited for one that is pending: a later one of the same
/// database, or one of another database that comes after it.
pub(super) fn overtaker<'r>(
    registry: &'r Registry,
    history: &History,
    latest: Option<usize>,
    pending: &Migration,
) -> Option<&'r Migration> {
    let code = registry.migrations();
    let here = position(code, pending);
    let last = latest.filter(|latest| here < *latest)?;
    let mut later = code.iter().skip(here + 1).take(last - here).rev();
    later.find(|m| {
        m.number > pending.number
            && history.record(m).is_some_and(|record| !record.out_of_order)
            && (m.database == pending.database || comes_after(code, m, pending))
    })
}

/// Lists the migrations of an id that are applied, or that are in the code: one for each database that it is for.
pub(super) fn parts<'r>(registry: &'r Registry, id: &str) -> Vec<&'r Migration> {
    let id = crate::registry::canonical_id(id);
    registry.migrations().iter().filter(|m| m.id == id).collect()
}

/// Takes the first of so many ids, each with all its parts.
pub(super) fn first<'r>(of: &[&'r Migration], count: usize) -> Vec<&'r Migration> {
    let mut ids: Vec<&str> = Vec::new();
    let mut taken = Vec::new();
    for migration in of {
        if ids.last() != Some(&migration.id) {
            if ids.len() == count {
                break;
            }
            ids.push(migration.id);
        }
        taken.push(*migration);
    }
    taken
}

/// Takes away, of what is to be done, what has to wait for databases that can't be read; gives it with the database that each
/// waits for.
pub(super) fn waiting(
    code: &'static [Migration],
    unread: &[String],
    selected: &mut Vec<&'static Migration>,
) -> Vec<(&'static Migration, &'static str)> {
    let mut waiting: Vec<(&'static Migration, &'static str)> = Vec::new();
    if unread.is_empty() {
        return waiting;
    }
    selected.retain(|migration| {
        let down = unread.iter().any(|name| name == migration.database);
        let before = waiting.iter().find(|(earlier, _)| comes_after(code, migration, earlier));
        let on = if down { Some(migration.database) } else { before.map(|(_, on)| *on) };
        waiting.extend(on.map(|on| (*migration, on)));
        on.is_none()
    });
    waiting
}

/// Reports what the parts of a migration come after that is not applied.
pub(super) fn not_ready(code: &'static [Migration], history: &History, wanted: &[&Migration]) -> Option<Finding> {
    let is_needed = |m: &&Migration| wanted.iter().any(|part| comes_after(code, part, m));
    let mut needs: Vec<String> =
        code.iter().filter(|m| history.record(m).is_none()).filter(is_needed).map(|m| m.id.into()).collect();
    needs.dedup();
    let id = wanted.first()?.id;
    (!needs.is_empty()).then(|| Finding::NotReady { id: id.into(), needs })
}
