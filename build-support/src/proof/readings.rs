//! What the grammar made of scripts, kept from one proof to the next: reading is most of what a proof costs.
//!
//! A reading depends on its text and on nothing else, so what is kept counts for a text that is the same to the byte,
//! wherever it stands. All that follows from it is found out anew each time.

use crate::postgres::{self, Reading};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Scripts with what the grammar made of them, as they are kept.
type Entries<'a> = Vec<(&'a str, Cow<'a, [u8]>)>;

/// Reads scripts; those that were read before aren't read again.
#[derive(Debug)]
pub(super) struct Readings<'a> {
    known: HashMap<&'a str, &'a [u8]>,
    used: HashSet<&'a str>,
    entries: Entries<'a>,
}

impl<'a> Readings<'a> {
    /// Begins with what an earlier proof has kept; what can't be understood of it counts for nothing.
    pub(super) fn new(kept: &'a [u8]) -> Readings<'a> {
        let entries: Vec<(&str, &[u8])> = postcard::from_bytes(kept).unwrap_or_default();
        Readings { known: entries.into_iter().collect(), used: HashSet::new(), entries: Vec::new() }
    }

    /// Reads a script.
    pub(super) fn read(&mut self, text: &'a str) -> Reading {
        let known = self.known.get(text).copied();
        if let Some((statements, bytes)) = known.and_then(|bytes| Some((postcard::from_bytes(bytes).ok()?, bytes))) {
            self.keep(text, Cow::Borrowed(bytes));
            return Reading { statements, errors: Vec::new() };
        }
        let reading = postgres::read(text);
        if is_to_be_kept(text, &reading)
            && let Ok(bytes) = postcard::to_stdvec(&reading.statements)
        {
            self.keep(text, Cow::Owned(bytes));
        }
        reading
    }

    fn keep(&mut self, text: &'a str, bytes: Cow<'a, [u8]>) {
        if self.used.insert(text) {
            self.entries.push((text, bytes));
        }
    }

    /// Gives what the next proof may begin with.
    pub(super) fn kept(&self) -> Vec<u8> {
        postcard::to_stdvec(&self.entries).unwrap_or_default()
    }
}

/// What is wrong is read again each time, and so are blocks with parts, of which several acts share one, and what is so deep
/// that taking it up again would need more room than any thread has.
fn is_to_be_kept(text: &str, reading: &Reading) -> bool {
    let mut acts = reading.statements.iter().flat_map(|statement| &statement.acts);
    reading.errors.is_empty() && acts.all(|act| act.branch.is_none()) && postgres::is_shallow(text)
}
