//! The same faults for other libraries, so that their figures can stand beside ours. It builds their applications, so it runs
//! only when it is asked to.

mod chain;
mod contender;
mod tally;

use crate::by_operation::file;
use crate::place::{PAUSE, Place, rows};
use crate::points::{AT_ONCE, points, try_all};
use crate::proxy::{At, Fault, Point, Proxy, Way};
use crate::site::Site;
use crate::state::state;
use crate::victim::{End, Status, end, kill, run};
use contender::{Contender, On, Program};
use std::time::Duration;
use tally::Tally;
use whimbrel::sqlx::{Connection, PgConnection};
use whimbrel_tests::sample::{Sample, say};

/// So often a run is started again, with [`BETWEEN`] them, where the one that was started at once did not end well.
const STARTS: usize = 2;
const BETWEEN: Duration = Duration::from_secs(1);

const HEAD: &str =
    "| | | tried | ended well | at a later start | asked a person | lost |\n|---|---|--:|--:|--:|--:|--:|";

async fn site(version: &str, program: &Program) -> Site {
    let program = program.clone();
    Site::running(Place::new(version).await, move |url| program.command(url)).again(STARTS, BETWEEN)
}

#[tokio::test]
#[ignore = "builds the applications of other libraries"]
async fn peers_on_postgres() {
    let _calm = crate::CALM.read().await;
    let mut sample = Sample::of("peers, PostgreSQL");
    let mut table = vec![HEAD.to_owned()];
    for &contender in Contender::all(On::Postgres) {
        let program = contender.build(On::Postgres);
        let name = format!("{contender} ({})", program.versions);
        let by_message = by_message(&program, &mut sample).await;
        table.push(by_message.row("PostgreSQL, by message", &name));
        let waiting = waiting(contender, &program).await;
        table.push(waiting.row("PostgreSQL, waiting for a writer", &name));
        if contender == Contender::Whimbrel {
            by_message.all_well();
            waiting.all_well();
        }
    }
    say(&format!("\n{}", table.join("\n")));
}

async fn by_message(program: &Program, sample: &mut Sample) -> Tally {
    let mut alone = site("18", program).await;
    let proxy = Proxy::new(alone.url(), None).await;
    let whole = run(&mut alone.command(proxy.url())).await;
    assert_eq!(whole.status, Status::Applied(0), "{}", whole.said);
    let undisturbed = alone.place.state().await;
    let all = [Way::ToServer, Way::ToClient].map(|way| sample.take(points(way, proxy.messages(way)), 30));
    let work = all.into_iter().flatten().map(|point| ((), point)).collect();
    let program = program.clone();
    let make = move |()| {
        let program = program.clone();
        async move { site("18", &program).await }
    };
    let mut tally = Tally::default();
    for tried in try_all(work, AT_ONCE, make).await {
        let runs: Vec<&End> = std::iter::once(&tried.second).chain(&tried.later).collect();
        tally.add(&runs, &tried.found, &undisturbed);
    }
    tally
}

/// The process dies while its work on an index waits for somebody who writes; the next run is started at once.
async fn waiting(contender: Contender, program: &Program) -> Tally {
    let mut tally = Tally::default();
    for version in ["12", "15", "18"] {
        let mut site = site(version, program).await;
        assert_eq!(site.next().await.status, Status::Applied(0));
        let undisturbed = site.place.state().await;
        for step in chain::POSTGRES.iter().filter(|step| step.alone) {
            site.clear().await;
            let sql = contender.sql(step);
            let text = sql.trim_end_matches([';', '\n']);
            let point =
                Point { way: Way::ToServer, at: At::Query(text.to_owned().leak()), after: false, fault: Fault::Hold };
            let proxy = Proxy::new(site.url(), Some(point)).await;
            let mut process = site.command(proxy.url()).spawn().unwrap();
            tokio::select! {
                () = proxy.reached() => {}
                _ = process.wait() => panic!("{point} was not reached: {:?}", end(process).await),
            }
            let mut writer = PgConnection::connect(site.place.server.url()).await.unwrap();
            rows(&mut writer, "BEGIN; LOCK TABLE accounts IN ROW EXCLUSIVE MODE").await;
            proxy.go_on();
            let waits = format!("wait_event_type = 'Lock' AND query LIKE '%{text}%'");
            tokio::select! {
                () = site.place.has(&waits, 1) => {}
                _ = process.wait() => panic!("{text} waited for nobody: {:?}", end(process).await),
            }
            kill(process).await;
            drop(proxy);
            let writes = async {
                // Long enough for the next run to come to where it waits or ends.
                tokio::time::sleep(2 * BETWEEN).await;
                rows(&mut writer, "ROLLBACK").await;
            };
            let ((), runs) = tokio::join!(writes, site.runs());
            while site.place.sessions("state <> 'idle' AND pid <> pg_backend_pid()").await > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            tally.add(&runs.iter().collect::<Vec<_>>(), &site.place.state().await, &undisturbed);
        }
    }
    tally
}

#[tokio::test]
#[ignore = "builds the applications of other libraries"]
async fn peers_on_sqlite() {
    let mut sample = Sample::of("peers, SQLite");
    let mut table = vec![HEAD.to_owned()];
    for &contender in Contender::all(On::Sqlite) {
        let program = contender.build(On::Sqlite);
        let tally = by_operation(&program, &mut sample).await;
        table.push(tally.row("SQLite, by operation", &format!("{contender} ({})", program.versions)));
        if contender == Contender::Whimbrel {
            tally.all_well();
        }
    }
    say(&format!("\n{}", table.join("\n")));
}

async fn by_operation(program: &Program, sample: &mut Sample) -> Tally {
    let faulty = |path: &str, fault: &str| {
        let mut command = program.command(path);
        command.env("FAULT_FILES", path).env("FAULT", fault);
        command
    };
    let alone = file("delete").await;
    let path = |url: &str| url.strip_prefix("sqlite:").unwrap().to_owned();
    let whole = run(&mut faulty(&path(alone.url()), "count:0")).await;
    assert_eq!(whole.status, Status::Applied(0), "{}", whole.said);
    let undisturbed = state(&alone).await;
    let operations = whole.number("operations").unwrap();
    assert!(operations > chain::SQLITE.len() * 2, "{operations} are too few to be all");
    let all = (1..=operations).flat_map(|n| ["before", "within", "after"].map(|how| format!("{how}:{n}")));
    let mut tally = Tally::default();
    for fault in sample.take(all, 60) {
        let server = file("delete").await;
        let path = path(server.url());
        let first = run(&mut faulty(&path, &fault)).await;
        // Closing the file makes its last operations, and the process may end before them.
        if matches!(first.status, Status::Applied(_)) {
            continue;
        }
        let mut runs = vec![run(&mut program.command(&path)).await];
        while !matches!(runs[runs.len() - 1].status, Status::Applied(_)) && runs.len() <= STARTS {
            tokio::time::sleep(BETWEEN).await;
            runs.push(run(&mut program.command(&path)).await);
        }
        tally.add(&runs.iter().collect::<Vec<_>>(), &state(&server).await, &undisturbed);
    }
    tally
}
