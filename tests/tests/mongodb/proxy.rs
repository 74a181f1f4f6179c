//! A proxy that counts the commands for one database, and at one of them or at its answer lets something happen.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

/// Says where something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Never,
    /// The command with this number never reaches the server.
    Command(usize),
    /// Its answer never reaches the client.
    Answer(usize),
}

/// Says what happens there: all connections are closed, or nothing is passed on any more while the test does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Cut,
    Hold,
}

#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) url: String,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Line {
    at: At,
    fault: Fault,
    /// The database's name as it stands in its commands; the driver's own talk with the server is about another.
    database: String,
    commands: AtomicUsize,
    /// The number of the request whose answer is awaited.
    awaited: Mutex<Option<[u8; 4]>>,
    reached: Notify,
}

impl Proxy {
    pub(crate) async fn new(url: &str, at: At, fault: Fault) -> Proxy {
        let (server, database) = url.trim_start_matches("mongodb://").split_once('/').unwrap();
        let name = database.split('?').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Arc::new(Line {
            at,
            fault,
            database: name,
            commands: AtomicUsize::new(0),
            awaited: Mutex::new(None),
            reached: Notify::new(),
        });
        let (accepting, server) = (Arc::clone(&line), server.to_owned());
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                connections.spawn(relay(client, server, Arc::clone(&accepting)));
            }
        });
        Proxy { url: format!("mongodb://127.0.0.1:{port}/{database}"), line, task }
    }

    /// Gives how many commands there were.
    pub(crate) fn commands(&self) -> usize {
        self.line.commands.load(Ordering::SeqCst)
    }

    pub(crate) async fn reached(&self) {
        self.line.reached.notified().await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(client: TcpStream, server: TcpStream, line: Arc<Line>) {
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pass(from_client, to_server, &line, true) => {}
        () = pass(from_server, to_client, &line, false) => {}
    }
}

/// Passes messages on: length, number, number of the request that is answered, kind, all of four bytes, the least first.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line, to_server: bool) {
    let mut header = [0; 16];
    while from.read_exact(&mut header).await.is_ok() {
        let length = u32::from_le_bytes(header[..4].try_into().unwrap()) as usize;
        let mut message = header.to_vec();
        message.resize(length, 0);
        if from.read_exact(&mut message[16..]).await.is_err() {
            return;
        }
        let is_here = if to_server { line.command(&message) } else { line.answer(&message) };
        if is_here {
            line.reached.notify_one();
            match line.fault {
                Fault::Cut => return,
                Fault::Hold => return std::future::pending().await,
            }
        }
        if to.write_all(&message).await.is_err() {
            return;
        }
    }
}

impl Line {
    fn command(&self, message: &[u8]) -> bool {
        let name = self.database.as_bytes();
        if !message.windows(name.len()).any(|part| part == name) {
            return false;
        }
        let number = self.commands.fetch_add(1, Ordering::SeqCst) + 1;
        if self.at == At::Answer(number) {
            *self.awaited.lock().unwrap() = message[4..8].try_into().ok();
        }
        self.at == At::Command(number)
    }

    fn answer(&self, message: &[u8]) -> bool {
        self.awaited.lock().unwrap().is_some_and(|awaited| message[8..12] == awaited)
    }
}
