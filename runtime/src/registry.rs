//! What was compiled: the registry, its databases and its migrations, as the build script writes them. Fields are public for the
//! generated code alone and hidden from the documentation; readers use the getters.

mod phase;

pub use phase::Phase;

use crate::effect::Effect;
use crate::listing::Listing;
use crate::script::Script;
use crate::step::{RustCheck, RustWork};
use semver::Version;
use std::time::Duration;

/// Holds every migration of one application or library, in the order in which they apply.
#[derive(Debug)]
pub struct Registry {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub app_version: &'static str,
    #[doc(hidden)]
    pub digest: &'static str,
    #[doc(hidden)]
    pub databases: &'static [Database],
    #[doc(hidden)]
    pub migrations: Migrations,
}

/// Holds the migrations themselves, or the listing that they are read from.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Migrations {
    Made(&'static [Migration]),
    Listed(&'static Listing),
}

impl Registry {
    #[doc(hidden)]
    pub const EMPTY: Registry =
        Registry { name: "", app_version: "", digest: "", databases: &[], migrations: Migrations::Made(&[]) };

    /// Names the registry: the package's name, unique among those that share a database.
    pub const fn name(&self) -> &'static str {
        self.name
    }
    /// Gives the version of the package that declared the registry.
    pub const fn app_version(&self) -> &'static str {
        self.app_version
    }
    /// Gives the SHA-256 of all ids and checksums in order, 64 lower-case hexadecimal digits.
    pub const fn digest(&self) -> &'static str {
        self.digest
    }
    /// Lists the databases as declared; the first is the default one.
    pub const fn databases(&self) -> &'static [Database] {
        self.databases
    }
    /// Lists the migrations in ascending order of their numbers; ids are unique in each database.
    pub fn migrations(&self) -> &'static [Migration] {
        match self.migrations {
            Migrations::Made(migrations) => migrations,
            Migrations::Listed(listing) => listing.migrations(),
        }
    }
    /// Finds a migration by its id (`0003_add_user`), the first part of one that is for several databases; a leading `m` is ignored.
    pub fn migration(&self, id: &str) -> Option<&'static Migration> {
        let id = canonical_id(id);
        self.migrations().iter().find(|migration| migration.id == id)
    }
    /// Finds a database by its declared name.
    pub fn database(&self, name: &str) -> Option<&'static Database> {
        self.databases.iter().find(|database| database.name == name)
    }
}

/// Gives the id that a module name or an id stands for: `m0005_export` and `0005_export` are one.
pub fn canonical_id(name: &str) -> &str {
    match name.strip_prefix('m') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => name,
    }
}

/// Declares one database of a registry.
#[derive(Debug)]
pub struct Database {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub kind: DatabaseKind,
    #[doc(hidden)]
    pub digest: &'static str,
    /// The schema as the compiler followed it, in the lines that `testing::rehearse` compares; empty where it didn't.
    #[doc(hidden)]
    pub catalog: &'static str,
}

impl Database {
    /// Names the database as the registry does (`main`).
    pub const fn name(&self) -> &'static str {
        self.name
    }
    /// Tells which server it is.
    pub const fn kind(&self) -> DatabaseKind {
        self.kind
    }
    /// Gives the SHA-256 (64 lower-case hexadecimal digits) of one line `id checksum` for each of this
    /// database's migrations, in ascending order, joined by a line feed: what a complete ledger hashes to.
    pub const fn digest(&self) -> &'static str {
        self.digest
    }
}

/// Names the servers that a registry can declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DatabaseKind {
    /// SQLite, feature `sqlite`.
    Sqlite,
    /// PostgreSQL, feature `postgres`.
    Postgres,
    /// MySQL and MariaDB, feature `mysql`.
    Mysql,
    /// Redis and Valkey, feature `redis`.
    Redis,
    /// Neo4j, feature `neo4j`.
    Neo4j,
    /// MongoDB, feature `mongodb`.
    Mongodb,
}

impl DatabaseKind {
    /// Tells whether it speaks SQL.
    pub const fn is_sql(self) -> bool {
        matches!(self, DatabaseKind::Sqlite | DatabaseKind::Postgres | DatabaseKind::Mysql)
    }
    /// Tells whether it runs inside the application, without a server.
    pub const fn is_embedded(self) -> bool {
        matches!(self, DatabaseKind::Sqlite)
    }
}

