//! What MongoDB can do: a replica set or a mongos more than a server by itself.

use super::extended_json::text;
use super::lease;
use super::ledger::Commands;
use crate::backend::capabilities::{Capabilities, SessionLock};
use crate::error::{Result, ServerError};
use mongodb::bson::{Document, doc};

/// Holds for a server by itself, and for what stands in for MongoDB: nothing is taken back.
pub(super) const ALONE: Capabilities = Capabilities {
    begin: "// one by one, without a transaction",
    transactions: false,
    rolls_back: false,
    partial,
    transactional_ddl: false,
    lock: Some(SessionLock {
        opening: None,
        poll: lease::poll_text,
        holder: lease::holder_text,
        release: lease::release_text,
    }),
    examine,
    ..Capabilities::plain(&Commands)
};

/// Holds for a replica set and a sharded cluster.
pub(super) const SET: Capabilities =
    Capabilities { begin: "session.startTransaction()", transactions: true, rolls_back: true, ..ALONE };

/// Chooses by what a server says of itself.
///
/// # Source
/// <https://www.mongodb.com/docs/manual/reference/command/hello/>: `setName` of a member of a replica set, `msg` of a mongos.
pub(super) fn has_transactions(hello: &Document) -> bool {
    hello.contains_key("setName") || hello.get_str("msg").is_ok_and(|msg| msg == "isdbgrid")
}

fn examine(_: &str) -> Result<String> {
    let commands =
        [doc! { "hello": 1 }, doc! { "buildInfo": 1, "comment": "whimbrel: examine" }, doc! { "connectionStatus": 1 }];
    Ok(commands.iter().map(text).collect::<Vec<_>>().join("\n"))
}

/// A command about several documents stops at the first that is refused, and keeps those before it.
fn partial(text: &str, answer: &ServerError) -> bool {
    // Failed to parse, unauthorized, authentication, no such namespace, no such command, invalid options or namespace, missing or
    // unknown fields: nothing of it was begun.
    let whole = ["9", "13", "18", "26", "59", "72", "73", "40414", "40415"];
    if answer.code().is_some_and(|code| whole.contains(&code)) {
        return false;
    }
    let name = text.split(['"', '\'']).nth(1).unwrap_or_default();
    matches!(name, "insert" | "update" | "delete" | "aggregate" | "bulkWrite")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_whether_it_has_transactions() {
        assert!(has_transactions(&doc! { "isWritablePrimary": true, "setName": "rs0" }));
        assert!(has_transactions(&doc! { "isWritablePrimary": true, "msg": "isdbgrid" }));
        assert!(!has_transactions(&doc! { "isWritablePrimary": true }));
    }
}
