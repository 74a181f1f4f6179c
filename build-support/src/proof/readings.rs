//! What the grammar made of scripts, kept from one proof to the next: reading is most of what a proof costs.
//!
//! A reading depends on its text and on nothing else, so what is kept counts for a text that is the same to the byte,
//! wherever it stands. All that follows from it is found out anew each time.

use crate::encoding::{self, Decoder, encode_bytes};
use crate::postgres::{self, Reading};
use std::collections::{HashMap, HashSet};

/// Reads scripts; those that were read before aren't read again.
#[derive(Debug)]
pub(super) struct Readings<'a> {
    known: HashMap<&'a str, &'a [u8]>,
    used: HashSet<&'a str>,
    /// Each script with what the grammar made of it.
    kept: Vec<u8>,
}

impl<'a> Readings<'a> {
    /// Begins with what an earlier proof has kept; what can't be understood of it counts for nothing.
    pub(super) fn new(kept: &'a [u8]) -> Readings<'a> {
        let mut decoder = Decoder::new(kept);
        let entries = std::iter::from_fn(|| Some((decoder.text()?, decoder.bytes()?)));
        Readings { known: entries.collect(), used: HashSet::new(), kept: Vec::new() }
    }

    /// Reads a script.
    pub(super) fn read(&mut self, text: &'a str) -> Reading {
        let known = self.known.get(text).copied();
        if let Some((statements, bytes)) = known.and_then(|bytes| Some((encoding::decode(bytes)?, bytes))) {
            self.keep(text, bytes);
            return Reading { statements, errors: Vec::new() };
        }
        let reading = postgres::read(text);
        if is_to_be_kept(text, &reading) {
            self.keep(text, &encoding::encode(&reading.statements));
        }
        reading
    }

    fn keep(&mut self, text: &'a str, bytes: &[u8]) {
        if self.used.insert(text) {
            encode_bytes(text.as_bytes(), &mut self.kept);
            encode_bytes(bytes, &mut self.kept);
        }
    }

    /// Gives what the next proof may begin with.
    pub(super) fn kept(self) -> Vec<u8> {
        self.kept
    }
}

/// What is wrong is read again each time, and so are blocks with parts, of which several acts share one, and what is so deep
/// that taking it up again would need more room than any thread has.
fn is_to_be_kept(text: &str, reading: &Reading) -> bool {
    let mut acts = reading.statements.iter().flat_map(|statement| &statement.acts);
    reading.errors.is_empty() && acts.all(|act| act.branch.is_none()) && postgres::is_shallow(text)
}
