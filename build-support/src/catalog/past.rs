//! Where things were made, dropped and renamed: what a finding about a name can point at.

use super::{Id, Site};

/// Everything that was made, dropped or renamed, in order. It is only looked into when there is something to report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Past {
    events: Vec<Event>,
}

#[derive(Clone, Debug)]
struct Event {
    site: Site,
    subject: Subject,
    what: What,
}

/// Whatever has a past.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Schema(String),
    Relation(String),
    Type(String),
    Function(String),
    Extension(String),
    /// A column, a constraint, an index or a trigger of a relation, or an enum's value.
    Part(String, String),
}

impl Subject {
    pub(crate) fn relation(id: &Id) -> Subject {
        Subject::Relation(id.to_string())
    }

    pub(crate) fn part(of: &Id, name: &str) -> Subject {
        Subject::Part(of.to_string(), name.to_owned())
    }
}

/// What happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Made,
    Dropped,
    Renamed(String),
}

impl Past {
    pub(crate) fn made(&mut self, subject: Subject, site: Site) {
        self.events.push(Event { site, subject, what: What::Made });
    }

    pub(crate) fn dropped(&mut self, subject: Subject, site: Site) {
        self.events.push(Event { site, subject, what: What::Dropped });
    }

    /// Notes a new name; `to` is of the form that the subject itself has.
    pub(crate) fn renamed(&mut self, subject: Subject, to: String, site: Site) {
        self.events.push(Event { site, subject, what: What::Renamed(to) });
    }

    /// Gives a mark to go back to.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// Lists what happened since a mark.
    pub(super) fn events_since(&self, mark: usize) -> impl Iterator<Item = (&Subject, &What)> {
        self.events.iter().skip(mark).map(|event| (&event.subject, &event.what))
    }

    /// Forgets what came after a mark.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.events.truncate(len);
    }

    /// Finds where something went, and in words what happened to it.
    pub(crate) fn gone(&self, subject: &Subject) -> Option<(Site, String)> {
        self.back(subject, |event| match &event.what {
            What::Dropped => Some((event.site.clone(), "dropped here".to_owned())),
            What::Renamed(to) => {
                // The schema is only told where it is another one.
                let from = match subject {
                    Subject::Relation(from) | Subject::Type(from) | Subject::Function(from) => from.as_str(),
                    _ => "",
                };
                let (was, is) = (Id::parse(from), Id::parse(to));
                let to = if !from.is_empty() && was.schema == is.schema { &is.name } else { to };
                Some((event.site.clone(), format!("renamed to `{to}` here")))
            }
            What::Made => None,
        })
    }

    /// Finds where something was made or got its name.
    pub(crate) fn origin(&self, subject: &Subject) -> Option<(Site, String)> {
        for event in self.events.iter().rev() {
            match (&event.what, &event.subject, subject) {
                (What::Made, was, is) if was == is => return Some((event.site.clone(), "made here".to_owned())),
                (What::Renamed(to), Subject::Part(of, _), Subject::Part(whole, is)) if of == whole && to == is => {
                    return Some((event.site.clone(), "got its name here".to_owned()));
                }
                (What::Renamed(to), Subject::Relation(_), Subject::Relation(is))
                | (What::Renamed(to), Subject::Type(_), Subject::Type(is))
                | (What::Renamed(to), Subject::Schema(_), Subject::Schema(is))
                    if to == is =>
                {
                    return Some((event.site.clone(), "got its name here".to_owned()));
                }
                (What::Renamed(to), Subject::Relation(from), Subject::Part(whole, part)) if to == whole => {
                    return self.origin_before(event, &Subject::Part(from.clone(), part.clone()));
                }
                _ => {}
            }
        }
        None
    }

    fn origin_before(&self, end: &Event, subject: &Subject) -> Option<(Site, String)> {
        let before = self.events.iter().position(|event| std::ptr::eq(event, end))?;
        let found =
            self.events[..before].iter().rev().find(|event| event.what == What::Made && event.subject == *subject);
        found.map(|event| (event.site.clone(), "made here".to_owned()))
    }

    /// Goes back in time for the last event of a subject; a part is followed through the names that its whole has had.
    fn back<T>(&self, subject: &Subject, tell: impl Fn(&Event) -> Option<T>) -> Option<T> {
        let mut subject = subject.clone();
        for event in self.events.iter().rev() {
            if event.subject == subject {
                return tell(event);
            }
            if let (What::Renamed(to), Subject::Relation(from), Subject::Part(whole, part)) =
                (&event.what, &event.subject, &subject)
                && to == whole
            {
                subject = Subject::Part(from.clone(), part.clone());
            }
        }
        None
    }
}
