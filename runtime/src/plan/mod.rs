//! What a run would do: a pure function of the code, the ledgers, the target and the policy.

mod comparison;
mod finding;
mod order;
#[cfg(test)]
mod tests;

pub(crate) use comparison::{compiled, findings, late, mismatch, no_such_migration};
pub use finding::Finding;

use crate::error::{Error, Result};
use crate::history::{History, Record};
use crate::registry::{Migration, Registry, Work};
use crate::target::{Direction, Target};
use comparison::{latest, no_such_schema, too_late};
use order::{comes_after, first, not_ready, overtaker, parts, position, waiting};

/// Lists what a run would do, in order.
#[derive(Debug, Clone)]
pub struct Plan {
    direction: Direction,
    steps: Vec<Step>,
    /// What would be done too, with the database that each waits for.
    waiting: Vec<(&'static Migration, &'static str)>,
    /// What was asked for, so that it can be planned again.
    pub(crate) target: Target,
    pub(crate) policy: Policy,
}

impl Plan {
    /// Tells which way it goes.
    pub fn direction(&self) -> Direction {
        self.direction
    }
    /// Lists the steps in the order in which they run.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
    /// Lists what has to wait for databases that could not be read ([`Migrator::available`](crate::Migrator::available)): their own
    /// migrations, and those that come after these; each with the database that it waits for.
    pub fn waiting(&self) -> impl Iterator<Item = (&'static Migration, &'static str)> {
        self.waiting.iter().copied()
    }
    /// Tells whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
    /// Lists what a rollback may lose, in words, with the id of each migration that loses it.
    pub fn losses(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let down = self.direction == Direction::Down;
        let steps = self.steps.iter().filter(move |_| down);
        steps.flat_map(|step| step.migration.down_loses.iter().map(|loss| (step.migration.id, *loss)))
    }
    /// Tells whether every step is one of these.
    pub(crate) fn is_within(&self, first: &Plan) -> bool {
        self.steps.iter().all(|step| first.steps.iter().any(|other| std::ptr::eq(other.migration, step.migration)))
    }
    /// Tells whether the steps are the same, in the same order.
    pub(crate) fn is_the_same(&self, other: &Plan) -> bool {
        let same = |(a, b): (&Step, &Step)| std::ptr::eq(a.migration, b.migration) && a.direction == b.direction;
        self.steps.len() == other.steps.len() && self.steps.iter().zip(&other.steps).all(same)
    }
    /// Gives what is left of it when so many steps are done.
    pub(crate) fn rest(&self, done: usize) -> Self {
        Self { steps: self.steps.iter().skip(done).copied().collect(), ..self.clone() }
    }
}

/// Names one migration of a plan.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Step {
    /// The migration.
    pub migration: &'static Migration,
    /// Which way.
    pub direction: Direction,
    /// Whether it is applied before an earlier one, or after a later one.
    pub out_of_order: bool,
    /// Whether it is only recorded: what it does was applied as the migrations that it replaces.
    pub recorded: bool,
    /// Whether it goes statement by statement because its database has no transactions.
    pub(crate) stepwise: bool,
}

impl Step {
    pub(crate) fn up(migration: &'static Migration) -> Step {
        Step { migration, direction: Direction::Up, out_of_order: false, recorded: false, stepwise: false }
    }
    pub(crate) fn down(migration: &'static Migration) -> Step {
        Step { direction: Direction::Down, ..Step::up(migration) }
    }
    /// Tells whether its work and its ledger row are one transaction.
    pub(crate) fn is_transactional(&self) -> bool {
        self.recorded || (self.migration.transactional && !self.stepwise)
    }
    /// Does to records what it does to a ledger's rows.
    pub(crate) fn change(&self, records: &mut Vec<Record>) {
        let rows = Record::all_of(self.migration);
        let is_row = |record: &Record| rows.iter().any(|row| row.id == record.id && row.database == record.database);
        match self.direction {
            Direction::Down => records.retain(|record| !is_row(record)),
            Direction::Up => {
                // What a squash replaces may have its rows already.
                records.retain(|record| self.migration.replaces.is_empty() || !is_row(record));
                records.extend(rows.iter().map(|row| Record { out_of_order: self.out_of_order, ..row.clone() }));
            }
        }
    }
    /// Tells the number of the newest event after it, where that can be known: its own is the next after what was the newest, or
    /// the first of a new ledger.
    pub(crate) fn newest(&self, before: Option<i64>, created: bool) -> Option<i64> {
        let adds_one = self.is_transactional() && self.migration.replaces.is_empty();
        before.or(created.then_some(0)).filter(|_| adds_one).map(|seq| seq + 1)
    }
    /// Counts the statements of its script.
    pub(crate) fn statements(&self) -> usize {
        match self.work() {
            Some(Work::Script(script)) => script.statements.len(),
            _ => 0,
        }
    }
    /// Gives the work to be done; none where it is only recorded, and for a rollback that does not exist, which no plan contains.
    pub fn work(&self) -> Option<&'static Work> {
        match self.direction {
            Direction::Up if self.recorded => None,
            Direction::Up => Some(&self.migration.up),
            Direction::Down => self.migration.down.as_ref(),
        }
    }
}

