//! The chain that is applied while everything goes wrong, once for each kind of database.

pub mod migrations;

use whimbrel::__private::{Database, Migrations};
use whimbrel::Registry;

/// Gives the part of the registry that is one database's, as if it had been declared alone.
///
/// # Panics
/// Where the registry declares no such database.
pub fn of(name: &str) -> &'static Registry {
    let all = &migrations::MIGRATIONS;
    let whole = all.database(name).expect("the registry declares the database");
    let database = Database { name: whole.name, kind: whole.kind, digest: whole.digest, catalog: whole.catalog };
    let migrations: Vec<_> = all.migrations().iter().filter(|m| m.database() == name).cloned().collect();
    Box::leak(Box::new(Registry {
        databases: Box::leak(Box::new([database])),
        migrations: Migrations::Made(migrations.leak()),
        ..*all
    }))
}
