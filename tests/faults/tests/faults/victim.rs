//! The process that things happen to.

use std::process::{Output, Stdio};
use tokio::process::{Child, Command};
use whimbrel::DatabaseKind;
use whimbrel_tests::Server;

/// Tells how a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything is applied, so many by this run.
    Applied(usize),
    /// It can't know what to do.
    Asks,
    /// Somebody else is at it.
    Locked,
    /// A rollback has not ended.
    HalfRolledBack,
    /// Something else was wrong.
    Failed,
    /// A signal ended it.
    Killed,
}

/// Holds how a run ended and what it said.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) status: Status,
    pub(crate) said: String,
}

impl End {
    /// Reads the number behind a word of what was said.
    pub(crate) fn number(&self, word: &str) -> Option<usize> {
        let mut lines = self.said.lines();
        lines.find_map(|line| line.strip_prefix(word)?.trim().parse().ok())
    }
}

/// Names the database of the registry whose chain is for a server, and counts its migrations.
pub(crate) fn chain(server: &Server) -> (&'static str, usize) {
    match server.kind() {
        DatabaseKind::Sqlite => ("file", 9),
        DatabaseKind::Mysql => ("maria", 5),
        _ => ("server", 9),
    }
}

/// Makes the command that applies the chain at a URL.
pub(crate) fn victim(server: &Server, url: &str) -> Command {
    applying(chain(server).0, url)
}

/// Makes the command that applies the chain of a database that the registry names.
pub(crate) fn applying(database: &str, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_victim"));
    command
        .args([database, url])
        .env("LOCK_WAIT", "20000")
        .env_remove("FAULT")
        .env_remove("FAULT_FILES")
        .env_remove("ROLL_BACK");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Makes the command that rolls such a chain back to a migration.
pub(crate) fn rolling_back(database: &str, id: &str, url: &str) -> Command {
    let mut command = applying(database, url);
    command.env("ROLL_BACK", id);
    command
}

/// Applies the chain undisturbed.
pub(crate) async fn next(server: &Server) -> End {
    run(&mut victim(server, server.url())).await
}

/// Runs a command to its end.
pub(crate) async fn run(command: &mut Command) -> End {
    end(command.spawn().unwrap()).await
}

/// Waits for a process.
pub(crate) async fn end(process: Child) -> End {
    let Output { status, stdout, stderr } = process.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&[stdout, stderr].concat()).trim().to_owned();
    let mut end = End { status: Status::Failed, said };
    end.status = match status.code() {
        Some(0) => Status::Applied(end.number("applied").expect("a run that ends well says what it did")),
        Some(3) => Status::Asks,
        Some(4) => Status::Locked,
        Some(5) => Status::HalfRolledBack,
        Some(_) => Status::Failed,
        None => Status::Killed,
    };
    end
}

/// Kills a process and waits until it is gone.
pub(crate) async fn kill(mut process: Child) {
    let _ = process.start_kill();
    let _ = process.wait().await;
}
