//! A lease that has run out is taken over, and whoever had it writes nothing more.

use crate::place::Place;
use whimbrel::mongodb::bson::{DateTime, doc};
use whimbrel::{Event, Migrator, Readiness, ServerErrorClass, Target};
use whimbrel_tests::tenants;

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

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_lost_it_writes_nothing_and_says_so() {
    let place = Place::on("FERRETDB").await;
    let registry = tenants::registry();
    let mut databases = place.open(registry).await;
    let (migrator, mut events) = Migrator::new(registry).events();
    let run = tokio::spawn(async move { migrator.apply(&mut databases, &Target::Latest).await });
    while let Some(event) = events.next().await {
        if matches!(event, Event::StepFinished { id: "0001_tenants", .. }) {
            break;
        }
    }
    lease(&place, "other", now(&place).await).await;
    let error = match run.await.unwrap() {
        Err(error) => error,
        // It was through before it could lose anything.
        Ok(report) => return assert_eq!(report.done.len(), 3),
    };
    assert_eq!(error.server().map(whimbrel::ServerError::class), Some(ServerErrorClass::LeaseLost), "{error:?}");
    let lease = place.documents("whimbrel_lock", doc! { "_id": "lease" }).await;
    assert_eq!(lease[0].get_str("run").unwrap(), "other", "the lease of somebody else is not given back");
    assert!(place.told().await.iter().all(|event| event.ends_with(" applied")));
}
