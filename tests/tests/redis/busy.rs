//! A server that somebody's script keeps busy refuses everything else.

use crate::{RedisPlace, chain, on_both};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use whimbrel::redis::{ConnectionAddr, IntoConnectionInfo};
use whimbrel::{Access, Databases, Target, Urls};

on_both!(a_busy_server_is_waited_for);

const BUSY: &[u8] = b"-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";

/// Passes on what is sent, and answers scripts as a busy server does as long as there are any left to be answered so.
async fn between(listener: TcpListener, server: String, busy: Arc<AtomicUsize>) {
    let (mut client, _) = listener.accept().await.unwrap();
    let mut server = TcpStream::connect(server).await.unwrap();
    let (mut sent, mut answered) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    loop {
        tokio::select! {
            read = client.read(&mut sent) => {
                let Some(message) = read.ok().and_then(|count| sent.get(..count)).filter(|message| !message.is_empty()) else { return };
                let is_script = message.windows(4).any(|word| word == b"EVAL");
                let is_busy = is_script && busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
                if is_busy { client.write_all(BUSY).await.unwrap() } else { server.write_all(message).await.unwrap() }
            }
            read = server.read(&mut answered) => {
                let Some(answer) = read.ok().and_then(|count| answered.get(..count)).filter(|answer| !answer.is_empty()) else { return };
                client.write_all(answer).await.unwrap();
            }
        }
    }
}

async fn a_busy_server_is_waited_for(place: &RedisPlace) {
    let registry = chain().add("0001_a", &[&format!("INCR {}", place.key("a"))]).registry();
    let info = place.url().into_connection_info().unwrap();
    let ConnectionAddr::Tcp(host, port) = info.addr() else { panic!("a plain address") };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = listener.local_addr().unwrap().to_string();
    let server = format!("{host}:{port}");
    let url = place.url().replace(&server, &near);
    let busy = Arc::new(AtomicUsize::new(usize::MAX));
    let between = tokio::spawn(between(listener, server, busy.clone()));
    let mut databases = Databases::connect(registry, &Urls::new().with("main", url), Access::ReadWrite).await.unwrap();
    // Who does not wait is told.
    let migrator = place.migrator(registry).lock_wait(Duration::ZERO);
    let error = migrator.apply(&mut databases, &Target::Latest).await.unwrap_err();
    assert_eq!(error.server().unwrap().code(), Some("BUSY"), "{error:?}");
    assert_eq!(place.run::<i64>(&format!("EXISTS {}", place.key("a"))).await, 0);
    busy.store(3, Ordering::Relaxed);
    place.migrator(registry).apply(&mut databases, &Target::Latest).await.unwrap();
    assert_eq!(busy.load(Ordering::Relaxed), 0);
    assert_eq!(place.run::<i64>(&format!("GET {}", place.key("a"))).await, 1);
    between.abort();
}
