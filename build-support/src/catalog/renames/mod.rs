//! What is called otherwise after a migration than before it, so that one thing isn't taken for two.

mod accepted;
#[cfg(feature = "sqlite")]
mod case;
mod replay;
#[cfg(test)]
mod tests;

use super::past::{Past, Subject, What};
use super::{Catalog, Change, Id, Kind, Simulator, difference};
use accepted::accepted;
use std::collections::BTreeMap;

/// What things were called first, and are called last. What was made or dropped in between isn't among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renames {
    pairs: Vec<(Subject, Subject)>,
}

/// A new name that the two catalogs bear out: what has it now had the old one, and nothing else has or had either.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Renamed {
    kind: Kind,
    /// The whole of a part, by the name that it has now.
    of: Option<Id>,
    from: Id,
    to: Id,
}

impl Past {
    /// Lists what was renamed since a mark.
    pub(crate) fn renames(&self, since: usize) -> Renames {
        let mut track = Track::default();
        for (subject, what) in self.events_since(since) {
            track.event(subject, what);
        }
        track.finish()
    }
}

impl Renames {
    /// Puts together what several differences in a row say, the first one first; `schema` is that of names without one.
    #[cfg(feature = "cli")]
    pub(crate) fn of_changes<'a>(all: impl IntoIterator<Item = &'a [Change]>, schema: &str) -> Renames {
        let mut track = Track::default();
        for changes in all {
            let mut events: Vec<_> = changes.iter().filter_map(|change| event(change, schema)).collect();
            events.sort_by_key(|(rank, ..)| *rank);
            events.iter().for_each(|(_, subject, what)| track.event(subject, what));
        }
        track.finish()
    }
}

/// Lists what is different in `after`, what has only another name as that.
pub(crate) fn difference_since(before: &Catalog, after: &Catalog, renames: &Renames) -> Vec<Change> {
    let renamed = accepted(&renames.pairs, before, after);
    if renamed.is_empty() {
        return difference(before, after);
    }
    let (before, after) = replay::differing(before, after);
    let mut simulator = Simulator::resume(before, Past::default(), true);
    renamed.iter().for_each(|one| simulator.call_by(one));
    let words = words(&renamed);
    replay::retitle(&mut simulator.catalog, &after, &words);
    let mut changes: Vec<Change> = renamed.iter().map(Renamed::change).collect();
    changes.extend(super::difference::difference_called(&simulator.catalog, &after, &words));
    changes
}

impl Renamed {
    fn change(&self) -> Change {
        let object = super::difference::Object { kind: self.kind, of: self.of.clone(), name: self.from.clone() };
        Change { object, what: super::What::Renamed { to: self.to.clone() } }
    }
}

/// Lists the words that stand in texts for what was renamed.
fn words(renamed: &[Renamed]) -> Vec<(String, String)> {
    let differ = renamed.iter().filter(|one| one.from.name != one.to.name);
    differ.map(|one| (one.from.name.clone(), one.to.name.clone())).collect()
}

/// Says what a change makes of a name, with the place of that among the others: a name has to be free before it is taken.
#[cfg(feature = "cli")]
fn event(change: &Change, schema: &str) -> Option<(usize, Subject, What)> {
    let object = &change.object;
    let full = |id: &Id| Id::new(if id.schema.is_empty() { schema } else { &id.schema }, &id.name);
    let subject = |id: &Id| match (&object.of, object.kind) {
        (Some(of), _) => Some(Subject::part(&full(of), &id.name)),
        (None, Kind::Schema) => Some(Subject::Schema(id.name.clone())),
        (None, Kind::Extension) => None,
        (None, Kind::Type) => Some(Subject::Type(full(id).to_string())),
        (None, Kind::Function) => {
            let name = id.name.split('(').next().unwrap_or(&id.name);
            Some(Subject::Function(full(id).beside(name).to_string()))
        }
        (None, _) => Some(Subject::relation(&full(id))),
    };
    let is_part = usize::from(object.of.is_some());
    let (rank, what) = match &change.what {
        super::What::Dropped => (2 * is_part, What::Dropped),
        super::What::Renamed { to } => {
            let to = match subject(to)? {
                Subject::Part(_, name) => name,
                Subject::Schema(to) | Subject::Relation(to) | Subject::Type(to) | Subject::Function(to) => to,
                Subject::Extension(_) => return None,
            };
            (2 * is_part + 1, What::Renamed(to))
        }
        super::What::Added => (4, What::Made),
        super::What::Changed { .. } => return None,
    };
    Some((rank, subject(&object.name)?, what))
}

/// Goes along with events, and knows what everything was called first.
#[derive(Default)]
struct Track {
    /// By what something is called, what it was first called; `None` where it was not there. A part's whole goes by its
    /// first name.
    first: BTreeMap<Subject, Option<Subject>>,
}

impl Track {
    fn event(&mut self, subject: &Subject, what: &What) {
        let Some(now) = self.by_first_whole(subject) else { return };
        let first = self.first.insert(now.clone(), None).unwrap_or_else(|| Some(now.clone()));
        if let What::Renamed(to) = what {
            let new = match now {
                Subject::Schema(_) => Subject::Schema(to.clone()),
                Subject::Relation(_) => Subject::Relation(to.clone()),
                Subject::Type(_) => Subject::Type(to.clone()),
                Subject::Function(_) => Subject::Function(to.clone()),
                Subject::Extension(_) => Subject::Extension(to.clone()),
                Subject::Part(of, _) => Subject::Part(of, to.clone()),
            };
            self.first.insert(new, first);
        }
    }

    /// Names a part with its whole's first name; `None` where that was not there.
    fn by_first_whole(&self, subject: &Subject) -> Option<Subject> {
        let Subject::Part(of, name) = subject else { return Some(subject.clone()) };
        let known = [Subject::Relation(of.clone()), Subject::Type(of.clone())];
        let of = match known.iter().find_map(|whole| self.first.get(whole)) {
            None => of,
            Some(Some(Subject::Relation(first) | Subject::Type(first))) => first,
            Some(_) => return None,
        };
        Some(Subject::Part(of.clone(), name.clone()))
    }

    fn finish(self) -> Renames {
        let pairs = self.first.into_iter().filter_map(|(now, first)| Some((first?, now)));
        Renames { pairs: pairs.filter(|(first, now)| first != now).collect() }
    }
}
