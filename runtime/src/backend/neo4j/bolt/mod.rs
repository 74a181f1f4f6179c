//! Bolt, Neo4j's protocol: one connection, which sends what it is told to and repeats nothing by itself.
//!
//! The crates that speak it send statements that run by themselves again after some errors, which would run the batches of
//! `CALL … IN TRANSACTIONS` again, and keep the server's codes, a transaction's limit or its metadata from their callers.
//!
//! # Source
//! <https://neo4j.com/docs/bolt/current/bolt/message/>

mod packstream;
mod stream;

use super::connect::Address;
use super::value::Neo4jValue as Value;
use crate::error::{ServerError, ServerErrorClass as Class};
use std::collections::VecDeque;
use stream::Stream;

const HELLO: u8 = 0x01;
const LOGON: u8 = 0x6a;
const RESET: u8 = 0x0f;
const RUN: u8 = 0x10;
const BEGIN: u8 = 0x11;
const COMMIT: u8 = 0x12;
const ROLLBACK: u8 = 0x13;
const PULL: u8 = 0x3f;
const ROUTE: u8 = 0x66;
const SUCCESS: u8 = 0x70;
const RECORD: u8 = 0x71;
const IGNORED: u8 = 0x7e;
const FAILURE: u8 = 0x7f;

const AGENT: &str = concat!("whimbrel/", env!("CARGO_PKG_VERSION"));
/// The versions that are spoken: 5.4 and the four before it, those of Neo4j 5.
const VERSIONS: [u8; 20] = [0x60, 0x60, 0xb0, 0x17, 0, 4, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// So many bytes are sent before answers are read, for a server stops reading while nobody takes what it answers; one request may be longer.
const AT_ONCE: usize = 1 << 16;
/// The longest chunk.
const CHUNK: usize = 0xffff;

/// Names something to be asked of a server.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Request {
    Begin {
        limits: Limits,
    },
    /// A statement, in the open transaction or by itself; `rows` tells whether anybody looks at its rows.
    Run {
        text: String,
        parameters: Value,
        rows: bool,
        limits: Option<Limits>,
    },
    Commit,
    Rollback,
}

/// Says how long a transaction may take, and what the server shows of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Limits {
    pub(super) milliseconds: Option<i64>,
    pub(super) shown: Option<String>,
}

/// Holds what came of a request.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Answer {
    pub(super) fields: Vec<String>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// Says which request was refused; what came before it has its answers.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) request: usize,
    pub(super) error: ServerError,
}

/// Holds one connection, which is of no use any more after it was left in the middle of an exchange.
#[derive(Debug)]
pub(super) struct Connection {
    stream: Stream,
    received: Vec<u8>,
    database: Option<String>,
    is_exchanging: bool,
}

impl Connection {
    /// Opens one and says who we are.
    pub(super) async fn open(address: &Address) -> Result<Self, ServerError> {
        let mut stream = Stream::open(address).await.map_err(|error| lost(&error))?;
        stream.write(&VERSIONS).await.map_err(|error| lost(&error))?;
        let mut received = Vec::new();
        while received.len() < 4 {
            stream.read(&mut received).await.map_err(|error| lost(&error))?;
        }
        let version = match received.drain(..4).collect::<Vec<_>>().as_slice() {
            [0, 0, minor, major] if *major > 0 => [*major, *minor],
            _ => {
                return Err(ServerError::other("it speaks no Bolt of 5.0 to 5.4, which Neo4j 5 and newer do"));
            }
        };
        let mut connection = Connection { stream, received, database: address.database.clone(), is_exchanging: false };
        let credentials = [("scheme", "basic"), ("principal", &address.user), ("credentials", &address.password)];
        let mut hello = vec![("user_agent", Value::from(AGENT))];
        if version >= [5, 3] {
            hello.push(("bolt_agent", Value::from([("product", AGENT)])));
        }
        if address.routed {
            hello.push(("routing", Value::from([("address", address.place())])));
        }
        if version >= [5, 1] {
            connection.ask(HELLO, &[map(hello)]).await?;
            connection.ask(LOGON, &[Value::from(credentials)]).await?;
        } else {
            hello.extend(credentials.map(|(key, value)| (key, Value::from(value))));
            connection.ask(HELLO, &[map(hello)]).await?;
        }
        Ok(connection)
    }

