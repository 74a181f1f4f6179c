//! whimbrel's own statements about many keys: `WHIMBREL.UNLINK a:*`, `WHIMBREL.COPY a:* TO b:*`, `WHIMBREL.RENAME a:* TO b:*`.

use super::answer::Answer;
use super::line::Words;
use super::link::bytes;
use super::scan::beginning_with;
use crate::error::ServerError;

/// Holds such a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Many {
    Unlink { old: Vec<u8> },
    Copy { old: Vec<u8>, new: Vec<u8> },
    Rename { old: Vec<u8>, new: Vec<u8> },
}

/// Renames each key that is still there; to do so a second time does nothing.
const RENAME: &str = "for n = 1, #KEYS, 2 do if redis.call('EXISTS', KEYS[n]) == 1 then redis.call('RENAME', KEYS[n], KEYS[n + 1]) end end";

impl Many {
    /// Tells it from the server's commands.
    pub(super) fn is_one(words: &[Vec<u8>]) -> bool {
        words.first().is_some_and(|word| word.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"WHIMBREL.")))
    }

    /// Reads one.
    pub(super) fn read(words: &[Vec<u8>]) -> Answer<Self> {
        let wrong = |what: &str| ServerError::other(format!("`{}`: {what}", super::line::shown(words)));
        let prefix = |pattern: &Vec<u8>| match pattern.strip_suffix(b"*") {
            Some(prefix) if !prefix.is_empty() => Ok(prefix.to_vec()),
            _ => Err(wrong("a pattern is a prefix with one `*` behind it")),
        };
        let is = |word: &Vec<u8>, name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        match words {
            [name, keys] if is(name, "WHIMBREL.UNLINK") => Ok(Self::Unlink { old: prefix(keys)? }),
            [name, from, to, into] if is(to, "TO") => {
                let (old, new) = (prefix(from)?, prefix(into)?);
                if old.starts_with(&new) || new.starts_with(&old) {
                    return Err(wrong(
                        "one of the prefixes begins with the other, and what is written would be read again",
                    ));
                }
                match () {
                    () if is(name, "WHIMBREL.COPY") => Ok(Self::Copy { old, new }),
                    () if is(name, "WHIMBREL.RENAME") => Ok(Self::Rename { old, new }),
                    () => Err(wrong("there is no such statement")),
                }
            }
            _ => {
                Err(wrong("there are `WHIMBREL.UNLINK a:*`, `WHIMBREL.COPY a:* TO b:*`, `WHIMBREL.RENAME a:* TO b:*`"))
            }
        }
    }

    /// Refuses to write to the keys of whimbrel's own.
    pub(super) fn spare(&self, prefix: &str) -> Answer<()> {
        let own = format!("{{{prefix}}}:").into_bytes();
        match self {
            Self::Copy { new, .. } | Self::Rename { new, .. } if new.starts_with(&own) || own.starts_with(new) => {
                let new = String::from_utf8_lossy(new);
                Err(ServerError::other(format!("`{new}*` may be whimbrel's own keys; nothing was copied or renamed")))
            }
            _ => Ok(()),
        }
    }

    /// Gives the pattern of the keys that it is about.
    pub(super) fn pattern(&self) -> Vec<u8> {
        let (Self::Unlink { old } | Self::Copy { old, .. } | Self::Rename { old, .. }) = self;
        beginning_with(old)
    }

    /// Gives the new name of a key; none where it gets none.
    pub(super) fn renamed(&self, key: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Unlink { .. } => None,
            Self::Copy { old, new } | Self::Rename { old, new } => Some(renamed(key, old, new)),
        }
    }

    /// Tells whether the old name is gone afterwards.
    pub(super) fn moves(&self) -> bool {
        matches!(self, Self::Rename { .. })
    }

    /// Writes the commands that do it to these keys of one server.
    pub(super) fn commands(&self, keys: &[Vec<u8>]) -> Vec<Words> {
        match self {
            Self::Unlink { .. } => {
                let mut words = bytes(["UNLINK"]);
                words.extend(keys.iter().cloned());
                vec![words]
            }
            Self::Copy { old, new } => keys
                .iter()
                .map(|key| {
                    let mut words = bytes(["COPY"]);
                    words.extend([key.clone(), renamed(key, old, new)]);
                    words.extend(bytes(["REPLACE"]));
                    words
                })
                .collect(),
            Self::Rename { old, new } => {
                let mut words = bytes(["EVAL", RENAME]);
                words.push((keys.len() * 2).to_string().into_bytes());
                words.extend(keys.iter().flat_map(|key| [key.clone(), renamed(key, old, new)]));
                vec![words]
            }
        }
    }
}

fn renamed(key: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    [new, key.strip_prefix(old).unwrap_or(key)].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Many;
    use crate::backend::redis::line::{shown, split};

    fn read(line: &str) -> Result<Many, String> {
        Many::read(&split(line).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn whimbrels_own_keys_are_spared() {
        for line in
            ["WHIMBREL.COPY a:* TO {whimbrel}:*", "WHIMBREL.RENAME a:* TO {whim*", "WHIMBREL.COPY a:* TO {whimbrel}:h*"]
        {
            assert!(read(line).unwrap().spare("whimbrel").is_err(), "{line}");
        }
        for line in ["WHIMBREL.COPY a:* TO b:*", "WHIMBREL.UNLINK {whimbrel}:*"] {
            assert!(read(line).unwrap().spare("whimbrel").is_ok(), "{line}");
        }
    }

    #[test]
    fn a_statement_is_a_prefix_or_two() {
        assert_eq!(read("WHIMBREL.UNLINK a:*").unwrap(), Many::Unlink { old: b"a:".to_vec() });
        let rename = read("whimbrel.rename a:* to b:*").unwrap();
        assert_eq!(rename, Many::Rename { old: b"a:".to_vec(), new: b"b:".to_vec() });
        for wrong in [
            "WHIMBREL.UNLINK *",
            "WHIMBREL.UNLINK a",
            "WHIMBREL.COPY a:* TO a:b:*",
            "WHIMBREL.MOVE a:* TO b:*",
            "WHIMBREL.COPY a:*",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_rest_of_a_key_stays() {
        let copy = read("WHIMBREL.COPY a:* TO b:*").unwrap();
        let commands = copy.commands(&[b"a:1".to_vec(), b"a:a:2".to_vec()]);
        assert_eq!(
            commands.iter().map(|words| shown(words)).collect::<Vec<_>>(),
            ["COPY a:1 b:1 REPLACE", "COPY a:a:2 b:a:2 REPLACE"]
        );
    }
}
