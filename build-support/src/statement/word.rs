//! Words of whimbrel's own in statements: there are few of them, and they live as long as the program.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A word of whimbrel's own.
pub(crate) type Word = &'static str;

/// Reads one that was written down: the same as the first of its kind.
pub(crate) fn interned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
    static WORDS: Mutex<BTreeSet<Word>> = Mutex::new(BTreeSet::new());
    let word = <&str>::deserialize(deserializer)?;
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(match words.get(word) {
        Some(known) => known,
        None => {
            let word: Word = word.to_owned().leak();
            words.insert(word);
            word
        }
    })
}
