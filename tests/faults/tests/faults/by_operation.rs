//! SQLite: the process is killed before, within or after every operation on the database's files, or the disk is full from
//! there on. Linux only, because that is where the victim can stand between SQLite and the kernel.

use crate::count::Count;
use crate::state::state;
use crate::victim::{End, Status, next, run, victim};
use std::sync::Arc;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use whimbrel_tests::Sample;
use whimbrel_tests::Server;

const MODES: [&str; 2] = ["delete", "wal"];

/// Makes a file in a journal mode.
pub(crate) async fn file(mode: &str) -> Server {
    let server = Server::sqlite();
    server.run(&format!("PRAGMA journal_mode = {mode}")).await;
    server
}

/// Makes the command that runs into a fault.
pub(crate) fn faulty(server: &Server, fault: &str) -> Command {
    let mut command = victim(server, server.url());
    let files = server.url().strip_prefix("sqlite:").expect("the URL of a file");
    command.env("FAULT_FILES", files).env("FAULT", fault);
    command
}

/// Counts the operations of an undisturbed run and looks at what it leaves.
async fn undisturbed(mode: &str) -> (usize, Arc<Vec<String>>) {
    let server = file(mode).await;
    let whole = run(&mut faulty(&server, "count:0")).await;
    assert_eq!(whole.status, Status::Applied(9), "{}", whole.said);
    let operations = whole.number("operations").expect("they are counted");
    assert!(operations > 9 * 2, "{operations} are too few to be all");
    (operations, Arc::new(state(&server).await))
}

struct Tried {
    point: String,
    first: End,
    second: End,
    found: Vec<String>,
    undisturbed: Arc<Vec<String>>,
}

/// Tries kinds of faults at the operations of a run in each journal mode, and starts the next run at once.
async fn try_all(kinds: &[&str], sample: &mut Sample, about: usize) -> Vec<Tried> {
    let (mut tasks, at_once) = (JoinSet::new(), Arc::new(Semaphore::new(3)));
    for mode in MODES {
        let (operations, whole) = undisturbed(mode).await;
        let all = (1..=operations).flat_map(|number| kinds.iter().map(move |kind| format!("{kind}:{number}")));
        for fault in sample.take(all, about) {
            let (at_once, undisturbed) = (Arc::clone(&at_once), Arc::clone(&whole));
            tasks.spawn(async move {
                let _turn = at_once.acquire().await.unwrap();
                let server = file(mode).await;
                let first = run(&mut faulty(&server, &fault)).await;
                let second = next(&server).await;
                let found = state(&server).await;
                Tried { point: format!("{mode} {fault}"), first, second, found, undisturbed }
            });
        }
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_run_that_dies_at_any_operation_on_a_file_is_finished_by_the_next() {
    let test = "SQLite, killed at an operation on its files";
    let mut count = Count::default();
    for tried in try_all(&["before", "within", "after"], &mut Sample::of(test), 60).await {
        match tried.first.status {
            Status::Killed => {}
            // Closing the file makes its last operations, and the process may end before them.
            Status::Applied(9) => continue,
            _ => count.lose(&tried.point, &format!("was not killed: {:?}", tried.first)),
        }
        count.add(&tried.point, &tried.second, &tried.found, &tried.undisturbed);
    }
    count.close(test);
}

#[tokio::test]
async fn a_run_that_a_full_disk_stopped_is_finished_when_there_is_space() {
    let test = "SQLite, disk full from an operation on";
    let mut count = Count::default();
    for tried in try_all(&["full"], &mut Sample::of(test), 40).await {
        let said = tried.first.said.to_lowercase();
        // SQLite says the second where it is the index of its log that can't grow. What is written last may be what nobody
        // needs any more.
        let told = ["database or disk is full", "disk i/o error"].iter().any(|words| said.contains(words));
        if tried.first.status != Status::Applied(9) && !(tried.first.status == Status::Failed && told) {
            count.lose(&tried.point, &format!("did not say why it stopped: {:?}", tried.first));
        }
        count.add(&tried.point, &tried.second, &tried.found, &tried.undisturbed);
    }
    count.close(test);
}

#[tokio::test]
async fn a_run_that_is_not_disturbed_finds_nothing_left_to_do_for_the_next() {
    for mode in MODES {
        let server = file(mode).await;
        assert_eq!(next(&server).await.status, Status::Applied(9));
        assert_eq!(next(&server).await.status, Status::Applied(0));
    }
}
