//! From what a version table records to the migrations of a registry.

use super::Obstacle;
use super::version_table::{Entry, State};
use crate::registry::{Migration, Registry, canonical_id};

/// Finds the migrations that a version table records as applied; `table` is its name for the obstacles.
pub(super) fn recorded(
    registry: &Registry,
    entries: &[Entry],
    table: &str,
) -> Result<Vec<&'static Migration>, Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    let mut standing: Vec<&Entry> = Vec::new();
    for entry in entries {
        match entry.state {
            State::Failed => obstacles.push(Obstacle::Failed { table: table.into(), version: entry.shown() }),
            State::Undone => standing.retain(|other| !same(other, entry)),
            State::Note => {}
            _ if is_negative(entry) => {
                obstacles.push(Obstacle::Negative { table: table.into(), version: entry.shown() });
            }
            _ => standing.push(entry),
        }
    }
    if standing.is_empty() && obstacles.is_empty() {
        obstacles.push(Obstacle::Empty { table: table.into() });
    }
    let mut found: Vec<&'static Migration> = Vec::new();
    for entry in &standing {
        let matched = migration(registry, entry);
        let reached = match entry.state {
            State::UpTo => matched.map(|m| m.number).or_else(|| number(entry)),
            State::Reached if standing.len() == 1 => matched.map(|m| m.number),
            _ => None,
        };
        found.extend(registry.migrations().iter().filter(|m| reached.is_some_and(|reached| m.number <= reached)));
        match matched {
            Some(migration) => found.push(migration),
            None if reached.is_some() || entry.state == State::Repeatable => {}
            None => obstacles.push(Obstacle::Unmatched { table: table.into(), version: entry.shown() }),
        }
    }
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    Ok(registry.migrations().iter().filter(|m| found.iter().any(|f| std::ptr::eq(*f, *m))).collect())
}

fn same(a: &Entry, b: &Entry) -> bool {
    match (&a.version, &b.version) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.name == b.name,
        _ => false,
    }
}

/// The least number that is a date with its second, as Prisma has them.
const FIRST_SECOND: i64 = 10_000_101_000_000;
/// How far the number of an imported migration may be from its own.
const COUNTED_ON: i64 = 60;

/// Finds a migration by its id, else by its number, else by its name where only one has it.
fn migration(registry: &Registry, entry: &Entry) -> Option<&'static Migration> {
    let migrations = registry.migrations();
    let id = entry.version.as_deref().map(|version| canonical_id(version.strip_suffix(".sql").unwrap_or(version)));
    let by_id = migrations.iter().find(|m| Some(m.id) == id);
    let by_number = || number(entry).and_then(|number| migrations.iter().find(|m| m.number == number));
    let by_name = || {
        let name = words(entry.name.as_deref()?);
        let mut named =
            migrations.iter().filter(|m| words(m.id.trim_start_matches(|c: char| c.is_ascii_digit())) == name);
        named.next().filter(|_| named.next().is_none())
    };
    // Where several of another tool's have one number, importing them has counted on from it.
    let by_both = || {
        let name = words(entry.version.as_deref()?.split_once('_')?.1);
        let number = number(entry).filter(|number| *number >= FIRST_SECOND)?;
        let counted_on = |m: &&Migration| m.number > number && m.number - number < COUNTED_ON;
        migrations
            .iter()
            .filter(counted_on)
            .find(|m| words(m.id.trim_start_matches(|c: char| c.is_ascii_digit())) == name)
    };
    // A number that no migration has is not overruled by a name; that helps with Flyway's `1.1`, and where there is
    // no version at all.
    by_id.or_else(by_both).or_else(by_number).or_else(|| if number(entry).is_none() { by_name() } else { None })
}

