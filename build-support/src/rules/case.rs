//! What a rule is shown: one act of a statement, with all that the chain says of it.

use super::words::Text;
use crate::effect::{Cause, Effect, Held, Situation, Walk};
use crate::sql::Dialect;
use crate::statement::{Act, ActKind, AlterTable, QualifiedName, Statement, TableChange};

/// One act, and the server before it.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) dialect: Dialect,
    /// Whether the whole script is one transaction.
    pub(crate) transactional: bool,
    pub(crate) text: Text<'a>,
    pub(crate) statement: &'a Statement,
    pub(crate) act: &'a Act,
    /// What it does to relations that were there before the script.
    pub(crate) effects: &'a [Effect],
    pub(crate) before: Situation<'a>,
    pub(crate) walk: &'a Walk,
}

impl<'a> Case<'a> {
    /// Lists the effects for which the cause is one of these.
    pub(crate) fn effects_by(&self, wanted: impl Fn(&Cause) -> bool + 'a) -> impl Iterator<Item = &'a Effect> {
        self.effects.iter().filter(move |effect| effect.work != crate::effect::Work::Nothing && wanted(&effect.cause))
    }

    /// Finds the first effect that is due to this cause.
    pub(crate) fn effect(&self, cause: &Cause) -> Option<&'a Effect> {
        self.effects.iter().find(|effect| effect.work != crate::effect::Work::Nothing && effect.cause == *cause)
    }

    /// Gives the change, where the act is one of a table.
    pub(crate) fn change(&self) -> Option<(&'a AlterTable, &'a TableChange)> {
        match &self.act.kind {
            ActKind::AlterTable(alter) => Some((alter, &alter.change)),
            _ => None,
        }
    }

    /// Gives a relation that the statement names, as it was written.
    pub(crate) fn written(&self, name: &QualifiedName) -> String {
        self.text.qualified(name)
    }

    /// Gives a relation as people call it.
    pub(crate) fn called(&self, relation: &str) -> String {
        let own = if self.dialect == Dialect::Postgres { "public." } else { "main." };
        relation.strip_prefix(own).unwrap_or(relation).to_owned()
    }

    /// Tells whether a relation was there before the script.
    pub(crate) fn was_there(&self, name: &QualifiedName) -> Option<String> {
        let (key, _) = self.before.relation(name);
        (!self.walk.is_new(&key, &self.before)).then_some(key)
    }

    /// Finds a lock that the transaction holds since an earlier statement, of those that stop reads and writes: the one on
    /// this relation, where there is one, or the first.
    pub(crate) fn exclusive_lock(&self, relation: &str) -> Option<(&'a str, &'a Held)> {
        let walk: &'a Walk = self.walk;
        let earlier = |held: &Held| held.range.end <= self.statement.range.start;
        walk.all_held()
            .filter(|(_, held)| held.lock.blocks_reads() && earlier(held))
            .min_by_key(|(locked, held)| (*locked != relation, held.range.start))
    }
}
