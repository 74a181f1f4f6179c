//! Which commands only read: those of which the server says so, and a few that look at the server alone.

use super::answer::text;
use super::line::shown;
use super::link::{Link, bytes};
use super::step::failed;
use crate::error::{Error, Result};
use redis::Value;

/// They have no key, and change nothing.
const LOOKS: [&str; 13] = [
    "ACL WHOAMI",
    "CLIENT ID",
    "CLIENT INFO",
    "CLUSTER INFO",
    "COMMAND",
    "CONFIG GET",
    "ECHO",
    "FUNCTION LIST",
    "INFO",
    "LASTSAVE",
    "PING",
    "ROLE",
    "TIME",
];

/// Refuses a command that may write.
pub(super) async fn check(link: &Link, words: &[Vec<u8>]) -> Result<()> {
    // What has kinds (`OBJECT ENCODING`) has flags for each of them since Redis 7.
    let kind = [0, 1].map(|n| words.get(n).map_or(&[][..], Vec::as_slice));
    let is = |look: &&str| look.split(' ').zip(kind).all(|(word, it)| it.eq_ignore_ascii_case(word.as_bytes()));
    if LOOKS.iter().any(is) {
        return Ok(());
    }
    let mut asked = bytes(["COMMAND", "INFO"]);
    asked.extend([kind[0].to_vec(), kind.join(&b'|')]);
    let answer = link.send(&asked).await.map_err(failed)?;
    if only_read(&answer) {
        return Ok(());
    }
    let message = "may write, as the server knows it: hand it to `write`, so that it is done once";
    Err(Error::new(format!("`{}` {message}", shown(words))))
}

/// Tells whether what `COMMAND INFO` gave is about a command that only reads.
fn only_read(infos: &Value) -> bool {
    let Value::Array(infos) = infos else { return false };
    infos.iter().any(|info| match info {
        Value::Array(info) => match info.get(2) {
            Some(Value::Array(flags) | Value::Set(flags)) => {
                flags.iter().any(|flag| text(flag).as_deref() == Some("readonly"))
            }
            _ => false,
        },
        _ => false,
    })
}
