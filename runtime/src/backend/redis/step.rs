//! What code on Redis is handed.

use super::answer::{Answer, text};
use super::lease;
use super::line::{Words, shown};
use super::link::{Link, bytes};
use super::lua;
use super::program::{Batch, Kind, Place, check_length};
use super::reads;
use super::scan::Scan;
use crate::backend::Stop;
use crate::error::{Error, Result, ServerError};
use redis::{Arg, Cmd, FromRedisValue, Value};
use std::collections::{BTreeMap, BTreeSet};

/// So often is begun anew what somebody else gets in the way of.
pub(super) const ATTEMPTS: usize = 50;

/// So many words has a command at most that changes a hash: fields and values in pairs, and far fewer than a script can hand on.
const AT_ONCE: usize = 1000;

/// Is lent to a Redis or Valkey migration's Rust code.
///
/// What it reads comes from the server at once. What it writes is collected, and goes out together with the ledger's notes when the
/// code has returned: all of it or, where a key that was read by [`get`](Self::get), [`hash`](Self::hash) or a reshape has changed
/// meanwhile, nothing, and the code is called again. So code reads its own writes only after its end, and what it does besides may
/// happen more than once.
///
/// ```
/// use whimbrel::{RedisStep, Result, redis};
///
/// async fn up(step: &mut RedisStep) -> Result<()> {
///     step.write(redis::cmd("HSET").arg("config:features").arg("new_feature_enabled").arg("true"));
///     step.reshape_hash("metrics:totals", |totals| {
///         let sum: i64 = totals.values().filter_map(|total| total.parse::<i64>().ok()).sum();
///         Ok([("all".to_owned(), sum.to_string())].into())
///     })
///     .await
/// }
/// # let _ = up;
/// ```
///
/// In a cluster the writes go to their keys' nodes one after the other, and nothing is watched; see `docs/backends.md`.
#[derive(Debug)]
pub struct RedisStep {
    link: Link,
    /// None for a check.
    place: Option<Place>,
    /// Where the cursors of its scans are kept.
    cursors: Option<String>,
    pub(super) written: Vec<Words>,
    /// What was written before the first scan, or between two: it waits for the end.
    aside: Vec<Words>,
    pub(super) watches: bool,
    /// Something that was watched has changed: the code has to be called again.
    pub(super) has_changed: bool,
    reshaped: BTreeSet<Vec<u8>>,
    scan: Option<Scan>,
    scans: usize,
    pub(super) forget: Vec<Words>,
}

impl RedisStep {
    pub(super) fn new(link: Link, place: Option<Place>, cursors: Option<String>) -> Self {
        Self {
            link,
            place,
            cursors,
            written: Vec::new(),
            aside: Vec::new(),
            watches: false,
            has_changed: false,
            reshaped: BTreeSet::new(),
            scan: None,
            scans: 0,
            forget: Vec::new(),
        }
    }

