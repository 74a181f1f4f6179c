//! What is known about a chain of migrations before anything runs.
//!
//! A build script calls [`check`]; `registry!` shows what it found and gives the registry. The build script itself
//! never fails: an error of a migration is shown by the compiler, at its place, together with all others.
//!
//! ```no_run
//! // In the `main` of build.rs:
//! whimbrel_build::check("src/migrations");
//! ```

mod by_name;
mod catalog;
mod check;
#[cfg(test)]
mod checksums;
mod codegen;
#[cfg(feature = "cli")]
pub mod command;
#[cfg(feature = "neo4j")]
mod cypher;
mod effect;
mod encoding;
#[cfg(feature = "cli")]
mod explain;
#[cfg(any(fuzzing, all(test, feature = "cli", feature = "sqlite")))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(test)]
mod hostile;
#[cfg(feature = "cli")]
mod import;
mod kept;
mod language;
mod listing;
mod lock;
#[cfg(feature = "mongodb")]
mod mongodb;
#[cfg(feature = "mysql")]
mod mysql;
mod output;
mod policy;
mod postgres;
mod proof;
#[cfg(feature = "redis")]
mod redis;
mod report;
mod rules;
mod settings;
mod significance;
mod sort;
mod source;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;
mod step;

pub use rules::Level;
pub use settings::Check;

use codegen::Package;
use settings::Settings;
use std::path::{Path, PathBuf};

/// Checks the migrations in a folder below the package's and writes their registry for `registry!`.
///
/// To be called from a build script, once. Cargo runs it again when something in the folder changes. [`Check`] is the same
/// with settings.
pub fn check(folder: impl AsRef<Path>) {
    run(folder.as_ref(), &Settings::default());
}

#[allow(clippy::print_stdout)] // How a build script speaks to Cargo.
fn run(folder: &Path, settings: &Settings) {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let package = Package { name: variable("CARGO_PKG_NAME"), version: variable("CARGO_PKG_VERSION") };
    let (root, out) = (PathBuf::from(variable("CARGO_MANIFEST_DIR")), PathBuf::from(variable("OUT_DIR")));
    if out.as_os_str().is_empty() {
        println!("cargo::error=`whimbrel_build::check` has to be called from a build script: `OUT_DIR` is not set");
        return;
    }
    match output::write(&root, folder, &package, &out, settings, |name| std::env::var(name).ok()) {
        Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
        // Nobody else could show this one: what `registry!` reads could not be written.
        Err(error) => println!("cargo::error=what whimbrel found can't be written to `{}`: {error}", out.display()),
    }
}
