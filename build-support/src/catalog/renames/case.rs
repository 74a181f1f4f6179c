//! Names of a server to which case doesn't matter, as its catalogs have them.

use super::Renames;
use crate::catalog::past::Subject;
use crate::catalog::{Catalog, Id, Relation};

impl Renames {
    /// Writes each name as the two catalogs do.
    pub(crate) fn as_written(&self, before: &Catalog, after: &Catalog) -> Renames {
        let called = |of: &String| {
            let whole = Subject::Relation(of.clone());
            match self.pairs.iter().find(|(from, _)| *from == whole) {
                Some((_, Subject::Relation(to))) => Id::parse(to),
                _ => Id::parse(of),
            }
        };
        let written = |(from, to): &(Subject, Subject)| match (from, to) {
            (Subject::Relation(from), Subject::Relation(to)) => {
                let (from, to) = (relation(before, &Id::parse(from)), relation(after, &Id::parse(to)));
                (Subject::relation(&from), Subject::relation(&to))
            }
            (Subject::Part(of, from), Subject::Part(_, to)) => {
                let (was, is) = (relation(before, &Id::parse(of)), relation(after, &called(of)));
                (Subject::part(&was, column(before, &was, from)), Subject::part(&was, column(after, &is, to)))
            }
            (from, to) => (from.clone(), to.clone()),
        };
        Renames { pairs: self.pairs.iter().map(written).collect() }
    }
}

fn relation(catalog: &Catalog, id: &Id) -> Id {
    let known = catalog.schemas.get(&id.schema).into_iter().flat_map(|schema| schema.relations.keys());
    let mut known = known.filter(|name| name.eq_ignore_ascii_case(&id.name));
    known.next().map_or_else(|| id.clone(), |name| id.beside(name.clone()))
}

fn column<'a>(catalog: &'a Catalog, of: &Id, name: &'a str) -> &'a str {
    let mut known: Box<dyn Iterator<Item = &str>> = match catalog.relation(of) {
        Some(Relation::Table(table)) => Box::new(table.columns.iter().map(|column| column.name.as_str())),
        _ => Box::new(std::iter::empty()),
    };
    known.find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name)
}
