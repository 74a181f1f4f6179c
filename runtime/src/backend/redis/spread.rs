//! The statements about many keys in a cluster, where two names of one key are on different nodes: key by key, so that a death at any
//! point is made up for by doing it again.

use super::answer::Answer;
use super::line::Words;
use super::link::{Link, bytes};
use super::many::Many;
use super::slot::slot;
use crate::error::{ServerError, ServerErrorClass as Class};
use redis::Value;
use tokio::task::JoinSet;

/// So often a key is moved again that somebody changes on its way.
const ATTEMPTS: usize = 50;
const UNLINK_UNCHANGED: &str =
    "if redis.call('DUMP', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('UNLINK', KEYS[1])";

/// Does a statement to these keys, all at once.
pub(super) async fn each(link: &Link, many: &Many, keys: Vec<Vec<u8>>) -> Answer<()> {
    let mut tasks = JoinSet::new();
    for key in keys {
        let (link, new) = (link.clone(), many.renamed(&key));
        let (commands, moves) = (many.commands(std::slice::from_ref(&key)), many.moves());
        tasks.spawn(async move {
            match new {
                Some(new) if slot(&key) != slot(&new) => carry(&link, &key, &new, moves).await,
                _ => {
                    for command in commands {
                        link.send(&command).await?;
                    }
                    Ok(())
                }
            }
        });
    }
    while let Some(end) = tasks.join_next().await {
        end.map_err(|error| ServerError::other(format!("a task ended early: {error}")))??;
    }
    Ok(())
}

/// Carries a key to another node, with its time to live, and takes it away here only as it was there.
async fn carry(link: &Link, old: &[u8], new: &[u8], moves: bool) -> Answer<()> {
    let command = |name: &str, key: &[u8]| -> Words { vec![name.into(), key.to_vec()] };
    for _ in 0..ATTEMPTS {
        let Value::BulkString(dump) = link.send(&command("DUMP", old)).await? else { return Ok(()) };
        let left = match link.send(&command("PTTL", old)).await? {
            Value::Int(-2) => return Ok(()),
            Value::Int(left) => left.max(0),
            _ => 0,
        };
        let mut restore = command("RESTORE", new);
        restore.extend([left.to_string().into_bytes(), dump.clone(), b"REPLACE".to_vec()]);
        link.send(&restore).await?;
        if !moves {
            return Ok(());
        }
        let mut unlink = bytes(["EVAL", UNLINK_UNCHANGED, "1"]);
        unlink.extend([old.to_vec(), dump]);
        if link.send(&unlink).await? == Value::Int(1) {
            return Ok(());
        }
    }
    let message = format!("the key {} is changed all the time", String::from_utf8_lossy(old));
    Err(ServerError { class: Class::Locked, ..ServerError::other(message) })
}
