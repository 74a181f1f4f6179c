//! What a statement does to a running server: the locks that it takes, and the work that it does while it holds them.
//!
//! PostgreSQL's own rules, each of them seen on a server. What isn't known of a catalog (a column's type, a function's
//! volatility) is taken for harmless.
//!
//! # Source
//! PostgreSQL's manual, "ALTER TABLE" (notes) and "Explicit Locking"; `pg_locks`, `relfilenode` and the messages at
//! `client_min_messages = debug1` of PostgreSQL 12, 15 and 18.

mod added;
mod altered;
mod below;
mod constraint;
mod lock;
mod partition;
mod proof;
mod relation;
mod retyped;
mod situation;
#[cfg(test)]
mod tests;
mod touch;
mod walk;

pub(crate) use below::below;
pub(crate) use lock::Lock;
pub(crate) use situation::{ASSUMED, Situation};
pub(crate) use touch::{Touch, touches};
pub(crate) use walk::{Held, NewValue, Walk};

use crate::statement::{Act, ActKind, Statement};
use std::ops::Range;

/// What a statement does to one relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// `schema.name`.
    pub(crate) relation: String,
    pub(crate) lock: Lock,
    pub(crate) work: Work,
    pub(crate) cause: Cause,
    /// Where the statement says so.
    pub(crate) range: Range<usize>,
}

/// What a server does while it holds the lock. Ordered: the later, the longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// The catalog is changed, whatever the size of the table.
    Nothing,
    /// Every row is read.
    Scan,
    /// Every row is looked up in another table.
    ForeignKeyScan,
    /// Every row is read and an index is built.
    Build,
    /// Every row is written anew, and every index built.
    Rewrite,
}

/// Why it does so.
#[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "some are MySQL's alone"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A change of the catalog alone.
    Definition,
    /// Rows are read or written.
    Rows,
    /// A view is put in another's place, renamed or dropped: nothing but its readers waits.
    View,
    /// `LOCK TABLE`.
    Asked,
    /// A column whose default differs from row to row.
    VolatileDefault,
    /// A column whose values come from a sequence.
    NumberedColumn,
    /// A column that is kept in the row and computed from others.
    StoredColumn,
    /// A column of a domain with constraints.
    ConstrainedDomain,
    /// A column that must not be null and has no value in the rows that are there.
    NotNullColumn,
    InlineCheck,
    InlineKey,
    InlineReference,
    /// A column must not be null from now on.
    NotNull,
    Check,
    Unique,
    PrimaryKey,
    /// A primary key by an index that is there, of columns that may be null.
    PrimaryKeyColumns,
    Exclusion,
    ForeignKey,
    /// `VALIDATE CONSTRAINT`.
    Validation,
    /// A type whose values are kept otherwise.
    Type,
    /// A type that these indexes have to be built anew for.
    TypeIndexes(Vec<String>),
    /// A type that these checks are verified again for.
    TypeChecks(Vec<String>),
    /// A type that these foreign keys are verified again for.
    TypeReferences(Vec<String>),
    /// `SET EXPRESSION`.
    Expression,
    /// `SET LOGGED`, `SET TABLESPACE`.
    Storage(&'static str),
    Index,
    Reindex,
    Cluster,
    Vacuum,
    Refresh,
    Truncate,
    /// A partition that is attached.
    Attach,
    /// The rows of the default partition have to be none of a new partition's.
    DefaultPartition,
    /// A constraint of a domain.
    Domain,
    /// MySQL writes the whole table anew while nobody else can, and why.
    Copy(&'static str),
    /// MySQL may copy the table, for nothing was said of that; what to end the statement with.
    Unstated(&'static str),
    /// MySQL writes the whole table anew for a column's place.
    ColumnPlace,
    /// An index of this kind, which MySQL lets nobody write meanwhile.
    WordIndex(&'static str),
    /// MySQL commits what has been done since this statement.
    Commit(Range<usize>),
}

/// Gives what an act does, `at` its place in the statement, on a server that is as the situation says.
pub(crate) fn effects(statement: &Statement, act: &Act, before: &Situation<'_>) -> Vec<Effect> {
    let mut effects = Effects { found: Vec::new(), range: act.range.clone() };
    match &act.kind {
        ActKind::AlterTable(alter) => altered::effects(statement, alter, before, &mut effects),
        ActKind::CreateTable(table) => relation::created(table, before, &mut effects),
        ActKind::CreateIndex(index) => relation::indexed(index, before, &mut effects),
        ActKind::AlterDomain { name, change } => constraint::of_domain(name, change, before, &mut effects),
        ActKind::Drop(drop) => relation::dropped(drop, before, &mut effects),
        ActKind::Query(scope) if below::is_survey(statement) => relation::surveyed(scope, before, &mut effects),
        ActKind::Harmless if statement.words == "ANALYZE" => relation::all_surveyed(before, &mut effects),
        ActKind::Query(scope) | ActKind::Write { query: scope, .. } => relation::rows(scope, before, &mut effects),
        other => relation::others(other, before, &mut effects),
    }
    effects.found
}

/// Collects the effects of one act.
pub(crate) struct Effects {
    found: Vec<Effect>,
    range: Range<usize>,
}

impl Effects {
    /// Adds one.
    fn add(&mut self, relation: &str, lock: Lock, work: Work, cause: Cause) {
        self.found.push(Effect { relation: relation.to_owned(), lock, work, cause, range: self.range.clone() });
    }

    /// Leaves the locks and takes the work away: there are no rows.
    fn keep_locks_only(&mut self) {
        for effect in &mut self.found {
            (effect.work, effect.cause) = (Work::Nothing, Cause::Definition);
        }
    }

    /// Adds one without any work.
    fn lock(&mut self, relation: &str, lock: Lock) {
        self.add(relation, lock, Work::Nothing, Cause::Definition);
    }
}
