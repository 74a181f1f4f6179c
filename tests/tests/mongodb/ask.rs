//! What only a person can know is asked of one, and what they say is done.

use crate::place::Place;
use whimbrel::mongodb::bson::{Bson, DateTime, doc};
use whimbrel::{DatabaseKind, Mark, Migrator, Target};
use whimbrel_tests::Chain;

const COUNT: &str =
    r#"{"update": "counters", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}, "upsert": true}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_may_not_be_sent_twice_is_asked_about() {
    let place = Place::on("FERRETDB").await;
    let registry = Chain::new(DatabaseKind::Mongodb).add("0001_count", &[COUNT, r#"{"create": "after"}"#]).registry();
    let mut databases = place.open(registry).await;
    let migrator = Migrator::new(registry);
    migrator.init(&mut databases).await.unwrap();
    // As a run leaves it that dies in the statement.
    let started = doc! {
        "_id": 1_i64, "at": DateTime::now(), "registry": "chain", "id": "0001_count", "database": "main", "run": "dead",
        "event": "started", "direction": "up", "statement": 1_i64, "statements": 2_i64, "checksum": Bson::Null,
        "message": Bson::Null, "detail": COUNT, "actor": "ada", "whimbrel_version": "0.1.0",
    };
    place.run(doc! { "insert": "whimbrel_events", "documents": [started] }).await;
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_interrupted(), "{error:?}");
    assert!(place.documents("counters", doc! {}).await.is_empty(), "nothing was sent");
    let question = migrator.repair(&mut databases, "0001_count", Mark::RolledBack, "it is not there").await.unwrap();
    assert_eq!(question.statement, Some(1));
    migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(place.documents("counters", doc! {}).await, [doc! { "_id": 1, "n": 1 }]);
}
