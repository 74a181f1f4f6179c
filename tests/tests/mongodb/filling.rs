//! A field of many documents, in batches, by a migration in Rust; killed in the middle it goes on.

use crate::place::Place;
use crate::proxy::{At, Fault, Proxy};
use whimbrel::__private::RustWork;
use whimbrel::mongodb::bson::{DateTime, Document, doc, oid::ObjectId};
use whimbrel::{BoxFuture, DatabaseKind, Mark, Migrator, MongodbStep, Registry};
use whimbrel_tests::Chain;

fn up(mongodb: &mut MongodbStep) -> BoxFuture<'_, whimbrel::Result<()>> {
    Box::pin(async move {
        let filled = mongodb.fill("tenants", "tier", "basic").batches_of(7).apply().await?;
        let log = mongodb.collection::<Document>("log");
        log.insert_one(doc! { "filled": filled as i64 }).session(mongodb.session()).await?;
        Ok(())
    })
}

fn registry() -> &'static Registry {
    Chain::new(DatabaseKind::Mongodb).add_code("0001_tier", RustWork::Mongodb(up)).without_transaction().registry()
}

/// Makes tenants, some of which have a tier, under `_id`s of several types.
async fn tenants(place: &Place) {
    let mut documents: Vec<_> = (0..30).map(|n| doc! { "_id": n, "n": n }).collect();
    documents.extend((0..20).map(|n| doc! { "_id": format!("t{n}"), "n": n }));
    documents.extend((0..10).map(|n| doc! { "_id": ObjectId::new(), "n": n }));
    documents[3].insert("tier", "gold");
    documents[45].insert("tier", "gold");
    place.run(doc! { "insert": "tenants", "documents": documents }).await;
}

async fn of_tier(place: &Place, tier: &str) -> usize {
    place.documents("tenants", doc! { "tier": tier }).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lacks_the_field_is_filled_and_nothing_else() {
    let place = Place::on("FERRETDB").await;
    tenants(&place).await;
    place.apply(registry()).await.unwrap();
    assert_eq!((of_tier(&place, "basic").await, of_tier(&place, "gold").await), (58, 2));
    assert_eq!(place.documents("log", doc! {}).await[0].get_i64("filled").unwrap(), 58);
    assert!(place.documents("whimbrel_backfills", doc! {}).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_died_in_the_middle_goes_on_behind_its_cursor() {
    let place = Place::on("FERRETDB").await;
    tenants(&place).await;
    // As a run leaves it that dies after two batches: filled so far, and the cursor behind them.
    let q = doc! { "_id": { "$lt": 15 }, "tier": { "$exists": false } };
    let update = doc! { "q": q, "u": { "$set": { "tier": "basic" } }, "multi": true };
    place.run(doc! { "update": "tenants", "updates": [update] }).await;
    place.run(doc! { "insert": "whimbrel_backfills", "documents": [{ "_id": "tier of tenants", "after": 14 }] }).await;
    place.apply(registry()).await.unwrap();
    assert_eq!((of_tier(&place, "basic").await, of_tier(&place, "gold").await), (58, 2));
    assert_eq!(place.documents("log", doc! {}).await[0].get_i64("filled").unwrap(), 44);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_cut_off_anywhere_fills_everything_once() {
    for number in (8..60).step_by(6) {
        let place = Place::on("FERRETDB").await;
        tenants(&place).await;
        let proxy = Proxy::new(&place.url, At::Answer(number), Fault::Cut).await;
        let registry = registry();
        let mut databases = Place::at(proxy.url.clone()).await.open(registry).await;
        let cut = whimbrel::apply(registry, &mut databases).await;
        let update = doc! { "q": { "_id": "lease" }, "u": { "$set": { "beat": DateTime::from_millis(0) } } };
        place.run(doc! { "update": "whimbrel_lock", "updates": [update] }).await;
        let mut databases = place.open(registry).await;
        let migrator = Migrator::new(registry);
        if cut.is_err() && !migrator.questions(&mut databases).await.unwrap().is_empty() {
            // Whether code is done only a person knows; this one may be called again.
            migrator.repair(&mut databases, "0001_tier", Mark::RolledBack, "filling goes on").await.unwrap();
        }
        place.apply(registry).await.unwrap_or_else(|error| panic!("after {number}: {error:?}"));
        assert_eq!((of_tier(&place, "basic").await, of_tier(&place, "gold").await), (58, 2), "after {number}");
        assert!(place.documents("whimbrel_backfills", doc! {}).await.is_empty(), "after {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_failed_is_called_again() {
    let place = Place::on("FERRETDB").await;
    place
        .apply(
            Chain::new(DatabaseKind::Mongodb).add("0001_tier", &[r#"{"unknown": 1}"#]).without_transaction().registry(),
        )
        .await
        .unwrap_err();
    assert_eq!(place.told().await, ["0001_tier failed"]);
    // After an error that was told code is called again from its beginning.
    tenants(&place).await;
    place.apply(registry()).await.unwrap();
    assert_eq!(of_tier(&place, "basic").await, 58);
}
