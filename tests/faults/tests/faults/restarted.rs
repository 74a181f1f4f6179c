//! PostgreSQL: a server process dies in the middle of a run, so that the server ends all sessions, recovers from its log
//! and starts anew, as it does after `pg_ctl restart -m immediate`.

use crate::count::Count;
use crate::place::{Looking, PAUSE, Place, rows};
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::victim::{Status, end, next, run, victim};
use whimbrel::sqlx::{self, Connection, PgConnection};
use whimbrel::{Access, DatabaseKind, Event, Migrator, Target};
use whimbrel_tests::{Chain, Sample, Server};

#[tokio::test]
async fn a_run_that_loses_its_server_is_finished_when_the_server_is_back() {
    let _alone = crate::CALM.write().await;
    let test = "PostgreSQL, restarted at a message";
    let (mut sample, mut count) = (Sample::of(test), Count::default());
    for version in ["12", "15", "18"] {
        let mut place = Place::new(version).await;
        let proxy = Proxy::new(place.server.url(), None).await;
        assert_eq!(run(&mut victim(&place.server, proxy.url())).await.status, Status::Applied(9));
        let undisturbed = place.state().await;
        for number in sample.take(1..=proxy.messages(Way::ToServer), 4) {
            place.clear().await;
            let point = Point { way: Way::ToServer, at: At::Number(number), after: true, fault: Fault::Hold };
            let proxy = Proxy::new(place.server.url(), Some(point)).await;
            let mut process = victim(&place.server, proxy.url()).spawn().unwrap();
            tokio::select! {
                () = proxy.reached() => {}
                _ = process.wait() => {}
            }
            crash(&place.server).await;
            proxy.go_on();
            let first = end(process).await;
            place = place.again().await;
            let second = next(&place.server).await;
            if matches!((first.status, second.status), (Status::Applied(_), Status::Applied(1..))) {
                count.lose(&point.to_string(), "the first run said that it had applied everything");
            }
            count.add(&format!("PostgreSQL {version}, {point}"), &second, &place.state().await, &undisturbed);
        }
    }
    count.close(test);
}

/// A run that ends early has waited for the disk, although no commit has that its own next one was to follow.
#[tokio::test]
async fn what_a_stopped_run_says_it_has_done_outlives_the_server() {
    let _alone = crate::CALM.write().await;
    for version in ["12", "15", "18"] {
        let mut place = Place::new(version).await;
        let tables = (1..=9).map(|n| (format!("{n:04}_table"), format!("CREATE TABLE table_{n} (id bigint)")));
        let chain = tables.fold(Chain::new(DatabaseKind::Postgres), |chain, (id, text)| chain.add(id.leak(), &[&text]));
        let migrator = Migrator::new(chain.registry());
        let stopper = migrator.stopper();
        let migrator = migrator.on_event(Box::new(move |event| {
            if matches!(event, Event::StepFinished { id: "0003_table", .. }) {
                stopper.stop();
            }
        }));
        let mut databases = place.server.open(migrator.registry(), Access::ReadWrite).await.unwrap();
        let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
        crash(&place.server).await;
        assert!(report.stopped && report.done.len() == 3, "{report:?}");
        place = place.again().await;
        let applied = "SELECT id FROM whimbrel_history WHERE registry = 'chain' ORDER BY ordinal";
        assert_eq!(place.rows(applied).await, ["0001_table", "0002_table", "0003_table"]);
    }
}

/// Has the server kill one of its own processes, and waits until it has seen that.
async fn crash(server: &Server) {
    let mut connection = PgConnection::connect(server.url()).await.unwrap();
    let began = "SELECT pg_postmaster_start_time()::text";
    assert_eq!(rows(&mut connection, began).await.len(), 1);
    let killed = sqlx::raw_sql("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'").execute(&mut connection).await;
    assert!(killed.is_err(), "the server process that served this is dead");
}

impl Place {
    /// Connects again, as soon as the server takes connections.
    async fn again(self) -> Place {
        loop {
            match PgConnection::connect(self.server.url()).await {
                Ok(connection) => return Place { connection: Looking::Postgres(connection), ..self },
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}
