//! Real processes, started at the same moment on an empty database: one migrates, all end well; and one that is killed
//! on the way leaves nothing half-done.

use std::process::{Child, Command, Stdio};
use whimbrel_tests::Server;

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
