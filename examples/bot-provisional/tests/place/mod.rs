//! Three databases of the test's own, and the program that is run on them.

use std::fmt;
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, MutexGuard};
use whimbrel::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use whimbrel::{Neo4jStep, Neo4jValue, redis};

/// Redis and Neo4j have one place each for all of these tests.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const DATABASE: &str = "whimbrel_example_provisional";

pub struct Place {
    postgres: String,
    server: String,
    cache: String,
    graph: String,
    direct: String,
    _turn: MutexGuard<'static, ()>,
}

fn server(name: &str) -> String {
    let variable = format!("WHIMBREL_TEST_{name}_URL");
    std::env::var(&variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: `tests/run -- -p bot-provisional` starts the servers"))
}

impl Place {
    pub async fn new() -> Self {
        let turn = ONE_AT_A_TIME.lock().await;
        let server_url = server("POSTGRES_18");
        let (base, _) = server_url.rsplit_once('/').unwrap();
        let cache = server("REDIS");
        let (address, _) = cache.rsplit_once('/').unwrap_or((&cache, ""));
        let graph = server("NEO4J");
        let place = Place {
            postgres: format!("{base}/{DATABASE}"),
            cache: format!("{address}/9"),
            direct: graph.clone(),
            server: server_url,
            graph,
            _turn: turn,
        };
        place.clear().await;
        send(&place.server, &format!("CREATE DATABASE {DATABASE}")).await;
        place
    }

    async fn clear(&self) {
        send(&self.server, &format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")).await;
        self.redis(&["FLUSHDB"]).await;
        let mut graph = Neo4jStep::connect(&self.direct).await.unwrap();
        let ours =
            "n:User OR n:Conversation OR n:SchemaVersion OR any(label IN labels(n) WHERE label STARTS WITH 'Whimbrel')";
        graph.run(&format!("MATCH (n) WHERE {ours} DETACH DELETE n"), &[]).await.unwrap();
        for constraint in ["user_id", "conversation_id"] {
            graph.run(&format!("DROP CONSTRAINT {constraint} IF EXISTS"), &[]).await.unwrap();
        }
    }

    pub async fn remove(self) {
        self.clear().await;
    }

    /// Two people with a conversation each, and what was counted before the totals were reshaped.
    pub async fn people(&self) {
        send(
            &self.postgres,
            "INSERT INTO fine_tuning.conversations (id, user_id, quality_score) \
             VALUES (gen_random_uuid(), 'ada', 0.876), (gen_random_uuid(), 'bob', 0.125)",
        )
        .await;
        self.redis(&["HSET", "metrics:totals", "messages", "41"]).await;
        let mut graph = Neo4jStep::connect(&self.direct).await.unwrap();
        let people =
            "UNWIND ['ada', 'bob'] AS id CREATE (:User {id: id})-[:HAS_CONVERSATION]->(:Conversation {id: id})";
        graph.run(people, &[]).await.unwrap();
    }

    /// Runs a command of the program.
    pub fn run(&self, words: &[&str]) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bot-provisional"));
        command.args(words).env_remove("DATABASE_URL");
        command.env("MAIN_URL", &self.postgres).env("CACHE_URL", &self.cache).env("GRAPH_URL", &self.graph);
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Told { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Puts a wall before Neo4j that closes as soon as somebody speaks of `word`.
    pub async fn through_a_wall(&mut self, word: &'static str) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (head, behind) = self.direct.rsplit_once('@').unwrap();
        let behind = behind.to_owned();
        self.graph = format!("{head}@127.0.0.1:{port}");
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let listener = runtime.block_on(async { TcpListener::from_std(listener.into_std().unwrap()).unwrap() });
            runtime.block_on(wall(listener, behind, word));
        });
    }

    pub fn nowhere(&mut self) {
        let (head, _) = self.direct.rsplit_once('@').unwrap();
        self.graph = format!("{head}@127.0.0.1:9");
    }

    pub fn without_the_wall(&mut self) {
        self.graph = self.direct.clone();
    }

    pub async fn sql(&self, query: &str) -> String {
        let mut connection = PgConnection::connect(&self.postgres).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut connection).await.unwrap()
    }

    /// Lists what is applied anywhere, by the ledgers themselves.
    pub async fn history(&self) -> Vec<String> {
        let status = self.run(&["status", "--json"]);
        let mut ids: Vec<String> = (status.json()["migrations"].as_array().unwrap().iter())
            .filter(|row| row["state"] == "applied")
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect();
        ids.dedup();
        ids
    }

    pub async fn redis(&self, words: &[&str]) -> String {
        let client = redis::Client::open(self.cache.as_str()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut command = redis::Cmd::new();
        words.iter().for_each(|word| {
            command.arg(*word);
        });
        let answer: redis::Value = command.query_async(&mut connection).await.unwrap();
        redis::from_redis_value::<Option<String>>(answer).unwrap().unwrap_or_default()
    }

    pub async fn cypher(&self, query: &str) -> String {
        let mut graph = Neo4jStep::connect(&self.direct).await.unwrap();
        let rows = graph.fetch(query, &[]).await.unwrap();
        match rows.first().and_then(|row| row.first()) {
            Some(Neo4jValue::Text(text)) => text.clone(),
            other => format!("{other:?}"),
        }
    }

    /// Tells whether there is nothing of ours anywhere.
    pub async fn is_empty(&self) -> bool {
        let tables =
            "SELECT count(*)::text FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
        let nodes =
            "MATCH (n) WHERE any(label IN labels(n) WHERE label STARTS WITH 'Whimbrel') RETURN toString(count(n))";
        self.sql(tables).await == "0" && self.redis(&["DBSIZE"]).await == "0" && self.cypher(nodes).await == "0"
    }
}

/// Hands on what comes, until somebody speaks of the word; from then on nobody is let through.
async fn wall(listener: TcpListener, behind: String, word: &'static str) {
    let (closed, _) = tokio::sync::watch::channel(false);
    while let Ok((near, _)) = listener.accept().await {
        if *closed.borrow() {
            continue;
        }
        let Ok(far) = TcpStream::connect(&behind).await else { continue };
        let (mut near_in, mut near_out) = near.into_split();
        let (mut far_in, mut far_out) = far.into_split();
        let (teller, mut told) = (closed.clone(), closed.subscribe());
        tokio::spawn(async move {
            let (mut bytes, mut end) = (vec![0; 1 << 16], Vec::new());
            loop {
                let read = tokio::select! { read = near_in.read(&mut bytes) => read, _ = told.changed() => return };
                let Ok(read) = read else { return };
                end.extend_from_slice(&bytes[..read]);
                if read == 0 || end.windows(word.len()).any(|window| window == word.as_bytes()) {
                    let _ = teller.send(read != 0);
                    return;
                }
                end.drain(..end.len().saturating_sub(word.len()));
                if far_out.write_all(&bytes[..read]).await.is_err() {
                    return;
                }
            }
        });
        let mut told = closed.subscribe();
        tokio::spawn(async move {
            tokio::select! { _ = tokio::io::copy(&mut far_in, &mut near_out) => {}, _ = told.changed() => {} }
        });
    }
}

async fn send(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
}

/// What the program said.
pub struct Told {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Told {
    pub fn code(&self) -> i32 {
        self.code.unwrap_or(-1)
    }
    #[track_caller]
    pub fn is_well(&self) -> bool {
        assert_eq!(self.code(), 0, "{self}");
        true
    }
    pub fn told(&self, text: &str) -> bool {
        self.out.contains(text) || self.err.contains(text)
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
    pub fn entries(&self, id: &str, event: &str) -> usize {
        let entries = self.json()["entries"].as_array().unwrap().clone();
        entries.iter().filter(|entry| entry["id"] == id && entry["event"] == event).count()
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {:?}\n{}\n{}", self.code, self.out, self.err)
    }
}
