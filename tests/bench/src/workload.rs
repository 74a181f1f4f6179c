//! The migrations that every contender applies: the same SQL, valid on SQLite and PostgreSQL alike.

use crate::Result;
use sqlx::Row;

const WORDS: [&str; 10] =
    ["alpha", "bravo", "carbon", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "jasper"];

/// One migration of the workload.
pub(crate) struct Migration {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// Writes migration `number` (from 1). Five kinds take turns on each table: create, add a column, index, seed, view.
pub(crate) fn migration(number: usize) -> Migration {
    let (table, kind) = ((number - 1) / 5, (number - 1) % 5);
    let word = WORDS[table % WORDS.len()];
    let table = format!("t{table:04}_{word}");
    let (name, sql) = match kind {
        0 => (format!("create_{table}"), create(&table, 1)),
        1 => (
            format!("add_priority_{table}"),
            format!("ALTER TABLE {table} ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;\n"),
        ),
        2 => (format!("index_{table}"), format!("CREATE INDEX ix_{table}_status ON {table} (status, created_at);\n")),
        3 => (format!("seed_{table}"), (1..=3).map(|row| seed(&table, word, row)).collect()),
        _ => (
            format!("view_{table}"),
            format!(
                "CREATE VIEW v_{table} AS\nSELECT id, name, amount * quantity AS total, priority\nFROM {table}\nWHERE status <> 'closed';\n"
            ),
        ),
    };
    Migration { name, sql }
}

/// Gives the migration that an edit changes: one in the middle that creates a table.
pub(crate) fn edited(count: usize) -> usize {
    count / 2 / 5 * 5 + 1
}

/// Writes the edited migration anew, with another default for a column.
pub(crate) fn edit(number: usize, default: usize) -> Migration {
    let migration = migration(number);
    Migration {
        sql: migration
            .sql
            .replace("quantity INTEGER NOT NULL DEFAULT 1 ", &format!("quantity INTEGER NOT NULL DEFAULT {default} ")),
        ..migration
    }
}

fn create(table: &str, quantity: usize) -> String {
    format!(
        "CREATE TABLE {table} (\n    \
         id INTEGER NOT NULL PRIMARY KEY,\n    \
         name VARCHAR(120) NOT NULL,\n    \
         email VARCHAR(200) NOT NULL UNIQUE,\n    \
         status VARCHAR(20) NOT NULL DEFAULT 'new',\n    \
         amount NUMERIC(12, 2) NOT NULL DEFAULT 0,\n    \
         quantity INTEGER NOT NULL DEFAULT {quantity} CHECK (quantity > 0),\n    \
         note TEXT,\n    \
         created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP\n);\n"
    )
}

fn seed(table: &str, word: &str, row: usize) -> String {
    format!(
        "INSERT INTO {table} (id, name, email, amount, note) VALUES ({row}, '{word} {row}', '{word}{row}@example.org', {row}0.50, 'seed; row {row}');\n"
    )
}

/// What the workload leaves in a database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Objects {
    pub(crate) tables: i64,
    pub(crate) indexes: i64,
    pub(crate) views: i64,
    pub(crate) rows: i64,
}

impl Objects {
    /// Counts what is left by that many migrations; the rows are the first table's.
    pub(crate) fn expected(count: usize) -> Objects {
        let kind = |kind: usize| {
            i64::try_from((1..=count).filter(|number| (number - 1) % 5 == kind).count()).unwrap_or(i64::MAX)
        };
        Objects { tables: kind(0), indexes: kind(2), views: kind(4), rows: if count >= 4 { 3 } else { 0 } }
    }

    /// Reads a row of these four counts.
    pub(crate) fn read<R: Row>(row: &R) -> Result<Objects>
    where
        for<'a> &'a str: sqlx::ColumnIndex<R>,
        for<'a> i64: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    {
        Ok(Objects {
            tables: row.try_get("tables")?,
            indexes: row.try_get("indexes")?,
            views: row.try_get("views")?,
            rows: row.try_get("found")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_kinds_take_turns_on_each_table() {
        let names: Vec<String> = [1, 2, 3, 4, 5, 6, 51].map(|number| migration(number).name).into();
        assert_eq!(
            names,
            [
                "create_t0000_alpha",
                "add_priority_t0000_alpha",
                "index_t0000_alpha",
                "seed_t0000_alpha",
                "view_t0000_alpha",
                "create_t0001_bravo",
                "create_t0010_alpha"
            ]
        );
    }

    #[test]
    fn an_edit_changes_the_migration_in_the_middle() {
        for count in [10, 100, 1000] {
            let number = edited(count);
            assert!(number.abs_diff(count / 2) <= 5);
            assert_ne!(edit(number, 7).sql, migration(number).sql);
            assert_eq!(edit(number, 1).sql, migration(number).sql);
        }
    }

    #[test]
    fn every_kind_is_expected_once_in_five() {
        assert_eq!(Objects::expected(12), Objects { tables: 3, indexes: 2, views: 2, rows: 3 });
    }
}
