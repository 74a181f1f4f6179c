//! What a migration does to its database, as the build script has followed it: read when somebody asks, and no sooner.
//!
//! The listing has it as one text, written as the listing itself is:
//!
//! ```text
//! effect  whether it does something that can't be followed;
//!         list (significance: 0 patch, 1 additive, 2 breaking; kind: 0 added, 1 dropped, 2 renamed, 3 changed; words) of what it changes;
//!         list (relation; lock, or empty; blocks: 0 nothing, 1 writes, 2 reads too; work: 0 none, 1 scan, 2 build, 3 rewrite)
//! ```

use crate::listing::Reader;

/// Says what a migration does to its database, as far as the compiler could follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect {
    /// What is different afterwards, in the order of the schema's names.
    pub changes: Vec<SchemaChange>,
    /// The relations that were there before it and that it locks or works on, by name; each once.
    pub relations: Vec<RelationEffect>,
    /// Whether all of it could be followed; otherwise there may be more.
    pub is_complete: bool,
}

/// Says one thing that is different after a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaChange {
    /// What it means to programs that use the schema.
    pub significance: Significance,
    /// How it is different.
    pub kind: ChangeKind,
    /// What is done, as the end of "this migration …": ``drops column `users.age` ``.
    pub description: &'static str,
}

/// Names the ways in which something can be different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Dropped,
    /// It has another name, or is in another schema.
    Renamed,
    /// It is otherwise than it was.
    Changed,
}

/// Ranks a change by what it means to programs that use the schema, in the order of semantic versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Significance {
    /// Nobody has to know.
    Patch,
    /// Something is new.
    Additive,
    /// What a program may use is gone, or is something else.
    Breaking,
}

/// Says what a migration does to a relation while others may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelationEffect {
    /// The relation: `users`, `app.users`.
    pub relation: &'static str,
    /// The strongest lock on it in the server's words (`ACCESS EXCLUSIVE`); `None` where the server has no such locks.
    pub lock: Option<&'static str>,
    /// Whether others can't read it meanwhile.
    pub blocks_reads: bool,
    /// Whether others can't write it meanwhile.
    pub blocks_writes: bool,
    /// What takes as long as it has rows.
    pub row_work: Option<RowWork>,
}

/// Names the work that takes as long as a relation has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RowWork {
    /// Every row is read.
    Scan,
    /// An index is built.
    IndexBuild,
    /// Every row is written anew.
    Rewrite,
}

impl Effect {
    /// Gives what the weightiest change means; `None` where the schema stays as it is.
    pub fn significance(&self) -> Option<Significance> {
        self.changes.iter().map(|change| change.significance).max()
    }

    /// Reads it; `None` where nothing is known.
    pub(crate) fn read(text: &'static str) -> Option<Effect> {
        let mut reader = Reader::new(text);
        let is_complete = !reader.truth()?;
        let changes = reader.list(|r| {
            let (significance, kind) = (Significance::read(r.number()?)?, ChangeKind::read(r.number()?)?);
            Some(SchemaChange { significance, kind, description: r.text()? })
        })?;
        let relations = reader.list(|r| {
            let (relation, lock) = (r.text()?, r.text()?);
            let (blocks, row_work): (u8, u8) = (r.number()?, r.number()?);
            Some(RelationEffect {
                relation,
                lock: (!lock.is_empty()).then_some(lock),
                blocks_reads: blocks > 1,
                blocks_writes: blocks > 0,
                row_work: RowWork::read(row_work),
            })
        })?;
        reader.is_done().then_some(Effect { changes, relations, is_complete })
    }
}

impl Significance {
    /// Gives the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Significance::Patch => "patch",
            Significance::Additive => "additive",
            Significance::Breaking => "breaking",
        }
    }

    fn read(number: u8) -> Option<Significance> {
        [Significance::Patch, Significance::Additive, Significance::Breaking].get(usize::from(number)).copied()
    }
}

impl ChangeKind {
    /// Gives the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Dropped => "dropped",
            ChangeKind::Renamed => "renamed",
            ChangeKind::Changed => "changed",
        }
    }

    fn read(number: u8) -> Option<ChangeKind> {
        [ChangeKind::Added, ChangeKind::Dropped, ChangeKind::Renamed, ChangeKind::Changed]
            .get(usize::from(number))
            .copied()
    }
}

impl RowWork {
    fn read(number: u8) -> Option<RowWork> {
        [RowWork::Scan, RowWork::IndexBuild, RowWork::Rewrite].get(usize::from(number).checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

    use super::*;

    /// `whimbrel-build` has a test that it writes the very same.
    const SAMPLE: &str = include_str!("../../build-support/src/listing/effects.txt");

    #[test]
    fn what_the_build_script_writes_is_read() {
        let read: Vec<Effect> = SAMPLE.lines().map(|line| Effect::read(line).unwrap()).collect();
        let [first, change, rows, named, any] = &read[..] else { panic!("five effects") };
        assert_eq!((first.significance(), first.changes.len()), (Some(Significance::Additive), 4));
        assert!(first.relations.is_empty() && first.is_complete);
        assert_eq!(change.significance(), Some(Significance::Breaking));
        assert_eq!(change.changes[0].description, "drops column `users.age`");
        let relation_effect = |relation, lock, blocks_reads, blocks_writes, row_work| RelationEffect {
            relation,
            lock: Some(lock),
            blocks_reads,
            blocks_writes,
            row_work,
        };
        let users = relation_effect("users", "ACCESS EXCLUSIVE", true, true, Some(RowWork::Rewrite));
        assert_eq!(
            change.relations,
            [users, relation_effect("s.birds", "SHARE", false, true, Some(RowWork::IndexBuild))]
        );
        assert_eq!(rows.relations, [relation_effect("app", "ROW EXCLUSIVE", false, false, None)]);
        assert_eq!((any.is_complete, any.significance()), (false, None));
        let kinds: Vec<_> = change.changes.iter().chain(&named.changes).map(|change| change.kind.as_str()).collect();
        assert_eq!(kinds, ["dropped", "added", "added", "renamed", "changed"]);
        assert_eq!(
            (named.changes[0].significance, named.changes[0].description),
            (Significance::Breaking, "renames column `users.luck` to `fate`")
        );
    }

    #[test]
    fn what_is_not_known_or_cut_is_nothing() {
        assert_eq!(Effect::read(""), None);
        let line = SAMPLE.lines().nth(1).unwrap();
        for end in 0..line.len() {
            assert_eq!(line.get(..end).and_then(Effect::read), None, "{end}");
        }
    }
}