/// Describes one migration as it was compiled.
#[derive(Debug, Clone)]
pub struct Migration {
    #[doc(hidden)]
    pub id: &'static str,
    #[doc(hidden)]
    pub number: i64,
    #[doc(hidden)]
    pub source: &'static str,
    #[doc(hidden)]
    pub file: &'static str,
    #[doc(hidden)]
    pub line: u32,
    #[doc(hidden)]
    pub description: &'static str,
    #[doc(hidden)]
    pub database: &'static str,
    #[doc(hidden)]
    pub after: Option<&'static [&'static str]>,
    #[doc(hidden)]
    pub replaces: &'static [Migration],
    #[doc(hidden)]
    pub schema: Option<Version>,
    #[doc(hidden)]
    pub transactional: bool,
    #[doc(hidden)]
    pub phase: Option<Phase>,
    #[doc(hidden)]
    pub lock_timeout: Option<Duration>,
    #[doc(hidden)]
    pub statement_timeout: Option<Duration>,
    #[doc(hidden)]
    pub irreversible: Option<&'static str>,
    #[doc(hidden)]
    pub checksum: &'static str,
    #[doc(hidden)]
    pub text_checksum: &'static str,
    #[doc(hidden)]
    pub checksum_algorithm: u16,
    #[doc(hidden)]
    pub down_checksum: Option<&'static str>,
    #[doc(hidden)]
    pub up: Work,
    #[doc(hidden)]
    pub down: Option<Work>,
    #[doc(hidden)]
    pub require: Option<Check>,
    #[doc(hidden)]
    pub verify: Option<Check>,
    #[doc(hidden)]
    pub creates: &'static [&'static str],
    #[doc(hidden)]
    pub drops: &'static [&'static str],
    #[doc(hidden)]
    pub down_loses: &'static [&'static str],
    #[doc(hidden)]
    pub effect: &'static str,
    #[doc(hidden)]
    pub names: Option<&'static [&'static str]>,
    #[doc(hidden)]
    pub extensions: &'static [&'static str],
    #[doc(hidden)]
    pub sealed: bool,
}

