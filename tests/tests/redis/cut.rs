//! The connection is cut at every message, both ways, before it is passed on and after: the next run makes each thing once.

use crate::{RedisPlace, chain, code, count, fill, on_both};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use whimbrel::redis::{ConnectionAddr, IntoConnectionInfo, cmd};
use whimbrel::{Access, BoxFuture, Databases, RedisStep, Registry, Result, Target, Urls};

on_both!(a_run_that_is_cut_off_at_any_message_is_finished_by_the_next);

const KEYS: usize = 1200;

fn reshapes<'a>(step: &'a mut RedisStep) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        step.write(cmd("INCR").arg("cut:code"));
        step.reshape_hash("cut:totals", |mut totals| {
            let hits = totals.get("hits").and_then(|hits| hits.parse::<i64>().ok()).unwrap_or_default();
            totals.insert("hits".into(), (hits * 2).to_string());
            Ok(totals)
        })
        .await
    })
}

fn registry(place: &RedisPlace) -> &'static Registry {
    let incr = |name: &str| format!("INCR {}", place.key(name));
    let rename = format!("WHIMBREL.RENAME {}:* TO {}:*", place.key("old"), place.key("new"));
    chain()
        .add("0001_a", &[&incr("a"), &incr("b"), &incr("a")])
        .add("0002_b", &[&incr("c"), &rename, &incr("d")])
        .verify(&format!("GET {} = 1", place.key("d")))
        .add_code("0003_c", code(reshapes))
        .registry()
}

/// Sets up what a run begins with.
async fn prepare(place: &RedisPlace) {
    place.clear().await;
    let _: i64 = place.run("DEL cut:code cut:totals").await;
    let _: i64 = place.run("HSET cut:totals hits 21").await;
    fill(place, (0..KEYS).map(|n| (format!("{}:{n}", place.key("old")), n.to_string()))).await;
}

async fn state(place: &RedisPlace) -> (Vec<i64>, usize, usize) {
    let keys = ["a", "b", "c", "d"].map(|name| place.key(name));
    let mut counted: Vec<i64> = place.ask(cmd("MGET").arg(&keys).arg("cut:code")).await;
    counted.push(place.run("HGET cut:totals hits").await);
    (
        counted,
        count(place, &format!("{}:*", place.key("old"))).await,
        count(place, &format!("{}:*", place.key("new"))).await,
    )
}

/// Passes on what is sent, and cuts the connection at one message.
async fn between(listener: TcpListener, server: String, cut: usize, passed: Arc<AtomicUsize>) {
    let Ok((mut client, _)) = listener.accept().await else { return };
    let mut server = TcpStream::connect(server).await.unwrap();
    let (mut up, mut down) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    loop {
        let (length, to_server) = tokio::select! {
            read = client.read(&mut up) => (read.unwrap_or(0), true),
            read = server.read(&mut down) => (read.unwrap_or(0), false),
        };
        let number = passed.fetch_add(1, Ordering::Relaxed) + 1;
        // Odd: before it is passed on; even: after.
        if length == 0 || number * 2 - 1 == cut {
            return;
        }
        let sent = match to_server {
            true => server.write_all(&up[..length]).await,
            false => client.write_all(&down[..length]).await,
        };
        if sent.is_err() || number * 2 == cut {
            return;
        }
    }
}

/// Applies through a connection that is cut at a point; gives how many messages there were.
async fn cut_off(place: &RedisPlace, registry: &'static Registry, cut: usize) -> (usize, bool) {
    let info = place.url().into_connection_info().unwrap();
    let ConnectionAddr::Tcp(host, port) = info.addr() else { panic!("a plain address") };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    let url = place.url().replace(&format!("{host}:{port}"), &format!("127.0.0.1:{own}"));
    let passed = Arc::new(AtomicUsize::new(0));
    let proxy = tokio::spawn(between(listener, format!("{host}:{port}"), cut, passed.clone()));
    let run = async {
        let mut databases = Databases::connect(registry, &Urls::new().with("main", url), Access::ReadWrite).await?;
        place.migrator(registry).apply(&mut databases, &Target::Latest).await
    };
    let done = run.await.is_ok();
    proxy.abort();
    (passed.load(Ordering::Relaxed), done)
}

async fn a_run_that_is_cut_off_at_any_message_is_finished_by_the_next(place: &RedisPlace) {
    let registry = registry(place);
    let mut points = 0;
    for cut in 1.. {
        prepare(place).await;
        let (messages, done) = cut_off(place, registry, cut).await;
        if cut > messages * 2 {
            assert!(done);
            break;
        }
        points += 1;
        // Nobody waits here for the lease of the dead to run out.
        let _: i64 = place.run(&format!("DEL {}", place.part("lock"))).await;
        place.apply(registry).await.unwrap_or_else(|error| panic!("cut {cut}: {error:?}"));
        assert_eq!(state(place).await, (vec![2, 1, 1, 1, 1, 42], 0, KEYS), "cut {cut}");
        let applied = place.events(registry).await.iter().filter(|event| event.ends_with("applied")).count();
        assert_eq!(applied, 3, "cut {cut}");
    }
    assert!(points > 40, "{points}");
    println!("{points} points");
}
