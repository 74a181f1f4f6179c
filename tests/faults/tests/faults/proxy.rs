//! A proxy that counts the messages of PostgreSQL's or of MySQL's protocol, and at one of them lets something happen.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

/// Says which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToServer,
    ToClient,
}

/// Says what happens at a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The test is told, and nothing more is passed on that way until it says so.
    Hold,
    /// Both ends are closed.
    Cut,
}

/// Names messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The one with this number on its way, from 1.
    Number(usize),
    /// Each simple query that begins with this text, after lines of comment.
    Query(&'static str),
    /// Each simple query in which this text is.
    Part(&'static str),
}

/// Names a message, and what happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) way: Way,
    pub(crate) at: At,
    /// The message itself is passed on first.
    pub(crate) after: bool,
    pub(crate) fault: Fault,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = if self.fault == Fault::Hold { "held" } else { "cut" };
        let side = if self.after { "after" } else { "before" };
        let way = if self.way == Way::ToServer { "to the server" } else { "to the client" };
        match self.at {
            At::Number(number) => write!(f, "{fault} {side} message {number} {way}"),
            At::Query(text) | At::Part(text) => write!(f, "{fault} {side} `{text}` {way}"),
        }
    }
}

/// Stands between one client and a server for as long as it lives.
#[derive(Debug)]
pub(crate) struct Proxy {
    url: String,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

/// Says how messages are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// A letter, and the length of the rest, four bytes, the first one the greatest; the first of a client has no letter.
    Postgres,
    /// The length of the rest, three bytes, the last one the greatest, and the message's number.
    Mysql,
}

impl Protocol {
    /// Finds the length of the message that begins here, if that has come.
    fn length(self, bytes: &[u8], letter: usize) -> Option<usize> {
        match self {
            Protocol::Postgres => {
                let length = bytes.get(letter..letter + 4)?;
                Some(u32::from_be_bytes(length.try_into().unwrap()) as usize + letter)
            }
            Protocol::Mysql => match bytes {
                [low, middle, high, _, ..] => Some(u32::from_le_bytes([*low, *middle, *high, 0]) as usize + 4),
                _ => None,
            },
        }
    }
}

#[derive(Debug)]
struct Line {
    point: Option<Point>,
    protocol: Protocol,
    to_server: AtomicUsize,
    to_client: AtomicUsize,
    reached: Notify,
    goes_on: Notify,
}

impl Proxy {
    /// Listens, for a server's URL.
    pub(crate) async fn new(url: &str, point: Option<Point>) -> Proxy {
        let (credentials, rest) = url.split_once('@').expect("the URL has a user");
        let (server, database) = rest.split_once('/').expect("the URL has a database");
        let protocol = if url.starts_with("mysql") { Protocol::Mysql } else { Protocol::Postgres };
        let plain = if protocol == Protocol::Mysql { "ssl-mode=disabled" } else { "sslmode=disable" };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = (AtomicUsize::new(0), AtomicUsize::new(0));
        let line = Arc::new(Line {
            point,
            protocol,
            to_server: counts.0,
            to_client: counts.1,
            reached: Notify::new(),
            goes_on: Notify::new(),
        });
        let (accepting, server) = (Arc::clone(&line), server.to_owned());
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                connections.spawn(relay(client, server, Arc::clone(&accepting)));
            }
        });
        Proxy { url: format!("{credentials}@127.0.0.1:{port}/{database}?{plain}"), line, task }
    }

    /// Gives the URL that leads through it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until the point is reached.
    pub(crate) async fn reached(&self) {
        self.line.reached.notified().await;
    }

    /// Passes on what was held.
    pub(crate) fn go_on(&self) {
        self.line.goes_on.notify_one();
    }

    /// Gives how many messages there were, by their way.
    pub(crate) fn messages(&self, way: Way) -> usize {
        self.line.counter(way).load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    fn counter(&self, way: Way) -> &AtomicUsize {
        match way {
            Way::ToServer => &self.to_server,
            Way::ToClient => &self.to_client,
        }
    }

    /// Passes a message on, unless it is the one that something happens at; tells whether the connection goes on.
    async fn pass(&self, way: Way, message: &[u8], to: &mut OwnedWriteHalf) -> bool {
        let number = self.counter(way).fetch_add(1, Ordering::SeqCst) + 1;
        let is_at = |point: &Point| match point.at {
            At::Number(at) => at == number,
            At::Query(text) => message.starts_with(b"Q") && uncommented(&message[5..]).starts_with(text.as_bytes()),
            At::Part(text) => {
                message.starts_with(b"Q") && message.windows(text.len()).any(|part| part == text.as_bytes())
            }
        };
        let Some(point) = self.point.filter(|point| point.way == way && is_at(point)) else {
            return to.write_all(message).await.is_ok();
        };
        if point.after && to.write_all(message).await.is_err() {
            return false;
        }
        self.reached.notify_one();
        match point.fault {
            Fault::Cut => return false,
            Fault::Hold => self.goes_on.notified().await,
        }
        point.after || to.write_all(message).await.is_ok()
    }
}

fn uncommented(mut text: &[u8]) -> &[u8] {
    while text.starts_with(b"--") {
        let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
        text = &text[end..];
    }
    text
}

async fn relay(client: TcpStream, server: TcpStream, line: Arc<Line>) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    // Whichever ends first, by itself or because it was cut, ends both.
    tokio::select! {
        () = pump(from_client, to_server, Way::ToServer, &line) => {}
        () = pump(from_server, to_client, Way::ToClient, &line) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: Way, line: &Line) {
    // The first message of a client has no letter in front.
    let mut letter = usize::from(way == Way::ToClient);
    let mut bytes = Vec::new();
    while from.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
        let mut at = 0;
        while let Some(length) = bytes.get(at..).and_then(|rest| line.protocol.length(rest, letter)) {
            let Some(message) = bytes.get(at..at + length) else { break };
            if !line.pass(way, message, &mut to).await {
                return;
            }
            at += length;
            letter = 1;
        }
        bytes.drain(..at);
    }
}
