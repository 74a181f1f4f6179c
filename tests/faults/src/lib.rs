//! The chain that is applied while everything goes wrong, once for each kind of database.

pub mod migrations;

use whimbrel::__private::{Database, Migration, Migrations};
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

/// Gives the chains of the server and of the file as one plan: each of its nine migrations has a part in both.
pub fn both() -> &'static Registry {
    const IDS: [&str; 9] = ["0001_a", "0002_b", "0003_c", "0004_d", "0005_e", "0006_f", "0007_g", "0008_h", "0009_i"];
    let names = ["server", "file"];
    let declared = names.map(|name| {
        let part = of(name);
        let whole = &part.databases()[0];
        // Nobody has hashed these ids.
        (Database { name: whole.name, kind: whole.kind, digest: "", catalog: whole.catalog }, part.migrations())
    });
    let mut migrations = Vec::new();
    for (at, id) in IDS.into_iter().enumerate() {
        for (_, chain) in &declared {
            migrations.push(Migration { id, number: at as i64 + 1, after: None, ..chain[at].clone() });
        }
    }
    Box::leak(Box::new(Registry {
        digest: "",
        databases: Box::leak(Box::new(declared.map(|(database, _)| database))),
        migrations: Migrations::Made(migrations.leak()),
        ..migrations::MIGRATIONS
    }))
}
