//! The tables that a chain should have left, held against those that are there.

use super::Obstacle;
use crate::backend::{Dialect, Rows};
use crate::registry::Migration;

/// Holds a table that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

impl Table {
    /// Tells whether a name that an author or a user wrote, with or without a schema, is this table's.
    pub(super) fn is_called(&self, written: &str, dialect: &Dialect) -> bool {
        let (schema, name) = parts(written);
        let here = (dialect.is_called)(name, &self.name) && schema.is_none_or(|s| (dialect.is_called)(s, &self.schema));
        here || self.name == written
    }
}

/// Understands the rows of [`Dialect::tables`].
pub(super) fn there(rows: Rows) -> Vec<Table> {
    let table = |row: Vec<Option<String>>| {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || cells.next().unwrap_or_default();
        let (schema, name, columns) = (next(), next(), next());
        Table { schema, name, columns: columns.split('\u{1f}').map(Into::into).collect() }
    };
    rows.into_iter().map(table).collect()
}

/// Lists the tables that these migrations create, and none of them drops later, where they are not there.
pub(super) fn missing(migrations: &[&Migration], there: &[Table], dialect: &Dialect) -> Vec<Obstacle> {
    let mut lasting: Vec<(&str, &Migration)> = Vec::new();
    for migration in migrations {
        lasting.retain(|(table, _)| !migration.drops.iter().any(|dropped| may_be_one(dropped, table)));
        lasting.extend(migration.creates.iter().map(|table| (*table, *migration)));
    }
    let gone = lasting.iter().filter(|(table, _)| !there.iter().any(|known| known.is_called(table, dialect)));
    gone.map(|(table, migration)| Obstacle::MissingTable {
        table: (*table).into(),
        database: migration.database.into(),
        id: migration.id.into(),
    })
    .collect()
}

fn parts(written: &str) -> (Option<&str>, &str) {
    written.rsplit_once('.').map_or((None, written), |(schema, name)| (Some(schema), name))
}

/// Tells whether two written names can mean one table: a schema that one leaves out may be the other's.
fn may_be_one(a: &str, b: &str) -> bool {
    let ((a_schema, a), (b_schema, b)) = (parts(a), parts(b));
    let schemas = a_schema.zip(b_schema).is_none_or(|(a, b)| a.eq_ignore_ascii_case(b));
    schemas && a.eq_ignore_ascii_case(b)
}

#[cfg(all(test, feature = "postgres", feature = "sqlite"))]
mod tests {
    use super::*;
    use crate::backend::{postgres, sqlite};

    fn migration(id: &'static str, creates: &'static [&'static str], drops: &'static [&'static str]) -> Migration {
        Migration { id, number: 1, creates, drops, ..Migration::BLANK }
    }

    fn gone(migrations: &[&Migration], there: &[(&str, &str)], dialect: &Dialect) -> Vec<String> {
        let table = |(schema, name): &(&str, &str)| Table {
            schema: (*schema).into(),
            name: (*name).into(),
            columns: Vec::new(),
        };
        let there: Vec<_> = there.iter().map(table).collect();
        let table = |obstacle| match obstacle {
            Obstacle::MissingTable { table, id, .. } => format!("{table} of {id}"),
            other => other.to_string(),
        };
        missing(migrations, &there, dialect).into_iter().map(table).collect()
    }

    #[test]
    fn what_a_later_one_drops_need_not_be_there() {
        let (a, b) = (migration("1_a", &["old", "cm.kept"], &[]), migration("2_b", &["new"], &["cm.old"]));
        let dialect = &postgres::DIALECT;
        assert_eq!(gone(&[&a, &b], &[("cm", "kept")], dialect), ["new of 2_b"]);
        assert_eq!(gone(&[&a], &[("public", "kept")], dialect), ["old of 1_a", "cm.kept of 1_a"]);
    }

    #[test]
    fn names_are_folded_as_the_server_folds_them() {
        let a = migration("1_a", &["Users", "App.Orders"], &[]);
        let (postgres, sqlite) = (&postgres::DIALECT, &sqlite::DIALECT);
        assert!(gone(&[&a], &[("x", "users"), ("app", "orders")], postgres).is_empty());
        assert!(gone(&[&a], &[("x", "Users"), ("App", "Orders")], postgres).is_empty());
        assert_eq!(gone(&[&a], &[("x", "USERS"), ("app", "orders")], postgres), ["Users of 1_a"]);
        assert_eq!(gone(&[&a], &[("main", "uSERS"), ("APP", "ORDERS")], sqlite), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_postgres_cuts_off_is_found() {
        let long: &'static str = "a_table_whose_name_is_longer_than_the_sixty_three_bytes_that_are_kept";
        let a = Box::leak(Box::new([long]));
        let kept = &long[..63];
        assert!(gone(&[&migration("1_a", a, &[])], &[("public", kept)], &postgres::DIALECT).is_empty());
    }
}
