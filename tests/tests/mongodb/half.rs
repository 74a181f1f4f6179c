//! A command that stops at the third of its documents.

use crate::place::Place;
use whimbrel::DatabaseKind;
use whimbrel::mongodb::bson::doc;
use whimbrel_tests::Chain;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_half_way_is_asked_about_and_not_sent_again() {
    let place = Place::on("FERRETDB").await;
    let index = doc! { "key": { "a": 1 }, "name": "a", "unique": true };
    place.run(doc! { "createIndexes": "t", "indexes": [index] }).await;
    let insert = r#"{"insert": "t", "documents": [{"a": 1}, {"a": 2}, {"a": 1}, {"a": 3}]}"#;
    let chain = Chain::new(DatabaseKind::Mongodb).add("0001_many", &[insert]).without_transaction();
    // Nobody can know of documents without `_id` whether they are there.
    let registry = chain.in_doubt().registry();
    let error = place.apply(registry).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
    assert_eq!(place.documents("t", doc! {}).await.len(), 2);
    let asked = place.apply(registry).await.unwrap_err();
    assert!(asked.is_interrupted(), "{asked:?}");
    assert_eq!(place.documents("t", doc! {}).await.len(), 2, "nothing was sent again");
}