    /// Sends a command that reads, and gives its answer. Nothing is watched: see [`watch`](Self::watch).
    ///
    /// The server says which commands only read. A script that reads is sent with `EVAL_RO` or `FCALL_RO` (Redis 7): `EVAL` may write.
    ///
    /// # Errors
    /// A command that may write, and what the server refuses.
    ///
    /// ```
    /// # use whimbrel::{RedisStep, Result, redis};
    /// # async fn up(step: &mut RedisStep) -> Result<()> {
    /// let members: Vec<String> = step.ask(redis::cmd("SMEMBERS").arg("app:namespaces")).await?;
    /// # let _ = members;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T> {
        let words = words(command);
        reads::check(&self.link, &words).await?;
        self.read(&words).await
    }

    /// Lets nothing be written if one of these keys changes from now on until the code has returned.
    ///
    /// # Errors
    /// The server's.
    pub async fn watch(&mut self, keys: &[&str]) -> Result<()> {
        if self.link.is_cluster() {
            return Ok(());
        }
        self.watches = true;
        let words = bytes(std::iter::once("WATCH").chain(keys.iter().copied()));
        self.link.send(&words).await.map(drop).map_err(failed)
    }

    /// Reads a string, and watches it.
    ///
    /// # Errors
    /// A key of another type, and a value that is no `T`.
    pub async fn get<T: FromRedisValue>(&mut self, key: &str) -> Result<T> {
        self.watched(key, &bytes(["GET", key])).await
    }

    /// Reads a hash, and watches it.
    ///
    /// # Errors
    /// A key of another type, and values that are no `T`.
    pub async fn hash<T: FromRedisValue>(&mut self, key: &str) -> Result<T> {
        self.watched(key, &bytes(["HGETALL", key])).await
    }

    /// Adds a command that is done when the code has returned, in the order in which they were added.
    pub fn write(&mut self, command: &Cmd) {
        self.written.push(words(command));
    }

    /// Turns a string into another one, unless somebody changes it meanwhile: then the code is called again. Its time to live stays.
    /// For a key that is written to all the time hand a script (`EVAL`) to [`write`](Self::write): nothing can come between.
    ///
    /// Nothing becomes of a key that is not there unless `change` makes something of `None`, and what becomes `None` is deleted.
    ///
    /// # Errors
    /// A key of another type, one that is reshaped a second time, and the error of `change`.
    pub async fn reshape(
        &mut self,
        key: &str,
        change: impl Fn(Option<String>) -> Result<Option<String>>,
    ) -> Result<()> {
        self.once(key)?;
        for _ in 0..ATTEMPTS {
            let old: Option<String> = self.get(key).await?;
            let new = change(old.clone())?;
            let words = match &new {
                new if *new == old => return Ok(()),
                Some(new) => bytes(["SET", key, new, "KEEPTTL"]),
                None => bytes(["DEL", key]),
            };
            let before: Vec<&str> = old.iter().map(String::as_str).collect();
            if self.change(key, lua::UNCHANGED_STRING.get(), &before, vec![words]).await? {
                return Ok(());
            }
        }
        Err(changing(key))
    }

    /// Turns a hash into another one, unless somebody changes it meanwhile: then the code is called again. Its time to live stays;
    /// only the fields that differ are written. For a key that is written to all the time see [`reshape`](Self::reshape).
    ///
    /// # Errors
    /// A key of another type, one that is reshaped a second time, and the error of `change`.
    pub async fn reshape_hash(
        &mut self,
        key: &str,
        change: impl Fn(BTreeMap<String, String>) -> Result<BTreeMap<String, String>>,
    ) -> Result<()> {
        self.once(key)?;
        for _ in 0..ATTEMPTS {
            let old: BTreeMap<String, String> = self.hash(key).await?;
            let words = difference(key, &old, &change(old.clone())?);
            let before: Vec<&str> = old.iter().flat_map(|(field, value)| [field.as_str(), value.as_str()]).collect();
            if words.is_empty() || self.change(key, lua::UNCHANGED_HASH.get(), &before, words).await? {
                return Ok(());
            }
        }
        Err(changing(key))
    }

    /// Adds commands that change what was read. In a cluster they are done at once, if that is still the same: tells whether it is.
    async fn change(&mut self, key: &str, unchanged: &str, before: &[&str], commands: Vec<Words>) -> Result<bool> {
        if !self.link.is_cluster() {
            self.written.extend(commands);
            return Ok(true);
        }
        let mut words = bytes(["EVAL", unchanged, "1", key, &before.len().to_string()]);
        words.extend(bytes(before.iter().copied()));
        for command in commands {
            words.push(command.len().to_string().into_bytes());
            words.extend(command);
        }
        if let Some(place) = &self.place {
            lease::hold(&self.link, place).await.map_err(failed)?;
        }
        let answer = self.link.send(&words).await.map_err(failed)?;
        Ok(text(&answer).as_deref() == Some("1"))
    }

    /// Gives the next keys of a pattern, some hundred at a time, and none at the end.
    ///
    /// What was written since the keys before is done first, together with the place that was reached: a run that comes later goes on
    /// from there. A key may come twice, if it stays.
    ///
    /// # Errors
    /// Another pattern before the first one's end, a key that is not UTF-8, and what the server refuses.
    ///
    /// ```
    /// # use whimbrel::{RedisStep, Result, redis};
    /// # async fn up(step: &mut RedisStep) -> Result<()> {
    /// while let Some(keys) = step.scan("session:*").await? {
    ///     for key in keys {
    ///         step.write(redis::cmd("EXPIRE").arg(key).arg(3600));
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn scan(&mut self, pattern: &str) -> Result<Option<Vec<String>>> {
        match &self.scan {
            None => {
                self.aside.append(&mut self.written);
                self.scans += 1;
                let key = self.cursors.as_ref().map(|cursors| format!("{cursors}:code:{}", self.scans));
                self.forget.extend(key.as_ref().map(|key| bytes(["UNLINK", key])));
                let prefix = self.place.as_ref().map_or("", |place| place.prefix.as_str());
                self.scan = Scan::open(&self.link, prefix, key, pattern.as_bytes()).await.map_err(failed)?;
                if self.scan.is_none() {
                    return Ok(None);
                }
            }
            Some(scan) if !scan.is_of(pattern.as_bytes()) => {
                return Err(Error::new("a scan of another pattern is not at its end yet"));
            }
            Some(_) => self.send_batch().await?,
        }
        let Some(scan) = &mut self.scan else { return Ok(None) };
        let Some((_, keys)) = scan.next().await.map_err(failed)? else {
            self.send_batch().await?;
            self.scan = None;
            return Ok(None);
        };
        let text = |key: Vec<u8>| {
            let shown = shown(std::slice::from_ref(&key));
            String::from_utf8(key).map_err(|_| Error::new(format!("the key `{shown}` is not UTF-8")))
        };
        keys.into_iter().map(text).collect::<Result<_>>().map(Some)
    }

    /// Does what was written for the last keys, and keeps the place.
    async fn send_batch(&mut self) -> Result<()> {
        let kept = self.scan.as_ref().and_then(Scan::keep);
        let (Some(place), Some(kept)) = (&self.place, kept) else { return Ok(()) };
        let mut batch = Batch::default();
        if self.link.is_cluster() {
            let written = std::mem::take(&mut self.written);
            lease::send_each(&self.link, place, &written).await.map_err(|(_, answer)| failed(answer))?;
        } else {
            self.written.iter().try_for_each(|words| check_length(words)).map_err(failed)?;
            std::mem::take(&mut self.written).into_iter().for_each(|words| batch.push(Kind::Do, words, 0));
        }
        batch.push(Kind::Keep, kept, 0);
        match send(&self.link, &batch, place, "", std::mem::take(&mut self.watches)).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.has_changed = true;
                Err(Error::new("a key that was read has changed"))
            }
            Err((_, Stop::Refused { answer, .. })) => Err(failed(answer)),
            Err((_, stop)) => Err(Error::new(format!("{stop:?}"))),
        }
    }

    /// Takes what is to be done at the end.
    pub(super) fn finish(&mut self) -> Vec<Words> {
        let mut written = std::mem::take(&mut self.aside);
        written.append(&mut self.written);
        written
    }

    /// Forgets what is watched.
    pub(super) async fn unwatch(&mut self) {
        if std::mem::take(&mut self.watches) {
            // A connection that is lost watches nothing any more.
            let _ = self.link.send(&bytes(["UNWATCH"])).await;
        }
    }

    async fn read<T: FromRedisValue>(&mut self, words: &[Vec<u8>]) -> Result<T> {
        let value = self.link.send(words).await.map_err(failed)?;
        understood(words, value)
    }

    async fn watched<T: FromRedisValue>(&mut self, key: &str, words: &[Vec<u8>]) -> Result<T> {
        self.watches = !self.link.is_cluster();
        let value = self.link.watch(key, words).await.map_err(failed)?;
        understood(words, value)
    }

    fn once(&mut self, key: &str) -> Result<()> {
        let message = "is reshaped a second time, and what the first time made of it is not there yet";
        if self.reshaped.insert(key.into()) { Ok(()) } else { Err(Error::new(format!("`{key}` {message}"))) }
    }
}

