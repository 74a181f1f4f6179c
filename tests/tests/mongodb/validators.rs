//! What MongoDB alone can show: validators, indexes that become unique, and migrations that are one transaction.

use crate::place::Place;
use serde::{Deserialize, Serialize};
use whimbrel::__private::RustWork;
use whimbrel::mongodb::bson::{Document, doc};
use whimbrel::schemars::{self, JsonSchema};
use whimbrel::{BoxFuture, DatabaseKind, MongodbStep, Registry};
use whimbrel_tests::Chain;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Tenant {
    organization_name: String,
    status: Status,
    tier: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Inactive,
}

fn tighten(mongodb: &mut MongodbStep) -> BoxFuture<'_, whimbrel::Result<()>> {
    Box::pin(async move {
        let good = [doc! { "organizationName": "a", "status": "active", "tier": "basic" }];
        let bad = [doc! { "organizationName": "a", "status": "asleep", "tier": "basic" }, doc! { "tier": 1 }];
        mongodb.rehearse::<Tenant>(&good, &bad).await?;
        mongodb.tighten::<Tenant>("tenants").fill("tier", "basic").batches_of(2).apply().await?;
        let drift = mongodb.validator_drift::<Tenant>("tenants").await?;
        if drift.is_empty() { Ok(()) } else { Err(whimbrel::Error::new(format!("{drift:?}"))) }
    })
}

fn unique(mongodb: &mut MongodbStep) -> BoxFuture<'_, whimbrel::Result<()>> {
    Box::pin(mongodb.make_unique("tenants", "name", doc! { "organizationName": 1 }))
}

fn registry(code: RustWork) -> &'static Registry {
    Chain::new(DatabaseKind::Mongodb).add_code("0001_code", code).without_transaction().registry()
}

async fn tenants(place: &Place, status: &str) {
    let one = |n: i32| doc! { "_id": n, "organizationName": format!("o{n}"), "status": "active" };
    let mut documents: Vec<Document> = (0..5).map(one).collect();
    documents.push(doc! { "_id": 9, "organizationName": "o9", "status": status });
    place.run(doc! { "insert": "tenants", "documents": documents }).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a MongoDB, which WHIMBREL_TEST_MONGODB_URL names"]
async fn a_validator_is_tightened_on_mongodb() {
    let place = Place::on("MONGODB").await;
    tenants(&place, "inactive").await;
    place.apply(registry(RustWork::Mongodb(tighten))).await.unwrap();
    assert_eq!(place.documents("tenants", doc! { "tier": "basic" }).await.len(), 6);
    let refused = place.database.collection::<Document>("tenants").insert_one(doc! { "_id": 20 }).await;
    assert!(refused.is_err());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a MongoDB, which WHIMBREL_TEST_MONGODB_URL names"]
async fn documents_that_would_be_refused_stop_it_before_anything_is_changed_on_mongodb() {
    let place = Place::on("MONGODB").await;
    tenants(&place, "asleep").await;
    let text = format!("{:?}", place.apply(registry(RustWork::Mongodb(tighten))).await.unwrap_err());
    assert!(
        text.contains("1 documents of `tenants`") && text.contains('9') && text.contains("nothing was changed"),
        "{text}"
    );
    assert!(place.documents("tenants", doc! { "tier": { "$exists": true } }).await.is_empty());
    place.database.collection::<Document>("tenants").insert_one(doc! { "_id": 20 }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a MongoDB, which WHIMBREL_TEST_MONGODB_URL names"]
async fn an_index_becomes_unique_on_mongodb() {
    let place = Place::on("MONGODB").await;
    tenants(&place, "active").await;
    let other = doc! { "_id": 10, "organizationName": "o9" };
    place.run(doc! { "insert": "tenants", "documents": [other] }).await;
    let text = format!("{:?}", place.apply(registry(RustWork::Mongodb(unique))).await.unwrap_err());
    assert!(text.contains("\"o9\"") && text.contains("nothing was changed"), "{text}");
    place.run(doc! { "delete": "tenants", "deletes": [{ "q": { "_id": 10 }, "limit": 1 }] }).await;
    place.apply(registry(RustWork::Mongodb(unique))).await.unwrap();
    let refused = place.database.collection::<Document>("tenants").insert_one(doc! { "organizationName": "o9" }).await;
    assert!(refused.is_err());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a MongoDB, which WHIMBREL_TEST_MONGODB_URL names"]
async fn a_migration_is_one_transaction_on_mongodb() {
    let place = Place::on("MONGODB").await;
    place.run(doc! { "create": "t" }).await;
    let statements = [
        r#"{"update": "t", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}, "upsert": true}]}"#,
        r#"{"update": "t", "updates": [{"q": {}, "u": {"$nothing": {}}}]}"#,
    ];
    place.apply(Chain::new(DatabaseKind::Mongodb).add("0001_both", &statements).registry()).await.unwrap_err();
    assert!(place.documents("t", doc! {}).await.is_empty());
    assert_eq!(place.told().await, ["0001_both failed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_that_the_server_refuses_changes_nothing() {
    let place = Place::on("FERRETDB").await;
    tenants(&place, "active").await;
    place.apply(registry(RustWork::Mongodb(tighten))).await.unwrap_err();
    assert!(place.documents("tenants", doc! { "tier": { "$exists": true } }).await.is_empty());
}
