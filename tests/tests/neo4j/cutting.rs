//! A connection that is cut at each message in turn: whatever was cut, the next run makes each thing exactly once. All points are
//! tried with `WHIMBREL_FAULTS=all`, else every seventh.

use crate::graph::Graph;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use whimbrel::__private::{Retry, Statement, Work};
use whimbrel::{Access, DatabaseKind, Databases, Registry, Target, Urls};
use whimbrel_tests::Chain;

/// Counts the messages of one way, and cuts at one of them.
#[derive(Debug)]
struct Way {
    /// What comes before the first message: the versions that are offered, or the one that is chosen.
    greeting: usize,
    count: AtomicUsize,
    cut: Option<(usize, bool)>,
}

impl Way {
    fn new(greeting: usize, cut: Option<(usize, bool)>) -> Self {
        Self { greeting, count: AtomicUsize::new(0), cut }
    }

    /// Passes a message on; tells whether the connection goes on.
    async fn pass(&self, message: &[u8], to: &mut OwnedWriteHalf) -> bool {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        match self.cut {
            Some((at, after)) if at == number => {
                if after {
                    let _ = to.write_all(message).await;
                }
                false
            }
            _ => to.write_all(message).await.is_ok(),
        }
    }
}

/// Finds the length of a message: chunks up to an empty one.
fn length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let chunk = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().unwrap()));
        at += 2 + chunk;
        if chunk == 0 {
            return (at <= bytes.len()).then_some(at);
        }
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: &Way) {
    let (mut bytes, mut greeting) = (Vec::new(), way.greeting);
    while from.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
        loop {
            let next =
                if greeting > 0 { Some(greeting).filter(|length| bytes.len() >= *length) } else { length(&bytes) };
            let Some(next) = next else { break };
            let message: Vec<u8> = bytes.drain(..next).collect();
            greeting = 0;
            if !way.pass(&message, &mut to).await {
                return;
            }
        }
    }
}

/// Stands between clients and the server for as long as it lives.
#[derive(Debug)]
struct Proxy {
    url: String,
    to_server: Arc<Way>,
    to_client: Arc<Way>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    async fn new(url: &str, to_server: Option<(usize, bool)>, to_client: Option<(usize, bool)>) -> Self {
        let (credentials, server) = url.split_once('@').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{credentials}@{}", listener.local_addr().unwrap());
        let (up, down) = (Arc::new(Way::new(20, to_server)), Arc::new(Way::new(4, to_client)));
        let (ways, server) = ((Arc::clone(&up), Arc::clone(&down)), server.to_owned());
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                let (up, down) = ways.clone();
                connections.spawn(async move {
                    let ((client, answers), (replies, server)) = (client.into_split(), server.into_split());
                    // Whichever ends first, by itself or because it was cut, ends both.
                    tokio::select! {
                        () = pump(client, server, &up) => {}
                        () = pump(replies, answers, &down) => {}
                    }
                });
            }
        });
        Self { url, to_server: up, to_client: down, task }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Data in a transaction; schema, data and schema by statements, each taken up again in another way.
fn registry(graph: &Graph) -> &'static Registry {
    let seen = graph.text("SHOW CONSTRAINTS YIELD name WHERE name = '@_seen' RETURN count(*) = 1");
    Chain::new(DatabaseKind::Neo4j)
        .add(
            "0001_users",
            &[graph.text("CREATE (:@Thing {name: 'users'})"), graph.text("CREATE (:@Thing {name: 'ada'})")],
        )
        .schema(1, 0, 0)
        .add(
            "0002_schema",
            &[
                graph.text("CREATE CONSTRAINT @_seen FOR (t:@Thing) REQUIRE t.id IS UNIQUE"),
                graph.text("CREATE (:@Thing {name: 'books'})"),
                graph.text("CREATE INDEX @_again IF NOT EXISTS FOR (t:@Thing) ON (t.name)"),
            ],
        )
        .edit(|m| {
            let Work::Script(script) = &mut m.up else { panic!("it is a script") };
            let mut statements: Vec<Statement> = script.statements.to_vec();
            statements[0].retry = Retry::Seen(seen);
            script.statements = statements.leak();
        })
        .registry()
}

async fn is_done_once(graph: &Graph, registry: &'static Registry, what: &str) {
    graph.apply(registry).await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let things = graph.texts("MATCH (t:@Thing) RETURN t.name ORDER BY t.name").await;
    assert_eq!(things, ["ada", "books", "users"], "{what}");
    let applied = graph.texts("MATCH (e:@Event {event: 'applied'}) RETURN e.id ORDER BY e.seq").await;
    assert_eq!(applied, ["0001_users", "0002_schema"], "{what}");
    let made = graph.texts("SHOW INDEXES YIELD name, state WHERE name IN ['@_seen', '@_again'] RETURN state").await;
    assert_eq!(made, ["ONLINE", "ONLINE"], "{what}");
}

async fn wipe(graph: &Graph) {
    graph
        .run(&[
            "DROP CONSTRAINT @_seen IF EXISTS",
            "DROP INDEX @_again IF EXISTS",
            "DROP CONSTRAINT @_history_key IF EXISTS",
            "DROP CONSTRAINT @_event_seq IF EXISTS",
            "DROP INDEX @_event_id IF EXISTS",
            "MATCH (n) WHERE n:@Thing OR n:@History OR n:@Event OR n:@Lock DELETE n",
        ])
        .await;
}

async fn cut_at_each(to_server: bool) {
    let graph = Graph::new();
    let registry = registry(&graph);
    // All of them, or every seventh from one that is another each time.
    let all = std::env::var("WHIMBREL_FAULTS").is_ok_and(|what| what == "all");
    let (first, step) = if all { (1, 1) } else { (1 + std::process::id() as usize % 7, 7) };
    let mut points = 0;
    for number in (first..).step_by(step) {
        for after in [false, true] {
            let cut = Some((number, after));
            let proxy = match to_server {
                true => Proxy::new(&graph.url, cut, None).await,
                false => Proxy::new(&graph.url, None, cut).await,
            };
            let urls = Urls::new().with("main", &proxy.url);
            if let Ok(mut databases) = Databases::connect(registry, &urls, Access::ReadWrite).await {
                let _ = graph.migrator(registry).apply(&mut databases, &Target::Latest).await;
            }
            let way = if to_server { &proxy.to_server } else { &proxy.to_client };
            let is_cut = way.count.load(Ordering::SeqCst) >= number;
            is_done_once(&graph, registry, &format!("cut {cut:?}, to the server: {to_server}")).await;
            wipe(&graph).await;
            if !is_cut {
                assert!(number > 20, "only {number} messages");
                println!("{points} points, fewer than {number} messages");
                return;
            }
            points += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_the_server_at_each_message() {
    cut_at_each(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_the_client_at_each_message() {
    cut_at_each(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_with_nothing_to_do_asks_once() {
    let graph = Graph::new();
    let registry = registry(&graph);
    graph.apply(registry).await.unwrap();
    let proxy = Proxy::new(&graph.url, None, None).await;
    let urls = Urls::new().with("main", &proxy.url);
    let mut databases = Databases::connect(registry, &urls, Access::ReadWrite).await.unwrap();
    let before = proxy.to_server.count.load(Ordering::SeqCst);
    assert!(graph.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap().is_empty());
    // The statement, and the request for its rows.
    assert_eq!(proxy.to_server.count.load(Ordering::SeqCst) - before, 2);
}