/// Says what a plan may do beyond the plain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// What becomes of what is pending where a later one is applied already.
    pub out_of_order: OutOfOrder,
    /// Refuses a database that a newer program has migrated, also where this program works with what was done.
    pub refuse_newer: bool,
    /// Rolls back what was edited after it was applied: for a redo, which applies it as it is now.
    pub(crate) allow_changed: bool,
}

/// Says what becomes of a pending migration where a later one is applied: it comes late, from a branch that was merged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutOfOrder {
    /// It is refused.
    #[default]
    Refuse,
    /// It is applied where it names nothing that a later one names, so that their order makes no difference.
    Independent,
    /// It is applied.
    Allow,
}

impl Policy {
    /// Chooses whether pending migrations may run after later ones.
    #[must_use]
    pub fn out_of_order(self, policy: OutOfOrder) -> Self {
        Self { out_of_order: policy, ..self }
    }
    /// Chooses whether a database is refused that a newer program has migrated, whatever the phases of what it did.
    #[must_use]
    pub fn refuse_newer(self, refused: bool) -> Self {
        Self { refuse_newer: refused, ..self }
    }
}

/// Plans a run.
///
/// # Errors
/// One error that carries every [`Finding`]: nothing may run while one is open.
pub fn plan(
    registry: &Registry,
    history: &History,
    target: &Target,
    direction: Direction,
    policy: &Policy,
) -> Result<Plan> {
    let (steps, waiting, mut found) = match direction {
        Direction::Up => up(registry, history, target, policy),
        Direction::Down => {
            let (steps, found) = down(registry, history, target, policy);
            (steps, Vec::new(), found)
        }
    };
    // What is said of a migration is not said again of each of its parts.
    found.dedup();
    let (target, policy) = (target.clone(), *policy);
    if found.is_empty() { Ok(Plan { direction, steps, waiting, target, policy }) } else { Err(Error::refused(found)) }
}

type Waiting = Vec<(&'static Migration, &'static str)>;

fn up(registry: &Registry, history: &History, target: &Target, policy: &Policy) -> (Vec<Step>, Waiting, Vec<Finding>) {
    let mut found = findings(registry, history);
    let code = registry.migrations();
    let pending: Vec<_> = code.iter().filter(|m| history.record(m).is_none()).collect();
    let mut selected: Vec<&'static Migration> = match target {
        Target::Latest => pending.clone(),
        Target::Count(count) => first(&pending, *count),
        Target::Id(id) | Target::Only(id) => match parts(registry, id).as_slice() {
            [] => {
                found.push(no_such_migration(registry, id));
                Vec::new()
            }
            wanted @ [one, ..] if matches!(target, Target::Only(_)) => {
                found.extend(not_ready(code, history, wanted));
                pending.iter().filter(|m| m.id == one.id).copied().collect()
            }
            [one, ..] => pending.iter().filter(|m| m.number <= one.number).copied().collect(),
        },
        Target::Schema(version) => {
            let Some(last) = code.iter().rposition(|m| m.schema.as_ref() == Some(version)) else {
                found.push(no_such_schema(registry, target));
                return (Vec::new(), Vec::new(), found);
            };
            // Those without a version of their own belong to the last one declared before them.
            let end = code.iter().skip(last + 1).position(|m| m.schema.is_some()).map_or(code.len(), |n| last + 1 + n);
            pending.iter().filter(|m| position(code, m) < end).copied().collect()
        }
    };
    let waiting = waiting(code, history.unread(), &mut selected);
    let only = matches!(target, Target::Only(_));
    let latest = latest(registry, history);
    if selected.is_empty() && !policy.refuse_newer {
        // Nothing would be put before what a newer program has applied, and this one works with it.
        found.retain(|finding| !finding.is_compatible());
    }
    let mut steps = Vec::new();
    for migration in selected {
        let step = Step { recorded: history.covers(migration), ..Step::up(migration) };
        if step.recorded {
            // It is as old as the last one that it replaces.
            steps.push(step);
            continue;
        }
        let later = overtaker(registry, history, latest, migration);
        let early = only && pending.first().is_some_and(|m| m.number < migration.number);
        if let Some(later) = later.filter(|_| !only) {
            let finding = too_late(registry, history, migration, later);
            let is_independent =
                matches!(&finding, Finding::OutOfOrder { shares: Some(shares), .. } if shares.is_empty());
            match policy.out_of_order {
                OutOfOrder::Allow => {}
                OutOfOrder::Independent if is_independent => {}
                OutOfOrder::Independent | OutOfOrder::Refuse => found.push(finding),
            }
        }
        steps.push(Step { out_of_order: early || later.is_some(), ..step });
    }
    (steps, waiting, found)
}

