//! What is there alike counts as made; what is there and differs is shown.

use crate::place::Place;
use whimbrel::DatabaseKind;
use whimbrel::mongodb::bson::doc;
use whimbrel_tests::Chain;

fn chain(statements: &[&str]) -> &'static whimbrel::Registry {
    Chain::new(DatabaseKind::Mongodb).add("0001_made", statements).without_transaction().registry()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_alike_counts_as_made() {
    let place = Place::on("FERRETDB").await;
    place.run(doc! { "create": "t" }).await;
    let index = doc! { "key": { "a": 1 }, "name": "a", "unique": true };
    place.run(doc! { "createIndexes": "t", "indexes": [index] }).await;
    place.run(doc! { "insert": "t", "documents": [{ "_id": 2, "a": 2.0 }] }).await;
    let registry = chain(&[
        r#"{"create": "t"}"#,
        r#"{"createIndexes": "t", "indexes": [{"key": {"a": 1}, "name": "a", "unique": true}]}"#,
        r#"{"insert": "t", "documents": [{"_id": 1, "a": 1}, {"_id": 2, "a": 2}, {"_id": 3, "a": 3}]}"#,
        r#"{"drop": "gone"}"#,
        r#"{"dropIndexes": "t", "index": "gone"}"#,
    ]);
    place.apply(registry).await.unwrap();
    assert_eq!(place.documents("t", doc! {}).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_differs_is_shown_and_nothing_is_passed_over() {
    let place = Place::on("FERRETDB").await;
    place.run(doc! { "insert": "t", "documents": [{ "_id": 2, "a": "other" }] }).await;
    let error =
        place.apply(chain(&[r#"{"insert": "t", "documents": [{"_id": 1, "a": "x"}, {"_id": 2, "a": "y"}]}"#])).await;
    let text = format!("{:?}", error.unwrap_err());
    assert!(text.contains(r#"`a`: wanted "y", there is "other""#), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_unique_key_is_a_failure() {
    let place = Place::on("FERRETDB").await;
    let index = doc! { "key": { "a": 1 }, "name": "a", "unique": true };
    place.run(doc! { "createIndexes": "t", "indexes": [index] }).await;
    place.run(doc! { "insert": "t", "documents": [{ "_id": 1, "a": "x" }] }).await;
    let error = place.apply(chain(&[r#"{"insert": "t", "documents": [{"_id": 2, "a": "x"}]}"#])).await.unwrap_err();
    assert!(error.is_statement_failed(), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_differs_is_shown() {
    let place = Place::on("FERRETDB").await;
    place.run(doc! { "createIndexes": "t", "indexes": [{ "key": { "b": 1 }, "name": "a" }] }).await;
    let registry = chain(&[r#"{"createIndexes": "t", "indexes": [{"key": {"a": 1}, "name": "a"}]}"#]);
    let text = format!("{:?}", place.apply(registry).await.unwrap_err());
    assert!(text.contains(r#"wanted: [{"key": {"a": 1}, "name": "a"}]"#), "{text}");
    assert!(text.contains(r#""key": {"b": 1}"#), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_differs_is_shown() {
    let place = Place::on("FERRETDB").await;
    place.run(doc! { "create": "t", "capped": true, "size": 1024 }).await;
    let text = format!("{:?}", place.apply(chain(&[r#"{"create": "t"}"#])).await.unwrap_err());
    assert!(text.contains("`capped`: wanted nothing, there is true"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_in_a_statement_is_shown_at_its_place() {
    let place = Place::on("FERRETDB").await;
    let text = format!("{:?}", place.apply(chain(&[r#"{"create": oops}"#])).await.unwrap_err());
    assert!(text.contains("src/migrations/chain.sql:1:1") && text.contains("no Extended JSON"), "{text}");
}
