//! Words of whimbrel's own in statements: there are few of them, and they live as long as the program.

use crate::encoding::{Decoder, Encoded, encode_bytes};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A word of whimbrel's own.
pub(crate) type Word = &'static str;

impl Encoded for Word {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_bytes(self.as_bytes(), to);
    }

    /// Gives the same as the first of its kind.
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        static WORDS: Mutex<BTreeSet<Word>> = Mutex::new(BTreeSet::new());
        let word = from.text()?;
        let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = words.get(word) {
            return Some(known);
        }
        let word: Word = word.to_owned().leak();
        words.insert(word);
        Some(word)
    }
}
