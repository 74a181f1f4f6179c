//! What the rows of a ledger mean, whatever language they were asked for in.

use super::{Language, SELF};
use crate::backend::Rows;
use crate::history::{Attempt, Entry, Record};
use crate::registry::{Database, Migrations, Registry};
use std::time::Duration;

/// Tells by one query whether everything is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glance {
    pub(crate) format: i64,
    pub(crate) complete: bool,
    /// It has more rows than there are migrations: a newer program has been here.
    pub(crate) newer: bool,
}

/// Understands what [`Ledger::glance`] asked: count, format, the rows' digest or the rows themselves, and how many are half rolled back.
pub(crate) fn glance(rows: &Rows, registry: &Registry, database: &Database, hashed: bool) -> Glance {
    let row = rows.first().map(Vec::as_slice).unwrap_or_default();
    let cell = |n: usize| row.get(n).and_then(Option::as_deref).unwrap_or_default();
    let number = |n: usize| cell(n).parse::<i64>().unwrap_or(0);
    // Of a chain that was compiled the digest is a constant, and says everything without reading the chain.
    let compiled = matches!(registry.migrations, Migrations::Listed(_)) && number(0) > 0;
    let is_whole = number(3) == 0;
    if compiled && is_whole && database.digest == if hashed { cell(2).into() } else { digest(cell(2)) } {
        return Glance { format: number(1), complete: true, newer: false };
    }
    let own = || registry.migrations().iter().filter(|m| m.database == database.name);
    let mine = || own().flat_map(|m| std::iter::once(m).chain(m.covered()));
    let complete = is_whole
        && mine().count() as i64 == number(0)
        && (number(0) == 0
            || if hashed { cell(2) == database.digest } else { are(cell(2), mine().map(|m| (m.id, m.checksum))) });
    Glance { format: number(1), complete, newer: number(0) > mine().count() as i64 }
}

/// Hashes lines as they came, which is nearly always the order of the chain.
#[cfg(any(feature = "sqlite", feature = "redis", feature = "neo4j", feature = "mongodb"))]
fn digest(lines: &str) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;
    let mut hex = String::with_capacity(64);
    Sha256::digest(lines).iter().for_each(|byte| {
        let _ = write!(hex, "{byte:02x}");
    });
    hex
}

#[cfg(not(any(feature = "sqlite", feature = "redis", feature = "neo4j", feature = "mongodb")))]
fn digest(_: &str) -> String {
    String::new()
}

/// Tells whether lines `id checksum`, in any order, are those of these migrations: each once, and no more.
fn are<'a>(lines: &str, migrations: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    let mut lines: Vec<_> = lines.split('\n').map(|line| line.rsplit_once(' ')).collect();
    let mut wanted: Vec<_> = migrations.map(Some).collect();
    lines.sort_unstable();
    wanted.sort_unstable();
    lines == wanted
}

struct Cells<'a>(std::slice::Iter<'a, Option<String>>);

impl Cells<'_> {
    fn optional(&mut self) -> Option<String> {
        self.0.next().cloned().flatten()
    }
    fn text(&mut self) -> String {
        self.optional().unwrap_or_default()
    }
    fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        self.optional().and_then(|text| text.parse().ok())
    }
    fn truth(&mut self) -> bool {
        matches!(self.text().as_str(), "t" | "1" | "true")
    }
}

/// Holds what [`Ledger::read`] asked for.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) records: Vec<Record>,
    /// The ids of those that were applied and have no record.
    pub(crate) lost: Vec<String>,
    pub(crate) format: i64,
    /// The newest event.
    pub(crate) newest: Option<i64>,
}

/// Understands the rows of [`Ledger::read`].
pub(crate) fn records(rows: &Rows, language: &dyn Language) -> Recorded {
    let mut recorded = Recorded { records: Vec::with_capacity(rows.len()), ..Recorded::default() };
    for row in rows {
        let mut cells = Cells(row.iter());
        if row.len() == 1 {
            recorded.lost.push(cells.text());
            continue;
        }
        let registry = cells.text();
        let record = Record {
            id: cells.text(),
            database: cells.text(),
            number: cells.number().unwrap_or_default(),
            name: cells.text(),
            source: cells.text(),
            kind: cells.text(),
            phase: cells.optional(),
            schema_version: cells.optional(),
            checksum: cells.text(),
            checksum_algorithm: cells.number().unwrap_or_default(),
            text_checksum: cells.optional(),
            down_checksum: cells.optional(),
            transactional: cells.truth(),
            out_of_order: cells.truth(),
            applied_at: cells.text(),
            applied_by: cells.text(),
            duration: cells.number().map(Duration::from_millis),
            rollback: cells.optional().map(|text| language.parted(&text)).unwrap_or_default(),
            app_version: cells.optional(),
            whimbrel_version: cells.text(),
            rollback_started_at: cells.optional(),
        };
        recorded.newest = cells.number();
        if registry == SELF {
            recorded.format = recorded.format.max(record.number);
        } else {
            recorded.records.push(record);
        }
    }
    recorded
}

/// Understands the rows of [`Ledger::read_attempts`].
pub(crate) fn attempts(rows: &Rows) -> Vec<Attempt> {
    let attempt = |row: &Vec<Option<String>>| {
        let mut cells = Cells(row.iter());
        Attempt {
            id: cells.text(),
            database: cells.text(),
            event: cells.text(),
            at: cells.text(),
            statement: cells.number(),
            statements: cells.number(),
            message: cells.optional(),
        }
    };
    rows.iter().map(attempt).collect()
}

/// Understands the rows of [`Ledger::read_events`].
pub(crate) fn entries(rows: &Rows) -> Vec<Entry> {
    let entry = |row: &Vec<Option<String>>| {
        let mut cells = Cells(row.iter());
        Entry {
            sequence: cells.number().unwrap_or_default(),
            at: cells.text(),
            id: cells.text(),
            database: cells.text(),
            run: cells.text(),
            event: cells.text(),
            direction: cells.text(),
            statement: cells.number(),
            statements: cells.number(),
            checksum: cells.optional(),
            message: cells.optional(),
            detail: cells.optional(),
            actor: cells.text(),
            age: cells.number().map(Duration::from_millis).unwrap_or_default(),
        }
    };
    rows.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::are;
    #[cfg(any(feature = "sqlite", feature = "redis", feature = "neo4j", feature = "mongodb"))]
    use super::digest;

    #[cfg(any(feature = "sqlite", feature = "redis", feature = "neo4j", feature = "mongodb"))]
    #[test]
    fn lines_are_hashed_as_sha_256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(""), empty);
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc"), abc);
    }

    #[test]
    fn lines_may_come_in_any_order_but_each_once() {
        let two = || [("0001_a", "aa"), ("0002_b", "bb")].into_iter();
        assert!(are("0001_a aa\n0002_b bb", two()));
        assert!(are("0002_b bb\n0001_a aa", two()));
        for lines in ["", "0001_a aa", "0001_a aa\n0001_a aa", "0001_a bb\n0002_b aa", "0001_a aa\n0002_b bb\n"] {
            assert!(!are(lines, two()), "{lines}");
        }
    }
}
