//! Going through many keys in batches, with a cursor beside the ledger: a run that comes later goes on where the last batch ended.
//!
//! `SCAN` shows each key that is there from its beginning to its end, some twice. Its cursor means nothing to a server that was
//! started anew, so the server's run id stands beside it, and a scan begins again where that is another.

use super::answer::{Answer, text};
use super::link::{Link, bytes};
use crate::error::ServerError;
use redis::Value;

const BATCH: &str = "500";

/// Holds how far a scan is.
#[derive(Debug)]
pub(super) struct Scan {
    /// Where that is kept; nowhere for whoever only looks.
    key: Option<String>,
    pattern: Vec<u8>,
    /// What is not shown to anybody.
    own: String,
    /// The servers that are still to be gone through, the last one first, with their run ids.
    servers: Vec<(Link, String)>,
    /// The run ids of those that are through.
    through: Vec<String>,
    cursor: String,
}

impl Scan {
    /// Takes up a scan; none where it has come to its end before.
    pub(super) async fn open(link: &Link, prefix: &str, key: Option<String>, pattern: &[u8]) -> Answer<Option<Self>> {
        let kept = match &key {
            Some(key) => text(&link.send(&bytes(["GET", key])).await?).unwrap_or_default(),
            None => String::new(),
        };
        let mut lines = kept.splitn(4, '\n');
        let mut line = || lines.next().unwrap_or_default();
        let (at, cursor, through, kept_pattern) = (line(), line(), line(), line());
        let same = kept_pattern.as_bytes() == pattern;
        if same && at == "end" {
            return Ok(None);
        }
        let mut servers = Vec::new();
        for server in link.servers().await? {
            let id = run_id(&server).await?;
            servers.push((server, id));
        }
        let mut scan = Self {
            key,
            pattern: pattern.to_vec(),
            own: format!("{{{prefix}}}:"),
            servers,
            through: Vec::new(),
            cursor: "0".into(),
        };
        if same {
            scan.through = through.split(' ').filter(|id| !id.is_empty()).map(Into::into).collect();
            scan.servers.retain(|(_, id)| !scan.through.contains(id));
            if let Some(begun) = scan.servers.iter().position(|(_, id)| id == at) {
                let begun = scan.servers.remove(begun);
                scan.servers.push(begun);
                scan.cursor = cursor.into();
            }
        }
        Ok(Some(scan))
    }

    /// Tells whether an earlier run has begun it.
    pub(super) fn is_taken_up(&self) -> bool {
        self.cursor != "0" || !self.through.is_empty()
    }

    /// Tells whether it goes through these keys.
    pub(super) fn is_of(&self, pattern: &[u8]) -> bool {
        self.pattern == pattern
    }

    /// Gives the server that the next keys are on, and the keys.
    pub(super) async fn next(&mut self) -> Answer<Option<(Link, Vec<Vec<u8>>)>> {
        while let Some((link, id)) = self.servers.last().cloned() {
            let mut words = bytes(["SCAN", &self.cursor, "MATCH"]);
            words.push(self.pattern.clone());
            words.extend(bytes(["COUNT", BATCH]));
            let answer = link.send(&words).await?;
            let (Value::Array(parts), Some(cursor)) = (&answer, first(&answer)) else {
                return Err(ServerError::other("SCAN gave an answer that nobody understands"));
            };
            self.cursor = cursor;
            if self.cursor == "0" {
                self.servers.pop();
                self.through.push(id);
            }
            let keys: Vec<_> = match parts.get(1) {
                Some(Value::Array(keys)) => keys.iter().filter_map(bytes_of).collect(),
                _ => Vec::new(),
            };
            let keys: Vec<_> = keys.into_iter().filter(|key| !key.starts_with(self.own.as_bytes())).collect();
            if !keys.is_empty() {
                return Ok(Some((link, keys)));
            }
        }
        Ok(None)
    }

    /// Writes the command that keeps how far it is.
    pub(super) fn keep(&self) -> Option<Vec<Vec<u8>>> {
        let mut words = bytes(["SET", self.key.as_deref()?]);
        let at = self.servers.last().map_or("end", |(_, id)| id.as_str());
        let mut kept = format!("{at}\n{}\n{}\n", self.cursor, self.through.join(" ")).into_bytes();
        kept.extend(&self.pattern);
        words.push(kept);
        Some(words)
    }
}

/// Writes the pattern of the keys that begin so.
pub(super) fn beginning_with(prefix: &[u8]) -> Vec<u8> {
    let mut pattern = Vec::with_capacity(prefix.len() + 1);
    for byte in prefix {
        if matches!(byte, b'*' | b'?' | b'[' | b']' | b'\\') {
            pattern.push(b'\\');
        }
        pattern.push(*byte);
    }
    pattern.push(b'*');
    pattern
}

/// Names the life of a server: another one after each start.
async fn run_id(link: &Link) -> Answer<String> {
    let info = text(&link.send(&bytes(["INFO", "server"])).await?).unwrap_or_default();
    let id = info.lines().find_map(|line| line.strip_prefix("run_id:")).map(str::trim);
    id.map(Into::into).ok_or_else(|| ServerError::other("INFO does not name the server's run id"))
}

fn first(value: &Value) -> Option<String> {
    match value {
        Value::Array(parts) => parts.first().and_then(text),
        _ => None,
    }
}

fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::BulkString(bytes) => Some(bytes.clone()),
        other => text(other).map(String::into_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::beginning_with;

    #[test]
    fn what_is_special_in_a_pattern_is_taken_as_it_is() {
        assert_eq!(beginning_with(b"a:"), b"a:*");
        assert_eq!(beginning_with(br"a*?[b]\"), br"a\*\?\[b\]\\*");
    }
}
