//! Doors for the fuzz targets below `tests/fuzz`; built by `cargo fuzz` alone.

use crate::catalog::Simulator;
use crate::sql::{Dialect, Facts, Script};
use crate::{lock, postgres};

/// Reads scripts that form feeds part, and follows them through one catalog.
///
/// # Panics
/// Where something found stands outside of its script.
pub fn chain(text: &str) {
    let mut simulator = Simulator::new(false);
    for (number, script) in text.split('\u{c}').enumerate() {
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            if let Ok(parsed) = Script::parse(script, dialect) {
                let _ = Facts::of(&parsed);
            }
        }
        let reading = postgres::read(script);
        for error in reading.errors {
            assert!(script.get(error.range).is_some(), "{}", error.message);
        }
        simulator.begin(number);
        for statement in &reading.statements {
            for finding in simulator.follow(script, statement) {
                assert!(script.get(finding.range).is_some(), "{}", finding.message);
            }
        }
    }
}

/// Reads a lock file.
pub fn lock(text: &str) {
    let _ = lock::read(text, 0);
}
