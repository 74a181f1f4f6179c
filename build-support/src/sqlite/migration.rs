//! One migration in a database of its own: asked, up, verified, and down again.

use super::judged;
use super::names::{Certainty, Key, Names, Said};
use super::object::{Object, ObjectKind};
use super::renamed::renames;
use super::session::Session;
use super::snapshot::Snapshot;
use super::walk::Walk;
use super::weight::Weights;
use super::world::{Delta, Part, World};
use super::{Phase, Step, Work, table};
use crate::catalog::{Catalog, Change, Finding, Renames, difference, difference_since};
use crate::effect::Touch;
use crate::rules::Verdict;
use crate::sort;
use crate::sql::{Dialect, Script};
use std::ops::Range;
use std::sync::Arc;

/// What a migration has done to the world.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) delta: Delta,
    /// What has to change to come from what was before it to what is there after its rollback; `None` where there is no
    /// rollback that could be followed.
    pub(super) undone: Option<Delta>,
    pub(super) said: Said,
    /// Whether its `UP` does something that can't be followed.
    pub(super) opaque: bool,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) touches: Vec<Touch>,
    /// What is different in the end, in the catalog's words.
    pub(super) differences: Differences,
    /// What it depended on, folded, each once.
    pub(super) words: Vec<String>,
    /// What was passed over in silence, and why; this isn't kept for the next proof.
    pub(super) believed: Vec<(Phase, Range<usize>, String)>,
}

/// What is different because of a migration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    pub(crate) changes: Vec<Change>,
    /// What its rollback doesn't bring back; `None` where that isn't known.
    pub(crate) remains: Option<Vec<Change>>,
}

/// Proves a migration. `number` is its place in the chain.
pub(super) fn prove(
    step: &Step<'_>,
    number: usize,
    world: &World,
    names: &mut Names,
) -> (Outcome, Vec<(Phase, Finding)>) {
    let mut outcome = Outcome::default();
    let mut findings = Vec::new();
    let scripts = Phase::ALL.map(|phase| read(step.work(phase)));
    let [up, down, require, verify] = &scripts;
    let all: Vec<&Script<'_>> = scripts.iter().flatten().collect();
    let Some(session) = (!all.is_empty()).then(Session::open).flatten() else {
        names.open();
        (outcome.said, outcome.opaque) = (names.settle(), true);
        return (outcome, findings);
    };
    let part = world.part(&all);
    let mut weights = load(&session, &part, names);
    let exact = judged::exact(&part, names);
    outcome.words = part.words;
    let before = Snapshot::of(&session);
    let start = names.mark();
    let site = |phase: Phase| super::site(number, phase);
    let mut report = |phase: Phase, found: Vec<Finding>| findings.extend(found.into_iter().map(|found| (phase, found)));

    let mut believed: Vec<(Phase, Range<usize>, String)> = Vec::new();
    let mut believe = |phase: Phase, walk: &mut Walk<'_>| {
        believed.extend(walk.believed.drain(..).map(|(range, why)| (phase, range, why)));
    };
    let mut walk = Walk {
        session: &session,
        world,
        names,
        weights: &mut weights,
        start,
        followed: true,
        believed: Vec::new(),
        deeds: Vec::new(),
    };
    if let Some(require) = require {
        report(Phase::Require, walk.question(require));
        believe(Phase::Require, &mut walk);
    }
    match up {
        Some(up) => report(Phase::Up, walk.work(up, site(Phase::Up))),
        None => walk.names.open(),
    }
    believe(Phase::Up, &mut walk);
    let followed = walk.followed && up.is_some();
    let deeds = std::mem::take(&mut walk.deeds);
    outcome.opaque = !followed;
    if let Some(verify) = verify {
        report(Phase::Verify, walk.question(verify));
        believe(Phase::Verify, &mut walk);
    }
    outcome.delta = Snapshot::of(&session).since(&before, &session, names);
    if let Some(up) = up.as_ref().filter(|_| followed) {
        (outcome.verdicts, outcome.touches) = judged::judge(up.text(), &deeds, &outcome.delta, (world, names), &exact);
    }
    for name in session.names("SELECT name FROM sqlite_temp_schema") {
        // Gone with its connection, and so there for later migrations only when they are applied together with this one.
        names.set(Key::Relation(name.to_ascii_lowercase()), Certainty::Loose);
    }
    let after_up = names.mark();
    if let Some(down) = down {
        let (start, believed, deeds) = (after_up, Vec::new(), Vec::new());
        let mut walk =
            Walk { session: &session, world, names, weights: &mut weights, start, followed, believed, deeds };
        report(Phase::Down, walk.work(down, site(Phase::Down)));
        believe(Phase::Down, &mut walk);
        if walk.followed {
            outcome.undone = Some(Snapshot::of(&session).since(&before, &session, names));
        }
        names.back_to(after_up);
    }
    outcome.believed = believed;
    outcome.said = names.settle();
    outcome.differences = outcome.touched(world).differences(&renames(&deeds));
    (outcome, findings)
}

