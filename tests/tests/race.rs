//! Real processes, started at the same moment on an empty database: one migrates, all end well; and one that is killed
//! on the way leaves nothing half-done.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use whimbrel::{Access, Event, Migrator, Target};
use whimbrel_tests::{Chain, Server};

const ROUNDS: usize = 5;
const PROCESSES: usize = 8;

fn start(server: &Server, kind: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chains"));
    command.arg("apply").env("CHAIN", kind).env("MAIN_URL", server.url()).env_remove("DATABASE_URL");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn all_is_as_one_run_leaves_it(server: &Server) {
    let history = server.column("SELECT id FROM whimbrel_history WHERE registry = 'chain' ORDER BY ordinal").await;
    assert_eq!(history, ["0001_create_users", "0002_add_email", "0003_index_names"]);
    let events =
        server.column("SELECT count(*) FROM whimbrel_events WHERE registry = 'chain' AND event = 'applied'").await;
    assert_eq!(events, ["3"]);
    assert_eq!(server.tables().await, ["users"]);
}

async fn together(server: &Server, kind: &str) {
    let processes: Vec<Child> = (0..PROCESSES).map(|_| start(server, kind)).collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    all_is_as_one_run_leaves_it(server).await;
}

/// Kills a process after a while, and lets another one finish at once.
async fn killed(server: &Server, kind: &str, after: std::time::Duration) {
    let mut first = start(server, kind);
    // Not to be right, but to be wrong at another place each time.
    std::thread::sleep(after);
    let _ = first.kill();
    let _ = first.wait();
    let output = start(server, kind).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    all_is_as_one_run_leaves_it(server).await;
}

#[tokio::test]
async fn eight_processes_on_one_sqlite_file() {
    for _ in 0..ROUNDS {
        together(&Server::sqlite(), "").await;
    }
}

#[tokio::test]
async fn eight_processes_on_one_postgres_database() {
    for version in ["12", "15", "18"] {
        for _ in 0..ROUNDS {
            together(&Server::postgres(version).await, "postgres").await;
        }
    }
}

#[tokio::test]
async fn eight_processes_on_one_mariadb_database() {
    for _ in 0..ROUNDS {
        together(&Server::mysql("MARIADB").await, "mysql").await;
    }
}

#[tokio::test]
async fn a_killed_process_leaves_nothing_half_done() {
    for milliseconds in 0..20 {
        let after = std::time::Duration::from_millis(milliseconds);
        killed(&Server::sqlite(), "", after).await;
        killed(&Server::postgres("18").await, "postgres", after).await;
        killed(&Server::mysql("MARIADB").await, "mysql", after).await;
    }
}

#[tokio::test]
async fn what_is_rolled_back_between_two_steps_is_applied_again() {
    let server = Arc::new(Server::sqlite());
    let registry = Chain::new(server.kind())
        .add("0001_a", &["CREATE TABLE a (id INTEGER)"])
        .add("0002_b", &["CREATE TABLE b (id INTEGER)"])
        .down(&["DROP TABLE b"])
        .add("0003_c", &["CREATE TABLE c (id INTEGER)"])
        // What is asked something goes by itself, so there is a moment between the two.
        .require("SELECT 1")
        .registry();
    let (other, done) = (server.clone(), AtomicBool::new(false));
    let roll_back = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let report = runtime.block_on(async {
            let mut databases = other.open(registry, Access::ReadWrite).await.unwrap();
            Migrator::new(registry).rollback(&mut databases, &Target::Count(1)).await.unwrap()
        });
        assert_eq!(report.done.len(), 1);
    };
    let migrator = Migrator::new(registry).on_event(Box::new(move |event| {
        if matches!(event, Event::StepStarted { id: "0003_c", .. }) && !done.swap(true, Ordering::Relaxed) {
            std::thread::scope(|scope| scope.spawn(&roll_back).join().unwrap());
        }
    }));
    let mut databases = server.open(registry, Access::ReadWrite).await.unwrap();
    let report = migrator.apply(&mut databases, &Target::Latest).await.unwrap();
    let ids: Vec<_> = report.done.iter().map(|outcome| outcome.id).collect();
    assert_eq!(ids, ["0001_a", "0002_b", "0002_b", "0003_c"]);
    assert_eq!(server.tables().await, ["a", "b", "c"]);
}
