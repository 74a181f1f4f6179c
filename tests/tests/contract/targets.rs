//! Targets: how far, and one alone.

use crate::{Chain, Server, Target, applied, apply, apply_to, contract, ids, library, roll_back};
use whimbrel::semver::Version;

contract!(
    to_an_id,
    to_a_count,
    to_a_schema_version,
    to_what_is_not_there,
    one_alone,
    one_alone_waits_for_what_it_needs
);

async fn to_an_id(server: &Server) {
    let registry = library(server).registry();
    for name in ["m0002_books", "0002_books"] {
        apply_to(server, registry, Target::Id(name.into())).await.unwrap();
        assert_eq!(applied(server).await, ["0001_users", "0002_books"]);
    }
    let report = roll_back(server, registry, Target::Id("0001_users".into())).await.unwrap();
    assert_eq!(ids(&report), ["0002_books"]);
}

async fn to_a_count(server: &Server) {
    let registry = library(server).registry();
    assert_eq!(ids(&apply_to(server, registry, Target::Count(2)).await.unwrap()), ["0001_users", "0002_books"]);
    assert_eq!(ids(&apply_to(server, registry, Target::Count(2)).await.unwrap()), ["0003_loans"]);
    assert_eq!(ids(&roll_back(server, registry, Target::Count(2)).await.unwrap()), ["0003_loans", "0002_books"]);
    assert_eq!(server.tables().await, ["users"]);
}

async fn to_a_schema_version(server: &Server) {
    let registry = library(server).registry();
    apply_to(server, registry, Target::Schema(Version::new(1, 0, 0))).await.unwrap();
    assert_eq!(applied(server).await, ["0001_users", "0002_books"]);
    apply(server, registry).await.unwrap();
    roll_back(server, registry, Target::Schema(Version::new(1, 0, 0))).await.unwrap();
    assert_eq!(applied(server).await, ["0001_users", "0002_books"]);
}

async fn to_what_is_not_there(server: &Server) {
    let registry = library(server).registry();
    let error = apply_to(server, registry, Target::Id("0002_book".into())).await.unwrap_err();
    assert!(error.is_unknown_target(), "{error:?}");
    assert!(format!("{error}").contains("0002_books"), "{error}");
    let error = apply_to(server, registry, Target::Schema(Version::new(7, 0, 0))).await.unwrap_err();
    assert!(error.is_unknown_target(), "{error:?}");
}

fn loose(server: &Server) -> Chain {
    library(server)
        .add("0004_shelves", &["CREATE TABLE shelves (id INTEGER)"])
        .down(&["DROP TABLE shelves"])
        .after(&["0001_users"])
}

async fn one_alone(server: &Server) {
    let registry = loose(server).registry();
    apply_to(server, registry, Target::Id("0001_users".into())).await.unwrap();
    apply_to(server, registry, Target::Only("0004_shelves".into())).await.unwrap();
    assert_eq!(applied(server).await, ["0001_users", "0004_shelves"]);
    // The ones before it are not late because of that.
    assert_eq!(ids(&apply(server, registry).await.unwrap()), ["0002_books", "0003_loans"]);
    let report = roll_back(server, registry, Target::Only("0003_loans".into())).await.unwrap();
    assert_eq!(ids(&report), ["0003_loans"]);
}

async fn one_alone_waits_for_what_it_needs(server: &Server) {
    let registry = loose(server).registry();
    let error = apply_to(server, registry, Target::Only("0004_shelves".into())).await.unwrap_err();
    assert!(error.is_dependency(), "{error:?}");
    let error = apply_to(server, registry, Target::Only("0002_books".into())).await.unwrap_err();
    assert!(error.is_dependency(), "{error:?}");
    apply(server, registry).await.unwrap();
    let error = roll_back(server, registry, Target::Only("0001_users".into())).await.unwrap_err();
    assert!(error.is_dependency(), "{error:?}");
}
