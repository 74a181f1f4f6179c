//! Chains followed, and what is said of them.

mod corpus;
mod difference;
mod findings;
mod runners;
mod sql;

use super::{Finding, Simulator};
use crate::postgres;

/// Follows scripts from an empty database on; panics where something is said of them.
fn followed(scripts: &[&str]) -> Simulator {
    let (simulator, found) = told(scripts);
    assert!(found.is_empty(), "{found:#?}");
    simulator
}

/// Follows scripts from an empty database on, and gives what is said of them.
pub(super) fn told(scripts: &[&str]) -> (Simulator, Vec<Finding>) {
    let mut simulator = Simulator::new(false);
    let mut found = Vec::new();
    for (number, text) in scripts.iter().enumerate() {
        let reading = postgres::read(text);
        assert!(reading.errors.is_empty(), "{text}: {:#?}", reading.errors);
        simulator.begin(number);
        for statement in &reading.statements {
            found.extend(simulator.follow(text, statement));
        }
    }
    (simulator, found)
}
