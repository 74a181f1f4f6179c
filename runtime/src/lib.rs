//! Database migrations declared in Rust, proved by the compiler, applied by a small runtime.
//!
//! This crate is the runtime. A build script ([`whimbrel-build`](https://docs.rs/whimbrel-build)) checks the
//! migrations and writes the [`Registry`]; [`apply`] compares it with the ledgers that the databases carry and does
//! what is pending:
//!
//! ```no_run
//! # static MIGRATIONS: whimbrel::Registry = whimbrel::Registry::EMPTY;
//! # async fn start() -> whimbrel::Result<()> {
//! let mut databases = whimbrel::Databases::from_env(&MIGRATIONS).await?;
//! whimbrel::apply(&MIGRATIONS, &mut databases).await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Migrator`] has the choices: targets, rollback, dry runs, verification, events. It needs a tokio runtime whose
//! timer is on.
//!
//! # What a step guarantees
//! - **SQL in a transaction** (the default): the migration and its ledger row commit together, the row's key first.
//! - **Rust code in a transaction**: the same; code that ends the transaction by itself is found and reported.
//! - **`transaction = false`**: what can be in a transaction is committed with the note that it is done. The rest is
//!   written down before and after; a run that comes after one which failed or died goes on at that statement, after it
//!   has found out whether it took effect, and asks a person only where that can't be seen, as with a procedure that
//!   commits on its own way.
//! - **Rust code without a transaction**: begun and ended are written down; after an error it is called again.
//! - **Redis and Valkey**: nothing is rolled back there. A migration's commands, the notes that they are done and its row go out as one
//!   script, which stops at the first command that fails: each is done once, and noted if it is done.
//!
//! # Features
//! `sqlite` (the default), `postgres`, `mysql` (and MariaDB), `redis` (and Valkey), `neo4j`, `mongodb`, `mongodb-schema` for
//! validators from Rust types, `tls` for servers, `cli` for a whole command line, `testing` for
//! `#[whimbrel::test]`, `metrics` for figures of the crate of that name.

// Without a database nothing can run; the command line and the docs still build.
#![cfg_attr(
    not(any(
        feature = "sqlite",
        feature = "postgres",
        feature = "mysql",
        feature = "redis",
        feature = "neo4j",
        feature = "mongodb"
    )),
    allow(dead_code, unused_imports, unused_variables)
)]

mod adopt;
mod backend;
#[cfg(feature = "cli")]
pub mod cli;
mod databases;
mod effect;
mod engine;
mod error;
mod escaped;
mod event;
mod health;
mod history;
mod ledger;
mod listing;
#[cfg(feature = "metrics")]
pub mod metrics;
mod migrator;
mod nearest;
mod observe;
mod plan;
mod readiness;
mod registry;
mod repair;
mod report;
mod script;
mod status;
mod step;
mod stored;
mod target;
#[cfg(feature = "testing")]
pub mod testing;

pub use adopt::{Baseline, Obstacle};
#[cfg(feature = "mongodb-schema")]
pub use backend::mongodb::validator;
pub use databases::{Access, Databases, Urls, redact};
pub use effect::{ChangeKind, Effect, RelationEffect, RowWork, SchemaChange, Significance};
pub use error::{Damage, Error, Halfway, Holder, Interruption, Kind, Left, Result, ServerError, ServerErrorClass};
pub use event::Event;
pub use health::{Examination, Health, Progress};
pub use history::{Attempt, Entry, HalfRollback, History, Record};
pub use ledger::Location;
pub use migrator::{Migrator, StepText, apply};
#[cfg(feature = "mongodb")]
pub use mongodb;
pub use observe::{Events, Stopper};
pub use plan::{Finding, OutOfOrder, Plan, Policy, Step, plan};
pub use readiness::Readiness;
#[cfg(feature = "redis")]
pub use redis;
pub use registry::{Check, Database, DatabaseKind, Migration, Phase, Registry, Work, canonical_id};
pub use repair::{Mark, Question};
pub use report::{Outcome, Report, Waiting};
#[cfg(feature = "mongodb-schema")]
pub use schemars;
pub use script::{Place, Script};
pub use semver;
pub use sqlx;
pub use status::{Applied, Row, State, Status, status};
#[cfg(feature = "mysql")]
pub use step::MysqlStep;
#[cfg(feature = "postgres")]
pub use step::PostgresStep;
#[cfg(feature = "redis")]
pub use step::RedisStep;
#[cfg(feature = "sqlite")]
pub use step::SqliteStep;
pub use step::{BoxFuture, RustCheck, RustWork};
#[cfg(feature = "mongodb")]
pub use step::{Fill, MongodbStep};
#[cfg(feature = "neo4j")]
pub use step::{Neo4jStep, Neo4jValue};
pub use target::{Direction, Target};
#[cfg(feature = "testing")]
pub use whimbrel_macros::test;
pub use whimbrel_macros::{migration, registry};

/// Brings into scope what a module of migrations uses.
pub mod prelude {
    #[cfg(feature = "mongodb")]
    pub use crate::MongodbStep;
    #[cfg(feature = "mysql")]
    pub use crate::MysqlStep;
    #[cfg(feature = "postgres")]
    pub use crate::PostgresStep;
    #[cfg(feature = "redis")]
    pub use crate::RedisStep;
    #[cfg(feature = "sqlite")]
    pub use crate::SqliteStep;
    pub use crate::migration;
    #[cfg(feature = "neo4j")]
    pub use crate::{Neo4jStep, Neo4jValue};
}

#[doc(hidden)]
pub mod __private;