fn understood<T: FromRedisValue>(words: &[Vec<u8>], value: Value) -> Result<T> {
    let other = |error| Error::new(format!("`{}` gave something else: {error}", shown(words)));
    redis::from_redis_value(value).map_err(other)
}

/// Writes the commands that make a hash another one. First what comes: a hash without fields is gone, with its time to live.
fn difference(key: &str, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Words> {
    let set = new.iter().filter(|(field, value)| old.get(*field) != Some(*value));
    let set: Vec<&str> = set.flat_map(|(field, value)| [field.as_str(), value.as_str()]).collect();
    let gone: Vec<&str> = old.keys().filter(|field| !new.contains_key(*field)).map(String::as_str).collect();
    let commands = [("HSET", set), ("HDEL", gone)];
    let command = |name, words: &[&str]| bytes([name, key].into_iter().chain(words.iter().copied()));
    commands.iter().flat_map(|(name, words)| words.chunks(AT_ONCE).map(|words| command(*name, words))).collect()
}

fn changing(key: &str) -> Error {
    Error::new(format!(
        "`{key}` was changed by somebody else each of {ATTEMPTS} times; run again when there is less to do"
    ))
}

/// Sends a batch; tells whether it was done, or left because something that is watched has changed.
pub(super) async fn send(
    link: &Link,
    batch: &Batch,
    place: &Place,
    doing: &str,
    watches: bool,
) -> Result<bool, (usize, Stop)> {
    let program = batch.program(place, doing);
    let answer: Answer<Value> = match watches {
        false => link.send(&program).await,
        true => match link.send_unchanged(&program).await {
            Ok(None) => return Ok(false),
            Ok(Some(value)) => Ok(value),
            Err(answer) => Err(answer),
        },
    };
    batch.judge_each(answer).map(|()| true)
}

fn words(command: &Cmd) -> Words {
    let word = |argument: Arg<&[u8]>| match argument {
        Arg::Simple(bytes) => bytes.to_vec(),
        _ => b"0".to_vec(),
    };
    command.args_iter().map(word).collect()
}

pub(super) fn failed(answer: ServerError) -> Error {
    Error::new("a command failed").caused_by(answer)
}
