//! What has no place in a migration, with the reason and what to write instead.

use super::line::Argument;

/// Says why a command has no place in a migration, and what to write instead.
pub(super) fn why(name: &str, rest: &[Argument]) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "KEYS" => (
            "reads every key there is, and nobody else is answered meanwhile",
            "write `WHIMBREL.UNLINK prefix:*`, `WHIMBREL.COPY` or `WHIMBREL.RENAME`, which go through the keys in batches; to ask, keep a set of the \
             keys, or write the question in Rust with `SCAN`",
        ),
        "FLUSHALL" | "FLUSHDB" => (
            "deletes every key, whimbrel's ledger and those of others among them",
            "write `WHIMBREL.UNLINK prefix:*` for the keys that are meant",
        ),
        "SELECT" | "SWAPDB" => (
            "changes the database that the ledger is in",
            "declare one more database in `registry!`, whose URL ends in its number, and say `# on: …`",
        ),
        "MULTI" | "EXEC" | "DISCARD" => (
            "begins or ends a transaction, and a migration is one already",
            "take it out: the commands of a migration are done together with its row in the ledger, or not at all",
        ),
        "WATCH" | "UNWATCH" => (
            "waits for a transaction that somebody else begins",
            "write what has to hold as `REQUIRE`, or a function `up` in Rust",
        ),
        "SUBSCRIBE" | "PSUBSCRIBE" | "SSUBSCRIBE" | "UNSUBSCRIBE" | "PUNSUBSCRIBE" | "SUNSUBSCRIBE" | "MONITOR" => {
            ("makes of the connection one that only listens", "take it out: a migration changes data and hears nothing")
        }
        "BLPOP" | "BRPOP" | "BLMOVE" | "BLMPOP" | "BRPOPLPUSH" | "BZPOPMIN" | "BZPOPMAX" | "BZMPOP" => {
            ("waits for others to write", "write the command without its leading `B`, which answers at once")
        }
        "XREAD" | "XREADGROUP" if rest.iter().any(|argument| argument.is("BLOCK")) => {
            ("waits for others to write", "take out `BLOCK` and its time")
        }
        "WAIT" | "WAITAOF" => ("waits for replicas", "take it out: who reads the ledger sees what is done"),
        "SHUTDOWN" => ("ends the server", "take it out"),
        "CONFIG" => (
            "changes the server for all of its databases, and is lost when it starts again",
            "set it where the server is set up",
        ),
        "DEBUG" => ("is for those who develop the server", "take it out"),
        "REPLICAOF" | "SLAVEOF" | "FAILOVER" | "SYNC" | "PSYNC" | "REPLCONF" => {
            ("changes who is a replica of whom", "do it where the servers are run")
        }
        "AUTH" | "HELLO" | "RESET" | "QUIT" | "ASKING" | "READONLY" | "READWRITE" | "CLIENT" => (
            "changes the connection, which is whimbrel's",
            "take it out; user and password belong in the database's URL",
        ),
        _ => return None,
    })
}
