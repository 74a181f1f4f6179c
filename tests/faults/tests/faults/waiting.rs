//! PostgreSQL: the process dies while its work on an index waits for somebody who writes, and the next run starts at once,
//! while the server still works on for the dead one.

use crate::count::Count;
use crate::place::{Place, rows};
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::victim::{Status, end, kill, next, victim};
use whimbrel::sqlx::{Connection, PgConnection};

const STATEMENTS: [(&str, &str); 6] = [
    ("CREATE INDEX CONCURRENTLY accounts_balance", "accounts"),
    ("CREATE UNIQUE INDEX CONCURRENTLY accounts_email", "accounts"),
    ("CREATE INDEX CONCURRENTLY accounts_note", "accounts"),
    ("CREATE UNIQUE INDEX CONCURRENTLY notes_account", "notes"),
    ("REINDEX TABLE CONCURRENTLY accounts", "accounts"),
    ("DROP INDEX CONCURRENTLY accounts_balance", "accounts"),
];

#[tokio::test]
async fn work_on_an_index_that_outlives_its_process_is_waited_for() {
    let _calm = crate::CALM.read().await;
    let mut count = Count::default();
    for version in ["12", "15", "18"] {
        let mut place = Place::new(version).await;
        assert_eq!(next(&place.server).await.status, Status::Applied(9));
        let undisturbed = place.state().await;
        for (statement, table) in STATEMENTS {
            place.clear().await;
            let point = Point { way: Way::ToServer, at: At::Query(statement), after: false, fault: Fault::Hold };
            let proxy = Proxy::new(place.server.url(), Some(point)).await;
            let mut process = victim(&place.server, proxy.url()).spawn().unwrap();
            proxy.reached().await;
            let mut writer = PgConnection::connect(place.server.url()).await.unwrap();
            rows(&mut writer, &format!("BEGIN; LOCK TABLE {table} IN ROW EXCLUSIVE MODE")).await;
            proxy.go_on();
            tokio::select! {
                () = place.has("wait_event_type = 'Lock' AND query LIKE '%CONCURRENTLY%'", 1) => {}
                _ = process.wait() => panic!("{statement} waited for nobody: {:?}", end(process).await),
            }
            kill(process).await;
            drop(proxy);
            let mut second = victim(&place.server, place.server.url()).spawn().unwrap();
            // The dead one's session, and the next run's beside it.
            tokio::select! {
                () = place.has("application_name = 'whimbrel'", 2) => {}
                _ = second.wait() => {}
            }
            rows(&mut writer, "ROLLBACK").await;
            let second = end(second).await;
            count.add(&format!("PostgreSQL {version}, {statement}"), &second, &place.state().await, &undisturbed);
        }
    }
    count.close("PostgreSQL, killed while its work on an index waits for a writer");
}
