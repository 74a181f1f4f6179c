//! A cluster: which node has a key, and a connection to each that has any.
//!
//! A command that a node did not take (`MOVED`, `ASK`) was not done, and is sent to the other one. Nothing is ever sent again because no
//! answer came.

use super::answer::{Answer, refused, text};
use super::connect::patient;
use super::line::Words;
use super::link::{Link, bytes, command};
use super::slot::slot;
use crate::error::{ServerError, ServerErrorClass as Class};
use redis::aio::MultiplexedConnection;
use redis::{Client, ConnectionAddr, ConnectionInfo, Pipeline, RedisError, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// So often a command is sent on to another node.
const MOVES: usize = 8;

/// Reaches the nodes of a cluster.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    /// How the first node was reached: user and password are those of all.
    info: ConnectionInfo,
    nodes: Arc<Mutex<Nodes>>,
}

#[derive(Debug)]
struct Nodes {
    /// The first and the last slot, and the address of the node that has them.
    ranges: Vec<(u16, u16, Address)>,
    connections: BTreeMap<Address, MultiplexedConnection>,
}

type Address = (String, u16);

/// Says where a command that was not taken has to go.
enum Elsewhere {
    Moved,
    Ask(Address),
}

impl Cluster {
    /// Takes the connection to one node, and asks it for the others.
    pub(super) async fn of(info: ConnectionInfo, first: MultiplexedConnection) -> Answer<Self> {
        let mut nodes = Nodes { ranges: Vec::new(), connections: BTreeMap::new() };
        nodes.read(&info, &first).await?;
        let cluster = Self { info, nodes: Arc::new(Mutex::new(nodes)) };
        cluster.servers().await?;
        Ok(cluster)
    }

    pub(super) async fn servers(&self) -> Answer<Vec<Link>> {
        let mut nodes = self.nodes.lock().await;
        let addresses: std::collections::BTreeSet<_> =
            nodes.ranges.iter().map(|(_, _, address)| address.clone()).collect();
        let mut servers = Vec::new();
        for address in addresses {
            servers.push(Link::One(nodes.connection(&self.info, &address).await?));
        }
        Ok(servers)
    }

    /// Sends a command to the node that has its keys; one without keys to any.
    pub(super) async fn send(&self, words: &[Vec<u8>]) -> Answer<Value> {
        let slot = self.key(words).await?.map(|key| slot(&key));
        let mut asked = None;
        for _ in 0..MOVES {
            let asking = asked.is_some();
            let mut connection = match asked.take() {
                Some(address) => self.nodes.lock().await.connection(&self.info, &address).await?,
                None => self.nodes.lock().await.of_slot(&self.info, slot).await?,
            };
            let answer: Result<Value, RedisError> = if asking {
                let mut pipeline = Pipeline::new();
                pipeline.cmd("ASKING").ignore().add_command(command(words));
                pipeline
                    .query_async::<Vec<Value>>(&mut connection)
                    .await
                    .map(|mut values| values.pop().unwrap_or_default())
            } else {
                command(words).query_async(&mut connection).await
            };
            match answer.map_err(|error| (elsewhere(&error), ServerError::from(error))) {
                Ok(value) => return Ok(value),
                Err((None, answer)) => return Err(answer),
                Err((Some(Elsewhere::Moved), _)) => self.nodes.lock().await.read(&self.info, &connection).await?,
                Err((Some(Elsewhere::Ask(address)), _)) => asked = Some(address),
            }
        }
        Err(ServerError {
            class: Class::Locked,
            ..ServerError::other("the key's slot is on its way from node to node")
        })
    }

