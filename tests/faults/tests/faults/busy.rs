//! PostgreSQL: somebody reads a table in a long transaction while a migration alters it. The application's queries never
//! queue behind the migration for longer than its `lock_timeout`, which is two seconds unless it is said otherwise.

use crate::place::{PAUSE, Place, rows};
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::victim::{End, Status, end, next, victim};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::process::Child;
use tokio::task::JoinHandle;
use whimbrel::sqlx::{Connection, PgConnection};

/// An index build that is done before the table is altered.
const BEFORE: &str = "CREATE INDEX CONCURRENTLY accounts_balance";
const ALTERS: &str = "application_name = 'whimbrel' AND wait_event_type = 'Lock' AND wait_event = 'relation'";

#[tokio::test]
async fn a_busy_table_is_given_up_and_nobody_queues_behind_it() {
    let _calm = crate::CALM.read().await;
    for version in ["12", "15", "18"] {
        let mut place = Place::new(version).await;
        assert_eq!(next(&place.server).await.status, Status::Applied(9));
        let undisturbed = place.state().await;
        place.clear().await;
        let mut busy = Busy::new(&mut place, "5000").await;
        let told = busy.end().await;
        assert_eq!(told.status, Status::Locked, "{told:?}");
        for words in
            ["`0006_keep_notes` could not get a lock on `server`", "idle in transaction", "LOCK TABLE accounts"]
        {
            assert!(told.said.contains(words), "{words}: {told:?}");
        }
        assert!(busy.selects.await.unwrap() > 0);
        rows(&mut busy.reader, "ROLLBACK").await;
        assert_eq!(next(&place.server).await.status, Status::Applied(4), "five were done before");
        assert_eq!(place.state().await, undisturbed);
    }
}

#[tokio::test]
async fn a_busy_table_is_tried_again_until_it_is_free() {
    let _calm = crate::CALM.read().await;
    for version in ["12", "15", "18"] {
        let mut place = Place::new(version).await;
        assert_eq!(next(&place.server).await.status, Status::Applied(9));
        let undisturbed = place.state().await;
        place.clear().await;
        let mut busy = Busy::new(&mut place, "60000").await;
        // Given up by the server, and tried again.
        while place.sessions(ALTERS).await > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        place.has(ALTERS, 1).await;
        rows(&mut busy.reader, "ROLLBACK").await;
        let told = busy.end().await;
        assert_eq!(told.status, Status::Applied(9), "{told:?}");
        assert!(busy.selects.await.unwrap() > 0);
        assert_eq!(place.state().await, undisturbed);
    }
}

/// A run that waits for a table, who is in its way, and an application that goes on meanwhile.
struct Busy {
    run: Option<Child>,
    _proxy: Proxy,
    reader: PgConnection,
    selects: JoinHandle<usize>,
    over: Arc<AtomicBool>,
}

impl Busy {
    async fn new(place: &mut Place, lock_wait: &str) -> Busy {
        let point = Point { way: Way::ToServer, at: At::Query(BEFORE), after: false, fault: Fault::Hold };
        let proxy = Proxy::new(place.server.url(), Some(point)).await;
        let run = victim(&place.server, proxy.url()).env("LOCK_WAIT", lock_wait).spawn().unwrap();
        proxy.reached().await;
        let mut reader = PgConnection::connect(place.server.url()).await.unwrap();
        rows(&mut reader, "BEGIN; LOCK TABLE accounts IN ACCESS SHARE MODE").await;
        let mut application = PgConnection::connect(place.server.url()).await.unwrap();
        // The lock's timeout, and two seconds for a busy machine: what waits for longer is an error.
        rows(&mut application, "SET statement_timeout = '4s'").await;
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let selects = tokio::spawn(async move {
            let mut selects = 0;
            while !ends.load(Ordering::SeqCst) {
                assert_eq!(rows(&mut application, "SELECT count(*)::text FROM accounts").await, ["50"]);
                selects += 1;
                tokio::time::sleep(PAUSE).await;
            }
            selects
        });
        proxy.go_on();
        place.has(ALTERS, 1).await;
        Busy { run: Some(run), _proxy: proxy, reader, selects, over }
    }

    /// Waits until the run is over, and ends the application.
    async fn end(&mut self) -> End {
        let told = end(self.run.take().expect("it ends once")).await;
        self.over.store(true, Ordering::SeqCst);
        told
    }
}
