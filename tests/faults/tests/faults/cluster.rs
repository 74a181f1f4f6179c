//! The nodes of a Redis cluster, which name each other to their clients by their ports.

use std::borrow::Cow;
use whimbrel::redis::{Client, Value, cmd};

/// Tells the URL of a cluster from that of one server.
pub(crate) fn is_one(url: &str) -> bool {
    url.starts_with("redis+cluster:")
}

/// Lists the addresses of the nodes that have slots.
pub(crate) async fn nodes(url: &str) -> Vec<String> {
    let client = Client::open(url.replace("+cluster", "")).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("the test server answers");
    let slots: Vec<Vec<Value>> =
        cmd("CLUSTER").arg("SLOTS").query_async(&mut connection).await.expect("it is a cluster");
    let address = |range: Vec<Value>| {
        let Some(Value::Array(master)) = range.into_iter().nth(2) else { panic!("a range names its master") };
        match &master[..] {
            [Value::BulkString(host), Value::Int(port), ..] => format!("{}:{port}", String::from_utf8_lossy(host)),
            other => panic!("{other:?} is no address"),
        }
    };
    slots.into_iter().map(address).collect()
}

/// Gives how an answer names a node's port, at the end of a line, and how it has to name another.
pub(crate) fn renamed(node: &str, port: u16) -> (Vec<u8>, Vec<u8>) {
    let (_, old) = node.rsplit_once(':').expect("an address has a port");
    (format!(":{old}\r\n").into_bytes(), format!(":{port}\r\n").into_bytes())
}

/// Puts one text in the place of another.
pub(crate) fn replaced<'m>(message: Cow<'m, [u8]>, old: &[u8], new: &[u8]) -> Cow<'m, [u8]> {
    match message.windows(old.len()).position(|part| part == old) {
        None => message,
        Some(at) => {
            let rest = replaced(Cow::Borrowed(&message[at + old.len()..]), old, new);
            Cow::Owned([&message[..at], new, &rest].concat())
        }
    }
}
