//! Chains made by a test: what a build script would have written, built while the test runs.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use whimbrel::__private::{
    Check, Database, DatabaseKind, Migration, Migrations, Retry, RustCheck, RustWork, Script, Statement, Version, Work,
};
use whimbrel::Registry;

/// Builds the registry of one database named `main`.
///
/// Registries are `'static`, so each one is leaked: a test makes a handful.
#[derive(Debug)]
pub struct Chain {
    kind: DatabaseKind,
    migrations: Vec<Migration>,
    catalog: &'static str,
}

impl Chain {
    /// Begins with no migration.
    pub fn new(kind: DatabaseKind) -> Self {
        Chain { kind, migrations: Vec::new(), catalog: "" }
    }

    /// Adds a migration of these statements.
    #[must_use]
    pub fn add(mut self, id: &'static str, up: &[&str]) -> Self {
        let text = up.join(";\n");
        let checksum = leak(hex(&text));
        self.migrations.push(Migration {
            id,
            number: id.split('_').next().and_then(|number| number.parse().ok()).expect("an id begins with its number"),
            source: id,
            file: "src/migrations/chain.sql",
            line: 1,
            description: id,
            checksum,
            text_checksum: checksum,
            up: Work::Script(script(self.kind, up)),
            transactional: is_one_transaction(self.kind, up),
            ..Migration::BLANK
        });
        self
    }

    /// Adds a migration of Rust code.
    #[must_use]
    pub fn add_code(self, id: &'static str, up: RustWork) -> Self {
        self.add(id, &[id]).edit(|migration| (migration.transactional, migration.up) = (true, Work::Rust(up)))
    }

    /// Gives the last migration a rollback.
    #[must_use]
    pub fn down(self, down: &[&str]) -> Self {
        let (work, one) = (script(self.kind, down), is_one_transaction(self.kind, down));
        self.edit(|migration| {
            migration.transactional &= one;
            migration.down = Some(Work::Script(work));
        })
    }

    /// Gives the last migration a `VERIFY`.
    #[must_use]
    pub fn verify(self, query: &str) -> Self {
        let check = Check::Script(script(self.kind, &[query]));
        self.edit(|migration| migration.verify = Some(check))
    }

    /// Gives the last migration a `REQUIRE`.
    #[must_use]
    pub fn require(self, query: &str) -> Self {
        let check = Check::Script(script(self.kind, &[query]));
        self.edit(|migration| migration.require = Some(check))
    }

    /// Gives the last migration a `verify` in Rust.
    #[must_use]
    pub fn verify_code(self, check: RustCheck) -> Self {
        self.edit(|migration| migration.verify = Some(Check::Rust(check)))
    }

    /// Lets nobody know of the last migration's statements whether they took effect.
    #[must_use]
    pub fn in_doubt(self) -> Self {
        self.edit(|migration| {
            if let Work::Script(script) = &mut migration.up {
                let asked = |statement: &Statement| Statement { retry: Retry::Ask, ..*statement };
                script.statements = Vec::leak(script.statements.iter().map(asked).collect());
            }
        })
    }

    /// Makes the last migration run statement by statement.
    #[must_use]
    pub fn without_transaction(self) -> Self {
        self.edit(|migration| migration.transactional = false)
    }

    /// Names what the last migration comes after.
    #[must_use]
    pub fn after(self, ids: &'static [&'static str]) -> Self {
        self.edit(|migration| migration.after = Some(ids))
    }

    /// Lets the last migration take the place of what another chain begins with: of as many of its migrations.
    #[must_use]
    pub fn replaces(self, other: &'static Registry, count: usize) -> Self {
        let part = |m: &Migration| Migration { down: None, up: Migration::BLANK.up, ..m.clone() };
        let parts = Vec::leak(other.migrations().iter().take(count).map(part).collect());
        self.edit(|migration| migration.replaces = parts)
    }

    /// Says what the last migration names.
    #[must_use]
    pub fn names(self, names: &'static [&'static str]) -> Self {
        self.edit(|migration| migration.names = Some(names))
    }

    /// Gives the last migration a schema version.
    #[must_use]
    pub fn schema(self, major: u64, minor: u64, patch: u64) -> Self {
        self.edit(|migration| migration.schema = Some(Version::new(major, minor, patch)))
    }

    /// Says why the last migration can't be rolled back.
    #[must_use]
    pub fn irreversible(self, reason: &'static str) -> Self {
        self.edit(|migration| migration.irreversible = Some(reason))
    }

    /// Changes the last migration.
    #[must_use]
    pub fn edit(mut self, change: impl FnOnce(&mut Migration)) -> Self {
        change(self.migrations.last_mut().expect("there is a migration"));
        self
    }

    /// Gives what the compiler found the schema to be, in the lines that a rehearsal compares.
    #[must_use]
    pub fn followed(mut self, catalog: String) -> Self {
        self.catalog = leak(catalog);
        self
    }

    /// Gives the registry, as `registry!` would.
    pub fn registry(self) -> &'static Registry {
        let mut rows: Vec<&Migration> = Vec::new();
        self.migrations.iter().for_each(|migration| rows_of(migration, &mut rows));
        rows.sort_by_key(|m| (m.number, m.id));
        let lines: Vec<String> = rows.iter().map(|m| format!("{} {}", m.id, m.checksum)).collect();
        let digest: &'static str = leak(hex(&lines.join("\n")));
        let databases =
            Box::leak(Box::new([Database { name: "main", kind: self.kind, digest, catalog: self.catalog }]));
        let migrations = Migrations::Made(Vec::leak(self.migrations));
        Box::leak(Box::new(Registry { name: "chain", app_version: "1.0.0", digest, databases, migrations }))
    }
}

