//! Reads a lock file, strictly: what this version would not have written is a mistake at its byte.

use super::line::{self, Line, Word};
use super::{Entry, FORMAT, Lock};
use crate::report::Diagnostic;
use crate::source::Place;
use std::collections::HashMap;
use std::ops::Range;
use whimbrel_grammar::Id;
use whimbrel_grammar::names::nearest;

const KEYS: [&str; 9] = ["id", "schema", "on", "algorithm", "checksum", "text", "down", "replaced", "rules"];
/// From here on a file is no lock file, and more of the same would help nobody.
const MOST: usize = 20;
const RESTORE: &str = "bring back the last version that was committed, and seal again with `cargo whimbrel lock`";

/// Reads the text of a lock file; `file` is where its mistakes are.
///
/// # Errors
/// All mistakes, in order; of a conflict that git left, or of a newer format, that alone.
pub(crate) fn read(text: &str, file: usize) -> Result<Lock, Vec<Diagnostic>> {
    let mut reader = Reader { file, lock: Lock::default(), version: None, block: None, found: Vec::new() };
    let conflicts = conflicts(text, file);
    if !conflicts.is_empty() {
        return Err(conflicts);
    }
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let mark = if offset == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        reader.line(&line[mark..], offset + mark);
        offset += line.len();
        if reader.version.is_some_and(|version| version > FORMAT) || reader.found.len() >= MOST {
            return Err(reader.found);
        }
    }
    reader.close();
    if reader.version.is_none() && reader.found.is_empty() {
        reader.wrong(0..text.lines().next().map_or(0, str::len), "a lock file begins with `version = 1`");
    }
    reader.in_order();
    if reader.found.is_empty() { Ok(reader.lock) } else { Err(reader.found) }
}

fn conflicts(text: &str, file: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let range = offset..offset + line.trim_end().len();
        offset += line.len();
        match line::read(line, range.start) {
            Ok(Line::Conflict('<')) => open = Some(range),
            Ok(Line::Conflict('>')) => {
                let first = open.take().unwrap_or(range.clone());
                let diagnostic = Diagnostic::error(
                    "lock_conflict",
                    "two branches have sealed migrations, and git could not join them",
                )
                .at(&Place { file, range: first.clone() }, "from here");
                let diagnostic =
                    if first == range { diagnostic } else { diagnostic.at(&Place { file, range }, "to here") };
                found.push(diagnostic
                    .help("keep the side that the other branch has (`git checkout --theirs` in a merge, `--ours` in a rebase, with this file's path): it is sealed already")
                    .help("give your own migrations numbers above the last one sealed there, and seal them again: `cargo whimbrel lock`"));
            }
            _ => {}
        }
    }
    if let Some(range) = open {
        found.push(
            Diagnostic::error("lock_conflict", "this is half of a conflict that git has left")
                .at(&Place { file, range }, "begins here, and never ends")
                .help(RESTORE),
        );
    }
    found
}

struct Reader {
    file: usize,
    lock: Lock,
    version: Option<u16>,
    block: Option<Block>,
    found: Vec<Diagnostic>,
}

/// A block that is being read.
struct Block {
    header: Range<usize>,
    entry: Entry,
    seen: Vec<&'static str>,
    /// Whether a line of it was wrong already, so that what seems to be missing may stand there.
    is_wrong: bool,
}

impl Reader {
    fn wrong(&mut self, range: Range<usize>, message: impl Into<String>) {
        let place = Place { file: self.file, range };
        self.found.push(Diagnostic::error("lock_syntax", message).at(&place, "").help(RESTORE));
    }

    fn line(&mut self, line: &str, start: usize) {
        let before = self.found.len();
        match line::read(line, start) {
            Ok(Line::Empty | Line::Conflict(_)) => {}
            Ok(Line::Header) => {
                self.close();
                let header = start..start + line.trim_end().len();
                if self.version.is_none() && self.found.is_empty() {
                    self.wrong(header.clone(), "a lock file begins with `version = 1`");
                }
                self.block = Some(Block { header, entry: Entry::default(), seen: Vec::new(), is_wrong: false });
                return;
            }
            Ok(Line::Pair { key, value, is_text }) => self.pair(&key, &value, is_text),
            Err(wrong) => self.wrong(wrong.range, wrong.message),
        }
        if let Some(block) = &mut self.block {
            block.is_wrong |= self.found.len() > before;
        }
    }

    fn pair(&mut self, key: &Word<'_>, value: &Word<'_>, is_text: bool) {
        if self.block.is_none() {
            return self.version(key, value, is_text);
        }
        let Some(known) = KEYS.into_iter().find(|known| *known == key.text) else {
            let meant = nearest(key.text, KEYS).map(|meant| format!(", did you mean `{meant}`?"));
            let message = format!("a migration has no `{}`{}", key.text, meant.unwrap_or_default());
            return self.wrong(key.range.clone(), message);
        };
        let Some(block) = &mut self.block else { return };
        if block.seen.contains(&known) {
            return self.wrong(key.range.clone(), format!("`{known}` is given twice"));
        }
        block.seen.push(known);
        if let Err(message) = set(&mut block.entry, known, value, is_text) {
            self.wrong(value.range.clone(), message);
        }
    }

