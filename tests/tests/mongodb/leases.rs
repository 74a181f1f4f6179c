//! A lease that has run out is taken over, and whoever had it writes nothing more.

use crate::place::Place;
use whimbrel::__private::RustWork;
use whimbrel::mongodb::bson::{DateTime, doc};
use whimbrel::{BoxFuture, DatabaseKind, Migrator, MongodbStep, Readiness, ServerErrorClass, Target};
use whimbrel_tests::{Chain, tenants};

async fn lease(place: &Place, run: &str, beat: DateTime) {
    let lease = doc! { "run": run, "beat": beat, "since": beat, "pid": 4711_i64, "host": "elsewhere", "user": "ada",
    "application": "whimbrel", "doing": "up 0001_tenants" };
    let update = doc! { "q": { "_id": "lease" }, "u": { "$set": lease }, "upsert": true };
    place.run(doc! { "update": "whimbrel_lock", "updates": [update] }).await;
}

async fn now(place: &Place) -> DateTime {
    *place.run(doc! { "hello": 1 }).await.get_datetime("localTime").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_has_run_out_is_taken_over_at_once() {
    let place = Place::on("FERRETDB").await;
    lease(&place, "dead", DateTime::from_millis(now(&place).await.timestamp_millis() - 15_001)).await;
    let registry = tenants::registry();
    let mut databases = place.open(registry).await;
    let migrator = Migrator::new(registry).lock_wait(std::time::Duration::ZERO);
    assert_eq!(migrator.apply(&mut databases, &Target::Latest).await.unwrap().done.len(), 3);
    assert!(place.documents("whimbrel_lock", doc! { "_id": "lease" }).await.is_empty(), "it is given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_alive_is_waited_for_and_its_holder_is_named() {
    let place = Place::on("FERRETDB").await;
    lease(&place, "alive", now(&place).await).await;
    let registry = tenants::registry();
    let mut databases = place.open(registry).await;
    let migrator = Migrator::new(registry).lock_wait(std::time::Duration::ZERO);
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert!(error.is_locked(), "{error:?}");
    let text = format!("{error:?}");
    for part in ["4711", "ada", "elsewhere", "up 0001_tenants"] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
    let readiness = migrator.check(&mut databases).await.unwrap();
    assert!(matches!(readiness, Readiness::InProgress { .. }), "{readiness}");
    assert!(place.documents("whimbrel_history", doc! {}).await.is_empty());
}

/// Loses the lease as a run does that was stopped for too long: somebody else has it by now.
fn loses(mongodb: &mut MongodbStep) -> BoxFuture<'_, whimbrel::Result<()>> {
    Box::pin(async move {
        let update = doc! { "q": { "_id": "lease" }, "u": { "$set": { "run": "other" } } };
        mongodb.run_command(doc! { "update": "whimbrel_lock", "updates": [update] }).await.map(drop)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_lost_it_writes_nothing_and_says_so() {
    let place = Place::on("FERRETDB").await;
    let chain = Chain::new(DatabaseKind::Mongodb).add("0001_t", &[r#"{"create": "t"}"#]);
    let registry = chain.add_code("0002_code", RustWork::Mongodb(loses)).registry();
    let error = place.apply(registry).await.unwrap_err();
    assert_eq!(error.server().map(whimbrel::ServerError::class), Some(ServerErrorClass::LeaseLost), "{error:?}");
    assert_eq!(place.told().await, ["0001_t applied"]);
    assert!(place.documents("whimbrel_history", doc! { "id": "0002_code" }).await.is_empty());
    let lease = place.documents("whimbrel_lock", doc! { "_id": "lease" }).await;
    assert_eq!(lease[0].get_str("run").unwrap(), "other", "the lease of somebody else is not given back");
}

/// Goes on after it has lost the lease, until that is noticed, and tries to write then.
fn goes_on(mongodb: &mut MongodbStep) -> BoxFuture<'_, whimbrel::Result<()>> {
    Box::pin(async move {
        loses(mongodb).await?;
        let begun = std::time::Instant::now();
        while mongodb.run_command(doc! { "ping": 1 }).await.is_ok() {
            assert!(begun.elapsed().as_secs() < 60, "nobody notices that the lease is gone");
        }
        mongodb.fill("t", "late", true).apply().await.map(drop)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_goes_on_without_it_is_refused_its_next_command() {
    let place = Place::on("FERRETDB").await;
    let made = r#"{"insert": "t", "documents": [{"_id": 1}]}"#;
    let chain = Chain::new(DatabaseKind::Mongodb).add("0001_t", &[made]);
    let error = place.apply(chain.add_code("0002_code", RustWork::Mongodb(goes_on)).registry()).await.unwrap_err();
    assert_eq!(error.server().map(whimbrel::ServerError::class), Some(ServerErrorClass::LeaseLost), "{error:?}");
    assert!(format!("{error:?}").contains("the command was not sent"), "{error:?}");
    assert_eq!(place.documents("t", doc! {}).await, [doc! { "_id": 1 }]);
}
