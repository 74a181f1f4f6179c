//! The process is killed, or its connection is cut, before and after every message that it and the server send.

use crate::place::Place;
use crate::points::{Trial, all_end_well};
use crate::proxy::{Proxy, Way};
use crate::site::Site;
use crate::victim::{Status, applying, run};
use std::fmt;

/// A server, as it is called where a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Named(&'static str);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[tokio::test]
async fn a_run_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PostgreSQL, killed or cut off at a message";
    let make = |Named(version)| async move { Site::direct(Place::new(version).await) };
    let trial = Trial::of(test, 9, 90);
    all_end_well(trial, &["12", "15", "18"].map(Named), make).await;
}

#[tokio::test]
async fn a_run_on_mariadb_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let test = "MariaDB, killed or cut off at a message";
    let make = |_| async { Site::direct(Place::mariadb().await) };
    all_end_well(Trial::of(test, 5, 30), &[Named("MariaDB")], make).await;
}

#[tokio::test]
async fn a_run_on_redis_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let test = "Redis and Valkey, killed or cut off at a message";
    let make = |Named(server)| async move { Site::running(Place::redis(server).await, |url| applying("cache", url)) };
    let trial = Trial::of(test, 7, 60);
    all_end_well(trial, &["REDIS", "VALKEY"].map(Named), make).await;
}

#[tokio::test]
async fn a_run_on_a_cluster_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let test = "Redis cluster, killed or cut off at a message";
    let make = |Named(server)| async move { Site::running(Place::redis(server).await, |url| applying("spread", url)) };
    // There is one database for all of them.
    all_end_well(Trial { at_once: 1, ..Trial::of(test, 2, 40) }, &[Named("REDIS_CLUSTER")], make).await;
    let test = "Redis cluster, killed or cut off where only a person can know";
    let make = |Named(server)| async move { Site::running(Place::redis(server).await, |url| applying("doubt", url)) };
    all_end_well(Trial { at_once: 1, in_doubt: true, ..Trial::of(test, 1, 80) }, &[Named("REDIS_CLUSTER")], make).await;
}

#[tokio::test]
async fn a_run_on_neo4j_that_dies_or_is_cut_off_at_any_message_is_finished_by_the_next() {
    let test = "Neo4j, killed or cut off at a message";
    let make = |_| async { Site::running(Place::neo4j().await, |url| applying("graph", url)) };
    // There is one graph for all of them.
    all_end_well(Trial { at_once: 1, ..Trial::of(test, 4, 16) }, &[Named("Neo4j")], make).await;
    let site = make(Named("Neo4j")).await;
    let proxy = Proxy::new(site.url(), None).await;
    assert_eq!(run(&mut site.command(proxy.url())).await.status, Status::Applied(0));
    // The versions, who it is, a first question and the one about the ledger, each of these two with the request for its rows.
    assert_eq!(proxy.messages(Way::ToServer), 7, "a start with nothing to do asks once");
}
