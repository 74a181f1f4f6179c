//! A proxy that counts the messages between a client and its server, and at one of them lets something happen.

use crate::cluster;
use crate::protocol::Protocol;
use std::borrow::Cow;
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

/// Stands between one client and a server, or the nodes of a cluster, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Proxy {
    url: String,
    line: Arc<Line>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Line {
    point: Option<Point>,
    protocol: Protocol,
    to_server: AtomicUsize,
    to_client: AtomicUsize,
    /// How the nodes of a cluster name a port to their clients, and how that is told here.
    renamed: Vec<(Vec<u8>, Vec<u8>)>,
    reached: Notify,
    goes_on: Notify,
}

impl Proxy {
    /// Listens, for a server's URL.
    pub(crate) async fn new(url: &str, point: Option<Point>) -> Proxy {
        let (credentials, rest) = url.split_once('@').expect("the URL has a user");
        let (server, database) =
            rest.split_once('/').map_or((rest, String::new()), |(server, database)| (server, format!("/{database}")));
        let protocol = Protocol::of(url);
        let mut servers = vec![server.to_owned()];
        if cluster::is_one(url) {
            servers.extend(cluster::nodes(url).await.into_iter().filter(|node| node != server));
        }
        let mut listeners = Vec::new();
        for server in servers {
            listeners.push((TcpListener::bind("127.0.0.1:0").await.unwrap(), server));
        }
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
        let own = port(&listeners[0].0);
        let renamed = listeners.iter().filter(|_| cluster::is_one(url));
        let renamed = renamed.map(|(listener, server)| cluster::renamed(server, port(listener))).collect();
        let line = Arc::new(Line {
            point,
            protocol,
            to_server: AtomicUsize::new(0),
            to_client: AtomicUsize::new(0),
            renamed,
            reached: Notify::new(),
            goes_on: Notify::new(),
        });
        let accepting =
            listeners.into_iter().map(|(listener, server)| tokio::spawn(accept(listener, server, Arc::clone(&line))));
        let tasks = accepting.collect();
        Proxy { url: format!("{credentials}@127.0.0.1:{own}{database}{}", protocol.plain()), line, tasks }
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
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Line {
    fn counter(&self, way: Way) -> &AtomicUsize {
        match way {
            Way::ToServer => &self.to_server,
            Way::ToClient => &self.to_client,
        }
    }

    /// Gives a message as the client is to see it, who reaches all nodes of a cluster through here.
    fn told<'m>(&self, way: Way, message: &'m [u8]) -> Cow<'m, [u8]> {
        let renamed = self.renamed.iter().filter(|_| way == Way::ToClient);
        renamed.fold(Cow::Borrowed(message), |message, (port, own)| cluster::replaced(message, port, own))
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

async fn accept(listener: TcpListener, server: String, line: Arc<Line>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(&server).await.unwrap();
        connections.spawn(relay(client, server, Arc::clone(&line)));
    }
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
    let (mut bytes, mut is_first) = (Vec::new(), true);
    while from.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
        let mut at = 0;
        while let Some(length) = line.protocol.length(&bytes[at..], way, is_first) {
            let message = line.told(way, &bytes[at..at + length]);
            if !line.pass(way, &message, &mut to).await {
                return;
            }
            at += length;
            is_first = false;
        }
        bytes.drain(..at);
    }
}
