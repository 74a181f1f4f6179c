//! A row whose run died before the event about it: the next run tells it, under the row's own number.

use crate::place::Place;
use whimbrel::Target;
use whimbrel::mongodb::bson::doc;
use whimbrel_tests::tenants;

/// Leaves the ledger as a run does that dies right after a row.
async fn untell(place: &Place, id: &str, event: &str) {
    place
        .run(doc! { "delete": "whimbrel_events", "deletes": [{ "q": { "id": id, "event": event }, "limit": 0 }] })
        .await;
    let update = doc! { "q": { "id": id }, "u": { "$set": { "open": true } } };
    place.run(doc! { "update": "whimbrel_history", "updates": [update] }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_told_of_once() {
    let place = Place::on("FERRETDB").await;
    let registry = tenants::registry();
    place.apply(registry).await.unwrap();
    untell(&place, "0002_first_tenants", "applied").await;
    // The row says enough: nothing is lost, and a rollback goes back from here.
    place.roll_back(registry, Target::Latest).await.unwrap();
    assert_eq!(
        place.told().await,
        ["0001_tenants applied", "0002_first_tenants applied", "0003_tier applied", "0003_tier rolled_back"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_that_could_not_be_told_is_no_lost_row_and_its_statements_are_run_again() {
    let place = Place::on("FERRETDB").await;
    let registry = tenants::registry();
    place.apply(registry).await.unwrap();
    // Twice, up and down: the notes of the first time must not count for the second.
    untell(&place, "0003_tier", "applied").await;
    place.roll_back(registry, Target::Latest).await.unwrap();
    untell(&place, "0003_tier", "rolled_back").await;
    assert_eq!(place.apply(registry).await.unwrap().done.len(), 1);
    let indexes = place.run(doc! { "listIndexes": "tenants" }).await;
    assert!(format!("{indexes}").contains("\"tier\""), "the index is there again: {indexes}");
    let told = place.told().await;
    assert_eq!(&told[2..], ["0003_tier applied", "0003_tier rolled_back", "0003_tier applied"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_locks_collection_may_be_dropped_between_runs() {
    let place = Place::on("FERRETDB").await;
    let registry = tenants::registry();
    place.apply(registry).await.unwrap();
    place.run(doc! { "drop": "whimbrel_lock" }).await;
    place.roll_back(registry, Target::Latest).await.unwrap();
    assert_eq!(place.told().await.last().map(String::as_str), Some("0003_tier rolled_back"));
}
