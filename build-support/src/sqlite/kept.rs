//! What an earlier proof has found out, as a text: what each migration named and what it changed.
//!
//! A record ends with U+001E, a field with U+001F, a part of a field with U+001D; a migration's records begin with one `S`
//! and end with one `A`. Where one of these characters stands in a chain itself, nothing is kept from there on.

use super::migration::Outcome;
use super::names::{Certainty, Gone, Key};
use super::object::{Described, Object, ObjectKind};
use super::world::Delta;
use crate::catalog::Site;
use crate::effect::{Touch, Work};
use crate::rules::{self, Verdict};
use std::ops::Range;
use std::sync::Arc;

const RECORD: char = '\u{1e}';
const FIELD: char = '\u{1f}';
const PART: char = '\u{1d}';

/// Begins what is kept: another version of whimbrel or of SQLite has nothing to say.
pub(super) fn heading(edition: &str) -> String {
    format!("{} 5 {edition}{RECORD}", env!("CARGO_PKG_VERSION"))
}

/// Writes down what is known of a migration; `None` where that can't be written.
pub(super) fn entry(key: &str, outcome: &Outcome) -> Option<String> {
    let mut writer = Writer { text: String::new(), is_sound: true };
    writer.outcome(key, outcome);
    writer.is_sound.then_some(writer.text)
}

/// What an earlier proof knew of a migration.
#[derive(Debug)]
pub(super) struct Entry<'k> {
    /// The whole of it.
    pub(super) text: &'k str,
    pub(super) key: &'k str,
    words: &'k str,
    pub(super) outcome: Outcome,
}

impl Entry<'_> {
    /// Tells whether the migration depended on what has a name, folded.
    pub(super) fn names(&self, word: &str) -> bool {
        self.words == ALL || self.words.contains(&format!("{PART}{word}{PART}"))
    }
}

/// Stands for more words than are worth writing down.
const ALL: &str = "*";
/// So many words are.
const WORDS: usize = 10_000;

struct Writer {
    text: String,
    is_sound: bool,
}

impl Writer {
    fn outcome(&mut self, key: &str, outcome: &Outcome) {
        let words = match outcome.words.len() > WORDS || outcome.words.iter().any(|word| word.contains(PART)) {
            true => ALL.to_owned(),
            false => format!("{PART}{}{PART}", outcome.words.join("\u{1d}")),
        };
        self.record(&["S", key, &words]);
        self.delta("U", &outcome.delta);
        if let Some(undone) = &outcome.undone {
            self.delta("D", undone);
        }
        for (key, age, certainty) in &outcome.said.entries {
            let age = age.to_string();
            let (kind, name, column) = match key {
                Key::Relation(name) => ("r", name, ""),
                Key::Trigger(name) => ("t", name, ""),
                Key::Column(name, column) => ("c", name, column.as_str()),
            };
            let (what, to, site) = match certainty {
                Certainty::Exact => ("e", "", None),
                Certainty::Loose => ("l", "", None),
                Certainty::Gone(Gone { site, to: None }) => ("d", "", Some(site)),
                Certainty::Gone(Gone { site, to: Some(to) }) => ("m", to.as_str(), Some(site)),
            };
            let site = site.map(|site| format!("{} {} {}", site.script, site.range.start, site.range.end));
            self.record(&["N", kind, name, column, &age, what, to, &site.unwrap_or_default()]);
        }
        for verdict in &outcome.verdicts {
            self.verdict(verdict);
        }
        for Touch { relation, work, .. } in &outcome.touches {
            self.record(&["T", relation, if *work == Work::Build { "b" } else { "r" }]);
        }
        let differences = serde_json::to_string(&outcome.differences);
        self.is_sound &= differences.is_ok();
        self.record(&["C", &differences.unwrap_or_default()]);
        self.record(&["A", &outcome.said.age.to_string(), if outcome.opaque { "1" } else { "0" }]);
    }

    fn verdict(&mut self, verdict: &Verdict) {
        let Verdict { rule, range, message, label, help, related, .. } = verdict;
        let bytes = |range: &Range<usize>| format!("{} {}", range.start, range.end);
        let (place, words) = related.as_ref().map_or_else(Default::default, |(at, words)| (bytes(at), words.clone()));
        self.is_sound &= !help.iter().any(|help| help.contains(PART));
        self.record(&["V", rule.name, &bytes(range), message, label, &help.join("\u{1d}"), &place, &words]);
    }

    fn delta(&mut self, which: &str, delta: &Delta) {
        let flag = |flag: bool| if flag { "1" } else { "0" };
        self.record(&[which, flag(delta.has_sequences), flag(delta.has_statistics)]);
        for object in &delta.put {
            let Object { name, table, sql, words, described, .. } = object.as_ref();
            self.is_sound &= !words.iter().any(|word| word.contains(PART));
            self.record(&["P", letter(object.kind), name, table, sql, &words.join("\u{1d}"), described.json()]);
        }
        for (what, keys) in [("R", &delta.removed), ("B", &delta.broken), ("O", &delta.sound)] {
            for key in keys {
                let (Key::Relation(name) | Key::Trigger(name) | Key::Column(name, _)) = key;
                self.record(&[what, if matches!(key, Key::Trigger(_)) { "t" } else { "r" }, name]);
            }
        }
    }