    /// Asks which servers of the cluster write: host and port each.
    pub(super) async fn writers(&mut self, address: &Address) -> Result<Vec<String>, ServerError> {
        let context = Value::from([("address", address.place())]);
        let database = map(self.database.iter().map(|name| ("db", Value::from(name.as_str()))));
        let table = self.ask(ROUTE, &[context, Value::List(Vec::new()), database]).await?;
        let servers = table.get("rt").and_then(|table| table.get("servers")).map(Value::as_list).unwrap_or_default();
        let writes = |server: &&Value| server.get("role").and_then(Value::as_text) == Some("WRITE");
        let addresses = servers.iter().filter(writes).filter_map(|server| server.get("addresses"));
        Ok(addresses.flat_map(Value::as_list).filter_map(Value::as_text).map(Into::into).collect())
    }

    /// Sends requests one behind the other and reads what comes of each. The first that is refused ends it: the ones behind it are
    /// not done, an open transaction is rolled back, and the connection can be used again.
    pub(super) async fn send(&mut self, requests: &[Request]) -> (Vec<Answer>, Option<Refused>) {
        let (mut answers, mut bytes, mut first) = (Vec::with_capacity(requests.len()), Vec::new(), 0);
        for (at, request) in requests.iter().enumerate() {
            self.write(&mut bytes, request);
            if bytes.len() < AT_ONCE && at + 1 < requests.len() {
                continue;
            }
            let some = requests.get(first..=at).unwrap_or_default();
            if let Err(error) = self.exchange(some, &std::mem::take(&mut bytes), &mut answers).await {
                let request = answers.len();
                return (answers, Some(Refused { request, error }));
            }
            first = at + 1;
        }
        (answers, None)
    }

