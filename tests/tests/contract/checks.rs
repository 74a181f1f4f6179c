//! `REQUIRE` before, `VERIFY` after, and `verify` at any time.

use crate::{Chain, Migrator, Server, applied, apply, contract, open};

contract!(
    a_requirement_that_does_not_hold,
    a_verification_that_does_not_hold,
    checks_that_hold,
    verifying_what_is_applied,
    a_check_needs_one_true_row
);

fn chain(server: &Server) -> Chain {
    Chain::new(server.kind()).add("0001_users", &["CREATE TABLE users (id INTEGER)", "INSERT INTO users VALUES (1)"])
}

async fn a_requirement_that_does_not_hold(server: &Server) {
    let registry = chain(server)
        .add("0002_more", &["INSERT INTO users VALUES (2)"])
        .require("SELECT count(*) > 1 FROM users")
        .registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_check_failed(), "{error:?}");
    assert!(format!("{error}").contains("REQUIRE"), "{error}");
    assert_eq!(server.column("SELECT id FROM users").await, ["1"]);
}

async fn a_verification_that_does_not_hold(server: &Server) {
    let registry = chain(server)
        .add("0002_more", &["INSERT INTO users VALUES (2)"])
        .verify("SELECT count(*) > 2 FROM users")
        .registry();
    let error = apply(server, registry).await.unwrap_err();
    assert!(error.is_check_failed(), "{error:?}");
    assert_eq!(
        (server.column("SELECT id FROM users").await, applied(server).await),
        (vec!["1".to_owned()], vec!["0001_users".to_owned()])
    );
}

async fn checks_that_hold(server: &Server) {
    let registry = chain(server)
        .add("0002_more", &["INSERT INTO users VALUES (2)"])
        .require("SELECT count(*) = 1 FROM users")
        .verify("SELECT count(*) = 2 FROM users")
        .registry();
    assert_eq!(apply(server, registry).await.unwrap().done.len(), 2);
}

async fn verifying_what_is_applied(server: &Server) {
    let registry = chain(server).verify("SELECT count(*) = 1 FROM users").registry();
    apply(server, registry).await.unwrap();
    let migrator = Migrator::new(registry);
    assert_eq!(migrator.verify(&mut open(server, registry).await).await.unwrap(), ["0001_users"]);
    server.run("INSERT INTO users VALUES (7)").await;
    let error = migrator.verify(&mut open(server, registry).await).await.unwrap_err();
    assert!(error.is_check_failed(), "{error:?}");
}

async fn a_check_needs_one_true_row(server: &Server) {
    for query in
        ["SELECT id = 1 FROM users WHERE id = 9", "SELECT NULL", "SELECT id FROM users UNION ALL SELECT 2", "SELECT 0"]
    {
        let registry = chain(server).verify(query).registry();
        let error = apply(server, registry).await.unwrap_err();
        assert!(error.is_check_failed(), "{query}: {error:?}");
    }
    assert_eq!(server.tables().await, crate::left_of(server, "users", &[]));
}
