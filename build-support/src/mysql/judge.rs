//! The rules over one script, deed by deed.

use super::deed::{Deed, DeedKind};
use super::follow::{Follower, SCHEMA};
use super::{acts, effect};
use crate::effect::{Cause, Effect, Lock, Work};
use crate::rules::{Judge, Judged};
use crate::sql::Dialect;
use std::ops::Range;

/// Judges one script while the catalog follows it.
pub(super) struct Watch<'a> {
    judge: Judge<'a>,
    path: [String; 1],
    transactional: bool,
    /// The first statement that a later one may commit.
    first: Option<Range<usize>>,
    /// Whether an earlier statement has committed what stands before it.
    committed: bool,
    /// It is said once of a script.
    said: bool,
}

impl<'a> Watch<'a> {
    pub(super) fn new(text: &'a str, transactional: bool, edition: u16) -> Watch<'a> {
        Watch {
            judge: Judge::new(text, Dialect::Mysql, transactional, edition, 0),
            path: [SCHEMA.to_owned()],
            transactional,
            first: None,
            committed: false,
            said: false,
        }
    }

    /// Judges a statement, before it is followed.
    pub(super) fn deed(&mut self, deed: &Deed, before: &Follower) {
        let mut effects = effect::effects(deed, before);
        effects.extend(self.commit(deed));
        let statement = acts::statement(deed, before);
        // The first act stands for the whole statement; the others are looked at for what they name.
        for act in &statement.acts {
            let own = std::mem::take(&mut effects);
            self.judge.act_with(&statement, act, own, before.catalog(), &self.path);
        }
    }

    pub(super) fn finish(self) -> Judged {
        self.judge.finish()
    }

    /// Says that a statement ends a transaction which is meant to have more than it.
    fn commit(&mut self, deed: &Deed) -> Option<Effect> {
        let (changes, commits) = match &deed.kind {
            DeedKind::Rows(scope) => (!scope.writes.is_empty(), false),
            DeedKind::Harmless { commits } => (*commits, *commits),
            DeedKind::ForeignKeyChecks(_) | DeedKind::Use(_) => (false, false),
            DeedKind::Transaction => {
                (self.first, self.committed) = (None, false);
                (false, false)
            }
            DeedKind::CreateTable(create) => (true, !create.temporary),
            DeedKind::DropTables { temporary, .. } => (true, !temporary),
            DeedKind::Opaque { .. } | DeedKind::Call(_) | DeedKind::Execute(_) | DeedKind::Block(_) => (true, false),
            _ => (true, true),
        };
        if !changes || !self.transactional {
            return None;
        }
        let first = self.first.clone();
        let splits = first.is_some() && (commits || self.committed);
        self.first.get_or_insert_with(|| deed.range.clone());
        self.committed |= commits;
        if !splits || self.said {
            return None;
        }
        self.said = true;
        let cause = Cause::Commit(first.unwrap_or_default());
        let range = deed.range.clone();
        Some(Effect { relation: String::new(), lock: Lock::AccessShare, work: Work::Nothing, cause, range })
    }
}