/// Tells a number with a minus from the dashes of `2013-01-15-113556`.
fn is_negative(entry: &Entry) -> bool {
    let digits = entry.version.as_deref().and_then(|version| version.trim().strip_prefix('-'));
    digits.is_some_and(|digits| digits.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// Reads the number in `3`, `003`, `3.0`, `2013-01-15-113556` and `003_add_users`; there is none in `3.1`.
fn number(entry: &Entry) -> Option<i64> {
    let version = entry.version.as_deref()?.trim();
    let version = version.split('_').next().unwrap_or(version).replace('-', "");
    let mut parts = version.split('.');
    let first = parts.next()?;
    if !first.bytes().all(|b| b.is_ascii_digit())
        || !parts.all(|part| !part.is_empty() && part.bytes().all(|b| b == b'0'))
    {
        return None;
    }
    first.parse().ok()
}

fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Migrations;

    const fn migration(id: &'static str, number: i64) -> Migration {
        Migration { id, number, ..Migration::BLANK }
    }

    static REGISTRY: Registry = Registry {
        migrations: Migrations::Made(&[
            migration("0001_init", 1),
            migration("0002_add_users", 2),
            migration("0003_add_orders", 3),
            migration("20240101120000_add_roles", 20_240_101_120_000),
            migration("20240101120001_add_rights", 20_240_101_120_001),
        ]),
        ..Registry::EMPTY
    };

    fn entry(version: &str, name: Option<&str>, state: State) -> Entry {
        Entry { version: (!version.is_empty()).then(|| version.into()), name: name.map(Into::into), state }
    }

    fn ids(entries: &[Entry]) -> Result<Vec<&'static str>, Vec<String>> {
        let found =
            recorded(&REGISTRY, entries, "t").map_err(|o| o.iter().map(ToString::to_string).collect::<Vec<_>>());
        Ok(found?.iter().map(|m| m.id).collect())
    }

    #[test]
    fn versions_are_matched_by_id_number_or_name() {
        let one = |version, name| ids(&[entry(version, name, State::Applied)]);
        for version in ["1", "001", "1.0", "1.0.0", "0001_init", "m0001_init", "0001_init.sql", "1_other"] {
            assert_eq!(one(version, None), Ok(vec!["0001_init"]), "{version}");
        }
        assert_eq!(one("20240101120000", None), Ok(vec!["20240101120000_add_roles"]));
        assert_eq!(one("2024-01-01-120000", None), Ok(vec!["20240101120000_add_roles"]));
        assert_eq!(one("20240101120000_add_rights", None), Ok(vec!["20240101120001_add_rights"]));
        assert_eq!(one("1.1", Some("Add Users")), Ok(vec!["0002_add_users"]));
        for (version, name) in
            [("1.1", None), ("4", Some("init")), ("x", None), ("1.", None), ("99999999999999999999", None)]
        {
            assert!(one(version, name).is_err(), "{version}");
        }
    }

    #[test]
    fn a_single_row_says_how_far_it_is_and_several_say_each() {
        assert_eq!(ids(&[entry("2", None, State::Reached)]), Ok(vec!["0001_init", "0002_add_users"]));
        let two = [entry("1", None, State::Reached), entry("3", None, State::Reached)];
        assert_eq!(ids(&two), Ok(vec!["0001_init", "0003_add_orders"]));
        assert!(ids(&[entry("7", None, State::Reached)]).is_err());
    }

    #[test]
    fn what_was_undone_is_not_applied() {
        let applied = |version| entry(version, None, State::Applied);
        let undone = |version| entry(version, None, State::Undone);
        assert_eq!(ids(&[applied("1"), applied("2"), undone("2")]), Ok(vec!["0001_init"]));
        let again = [applied("1"), applied("2"), undone("2"), applied("2")];
        assert_eq!(ids(&again), Ok(vec!["0001_init", "0002_add_users"]));
    }

    #[test]
    fn a_baseline_of_the_other_tool_covers_what_is_before_it() {
        let rows = [entry("2.0", Some("<< Flyway Baseline >>"), State::UpTo), entry("3", None, State::Applied)];
        assert_eq!(ids(&rows), Ok(vec!["0001_init", "0002_add_users", "0003_add_orders"]));
        assert_eq!(ids(&[entry("0", None, State::UpTo), entry("1", None, State::Applied)]), Ok(vec!["0001_init"]));
    }

    #[test]
    fn a_repeatable_one_counts_where_its_name_is_known() {
        let rows = [entry("1", None, State::Applied), entry("", Some("add orders"), State::Repeatable)];
        assert_eq!(ids(&rows), Ok(vec!["0001_init", "0003_add_orders"]));
        let rows = [entry("1", None, State::Applied), entry("", Some("views"), State::Repeatable)];
        assert_eq!(ids(&rows), Ok(vec!["0001_init"]));
    }

    #[test]
    fn every_obstacle_is_told() {
        let rows = [
            entry("1", None, State::Applied),
            entry("2", None, State::Failed),
            entry("8", Some("later"), State::Applied),
        ];
        assert_eq!(
            ids(&rows),
            Err(vec![
                "`t` says that `2` failed or was not finished; mend it with the tool that ran it, then adopt".into(),
                "`t` records `8` (later), and no migration has that id, number or name".into(),
            ])
        );
        let negative = [entry("-1", Some("init"), State::Applied), entry(" -2", None, State::Reached)];
        let told = |version| {
            format!(
                "`t` records {version}, and no migration has a negative number; correct the table, or baseline to an id"
            )
        };
        assert_eq!(ids(&negative), Err(vec![told("`-1` (init)"), told("` -2`")]));
        assert_eq!(ids(&[]), Err(vec!["`t` records nothing, so there is nothing to adopt; run `apply`".into()]));
    }
}
