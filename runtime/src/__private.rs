//! What generated code needs. No part of the public interface.

pub use crate::listing::Listing;
pub use crate::registry::{Check, Database, DatabaseKind, Migration, Migrations, Phase, Registry, Work};
pub use crate::script::{Anchor, Retry, Script, Statement};
pub use crate::step::{BoxFuture, RustCheck, RustWork};
pub use semver::Version;

/// Defines the macro that a registry calls for each kind it declares: nothing with the feature, and without it an error that names it.
macro_rules! required {
    ($($feature:literal, $kind:literal, $name:ident;)*) => {$(
        #[doc(hidden)]
        #[macro_export]
        #[cfg(feature = $feature)]
        macro_rules! $name {
            () => {};
        }

        #[doc(hidden)]
        #[macro_export]
        #[cfg(not(feature = $feature))]
        macro_rules! $name {
            () => {
                ::core::compile_error!(::core::concat!(
                    "the registry declares a ", $kind, " database, but whimbrel was built without its feature `", $feature,
                    "`; in Cargo.toml: whimbrel = { version = \"0.1\", features = [\"", $feature, "\"] }"
                ));
            };
        }
    )*};
}

required! {
    "sqlite", "SQLite", __require_sqlite;
    "postgres", "Postgres", __require_postgres;
    "mysql", "Mysql", __require_mysql;
    "redis", "Redis", __require_redis;
    "neo4j", "Neo4j", __require_neo4j;
    "mongodb", "Mongodb", __require_mongodb;
}