    /// Finds the first key of a command.
    async fn key(&self, words: &[Vec<u8>]) -> Answer<Option<Vec<u8>>> {
        let name = words.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
        match name.as_slice() {
            b"EVAL" => return Ok(words.get(3).filter(|_| words.get(2).is_some_and(|count| count != b"0")).cloned()),
            b"GET" | b"SET" | b"UNLINK" | b"COPY" | b"DUMP" | b"PTTL" | b"RESTORE" => return Ok(words.get(1).cloned()),
            b"INFO" | b"COMMAND" | b"CLUSTER" => return Ok(None),
            _ => {}
        }
        let mut asked: Words = bytes(["COMMAND", "GETKEYS"]);
        asked.extend(words.iter().cloned());
        let mut connection = self.nodes.lock().await.of_slot(&self.info, None).await?;
        let keys: Result<Value, RedisError> = command(&asked).query_async(&mut connection).await;
        match keys.map_err(ServerError::from) {
            Ok(Value::Array(keys)) => Ok(keys.first().and_then(text).map(String::into_bytes)),
            Err(answer) if answer.is(Class::ConnectionLost) || answer.is(Class::PermissionDenied) => Err(answer),
            // It has none, or the server will say what is wrong with it.
            _ => Ok(None),
        }
    }
}

impl Nodes {
    /// Reads which node has which slots.
    async fn read(&mut self, info: &ConnectionInfo, from: &MultiplexedConnection) -> Answer<()> {
        let slots: Value = command(&bytes(["CLUSTER", "SLOTS"])).query_async(&mut from.clone()).await?;
        let Value::Array(ranges) = slots else { return Err(refused("CLUSTER SLOTS gave no list")) };
        let range = |range: &Value| {
            let Value::Array(parts) = range else { return None };
            let Value::Array(master) = parts.get(2)? else { return None };
            let number = |value: Option<&Value>| text(value?)?.parse::<u16>().ok();
            // A node that does not know its own name is the one that was asked.
            let host = master.first().and_then(text).filter(|host| !host.is_empty() && host != "?");
            let host = host.unwrap_or_else(|| host_of(info));
            Some((number(parts.first())?, number(parts.get(1))?, (host, number(master.get(1))?)))
        };
        self.ranges = ranges.iter().filter_map(range).collect();
        if self.ranges.is_empty() {
            return Err(refused("CLUSTERDOWN no node of the cluster has any slots"));
        }
        Ok(())
    }

    async fn of_slot(&mut self, info: &ConnectionInfo, slot: Option<u16>) -> Answer<MultiplexedConnection> {
        let slot = slot.unwrap_or_else(|| self.ranges.first().map_or(0, |range| range.0));
        let node = self.ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&slot));
        let Some((_, _, address)) = node.cloned() else {
            return Err(refused(&format!("CLUSTERDOWN no node has the slot {slot}")));
        };
        self.connection(info, &address).await
    }

    /// Lends the connection to a node, which is opened once.
    async fn connection(&mut self, info: &ConnectionInfo, address: &Address) -> Answer<MultiplexedConnection> {
        if let Some(connection) = self.connections.get(address) {
            return Ok(connection.clone());
        }
        let addr = match info.addr().clone() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
                ConnectionAddr::TcpTls { host: address.0.clone(), port: address.1, insecure, tls_params }
            }
            _ => ConnectionAddr::Tcp(address.0.clone(), address.1),
        };
        let client = Client::open(info.clone().set_addr(addr))?;
        let connection = patient(&client).await.ok_or_else(|| {
            let message = format!("the node {}:{} did not answer", address.0, address.1);
            ServerError { class: Class::ConnectionLost, ..ServerError::other(message) }
        })??;
        self.connections.insert(address.clone(), connection.clone());
        Ok(connection)
    }
}

fn host_of(info: &ConnectionInfo) -> String {
    match info.addr() {
        ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. } => host.clone(),
        _ => "127.0.0.1".into(),
    }
}

fn elsewhere(error: &RedisError) -> Option<Elsewhere> {
    match error.code()? {
        "MOVED" => Some(Elsewhere::Moved),
        "ASK" => error.redirect_node().and_then(|(node, _)| {
            let (host, port) = node.rsplit_once(':')?;
            Some(Elsewhere::Ask((host.to_owned(), port.parse().ok()?)))
        }),
        _ => None,
    }
}
