//! A server that somebody's script keeps busy refuses everything else.

use crate::{RedisPlace, chain, on_both};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use whimbrel::redis::{ConnectionAddr, IntoConnectionInfo};
use whimbrel::{Access, Databases, Target, Urls};

on_both!(a_busy_server_is_waited_for);

const BUSY: &str = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";

/// Passes on what is sent, and answers as a busy server does as long as there are any left to be answered so.
async fn between(listener: TcpListener, server: String, busy: Arc<AtomicUsize>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(&server).await.unwrap();
        tokio::spawn(pass(client, server, busy.clone()));
    }
}

async fn pass(mut client: TcpStream, mut server: TcpStream, busy: Arc<AtomicUsize>) {
    let (mut sent, mut answered) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    loop {
        tokio::select! {
            read = client.read(&mut sent) => {
                let Some(message @ [_, ..]) = read.ok().and_then(|count| sent.get(..count)) else { return };
                match refused(message).filter(|_| busy.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok()) {
                    Some(answers) => client.write_all(answers.as_bytes()).await.unwrap(),
                    None => server.write_all(message).await.unwrap(),
                }
            }
            read = server.read(&mut answered) => {
                let Some(answer @ [_, ..]) = read.ok().and_then(|count| answered.get(..count)) else { return };
                client.write_all(answer).await.unwrap();
            }
        }
    }
}

/// Gives a busy server's answers to commands of which it takes one at least not.
fn refused(message: &[u8]) -> Option<String> {
    let message = String::from_utf8_lossy(message);
    let is_refused = |command: &str| command.contains("EVAL") || command.contains("SELECT");
    let answers = message.split("\r\n*").map(|command| if is_refused(command) { BUSY } else { "+OK\r\n" });
    is_refused(&message).then(|| answers.collect())
}

async fn a_busy_server_is_waited_for(place: &RedisPlace) {
    let place = &place.database(3);
    let registry = chain().add("0001_a", &[&format!("INCR {}", place.key("a"))]).registry();
    let info = place.url().into_connection_info().unwrap();
    let ConnectionAddr::Tcp(host, port) = info.addr() else { panic!("a plain address") };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = listener.local_addr().unwrap().to_string();
    let server = format!("{host}:{port}");
    let url = place.url().replace(&server, &near);
    let busy = Arc::new(AtomicUsize::new(2));
    let between = tokio::spawn(between(listener, server, busy.clone()));
    let mut databases = Databases::connect(registry, &Urls::new().with("main", url), Access::ReadWrite).await.unwrap();
    assert_eq!(busy.load(Relaxed), 0);
    busy.store(usize::MAX, Relaxed);
    // Who does not wait is told.
    let migrator = place.migrator(registry).lock_wait(Duration::ZERO);
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert_eq!(error.server().unwrap().code(), Some("BUSY"), "{error:?}");
    assert_eq!(place.run::<i64>(&format!("EXISTS {}", place.key("a"))).await, 0);
    busy.store(3, Relaxed);
    place.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(busy.load(Relaxed), 0);
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("a"))).await, 1);
    between.abort();
    place.clear().await;
}
