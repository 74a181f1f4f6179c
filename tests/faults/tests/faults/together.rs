//! Many processes at the same moment on an empty database; in every other round two of them are killed.

use crate::count::Count;
use crate::state::state;
use crate::victim::{Status, chain, end, kill, next, victim};
use std::time::Duration;
use tokio::process::Child;
use whimbrel_tests::Sample;
use whimbrel_tests::Server;

const PROCESSES: usize = 16;

#[tokio::test]
async fn sixteen_processes_on_an_empty_file_apply_each_migration_once() {
    rounds("SQLite, sixteen at once", async |_| Server::sqlite()).await;
}

#[tokio::test]
async fn sixteen_processes_on_an_empty_server_apply_each_migration_once() {
    let _calm = crate::CALM.read().await;
    rounds("PostgreSQL, sixteen at once", async |round| Server::postgres(["12", "15", "18"][round % 3]).await).await;
}

#[tokio::test]
async fn sixteen_processes_on_an_empty_mariadb_apply_each_migration_once() {
    rounds("MariaDB, sixteen at once", async |_| Server::mysql("MARIADB").await).await;
}

async fn rounds(test: &str, make: impl AsyncFn(usize) -> Server) {
    let (mut sample, mut count) = (Sample::of(test), Count::default());
    for round in 0..if sample.takes_all() { 100 } else { 10 } {
        let server = make(round).await;
        let alone = make(round).await;
        let (_, whole) = chain(&alone);
        assert_eq!(next(&alone).await.status, Status::Applied(whole));
        let undisturbed = state(&alone).await;
        let mut command = victim(&server, server.url());
        let processes: Vec<Child> = (0..PROCESSES).map(|_| command.spawn().unwrap()).collect();
        let mut ends = Vec::new();
        let mut rest = processes.into_iter();
        let kills = if round % 2 == 1 { 2 } else { 0 };
        for dying in rest.by_ref().take(kills) {
            // Not to be right, but to be wrong at another place each time.
            tokio::time::sleep(Duration::from_millis(sample.random().u64(0..300))).await;
            kill(dying).await;
        }
        for process in rest {
            ends.push(end(process).await);
        }
        let applied: usize = ends.iter().map(|end| if let Status::Applied(done) = end.status { done } else { 0 }).sum();
        let name = format!("round {round}");
        if kills == 0 && applied != whole {
            count.lose(&name, &format!("{applied} were applied, of {whole}: {ends:?}"));
        }
        let unwell = ends.into_iter().find(|end| !matches!(end.status, Status::Applied(_)));
        let last = match unwell {
            Some(end) => end,
            None => next(&server).await,
        };
        count.add(&name, &last, &state(&server).await, &undisturbed);
    }
    count.close(test);
}
