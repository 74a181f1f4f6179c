//! What a run would do: a pure function of the code, the ledgers, the target and the policy.

mod comparison;
mod finding;
#[cfg(test)]
mod tests;

pub(crate) use comparison::{compiled, findings, late, mismatch, no_such_migration};
pub use finding::Finding;

use crate::error::{Error, Result};
use crate::history::{History, Record};
use crate::registry::{Migration, Registry, Work};
use crate::target::{Direction, Target};
use comparison::{latest, no_such_schema, too_late};

/// Lists what a run would do, in order.
#[derive(Debug, Clone)]
pub struct Plan {
    direction: Direction,
    steps: Vec<Step>,
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
    let (steps, found) = match direction {
        Direction::Up => up(registry, history, target, policy),
        Direction::Down => down(registry, history, target, policy),
    };
    let (target, policy) = (target.clone(), *policy);
    if found.is_empty() { Ok(Plan { direction, steps, target, policy }) } else { Err(Error::refused(found)) }
}

fn up(registry: &Registry, history: &History, target: &Target, policy: &Policy) -> (Vec<Step>, Vec<Finding>) {
    let mut found = findings(registry, history);
    let code = registry.migrations();
    let pending: Vec<_> = code.iter().filter(|m| history.record(m).is_none()).collect();
    let selected = match target {
        Target::Latest => pending.clone(),
        Target::Count(count) => pending.iter().take(*count).copied().collect(),
        Target::Id(id) | Target::Only(id) => match registry.migration(id) {
            None => {
                found.push(no_such_migration(registry, id));
                Vec::new()
            }
            Some(wanted) if matches!(target, Target::Only(_)) => {
                found.extend(not_ready(code, history, wanted));
                pending.iter().filter(|m| m.id == wanted.id).copied().collect()
            }
            Some(wanted) => pending.iter().filter(|m| position(code, m) <= position(code, wanted)).copied().collect(),
        },
        Target::Schema(version) => {
            let Some(last) = code.iter().rposition(|m| m.schema.as_ref() == Some(version)) else {
                found.push(no_such_schema(registry, target));
                return (Vec::new(), found);
            };
            // Those without a version of their own belong to the last one declared before them.
            let end = code.iter().skip(last + 1).position(|m| m.schema.is_some()).map_or(code.len(), |n| last + 1 + n);
            pending.iter().filter(|m| position(code, m) < end).copied().collect()
        }
    };
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
        let here = position(code, migration);
        let later = latest.filter(|latest| here < *latest).and_then(|latest| code.get(latest));
        let early = only && pending.first().is_some_and(|m| position(code, m) < here);
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
    (steps, found)
}

fn not_ready(code: &'static [Migration], history: &History, wanted: &Migration) -> Option<Finding> {
    let needs: Vec<String> = code
        .iter()
        .filter(|m| comes_after(code, wanted, m) && history.record(m).is_none())
        .map(|m| m.id.into())
        .collect();
    (!needs.is_empty()).then(|| Finding::NotReady { id: wanted.id.into(), needs })
}

fn down(registry: &Registry, history: &History, target: &Target, policy: &Policy) -> (Vec<Step>, Vec<Finding>) {
    let code = registry.migrations();
    let mut found = Vec::new();
    let applied: Vec<_> = code.iter().rev().filter(|m| history.record(m).is_some()).collect();
    let after = |end: usize| applied.iter().filter(|m| position(code, m) >= end).copied().collect::<Vec<_>>();
    let selected = match target {
        Target::Latest => applied.iter().take(1).copied().collect(),
        Target::Count(count) => applied.iter().take(*count).copied().collect(),
        Target::Id(id) | Target::Only(id) => match registry.migration(id) {
            None => {
                found.push(no_such_migration(registry, id));
                Vec::new()
            }
            Some(wanted) if history.record(wanted).is_none() => {
                found.push(Finding::TargetNotApplied { id: wanted.id.into() });
                Vec::new()
            }
            Some(wanted) if matches!(target, Target::Only(_)) => {
                let by: Vec<String> =
                    applied.iter().filter(|m| comes_after(code, m, wanted)).map(|m| m.id.into()).collect();
                if !by.is_empty() {
                    found.push(Finding::Needed { id: wanted.id.into(), by });
                }
                vec![wanted]
            }
            Some(wanted) => after(position(code, wanted) + 1),
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
    for finding in findings(registry, history) {
        let matters = match &finding {
            Finding::ChecksumMismatch { id, .. } => !policy.allow_changed && selected.iter().any(|m| m.id == id),
            Finding::UnknownChecksum { id, .. } => selected.iter().any(|m| m.id == id),
            Finding::Missing { id, .. } => {
                let number = history.records().iter().find(|r| r.id == *id).map(|r| r.number);
                first.is_some_and(|first| number.is_some_and(|number| number >= first))
            }
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

fn position(code: &[Migration], migration: &Migration) -> usize {
    let start = code.partition_point(|m| m.number < migration.number);
    let same = |m: &Migration| m.id == migration.id && m.database == migration.database;
    code.iter().skip(start).position(same).map_or(code.len(), |offset| start + offset)
}

/// Tells whether `later` was declared to come after `earlier`, itself or through others.
fn comes_after(code: &[Migration], later: &Migration, earlier: &Migration) -> bool {
    let (here, there) = (position(code, later), position(code, earlier));
    if there >= here {
        return false;
    }
    match later.after {
        None => true,
        Some(after) => after.iter().any(|id| {
            *id == earlier.id
                || code.iter().take(here).any(|between| between.id == *id && comes_after(code, between, earlier))
        }),
    }
}
