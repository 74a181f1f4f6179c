//! What generated code needs. No part of the public interface.

pub use crate::listing::Listing;
pub use crate::registry::{Check, Database, DatabaseKind, Migration, Migrations, Phase, Registry, Work};
pub use crate::script::{Anchor, Retry, Script, Statement};
pub use crate::step::{BoxFuture, RustCheck, RustWork};
pub use semver::Version;

#[doc(hidden)]
#[macro_export]
#[cfg(feature = "sqlite")]
macro_rules! __require_sqlite {
    () => {};
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "sqlite"))]
macro_rules! __require_sqlite {
    () => {
        ::core::compile_error!(
            "the registry declares a SQLite database, but whimbrel was built without its feature `sqlite`; in \
             Cargo.toml: whimbrel = { version = \"0.1\", features = [\"sqlite\"] }"
        );
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(feature = "postgres")]
macro_rules! __require_postgres {
    () => {};
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "postgres"))]
macro_rules! __require_postgres {
    () => {
        ::core::compile_error!(
            "the registry declares a Postgres database, but whimbrel was built without its feature `postgres`; in \
             Cargo.toml: whimbrel = { version = \"0.1\", features = [\"postgres\"] }"
        );
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(feature = "mysql")]
macro_rules! __require_mysql {
    () => {};
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "mysql"))]
macro_rules! __require_mysql {
    () => {
        ::core::compile_error!(
            "the registry declares a Mysql database, but whimbrel was built without its feature `mysql`; in \
             Cargo.toml: whimbrel = { version = \"0.1\", features = [\"mysql\"] }"
        );
    };
}
