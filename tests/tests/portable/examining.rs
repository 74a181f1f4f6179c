//! Looking how a database is.

use crate::{Store, apply, migrator, portable, three};
use whimbrel::Urls;

portable!(a_doctor_tells_what_is_there, a_server_that_is_not_there_is_told);

async fn a_doctor_tells_what_is_there(store: &impl Store) {
    let registry = three(store).registry();
    apply(store, registry).await.unwrap();
    let urls = Urls::new().with("main", store.url());
    let examined = migrator(store, registry).examine(&urls).await;
    let health = examined[0].health.as_ref().unwrap();
    assert!(health.server.contains(char::is_numeric), "{health:?}");
    assert!(health.clock_ahead.abs() < 60_000 && !health.is_read_only && !health.is_pooled, "{health:?}");
    let ledger = health.ledger.as_ref().unwrap().as_ref().unwrap();
    assert_eq!((ledger.applied, ledger.pending), (3, 0));
}

async fn a_server_that_is_not_there_is_told(store: &impl Store) {
    let registry = three(store).registry();
    let (scheme, _) = store.url().split_once("://").unwrap();
    let url = format!("{scheme}://somebody:s3cr3t@127.0.0.1:9/db");
    let error =
        whimbrel::Databases::connect(registry, &Urls::new().with("main", &url), whimbrel::Access::ReadOnly).await;
    let told = format!("{:?}", error.unwrap_err());
    assert!(told.contains("main") && !told.contains("s3cr3t"), "{told}");
}
