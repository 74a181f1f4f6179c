//! Partitions: attaching one verifies its rows, and those of the default partition.

use super::situation::Situation;
use super::{Cause, Effects, Lock, Work, constraint};
use crate::catalog::Table;
use crate::statement::QualifiedName;

/// Gives the effects of `ATTACH PARTITION`.
pub(crate) fn attached(
    key: &str,
    parent: Option<&Table>,
    child: &QualifiedName,
    is_default: bool,
    before: &Situation<'_>,
    found: &mut Effects,
) {
    found.lock(key, Lock::ShareUpdateExclusive);
    let (child, table) = before.table(child);
    let by = parent.and_then(|parent| parent.partition_by.as_deref());
    let alone = is_default && parent.is_some() && before.tables(|_, table| is_of(table, key)).is_empty();
    let proven = alone || table.zip(by).is_some_and(|(table, by)| restricts(table, by));
    let (work, cause) = match proven {
        true => (Work::Nothing, Cause::Definition),
        false => (Work::Scan, Cause::Attach),
    };
    found.add(&child, Lock::AccessExclusive, work, cause);
    if !is_default {
        beside(key, by, before, found);
    }
}

/// Gives the effects of a new partition on the default one.
pub(crate) fn beside(key: &str, by: Option<&[String]>, before: &Situation<'_>, found: &mut Effects) {
    for (default, table) in before.tables(|_, table| table.bounds == "DEFAULT" && is_of(table, key)) {
        let (work, cause) = match by.is_some_and(|by| restricts(table, by)) {
            true => (Work::Nothing, Cause::Definition),
            false => (Work::Scan, Cause::DefaultPartition),
        };
        found.add(&default, Lock::AccessExclusive, work, cause);
    }
}

/// Gives the effects of `DETACH PARTITION`.
pub(crate) fn detached(
    key: &str,
    child: &QualifiedName,
    concurrently: bool,
    before: &Situation<'_>,
    found: &mut Effects,
) {
    let lock = if concurrently { Lock::ShareUpdateExclusive } else { Lock::AccessExclusive };
    found.lock(key, lock);
    found.lock(&before.relation(child).0, lock);
}

fn is_of(table: &Table, parent: &str) -> bool {
    table.partition_of.as_deref() == Some(parent)
}

/// Tells whether a validated check may prove that the rows of a table belong where they are to be: one for each column
/// that decides it. Which values it admits isn't compared.
fn restricts(table: &Table, by: &[String]) -> bool {
    !by.is_empty()
        && by.iter().all(|column| {
            let named = |used: &String| used == column;
            constraint::never_null(table, column)
                && table.checks.values().any(|check| check.validated && check.expression.columns.iter().any(named))
        })
}