    async fn exchange(
        &mut self,
        requests: &[Request],
        bytes: &[u8],
        answers: &mut Vec<Answer>,
    ) -> Result<(), ServerError> {
        self.begin_exchange()?;
        self.stream.write(bytes).await.map_err(|error| lost(&error))?;
        let (mut waiting, mut refused) = (requests.iter().map(messages).sum::<usize>(), None);
        'requests: for request in requests {
            let mut answer = Answer::default();
            for _ in 0..messages(request) {
                let metadata = match self.reply(looked_at(request).then_some(&mut answer.rows)).await? {
                    Ok(metadata) => metadata,
                    Err(error) => {
                        waiting -= 1;
                        refused = Some(error);
                        break 'requests;
                    }
                };
                waiting -= 1;
                if let Some(fields) = metadata.get("fields") {
                    answer.fields = fields.as_list().iter().filter_map(Value::as_text).map(Into::into).collect();
                }
            }
            answers.push(answer);
        }
        if let Some(error) = refused {
            for _ in 0..waiting {
                let _ = self.reply(None).await?;
            }
            self.is_exchanging = false;
            self.ask(RESET, &[]).await?;
            return Err(error);
        }
        self.is_exchanging = false;
        Ok(())
    }

    /// Sends one message; gives what the answer says.
    async fn ask(&mut self, tag: u8, fields: &[Value]) -> Result<Value, ServerError> {
        self.begin_exchange()?;
        let mut bytes = Vec::new();
        frame(&mut bytes, &packstream::message(tag, fields));
        self.stream.write(&bytes).await.map_err(|error| lost(&error))?;
        let reply = self.reply(None).await?;
        self.is_exchanging = false;
        reply
    }

    fn begin_exchange(&mut self) -> Result<(), ServerError> {
        if self.is_exchanging {
            return Err(closed());
        }
        self.is_exchanging = true;
        Ok(())
    }

    fn write(&self, bytes: &mut Vec<u8>, request: &Request) {
        let mut add = |tag: u8, fields: &[Value]| frame(bytes, &packstream::message(tag, fields));
        match request {
            Request::Begin { limits } => add(BEGIN, &[self.extra(Some(limits))]),
            Request::Commit => add(COMMIT, &[]),
            Request::Rollback => add(ROLLBACK, &[]),
            Request::Run { text, parameters, limits, .. } => {
                // A transaction has its limits and its database from its beginning.
                let extra = if limits.is_some() { self.extra(limits.as_ref()) } else { map([]) };
                add(RUN, &[Value::from(text.as_str()), parameters.clone(), extra]);
                // A statement whose rows are discarded is not run to its end, so its rows are asked for in any case.
                add(PULL, &[Value::from([("n", -1)])]);
            }
        }
    }

    fn extra(&self, limits: Option<&Limits>) -> Value {
        let database = self.database.as_deref().map(|name| ("db", Value::from(name)));
        let timeout = limits.and_then(|limits| limits.milliseconds).map(|time| ("tx_timeout", Value::from(time)));
        let shown = limits.and_then(|limits| limits.shown.as_deref());
        let shown = shown.map(|shown| ("tx_metadata", Value::from([("whimbrel", shown)])));
        map(database.into_iter().chain(timeout).chain(shown))
    }

    /// Reads up to the end of an answer; its records are put with the rows, if anybody looks at them. A refusal is no failure of the connection.
    async fn reply(
        &mut self,
        mut rows: Option<&mut Vec<Vec<Value>>>,
    ) -> Result<Result<Value, ServerError>, ServerError> {
        loop {
            let message = self.message().await?;
            let Some((tag, fields)) = packstream::read_message(&message) else { return Err(garbled()) };
            let mut fields: VecDeque<Value> = fields.into();
            let first = fields.pop_front().unwrap_or_default();
            match (tag, first) {
                (RECORD, Value::List(row)) => {
                    if let Some(rows) = rows.as_deref_mut() {
                        rows.push(row);
                    }
                }
                (SUCCESS, metadata) => return Ok(Ok(metadata)),
                (IGNORED, _) => {
                    return Ok(Err(ServerError::other("the server ignored it, because of what came before")));
                }
                (FAILURE, metadata) => {
                    let text = |key: &str| metadata.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
                    return Ok(Err(super::answer::answer(&text("code"), text("message"))));
                }
                _ => return Err(garbled()),
            }
        }
    }

    /// Reads one message: chunks up to an empty one. Empty ones before it only say that the server is still there.
    async fn message(&mut self) -> Result<Vec<u8>, ServerError> {
        let mut message = Vec::new();
        loop {
            let length = loop {
                if let [high, low, ..] = self.received.as_slice() {
                    break usize::from(u16::from_be_bytes([*high, *low]));
                }
                self.stream.read(&mut self.received).await.map_err(|error| lost(&error))?;
            };
            while self.received.len() < 2 + length {
                self.stream.read(&mut self.received).await.map_err(|error| lost(&error))?;
            }
            message.extend(self.received.drain(..2 + length).skip(2));
            if length == 0 && !message.is_empty() {
                return Ok(message);
            }
        }
    }
}

fn looked_at(request: &Request) -> bool {
    matches!(request, Request::Run { rows: true, .. })
}

/// Counts the messages that a request is sent as.
fn messages(request: &Request) -> usize {
    if matches!(request, Request::Run { .. }) { 2 } else { 1 }
}

fn frame(bytes: &mut Vec<u8>, message: &[u8]) {
    for chunk in message.chunks(CHUNK) {
        bytes.extend((chunk.len() as u16).to_be_bytes());
        bytes.extend(chunk);
    }
    bytes.extend([0, 0]);
}

fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn lost(error: &std::io::Error) -> ServerError {
    ServerError { class: Class::ConnectionLost, ..ServerError::other(crate::error::lost(&error.to_string())) }
}

fn garbled() -> ServerError {
    let message = crate::error::lost("the server sent what is no Bolt");
    ServerError { class: Class::ConnectionLost, ..ServerError::other(message) }
}

/// Says that there is no connection any more.
pub(super) fn closed() -> ServerError {
    let message = "the connection was closed because a run on it was dropped before its end; connect again";
    ServerError { class: Class::ConnectionLost, ..ServerError::other(message) }
}
