//! `whimbrel.lock`: what each sealed migration was when it was sealed.
//!
//! ```toml
//! version = 1
//!
//! [[migration]]
//! id = "0001_create_users"
//! schema = "1.0.0"            # where the migration states one; likewise `on`
//! algorithm = 1
//! checksum = "d00bcc…"        # of what it does
//! text = "03ab91…"            # of a script as it is written: tells a cosmetic edit from a real one
//! down = "e3b0c4…"            # of its rollback, where it has one
//! replaced = "0009_squash"    # where a squash has taken its place
//! rules = 1                   # the edition of the rules that judged it; 0 is imported history
//! ```
//!
//! A block for each migration, in order, the newest at the end: two branches that add one conflict there in git. Where several
//! databases share an id there is one for each of them, told apart by `on`.

mod index;
mod line;
mod read;
#[cfg(feature = "cli")]
pub(crate) mod seal;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "cli"))]
mod write;

pub(crate) use index::Index;
pub(crate) use read::read;
#[cfg(any(test, feature = "cli"))]
pub(crate) use write::write;

use std::ops::Range;

/// The file's name, within the folder of the migrations.
pub(crate) const NAME: &str = "whimbrel.lock";

/// The version of the format that is read and written.
pub(crate) const FORMAT: u16 = 1;

/// A lock file that was read: ids are unique, or unique with their databases, and ascend by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) entries: Vec<Entry>,
}

/// What a migration was when it was sealed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// The schema version that it states.
    pub(crate) schema: Option<String>,
    /// The database that it names.
    pub(crate) on: Option<String>,
    /// The version of the algorithm of all its checksums.
    pub(crate) algorithm: u16,
    pub(crate) checksum: String,
    /// The checksum of a script's whole text; Rust code has none.
    pub(crate) text: Option<String>,
    pub(crate) down: Option<String>,
    /// The id of the squash that has taken its place.
    pub(crate) replaced: Option<String>,
    /// The edition of the rules that judged it.
    pub(crate) rules: u16,
    pub(crate) places: Places,
}

/// The bytes of an entry's values; an absent one is shown at the id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) id: Range<usize>,
    pub(crate) schema: Option<Range<usize>>,
    pub(crate) on: Option<Range<usize>>,
    pub(crate) checksum: Range<usize>,
    pub(crate) text: Option<Range<usize>>,
    pub(crate) down: Option<Range<usize>>,
}

impl Entry {
    /// Gives what it is told from all others by.
    pub(crate) fn key(&self) -> (&str, Option<&str>) {
        (&self.id, self.on.as_deref())
    }
}

/// Entries are the same where they say the same, wherever they stand.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let values = |entry: &Entry| {
            let Entry { id, schema, on, algorithm, checksum, text, down, replaced, rules, places: _ } = entry.clone();
            (id, schema, on, algorithm, checksum, text, down, replaced, rules)
        };
        values(self) == values(other)
    }
}

impl Eq for Entry {}
