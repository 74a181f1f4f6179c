//! The schema version that a step takes its database to.

use crate::backend::Task;
use crate::error::Result;
use crate::history::Record;
use crate::ledger::Ledger;
use crate::plan::{Step, compiled};
use crate::registry::{Migration, Phase, Registry};
use semver::Version;

/// Names a version, and the migration that a database has it from.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) migration: &'static Migration,
    pub(crate) version: Option<Version>,
}

/// Tells what a step changes of its database's version; none where that stays as it is.
pub(super) fn reached(registry: &Registry, rows: &[Record], step: &Step) -> Option<Reached> {
    step.migration.schema.as_ref()?;
    let before = last(rows).map(|record| record.id.clone());
    let mut rows = rows.to_vec();
    step.change(&mut rows);
    let after = last(&rows);
    if after.map(|record| &record.id) == before.as_ref() {
        return None;
    }
    let version = after.and_then(|record| Version::parse(record.schema_version.as_deref()?).ok());
    let migration = after.and_then(|record| compiled(registry, record)).unwrap_or(step.migration);
    Some(Reached { migration, version })
}

/// Finds the record that says which version a database is at.
fn last(rows: &[Record]) -> Option<&Record> {
    rows.iter().filter(|record| record.schema_version.is_some()).max_by_key(|record| (record.number, &record.id))
}

/// Adds the text that tells a database's users of it.
pub(super) fn tell(tasks: &mut Vec<Task>, ledger: &Ledger<'_>, reached: Option<&Reached>) -> Result<()> {
    let Some(Reached { migration, version }) = reached else { return Ok(()) };
    let breaking = migration.phase == Some(Phase::Contract);
    let text = ledger.language.version(ledger, migration, version.as_ref(), breaking)?;
    tasks.extend(text.map(|text| Task::Ledger(text.into())));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Migrations;

    const fn migration(id: &'static str, number: i64, schema: Option<Version>) -> Migration {
        Migration { id, number, schema, ..Migration::BLANK }
    }

    static MIGRATIONS: [Migration; 3] = [
        migration("0001_a", 1, Some(Version::new(1, 0, 0))),
        migration("0002_b", 2, None),
        migration("0003_c", 3, Some(Version::new(1, 1, 0))),
    ];
    const REGISTRY: Registry = Registry { migrations: Migrations::Made(&MIGRATIONS), ..Registry::EMPTY };

    fn after(applied: &[usize], step: Step) -> Option<(&'static str, Option<String>)> {
        let rows: Vec<_> = applied.iter().map(|at| Record::of(&MIGRATIONS[*at])).collect();
        let reached = reached(&REGISTRY, &rows, &step)?;
        Some((reached.migration.id, reached.version.map(|version| version.to_string())))
    }

    #[test]
    fn a_database_is_at_the_version_of_its_last_migration_that_has_one() {
        let [a, b, c] = &MIGRATIONS;
        assert_eq!(after(&[], Step::up(a)), Some(("0001_a", Some("1.0.0".into()))));
        assert_eq!(after(&[0], Step::up(b)), None);
        assert_eq!(after(&[0, 1], Step::up(c)), Some(("0003_c", Some("1.1.0".into()))));
        assert_eq!(after(&[2], Step::up(a)), None, "it comes late");
        assert_eq!(after(&[0, 1, 2], Step::down(c)), Some(("0001_a", Some("1.0.0".into()))));
        assert_eq!(after(&[0, 2], Step::down(a)), None);
        assert_eq!(after(&[0], Step::down(a)), Some(("0001_a", None)));
    }
}
