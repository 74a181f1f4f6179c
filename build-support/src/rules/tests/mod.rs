mod chain;
mod documentation;
mod examples;
#[cfg(feature = "mysql")]
mod mysql;
mod severity;
#[cfg(feature = "sqlite")]
mod sqlite;
mod truth;