/// Reads a script; what can't be read is reported by whoever reads scripts, and may do anything.
fn read(work: Option<Work<'_>>) -> Option<Script<'_>> {
    match work? {
        Work::Script(text) => Script::parse(text, Dialect::Sqlite).ok(),
        Work::Code => None,
    }
}

/// Makes what a migration touches.
fn load(session: &Session, part: &Part<'_>, names: &mut Names) -> Weights {
    if part.sequences {
        let _ = session.run("CREATE TABLE whimbrel_sequence (id INTEGER PRIMARY KEY AUTOINCREMENT)");
        let _ = session.run("DROP TABLE whimbrel_sequence");
    }
    let mut weights = Weights::of(part.objects.iter().map(|object| object.as_ref()));
    for object in &part.objects {
        let is_heavy = object.kind == ObjectKind::View && weights.is_too_heavy(&object.name.to_ascii_lowercase());
        if is_heavy || session.run(&object.sql).is_err() {
            names.set(object.key(), Certainty::Loose);
        }
    }
    if part.statistics {
        let _ = session.run("ANALYZE");
    }
    weights
}

impl Outcome {
    /// Gives what the migration touches.
    pub(super) fn touched(&self, world: &World) -> Touched {
        let mut touched: Vec<Key> = keys(&self.delta).collect();
        touched.extend(self.undone.iter().flat_map(keys));
        sort::by(&mut touched, Ord::cmp);
        touched.dedup();
        let before: Vec<Arc<Object>> = touched.iter().filter_map(|key| world.get(key)).cloned().collect();
        let after = |delta: &Delta| {
            let kept = before.iter().filter(|object| !keys(delta).any(|key| key == object.key()));
            table::catalog(kept.chain(&delta.put))
        };
        Touched {
            after: after(&self.delta),
            after_down: self.undone.as_ref().map(after),
            before: table::catalog(&before),
        }
    }
}

/// What a migration touches, and nothing else.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) before: Catalog,
    pub(super) after: Catalog,
    /// As it is after the rollback; `None` where that could not be followed.
    ///
    /// It is as before in any case where SQLite keeps the same statements for it.
    pub(super) after_down: Option<Catalog>,
}

impl Touched {
    fn differences(&self, renames: &Renames) -> Differences {
        let bare = |changes: Vec<Change>| changes.into_iter().map(Change::without_schema).collect();
        let renames = renames.as_written(&self.before, &self.after);
        Differences {
            changes: bare(difference_since(&self.before, &self.after, &renames)),
            remains: self.after_down.as_ref().map(|after| bare(difference(&self.before, after))),
        }
    }
}

/// Lists what is different.
pub(super) fn keys(delta: &Delta) -> impl Iterator<Item = Key> {
    delta.put.iter().map(|object| object.key()).chain(delta.removed.iter().cloned())
}
