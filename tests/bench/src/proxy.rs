//! A proxy in front of PostgreSQL that counts round trips: the times that a client waited for an answer.
//!
//! Connecting counts as one, however many messages a server's way of logging in takes: that is the server's choice.

use crate::Result;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// What `ReadyForQuery` begins with; one byte of transaction state follows.
const READY: [u8; 5] = [b'Z', 0, 0, 0, 5];

/// A proxy that runs until the process ends.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    trips: Arc<AtomicU64>,
}

impl Proxy {
    /// Listens on a free port for connections to a server.
    pub(crate) fn start(server: SocketAddr) -> Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let proxy = Proxy { port: listener.local_addr()?.port(), trips: Arc::default() };
        let trips = proxy.trips.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(io::Result::ok) {
                let trips = trips.clone();
                // A connection that breaks is its client's finding.
                thread::spawn(move || forward(client, server, &trips));
            }
        });
        Ok(proxy)
    }

    /// Gives the number of round trips since it was last asked.
    pub(crate) fn take(&self) -> u64 {
        self.trips.swap(0, Ordering::SeqCst)
    }
}

fn forward(client: TcpStream, server: SocketAddr, trips: &AtomicU64) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let waiting = AtomicBool::new(false);
    thread::scope(|scope| {
        let up = scope.spawn(|| copy(&client, &server, |_| waiting.store(true, Ordering::SeqCst)));
        let mut tail = Vec::new();
        let mut connected = false;
        let down = copy(&server, &client, |bytes| {
            if !connected {
                tail.extend_from_slice(bytes);
                tail.drain(..tail.len().saturating_sub(READY.len() + 1));
                connected = tail.starts_with(&READY);
                waiting.store(!connected, Ordering::SeqCst);
                trips.fetch_add(connected.into(), Ordering::SeqCst);
                return;
            }
            // What a client sends without waiting for this answer belongs to the same trip.
            thread::sleep(Duration::from_micros(200));
            if waiting.swap(false, Ordering::SeqCst) {
                trips.fetch_add(1, Ordering::SeqCst);
            }
        });
        down.and(up.join().unwrap_or_else(|_| Err(io::Error::other("the client's side of the proxy broke"))))
    })
}

/// Forwards until the end, and shows each piece before it goes on.
fn copy(mut from: &TcpStream, mut to: &TcpStream, mut see: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let copied = loop {
        match from.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(length) => {
                see(&buffer[..length]);
                if let Err(error) = to.write_all(&buffer[..length]) {
                    break Err(error);
                }
            }
            Err(error) => break Err(error),
        }
    };
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
    copied
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// Answers a login of two messages, then each message by its own.
    fn server() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut client, _) = listener.accept().unwrap();
            let mut buffer = [0; 64];
            let answers: [&[u8]; 2] = [b"password?", b"K\0\0\0\x04Z\0\0\0\x05I"];
            let mut answers = answers.into_iter();
            while client.read(&mut buffer).unwrap() > 0 {
                client.write_all(answers.next().unwrap_or(b"CZ\0\0\0\x05I")).unwrap();
            }
        });
        address
    }

    fn ask(client: &mut TcpStream, pieces: &[&[u8]]) {
        for piece in pieces {
            client.write_all(piece).unwrap();
        }
        assert!(client.read(&mut [0; 64]).unwrap() > 0);
    }

    #[test]
    fn a_login_is_one_trip_and_each_answer_another() {
        let proxy = Proxy::start(server()).unwrap();
        let mut client = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port)).unwrap();
        ask(&mut client, &[b"startup"]);
        ask(&mut client, &[b"password"]);
        assert_eq!(proxy.take(), 1);
        ask(&mut client, &[b"Q1"]);
        ask(&mut client, &[b"Q2"]);
        assert_eq!(proxy.take(), 2);
        assert_eq!(proxy.take(), 0);
    }
}
