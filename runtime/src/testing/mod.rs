//! A migrated database for each of an author's tests (feature `testing`).
//!
//! [`#[whimbrel::test]`](crate::test) hands an `async` test one to three arguments, each a view of the same new
//! database: a [`TestDatabase`], a connection, a pool, or open [`Databases`](crate::Databases).
//!
//! ```text
//! #[whimbrel::test]
//! async fn a_new_user_has_no_orders(mut db: SqliteConnection) { … }
//! ```
//!
//! The migrations run once for each state of the registry, into a template; every test works on a copy of it: a file
//! in the system's temporary folder (SQLite), or a database beside the one that `DATABASE_URL` or `<NAME>_URL` names
//! (PostgreSQL, MySQL and MariaDB, whose user must be allowed to create databases). The copy is gone when its test has passed. When the
//! test failed it stays, its URL is printed, and the next run of the same test takes it away. Tests may run at the same
//! time, in threads and in processes.

mod argument;
#[cfg(feature = "postgres")]
mod cluster;
mod database;
#[cfg(feature = "sqlite")]
mod folder;
#[cfg(feature = "mysql")]
mod instance;
mod name;
mod place;
mod rehearsal;
mod template;

pub use argument::{Argument, Outcome, Test};
pub use database::TestDatabase;
pub use rehearsal::rehearse;

use crate::databases::redact;
use crate::registry::Registry;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs a test with a migrated database of its own; `#[whimbrel::test]` expands to a call of it.
///
/// # Panics
/// Where the test does, where it returns an error, and where no database can be made.
pub fn run<A>(registry: &'static Registry, name: &str, test: impl Test<A>) {
    match attempt(registry, name, test) {
        Ok(()) => {}
        Err(Failure::Panic(panic)) => resume_unwind(panic),
        #[expect(clippy::panic, reason = "a test fails by panicking")]
        Err(Failure::Error(message)) => panic!("{message}"),
    }
}

enum Failure {
    Panic(Box<dyn Any + Send>),
    Error(String),
}

impl From<crate::Error> for Failure {
    fn from(error: crate::Error) -> Self {
        Failure::Error(format!("no database for the test: {error:#}"))
    }
}

fn attempt<A>(registry: &'static Registry, name: &str, test: impl Test<A>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(crate::Error::from)?;
    let (database, copies) = runtime.block_on(template::copy(registry, name))?;
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test.run(&database))));
    let failure = match ended {
        Ok(Ok(())) => None,
        Ok(Err(message)) => Some(Failure::Error(message)),
        Err(panic) => Some(Failure::Panic(panic)),
    };
    match failure {
        None => {
            for mut copy in copies {
                if let Err(error) = runtime.block_on(copy.remove()) {
                    tell(&format!("the test's database could not be removed: {error:#}"));
                }
            }
            Ok(())
        }
        Some(failure) => {
            for (name, url) in database.urls() {
                tell(&format!("the test failed; until it runs again its database `{name}` stays at {}", redact(url)));
            }
            Err(failure)
        }
    }
}

#[expect(clippy::print_stderr, reason = "the test harness shows it with the failed test")]
fn tell(message: &str) {
    eprintln!("{message}");
}