fn down(registry: &Registry, history: &History, target: &Target, policy: &Policy) -> (Vec<Step>, Vec<Finding>) {
    let code = registry.migrations();
    let mut found = Vec::new();
    let applied: Vec<_> = code.iter().rev().filter(|m| history.record(m).is_some()).collect();
    let after = |end: usize| applied.iter().filter(|m| position(code, m) >= end).copied().collect::<Vec<_>>();
    let selected: Vec<&'static Migration> = match target {
        Target::Latest => first(&applied, 1),
        Target::Count(count) => first(&applied, *count),
        Target::Id(id) | Target::Only(id) => match parts(registry, id).as_slice() {
            [] => {
                found.push(no_such_migration(registry, id));
                Vec::new()
            }
            [one, ..] if !applied.iter().any(|m| m.id == one.id) => {
                found.push(Finding::TargetNotApplied { id: one.id.into() });
                Vec::new()
            }
            wanted @ [one, ..] if matches!(target, Target::Only(_)) => {
                let is_after = |m: &&&Migration| wanted.iter().any(|part| comes_after(code, m, part));
                let mut by: Vec<String> = applied.iter().filter(is_after).map(|m| m.id.into()).collect();
                by.dedup();
                if !by.is_empty() {
                    found.push(Finding::Needed { id: one.id.into(), by });
                }
                applied.iter().filter(|m| m.id == one.id).copied().collect()
            }
            [one, ..] => applied.iter().filter(|m| m.number > one.number).copied().collect(),
        },
        Target::Schema(version) => match code.iter().rposition(|m| m.schema.as_ref() == Some(version)) {
            Some(last) => {
                let next = code.iter().skip(last + 1).position(|m| m.schema.is_some());
                after(next.map_or(code.len(), |n| last + 1 + n))
            }
            None => {
                found.push(no_such_schema(registry, target));
                Vec::new()
            }
        },
    };
    let first = selected.last().map(|m| m.number);
    let is_selected = |id: &str, database: &str| selected.iter().any(|m| (m.id, m.database) == (id, database));
    for finding in findings(registry, history) {
        let matters = match &finding {
            Finding::ChecksumMismatch { id, database, .. } => !policy.allow_changed && is_selected(id, database),
            Finding::UnknownChecksum { id, database, .. } => is_selected(id, database),
            Finding::Missing { id, .. } => {
                let number = history.records().iter().find(|r| r.id == *id).map(|r| r.number);
                first.is_some_and(|first| number.is_some_and(|number| number >= first))
            }
            // A rollback is what ends it.
            Finding::HalfRolledBack { .. } => false,
            _ => true,
        };
        if matters {
            found.push(finding);
        }
    }
    for migration in &selected {
        let id = migration.id.to_owned();
        match (migration.irreversible, &migration.down) {
            (Some(reason), _) => found.push(Finding::Irreversible { id, reason: reason.into() }),
            (None, None) => found.push(Finding::NoRollback { id }),
            (None, Some(_)) => {}
        }
    }
    (selected.into_iter().map(Step::down).collect(), found)
}