impl Migration {
    /// One that does nothing, for whoever makes one by hand.
    #[doc(hidden)]
    pub const BLANK: Migration = Migration {
        id: "",
        number: 0,
        source: "",
        file: "",
        line: 1,
        description: "",
        database: "main",
        after: None,
        replaces: &[],
        schema: None,
        transactional: true,
        phase: None,
        lock_timeout: None,
        statement_timeout: None,
        irreversible: None,
        checksum: "",
        text_checksum: "",
        checksum_algorithm: 1,
        down_checksum: None,
        up: Work::Script(Script { text: "", file: "", statements: &[], anchors: &[] }),
        down: None,
        require: None,
        verify: None,
        creates: &[],
        drops: &[],
        down_loses: &[],
        effect: "",
        names: None,
        extensions: &[],
        sealed: true,
    };
    /// Gives the id: unique in its database, with that the key of the ledger (`0003_add_user`).
    pub const fn id(&self) -> &'static str {
        self.id
    }
    /// Gives the number that the id begins with, by which migrations are ordered.
    pub const fn number(&self) -> i64 {
        self.number
    }
    /// Names where it was declared: a module's path (`release_1_2::m0003_add_user`) or a file's name.
    pub const fn source(&self) -> &'static str {
        self.source
    }
    /// Gives the file that declares it, relative to the package's folder.
    pub const fn file(&self) -> &'static str {
        self.file
    }
    /// Gives the line in [`file`](Self::file) on which the declaration begins, counted from 1.
    pub const fn line(&self) -> u32 {
        self.line
    }
    /// Gives the doc comment's first paragraph, or the id's words where there is none.
    pub const fn description(&self) -> &'static str {
        self.description
    }
    /// Names the database that it changes.
    pub const fn database(&self) -> &'static str {
        self.database
    }
    /// Lists the ids it was declared to come after; `None` where nothing was declared: after all before it.
    pub const fn after(&self) -> Option<&'static [&'static str]> {
        self.after
    }
    /// Gives the schema version that is reached with it, where it declares one.
    pub const fn schema(&self) -> Option<&Version> {
        self.schema.as_ref()
    }
    /// Tells whether it runs in one transaction together with its ledger row.
    pub const fn is_transactional(&self) -> bool {
        self.transactional
    }
    /// Gives the part that it has in a change: as declared, or else as the compiler has judged it; `None` where it couldn't.
    pub const fn phase(&self) -> Option<Phase> {
        self.phase
    }
    /// Gives how long one of its statements may wait for a lock, where that was declared; zero is no limit.
    pub const fn lock_timeout(&self) -> Option<Duration> {
        self.lock_timeout
    }
    /// Gives how long one of its statements may run, where that was declared; zero is no limit.
    pub const fn statement_timeout(&self) -> Option<Duration> {
        self.statement_timeout
    }
    /// Gives the reason why it can't be rolled back, where one was declared.
    pub const fn irreversible(&self) -> Option<&'static str> {
        self.irreversible
    }
    /// Gives the SHA-256 of what it does, 64 lower-case hexadecimal digits.
    pub const fn checksum(&self) -> &'static str {
        self.checksum
    }
    /// Gives the SHA-256 of its text with line ends normalised: tells a cosmetic edit from none.
    pub const fn text_checksum(&self) -> &'static str {
        self.text_checksum
    }
    /// Gives the version of the way in which [`checksum`](Self::checksum) is computed.
    pub const fn checksum_algorithm(&self) -> u16 {
        self.checksum_algorithm
    }
    /// Tells whether `whimbrel.lock` has it, so that it does not change any more.
    pub const fn is_sealed(&self) -> bool {
        self.sealed
    }
    /// Lists the migrations whose place it takes: their ids and checksums, and what they replaced themselves.
    pub const fn replaces(&self) -> &'static [Migration] {
        self.replaces
    }
    /// Lists what both name of what can be named in their database (tables, views, types, functions, indexes); `None` where one
    /// of them may do more than its script shows, or is not one of the newest.
    pub(crate) fn shares(&self, other: &Migration) -> Option<Vec<&'static str>> {
        let (names, others) = (self.names?, other.names?);
        Some(names.iter().filter(|name| others.contains(name)).copied().collect())
    }
    /// Lists the server's extensions that its script can't do without, as far as its statements show.
    pub const fn extensions(&self) -> &'static [&'static str] {
        self.extensions
    }
    /// Shows every migration whose place it takes, those that were replaced before included.
    pub(crate) fn covered(&self) -> Vec<&'static Migration> {
        self.replaces.iter().flat_map(|part| std::iter::once(part).chain(part.covered())).collect()
    }
    /// Gives the SHA-256 of what a rollback does.
    pub const fn down_checksum(&self) -> Option<&'static str> {
        self.down_checksum
    }
    /// Gives what applying it does.
    pub const fn up(&self) -> &Work {
        &self.up
    }
    /// Gives what rolling it back does.
    pub const fn down(&self) -> Option<&Work> {
        self.down.as_ref()
    }
    /// Gives what must be true before it.
    pub const fn require(&self) -> Option<&Check> {
        self.require.as_ref()
    }
    /// Gives what must be true after it.
    pub const fn verify(&self) -> Option<&Check> {
        self.verify.as_ref()
    }
    /// Lists the tables that its script creates, as written (`cm.audit_log`), quotes taken off.
    pub const fn creates(&self) -> &'static [&'static str] {
        self.creates
    }
    /// Lists the tables that may be gone because of it: dropped, renamed away, or within reach of code that names none.
    pub const fn drops(&self) -> &'static [&'static str] {
        self.drops
    }
    /// Tells what applying it does to its database; `None` where the compiler has not followed its chain.
    pub fn effect(&self) -> Option<Effect> {
        Effect::read(self.effect)
    }
    /// Lists what a rollback may lose, in words (``drops table `users` ``); empty where it loses nothing.
    pub const fn down_loses(&self) -> &'static [&'static str] {
        self.down_loses
    }
}

/// Does the work of an `up` or a `down`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Work {
    /// SQL, statement by statement.
    Script(Script),
    /// An `async fn` of the author's.
    Rust(RustWork),
}

/// Asks a question of `REQUIRE` or `VERIFY`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Check {
    /// Queries: the first column of each one's only row must be true.
    Script(Script),
    /// An `async fn` of the author's that returns whether it holds.
    Rust(RustCheck),
}