    fn record(&mut self, fields: &[&str]) {
        for field in fields {
            self.is_sound &= !field.contains([RECORD, FIELD]);
            self.text.push_str(field);
            self.text.push(FIELD);
        }
        self.text.push(RECORD);
    }
}

/// Reads what was kept.
#[derive(Debug)]
pub(super) struct Reader<'k> {
    text: &'k str,
    at: usize,
}

impl<'k> Reader<'k> {
    /// Begins where the heading is this one; `None` where it isn't.
    pub(super) fn new(text: &'k str, heading: &str) -> Option<Reader<'k>> {
        text.starts_with(heading).then_some(Reader { text, at: heading.len() })
    }

    /// Reads the next migration; `None` at the end, and where what comes can't be read.
    pub(super) fn next(&mut self) -> Option<Entry<'k>> {
        let start = self.at;
        let mut records = self.text.get(start..)?.split_inclusive(RECORD);
        let first = records.next()?;
        let mut at = start + first.len();
        let &["S", key, words] = fields(first).as_slice() else { return None };
        let mut outcome = Outcome::default();
        for record in records {
            at += record.len();
            let fields = fields(record);
            match fields.as_slice() {
                ["U", sequences, statistics] => outcome.delta = empty(sequences, statistics),
                ["D", sequences, statistics] => outcome.undone = Some(empty(sequences, statistics)),
                ["N", kind, name, column, age, what, to, site] => {
                    let entry = (name_key(kind, name, column)?, age.parse().ok()?, certainty(what, to, site)?);
                    outcome.said.entries.push(entry);
                }
                ["V", rest @ ..] => outcome.verdicts.push(verdict(rest)?),
                ["T", relation, work] => outcome.touches.push(Touch {
                    relation: (*relation).to_owned(),
                    lock: None,
                    work: if *work == "b" { Work::Build } else { Work::Rewrite },
                }),
                ["C", differences] => outcome.differences = serde_json::from_str(differences).ok()?,
                ["A", age, opaque] => {
                    (outcome.said.age, outcome.opaque) = (age.parse().ok()?, *opaque == "1");
                    self.at = at;
                    return Some(Entry { text: self.text.get(start..at)?, key, words, outcome });
                }
                fields => change(outcome.undone.as_mut().unwrap_or(&mut outcome.delta), fields)?,
            }
        }
        None
    }
}

fn verdict(fields: &[&str]) -> Option<Verdict> {
    let [rule, at, message, label, help, place, words] = fields else { return None };
    let mut verdict = Verdict::new(rules::find(rule)?, range(at)?, *message, *label);
    verdict.help.extend(help.split(PART).filter(|help| !help.is_empty()).map(str::to_owned));
    verdict.related = range(place).map(|range| (range, (*words).to_owned()));
    Some(verdict)
}

fn range(text: &str) -> Option<Range<usize>> {
    let (start, end) = text.split_once(' ')?;
    Some(start.parse().ok()?..end.parse().ok()?)
}

fn fields(record: &str) -> Vec<&str> {
    let Some(record) = record.strip_suffix(RECORD) else { return Vec::new() };
    let mut fields: Vec<&str> = record.split(FIELD).collect();
    fields.pop();
    fields
}

fn empty(sequences: &str, statistics: &str) -> Delta {
    Delta { has_sequences: sequences == "1", has_statistics: statistics == "1", ..Delta::default() }
}

fn change(delta: &mut Delta, fields: &[&str]) -> Option<()> {
    match fields {
        ["P", kind, name, table, sql, words, described] => delta.put.push(Arc::new(Object {
            kind: KINDS.iter().find(|(_, letter)| letter == kind)?.0,
            name: (*name).to_owned(),
            table: (*table).to_owned(),
            sql: (*sql).to_owned(),
            words: words.split(PART).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            described: Described::kept(described),
        })),
        ["R", kind, name] => delta.removed.push(name_key(kind, name, "")?),
        ["B", kind, name] => delta.broken.push(name_key(kind, name, "")?),
        ["O", kind, name] => delta.sound.push(name_key(kind, name, "")?),
        _ => return None,
    }
    Some(())
}

const KINDS: [(ObjectKind, &str); 6] = [
    (ObjectKind::Table, "t"),
    (ObjectKind::Virtual, "m"),
    (ObjectKind::Shadow, "s"),
    (ObjectKind::View, "v"),
    (ObjectKind::Index, "i"),
    (ObjectKind::Trigger, "g"),
];

fn letter(kind: ObjectKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, letter)| letter)
}

fn name_key(kind: &str, name: &str, column: &str) -> Option<Key> {
    let name = name.to_owned();
    match kind {
        "r" => Some(Key::Relation(name)),
        "t" => Some(Key::Trigger(name)),
        "c" => Some(Key::Column(name, column.to_owned())),
        _ => None,
    }
}

fn certainty(what: &str, to: &str, site: &str) -> Option<Certainty> {
    let gone = |to: Option<String>| {
        let mut numbers = site.split(' ').map(|number| number.parse::<usize>().ok());
        let (script, start, end) = (numbers.next()??, numbers.next()??, numbers.next()??);
        Some(Certainty::Gone(Gone { site: Site { script, range: start..end }, to }))
    };
    match what {
        "e" => Some(Certainty::Exact),
        "l" => Some(Certainty::Loose),
        "d" => gone(None),
        "m" => gone(Some(to.to_owned())),
        _ => None,
    }
}