/// Lists the ledger rows of a migration: its own, and those of what it replaces.
fn rows_of<'a>(migration: &'a Migration, rows: &mut Vec<&'a Migration>) {
    rows.push(migration);
    migration.replaces.iter().for_each(|part| rows_of(part, rows));
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Tells whether all of a script can be in one transaction, as the build script would.
fn is_one_transaction(kind: DatabaseKind, statements: &[&str]) -> bool {
    match kind {
        DatabaseKind::Mysql => statements.iter().all(|statement| retry(kind, statement) == Retry::Together),
        DatabaseKind::Neo4j => !statements.iter().any(|statement| is_schema(statement)),
        DatabaseKind::Mongodb => !statements.iter().any(|statement| is_command(statement, &MAKING)),
        _ => true,
    }
}

/// Tells how a statement is taken up again, as the build script would.
fn retry(kind: DatabaseKind, statement: &str) -> Retry {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match kind {
        DatabaseKind::Mysql => return on_mysql(&words),
        DatabaseKind::Redis => {
            return if statement.starts_with("WHIMBREL.") { Retry::Again } else { Retry::Together };
        }
        DatabaseKind::Neo4j => {
            return match is_schema(statement) {
                true if statement.contains(" EXISTS") => Retry::Again,
                true => Retry::Ask,
                false => Retry::Together,
            };
        }
        DatabaseKind::Mongodb => return if is_command(statement, &CHANGING) { Retry::Again } else { Retry::Ask },
        _ => {}
    }
    let name = |at: usize| format!("\"{}\"", words[at].trim_matches('"'));
    match words.iter().position(|word| *word == "CONCURRENTLY") {
        Some(at) if words[0] == "CREATE" => {
            let at = if words[at + 1] == "IF" { at + 4 } else { at + 1 };
            Retry::BuildsIndex { table: leak(name(at + 2)), name: leak(words[at].trim_matches('"').to_owned()) }
        }
        Some(at) if words[0] == "DROP" => Retry::DropsIndex(leak(name(words.len().min(at + 4) - 1))),
        Some(_) => Retry::Again,
        None if ["VACUUM", "PRAGMA"].contains(&words[0]) => Retry::Again,
        None if words[0] == "CALL" => Retry::Ask,
        None => Retry::Together,
    }
}

/// MongoDB's commands that make something besides documents.
const MAKING: [&str; 5] = ["create", "createIndexes", "dropIndexes", "drop", "collMod"];
/// Those that do no harm a second time; documents that are inserted have an `_id` in these tests.
const CHANGING: [&str; 7] = ["create", "createIndexes", "dropIndexes", "drop", "collMod", "insert", "delete"];

/// Tells whether a command's first key is one of these.
fn is_command(statement: &str, names: &[&str]) -> bool {
    let key = statement.split('"').nth(1).unwrap_or_default();
    names.contains(&key)
}

/// Tells whether a Cypher statement changes a schema.
fn is_schema(statement: &str) -> bool {
    let mut words = statement.split_whitespace();
    let first = words.next().unwrap_or_default();
    matches!(first, "CREATE" | "DROP") && matches!(words.next(), Some("INDEX" | "CONSTRAINT"))
}

/// The same on MySQL; `whimbrel-build` knows more statements.
fn on_mysql(words: &[&str]) -> Retry {
    let seen = |not: &str, view: &str, named: &[(&str, &str)]| {
        let named: String = named.iter().map(|(column, name)| format!(" AND {column} = '{name}'")).collect();
        let rows = format!("SELECT 1 FROM information_schema.{view} WHERE table_schema = DATABASE(){named}");
        Retry::Seen(leak(format!("SELECT {not} EXISTS ({rows})")))
    };
    match words {
        ["CREATE" | "DROP", "TABLE", "IF", ..] => Retry::Again,
        ["CREATE", "TABLE" | "VIEW", name, ..] => seen("", "tables", &[("table_name", name)]),
        ["DROP", "TABLE" | "VIEW", name, ..] => seen("NOT", "tables", &[("table_name", name)]),
        ["CREATE", "INDEX", name, "ON", table, ..] => {
            seen("", "statistics", &[("table_name", table), ("index_name", name)])
        }
        ["ALTER", "TABLE", table, "ADD", "COLUMN", name, ..] => {
            seen("", "columns", &[("table_name", table), ("column_name", name)])
        }
        ["ALTER", "TABLE", table, "DROP", "COLUMN", name, ..] => {
            seen("NOT", "columns", &[("table_name", table), ("column_name", name)])
        }
        ["SET", ..] => Retry::Session,
        ["CREATE" | "DROP" | "ALTER" | "RENAME" | "TRUNCATE" | "CALL", ..] => Retry::Ask,
        _ => Retry::Together,
    }
}

/// Joins statements into a script that stands on line 1 of `src/migrations/chain.sql`, a statement a line.
fn script(kind: DatabaseKind, statements: &[&str]) -> Script {
    let mut text = String::new();
    let mut ranges = Vec::new();
    for statement in statements {
        let (start, end) = (text.len() as u32, (text.len() + statement.len()) as u32);
        ranges.push(Statement { start, end, retry: retry(kind, statement) });
        text.push_str(statement);
        text.push_str(if kind == DatabaseKind::Redis { "\n" } else { ";\n" });
    }
    Script { text: leak(text), file: "src/migrations/chain.sql", statements: Vec::leak(ranges), anchors: &[] }
}
