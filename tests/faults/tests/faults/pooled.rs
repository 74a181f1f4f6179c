//! PostgreSQL through PgBouncer in transaction mode: the process is killed, or its connection to the pooler is cut, before
//! and after every message, and the next run comes through the pooler too, while the dead one's transaction may be open.

use crate::count::Count;
use crate::place::{Place, rows};
use crate::points::{Trial, all_end_well};
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::site::Site;
use crate::victim::{Status, end, kill};
use std::fmt;
use whimbrel::sqlx::{Connection, PgConnection};

/// A server, and what its pooler does with a setting that it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Behind {
    version: &'static str,
    passes_over: bool,
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.passes_over { " that passes over settings" } else { "" };
        write!(f, "PostgreSQL {} behind PgBouncer{way}", self.version)
    }
}

const KINDS: [Behind; 4] = [
    Behind { version: "12", passes_over: false },
    Behind { version: "15", passes_over: true },
    Behind { version: "18", passes_over: false },
    Behind { version: "18", passes_over: true },
];

async fn site(Behind { version, passes_over }: Behind) -> Site {
    let settings = if passes_over { "ignore_startup_parameters = options,extra_float_digits" } else { "" };
    Site::pooled(Place::new(version).await, settings).await
}

#[tokio::test]
async fn a_run_that_dies_or_is_cut_off_behind_a_pooler_is_finished_by_the_next() {
    let _calm = crate::CALM.read().await;
    let test = "PgBouncer, killed or cut off at a message";
    all_end_well(Trial::of(test, 7, 64), &KINDS, site).await;
}

#[tokio::test]
async fn a_transaction_that_outlives_its_process_behind_a_pooler_is_waited_for() {
    let _calm = crate::CALM.read().await;
    let mut count = Count::default();
    for kind in KINDS {
        let mut site = site(kind).await;
        assert_eq!(site.next().await.status, Status::Applied(7));
        let undisturbed = site.place.state().await;
        site.clear().await;
        let at = At::Part("ALTER TABLE accounts ADD COLUMN note");
        let point = Point { way: Way::ToServer, at, after: false, fault: Fault::Hold };
        let proxy = Proxy::new(site.url(), Some(point)).await;
        let mut process = site.command(proxy.url()).spawn().unwrap();
        tokio::select! {
            () = proxy.reached() => {}
            _ = process.wait() => panic!("{kind}: {point} was not reached: {:?}", end(process).await),
        }
        let mut reader = PgConnection::connect(site.place.server.url()).await.unwrap();
        rows(&mut reader, "BEGIN; LOCK TABLE accounts IN ACCESS SHARE MODE").await;
        proxy.go_on();
        let waits = "wait_event_type = 'Lock' AND query LIKE '%ADD COLUMN note%'";
        tokio::select! {
            () = site.place.has(waits, 1) => {}
            _ = process.wait() => panic!("{kind}: it waited for nobody: {:?}", end(process).await),
        }
        kill(process).await;
        drop(proxy);
        let mut second = site.command(site.url()).spawn().unwrap();
        // The server does not look for its client while it waits, so the transaction goes on, and its guard is held.
        tokio::select! {
            () = site.place.has("query LIKE '%advisory%' AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')", 1) => {}
            _ = second.wait() => {}
        }
        rows(&mut reader, "ROLLBACK").await;
        let second = end(second).await;
        count.add(&kind.to_string(), &second, &site.place.state().await, &undisturbed);
    }
    count.close("PgBouncer, killed while its transaction waits for a reader");
}
