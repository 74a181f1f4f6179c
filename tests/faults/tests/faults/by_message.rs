//! PostgreSQL and MariaDB: the process is killed, or its connection is cut, before and after every message that it and the server send.

use crate::place::Place;
use crate::points::all_end_well;
use crate::site::Site;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Version(&'static str);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {}", self.0)
    }
}

#[tokio::test]
async fn a_run_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL, killed or cut off at a message";
    let make = |version: Version| async move { Site::direct(Place::new(version.0).await) };
    all_end_well(test, &["12", "15", "18"].map(Version), make, 9, 90).await;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct MariaDb;

impl fmt::Display for MariaDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MariaDB")
    }
}

#[tokio::test]
async fn a_run_on_mariadb_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let test = "MariaDB, killed or cut off at a message";
    let make = |_| async { Site::direct(Place::mariadb().await) };
    all_end_well(test, &[MariaDb], make, 5, 30).await;
}