    fn version(&mut self, key: &Word<'_>, value: &Word<'_>, is_text: bool) {
        if key.text != "version" || self.version.is_some() {
            return self.wrong(key.range.clone(), "this stands before the first `[[migration]]`");
        }
        match value.text.parse::<u16>() {
            Ok(version) if version > FORMAT && !is_text => {
                self.version = Some(version);
                let place = Place { file: self.file, range: value.range.clone() };
                self.found.push(
                    Diagnostic::error("lock_version", format!("this lock file has format {version}; this whimbrel reads format {FORMAT}"))
                        .at(&place, "written by a newer whimbrel")
                        .help("update `whimbrel-build` to the version that the others of your team have: `cargo update whimbrel-build`"),
                );
            }
            Ok(version) if version == FORMAT && !is_text => self.version = Some(version),
            _ => {
                self.version = Some(FORMAT);
                self.wrong(value.range.clone(), format!("the format is a number from 1 to {FORMAT}"));
            }
        }
    }

    /// Ends a block: all that has to be there is there.
    fn close(&mut self) {
        let Some(block) = self.block.take() else { return };
        if !block.is_wrong {
            for key in ["id", "algorithm", "checksum", "rules"] {
                if !block.seen.contains(&key) {
                    return self.wrong(block.header, format!("this migration has no `{key}`"));
                }
            }
            self.lock.entries.push(block.entry);
        }
    }

    /// Reports ids that stand twice or behind a later one.
    fn in_order(&mut self) {
        let mut seen: HashMap<&str, Vec<&Entry>> = HashMap::new();
        let mut last: Option<(&Entry, i64)> = None;
        for entry in &self.lock.entries {
            let here = Place { file: self.file, range: entry.places.id.clone() };
            let before = seen.entry(&entry.id).or_default();
            // Those of several databases say which.
            let same = |other: &&&Entry| other.on.is_none() || entry.on.is_none() || other.on == entry.on;
            let first = before.iter().find(same).map(|other| other.places.id.clone());
            before.push(entry);
            if let Some(range) = first {
                let first = Place { file: self.file, range };
                self.found.push(
                    Diagnostic::error("lock_duplicate", format!("`{}` is sealed twice", entry.id))
                        .at(&here, "once more here")
                        .at(&first, "here first")
                        .help("take out the block that does not belong to your branch's history; `git log -p` of this file shows which was there first"),
                );
                continue;
            }
            let number = Id::parse(&entry.id).map_or(i64::MAX, |id| id.number);
            match last {
                Some((before, reached)) if reached > number => {
                    let place = Place { file: self.file, range: before.places.id.clone() };
                    self.found.push(
                        Diagnostic::error(
                            "lock_order",
                            format!("`{}` is sealed behind `{}`, which applies later", entry.id, before.id),
                        )
                        .at(&here, "applies first")
                        .at(&place, "applies after it")
                        .help("put the blocks into the order of their numbers"),
                    );
                }
                _ => last = Some((entry, number)),
            }
        }
    }
}

/// Sets one value of an entry.
fn set(entry: &mut Entry, key: &str, value: &Word<'_>, is_text: bool) -> Result<(), String> {
    let (text, range) = (value.text.to_owned(), value.range.clone());
    if matches!(key, "algorithm" | "rules") {
        let number = value.text.parse().ok().filter(|_| !is_text);
        let number = number.ok_or_else(|| format!("`{key}` is a whole number from 0 to {}", u16::MAX))?;
        *(if key == "rules" { &mut entry.rules } else { &mut entry.algorithm }) = number;
        return Ok(());
    }
    if !is_text {
        return Err(format!("the value of `{key}` stands between quotes"));
    }
    if matches!(key, "checksum" | "text" | "down") && !is_checksum(value.text) {
        return Err("a checksum is 64 digits, 0 to 9 and a to f".to_owned());
    }
    let places = &mut entry.places;
    match key {
        "id" | "replaced" if !Id::parse(value.text).is_ok_and(|id| id.text == value.text) => {
            return Err(format!("`{text}` is no migration's id"));
        }
        "id" => (entry.id, places.id) = (text, range),
        "replaced" => entry.replaced = Some(text),
        "checksum" => (entry.checksum, places.checksum) = (text, range),
        "text" => (entry.text, places.text) = (Some(text), Some(range)),
        "down" => (entry.down, places.down) = (Some(text), Some(range)),
        "on" => (entry.on, places.on) = (Some(text), Some(range)),
        _ => (entry.schema, places.schema) = (Some(text), Some(range)),
    }
    Ok(())
}

fn is_checksum(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
