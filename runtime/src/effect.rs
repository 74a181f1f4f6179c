//! What a migration does to its database, as the build script has followed it: read when somebody asks, and no sooner.
//!
//! The listing has it as one text, written as the listing itself is:
//!
//! ```text
//! effect  whether it does something that can't be followed;
//!         list (significance: 0 patch, 1 additive, 2 breaking; words) of what it changes;
//!         list (relation; lock, or empty; blocks: 0 nothing, 1 writes, 2 reads too; work: 0 none, 1 scan, 2 build, 3 rewrite)
//! ```

use crate::listing::Reader;

/// Says what a migration does to its database, as far as the compiler could follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect {
    /// What is different afterwards, in the order of the schema's names.
    pub changes: Vec<Change>,
    /// The relations that were there before it and that it locks or works on, by name; each once.
    pub relations: Vec<Touched>,
    /// Whether all of it could be followed; otherwise there may be more.
    pub is_complete: bool,
}

/// Says one thing that is different after a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What it means to programs that use the schema.
    pub significance: Significance,
    /// What is done, as the end of "this migration …": ``drops column `users.age` ``.
    pub words: &'static str,
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
pub struct Touched {
    /// The relation: `users`, `app.users`.
    pub relation: &'static str,
    /// The strongest lock on it in the server's words (`ACCESS EXCLUSIVE`); `None` where the server has no such locks.
    pub lock: Option<&'static str>,
    /// Whether others can't read it meanwhile.
    pub blocks_reads: bool,
    /// Whether others can't write it meanwhile.
    pub blocks_writes: bool,
    /// What takes as long as it has rows.
    pub toil: Option<Toil>,
}

/// Names the work that takes as long as a relation has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Toil {
    /// Every row is read.
    Scan,
    /// An index is built.
    Build,
    /// Every row is written anew.
    Rewrite,
}

impl Effect {
    /// Gives what the weightiest change means; `None` where the schema stays as it is.
    pub fn significance(&self) -> Option<Significance> {
        self.changes.iter().map(|change| change.significance).max()
    }

    /// Lists the relations on which this work, which takes as long as they have rows, is done.
    pub fn relations_with(&self, toil: Toil) -> impl Iterator<Item = &'static str> {
        self.relations.iter().filter(move |touched| touched.toil == Some(toil)).map(|touched| touched.relation)
    }

    /// Reads it; `None` where nothing is known.
    pub(crate) fn read(text: &'static str) -> Option<Effect> {
        let mut reader = Reader::new(text);
        let is_complete = !reader.truth()?;
        let changes =
            reader.list(|r| Some(Change { significance: Significance::read(r.number()?)?, words: r.text()? }))?;
        let relations = reader.list(|r| {
            let (relation, lock) = (r.text()?, r.text()?);
            let (blocks, toil): (u8, u8) = (r.number()?, r.number()?);
            Some(Touched {
                relation,
                lock: (!lock.is_empty()).then_some(lock),
                blocks_reads: blocks > 1,
                blocks_writes: blocks > 0,
                toil: Toil::read(toil),
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

impl Toil {
    fn read(number: u8) -> Option<Toil> {
        [Toil::Scan, Toil::Build, Toil::Rewrite].get(usize::from(number).checked_sub(1)?).copied()
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
        let [first, change, rows, any] = &read[..] else { panic!("four effects") };
        assert_eq!((first.significance(), first.changes.len()), (Some(Significance::Additive), 4));
        assert!(first.relations.is_empty() && first.is_complete);
        assert_eq!(change.significance(), Some(Significance::Breaking));
        assert_eq!(change.changes[0].words, "drops column `users.age`");
        let touched = |relation, lock, blocks_reads, blocks_writes, toil| Touched {
            relation,
            lock: Some(lock),
            blocks_reads,
            blocks_writes,
            toil,
        };
        let users = touched("users", "ACCESS EXCLUSIVE", true, true, Some(Toil::Rewrite));
        assert_eq!(change.relations, [users, touched("s.birds", "SHARE", false, true, Some(Toil::Build))]);
        assert_eq!(change.relations_with(Toil::Build).collect::<Vec<_>>(), ["s.birds"]);
        assert_eq!(rows.relations, [touched("app", "ROW EXCLUSIVE", false, false, None)]);
        assert_eq!((any.is_complete, any.significance()), (false, None));
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
