//! A run that is cut off or killed at each of its messages: the next one finishes it, and nothing is done or told twice.
//!
//! A sample of the points is tried, another one each time, with its seed told; `WHIMBREL_FAULTS=all` tries all of them.

use crate::place::Place;
use crate::proxy::{At, Fault, Proxy};
use std::process::{Command, Stdio};
use whimbrel::mongodb::bson::doc;
use whimbrel_tests::Sample;
use whimbrel_tests::sample::say;
use whimbrel_tests::tenants::{self, NAMES};

/// So many points a sample has about.
const ABOUT: usize = 16;

/// Counts the commands of a run that nobody disturbs.
async fn commands() -> usize {
    let place = Place::on("FERRETDB").await;
    let proxy = Proxy::new(&place.url, At::Never, Fault::Cut).await;
    Place::at(proxy.url.clone()).await.apply(tenants::registry()).await.unwrap();
    assert!(proxy.commands() > 20, "{}", proxy.commands());
    proxy.commands()
}

/// Gives the points at which something is to happen.
async fn points(test: &str) -> Vec<At> {
    let all = (1..=commands().await).flat_map(|number| [At::Command(number), At::Answer(number)]);
    let taken = Sample::of(test).take(all, ABOUT);
    say(&format!("{test}: {} points", taken.len()));
    taken
}

/// Frees the lease of a run that has died, as fifteen seconds would.
async fn grow_old(place: &Place) {
    let beat = whimbrel::mongodb::bson::DateTime::from_millis(0);
    let update = doc! { "q": { "_id": "lease" }, "u": { "$set": { "beat": beat } } };
    place.run(doc! { "update": "whimbrel_lock", "updates": [update] }).await;
}

/// Looks whether all is there once, and all is told once.
async fn is_whole(place: &Place, what: &str) {
    let tenants: Vec<_> = place.documents("tenants", doc! {}).await;
    let names: Vec<_> = tenants.iter().map(|tenant| tenant.get_str("_id").unwrap()).collect();
    assert_eq!(names, NAMES, "{what}");
    let rows = place.documents("whimbrel_history", doc! { "registry": "chain", "applied": true }).await;
    assert_eq!(rows.len(), 3, "{what}");
    let told = place.told().await;
    let applied: Vec<_> = told.iter().filter(|event| event.ends_with(" applied")).collect();
    assert_eq!(
        applied,
        ["0001_tenants applied", "0002_first_tenants applied", "0003_tier applied"],
        "{what}: {told:?}"
    );
    let open = place.documents("whimbrel_history", doc! { "open": true }).await;
    assert!(open.is_empty(), "{what}: {open:?}");
    let version = place.documents("schema_version", doc! {}).await;
    assert_eq!(version[0].get_str("version").unwrap(), "1.1.0", "{what}");
}

async fn goes_on(place: &Place, what: &str) {
    grow_old(place).await;
    place.apply(tenants::registry()).await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    // What a run could not tell, because it died right after its last row, the next one tells that has something to do.
    let longer = place.roll_back(tenants::registry(), whimbrel::Target::Latest).await.unwrap();
    assert_eq!(longer.done.len(), 1, "{what}");
    let told = place.told().await;
    assert_eq!(told.last().map(String::as_str), Some("0003_tier rolled_back"), "{what}");
    place.run(doc! { "delete": "whimbrel_events", "deletes": [{ "q": { "id": "0003_tier" }, "limit": 0 }] }).await;
    place.run(doc! { "delete": "whimbrel_history", "deletes": [{ "q": { "id": "0003_tier" }, "limit": 0 }] }).await;
    place.apply(tenants::registry()).await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    is_whole(place, what).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_at_any_message_is_finished_by_the_next() {
    for at in points("FerretDB, cut off at a message").await {
        let place = Place::on("FERRETDB").await;
        let proxy = Proxy::new(&place.url, at, Fault::Cut).await;
        let registry = tenants::registry();
        let urls = whimbrel::Urls::new().with("main", &proxy.url);
        if let Ok(mut databases) = whimbrel::Databases::connect(registry, &urls, whimbrel::Access::ReadWrite).await {
            // It may be at an end that no one needs.
            let _ = whimbrel::apply(registry, &mut databases).await;
        }
        goes_on(&place, &format!("{at:?}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_at_any_message_is_followed_by_one_that_finishes() {
    for at in points("FerretDB, killed at a message").await {
        let place = Place::on("FERRETDB").await;
        let proxy = Proxy::new(&place.url, at, Fault::Hold).await;
        let mut child = Command::new(env!("CARGO_BIN_EXE_tenants"));
        let child = child.env("MAIN_URL", &proxy.url).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        proxy.reached().await;
        // SIGKILL: nothing of it goes on.
        child.kill().unwrap();
        child.wait().unwrap();
        drop(proxy);
        goes_on(&place, &format!("killed at {at:?}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_at_once_are_one_run() {
    let place = Place::on("FERRETDB").await;
    let start = |_| Command::new(env!("CARGO_BIN_EXE_tenants")).env("MAIN_URL", &place.url).spawn().unwrap();
    let children: Vec<_> = (0..8).map(start).collect();
    for mut child in children {
        assert!(tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap().success());
    }
    is_whole(&place, "eight processes").await;
}
