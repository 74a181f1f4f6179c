//! What an earlier proof has found out: what each migration named and what it changed.

use super::migration::{Differences, Outcome};
use super::names::{Certainty, Gone, Key, Said};
use super::object::{Object, ObjectKind};
use super::world::Delta;
use crate::effect::{Lock, Touch, Work};
use crate::encoding::{Decoder, Encoded, encode_bytes, encoded};
use crate::rules::{self, Verdict};

/// Begins what is kept: another version of SQLite has nothing to say.
pub(super) fn heading(edition: &str) -> Vec<u8> {
    let mut kept = Vec::new();
    encode_bytes(edition.as_bytes(), &mut kept);
    kept
}

/// Writes down what is known of a migration.
pub(super) fn entry(key: &str, outcome: &Outcome) -> Vec<u8> {
    let mut entry = Vec::new();
    encode_bytes(key.as_bytes(), &mut entry);
    encode_bytes(words(outcome).as_bytes(), &mut entry);
    outcome.encode(&mut entry);
    entry
}

/// What an earlier proof knew of a migration.
#[derive(Debug)]
pub(super) struct Entry<'k> {
    /// The whole of it.
    pub(super) bytes: &'k [u8],
    pub(super) key: &'k str,
    words: &'k str,
    pub(super) outcome: Outcome,
}

/// Stands between words, and around them.
const PART: char = '\u{1d}';
/// Stands for more words than are worth writing down.
const ALL: &str = "*";
/// So many words are.
const WORDS: usize = 10_000;

impl Entry<'_> {
    /// Tells whether the migration depended on what has a name, folded.
    pub(super) fn names(&self, word: &str) -> bool {
        self.words == ALL || self.words.contains(&format!("{PART}{word}{PART}"))
    }
}

fn words(outcome: &Outcome) -> String {
    match outcome.words.len() > WORDS || outcome.words.iter().any(|word| word.contains(PART)) {
        true => ALL.to_owned(),
        false => format!("{PART}{}{PART}", outcome.words.join("\u{1d}")),
    }
}

/// Reads what was kept.
#[derive(Debug)]
pub(super) struct Reader<'k> {
    entries: Decoder<'k>,
}

impl<'k> Reader<'k> {
    /// Begins where the heading is this one; `None` where it isn't.
    pub(super) fn new(kept: &'k [u8], heading: &[u8]) -> Option<Reader<'k>> {
        kept.strip_prefix(heading).map(|entries| Reader { entries: Decoder::new(entries) })
    }

    /// Reads the next migration; `None` at the end, and where what comes can't be read.
    pub(super) fn next(&mut self) -> Option<Entry<'k>> {
        let bytes = self.entries.bytes()?;
        let mut entry = Decoder::new(bytes);
        let (key, words) = (entry.text()?, entry.text()?);
        let outcome = Outcome::decode(&mut entry)?;
        entry.is_at_end().then_some(Entry { bytes, key, words, outcome })
    }
}

impl Encoded for Outcome {
    fn encode(&self, to: &mut Vec<u8>) {
        let Outcome { delta, undone, said, opaque, verdicts, touches, differences, words: _, believed: _ } = self;
        delta.encode(to);
        undone.encode(to);
        said.encode(to);
        opaque.encode(to);
        verdicts.encode(to);
        touches.encode(to);
        differences.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(Outcome {
            delta: Encoded::decode(from)?,
            undone: Encoded::decode(from)?,
            said: Encoded::decode(from)?,
            opaque: Encoded::decode(from)?,
            verdicts: Encoded::decode(from)?,
            touches: Encoded::decode(from)?,
            differences: Encoded::decode(from)?,
            ..Outcome::default()
        })
    }
}

encoded!(Delta { put, removed, broken, sound, has_sequences, has_statistics });
encoded!(Object { kind, name, table, sql, words, described });
encoded!(ObjectKind is Table, Virtual, Shadow, View, Index, Trigger);

encoded!(Said { entries, age });
encoded!(Key is Relation(name), Trigger(name), Column(table, name));
encoded!(Certainty is Exact, Loose, Gone(gone));
encoded!(Gone { site, to });

impl Encoded for &'static rules::Rule {
    fn encode(&self, to: &mut Vec<u8>) {
        encode_bytes(self.name.as_bytes(), to);
    }

    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        rules::find(from.text()?)
    }
}

encoded!(Verdict { rule, range, message, label, help, related, unless_made });
encoded!(Touch { relation, lock, work });
encoded!(Lock is
    AccessShare, RowShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive
);
encoded!(Work is Nothing, Scan, ForeignKeyScan, Build, Rewrite);
encoded!(Differences { changes, remains });
