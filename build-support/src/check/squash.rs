//! `replaces(…)`: a squash takes the place of sealed migrations that are no longer there.

use super::arguments::database;
use super::{Facts, Replaced};
use crate::lock::{Entry, Index, Lock};
use crate::report::Diagnostic;
use crate::source::{Declaration, Place, Set};
use std::collections::{HashMap, HashSet};
use whimbrel_grammar::Id;
use whimbrel_grammar::names::nearest;

/// Notes in the facts what each migration replaces, with what that replaced itself, and reports what can't be replaced.
pub(super) fn check(
    set: &Set,
    chain: &[&Declaration],
    facts: &mut [Facts],
    (lock, sealed): (&Lock, &Index<'_>),
    found: &mut Vec<Diagnostic>,
) {
    if chain.iter().all(|declaration| declaration.arguments.replaces.is_empty()) {
        return;
    }
    let mut here: HashMap<&str, Vec<&Declaration>> = HashMap::new();
    chain.iter().for_each(|declaration| here.entry(&declaration.id.text).or_default().push(declaration));
    let mut taken: HashMap<&str, &Place> = HashMap::new();
    for (declaration, facts) in chain.iter().zip(facts) {
        for (id, place) in &declaration.arguments.replaces {
            let entry = sealed.named(declaration, id);
            let mut still = here.get(id.as_str()).into_iter().flatten();
            let still = still.find(|d| d.together.is_none() || d.on() == declaration.on() || d.id == declaration.id);
            let is_of = |d: &&Declaration| entry.is_some_and(|entry| d.on() == Some(sealed.database(entry)));
            if chain.iter().any(|other| other.is_part_with(declaration) && is_of(other)) {
                // What was for one database alone is replaced by that one's part.
                continue;
            }
            let mistake = match (taken.insert(id, place).filter(|first| *first != place), still, entry) {
                (Some(first), ..) => Some(twice(id, place, first)),
                (None, Some(_), _) if *id == declaration.id.text => Some(itself(id, place)),
                (None, Some(still), _) => Some(still_here(declaration, still, place)),
                (None, None, None) => Some(unknown(id, place, lock)),
                (None, None, Some(entry)) => misplaced(set, chain, declaration, (entry, sealed.database(entry)), place),
            };
            match (mistake, entry) {
                (Some(mistake), _) => found.push(mistake),
                (None, Some(entry)) => facts.replaces.push(replaced(entry, lock, sealed, &mut HashSet::new())),
                (None, None) => {}
            }
        }
    }
}

/// Lists what squashes cover: the ids, and the databases that their entries name.
pub(crate) fn covered(facts: &[Facts]) -> HashSet<(String, Option<String>)> {
    let mut ids = HashSet::new();
    facts.iter().flat_map(|facts| &facts.replaces).for_each(|replaced| {
        replaced.each(&mut |part| {
            ids.insert((part.id.clone(), part.on.clone()));
        })
    });
    ids
}

/// Gives a sealed migration with what the lock says that it replaced.
fn replaced<'a>(entry: &'a Entry, lock: &'a Lock, sealed: &Index<'a>, seen: &mut HashSet<&'a str>) -> Replaced {
    let mut parts = Vec::new();
    // A lock that was meddled with may go in circles.
    if seen.insert(&entry.id) {
        let of_this = |other: &&Entry| {
            other.replaced.as_deref() == Some(entry.id.as_str()) && sealed.database(other) == sealed.database(entry)
        };
        parts.extend(lock.entries.iter().filter(of_this).map(|part| replaced(part, lock, sealed, seen)));
    }
    let (id, on, checksum) = (entry.id.clone(), entry.on.clone(), entry.checksum.clone());
    Replaced { id, on, algorithm: entry.algorithm, checksum, replaces: parts }
}

fn twice(id: &str, place: &Place, first: &Place) -> Diagnostic {
    Diagnostic::error("replaced_twice", format!("`{id}` is replaced twice"))
        .at(place, "replaced again here")
        .at(first, "replaced here first")
        .help("a migration has one successor: take one of the names out")
}

fn itself(id: &str, place: &Place) -> Diagnostic {
    Diagnostic::error("replaced_still_here", format!("`{id}` can't replace itself"))
        .at(place, "this is its own id")
        .help("give the squash a name of its own: databases know the old one already")
}

fn still_here(squash: &Declaration, still: &Declaration, place: &Place) -> Diagnostic {
    let (id, squash) = (&still.id.text, &squash.id.text);
    Diagnostic::error("replaced_still_here", format!("`{id}` is replaced by `{squash}`, and still here"))
        .at(place, "replaced here")
        .at(&still.place, "would run besides")
        .help("take it out of the folder: `whimbrel.lock` and the ledgers keep its name and its checksum")
}

fn unknown(id: &str, place: &Place, lock: &Lock) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("unknown_replaced", format!("`{id}` was never sealed, so nothing can replace it"))
            .at(place, "not in `whimbrel.lock`");
    diagnostic.help(match nearest(id, lock.entries.iter().map(|entry| entry.id.as_str())) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "what a database has is told by its checksum: bring the migration back, seal it with `cargo whimbrel lock`, and replace it then".to_owned(),
    })
}

/// Reports what a squash can't take the place of: something of another database, later, or with others in between.
fn misplaced(
    set: &Set,
    chain: &[&Declaration],
    squash: &Declaration,
    (entry, was): (&Entry, &str),
    place: &Place,
) -> Option<Diagnostic> {
    let number = Id::parse(&entry.id).ok()?.number;
    let (id, own) = (&entry.id, &squash.id.text);
    let (database, _) = database(set, squash)?;
    if was != database {
        let message = format!("`{id}` is a migration of `{was}`, and `{own}` of `{database}`");
        return Some(
            Diagnostic::error("misplaced_squash", message)
                .at(place, "of another database")
                .help("write a squash for each database"),
        );
    }
    if number > squash.id.number {
        let message = format!("`{own}` can't replace `{id}`, which has a higher number");
        return Some(Diagnostic::error("misplaced_squash", message).at(place, "applied later").help(format!(
            "give the squash the number of the last one that it replaces, or a higher one than {number}"
        )));
    }
    let between = |other: &&&Declaration| {
        let of = super::arguments::database(set, other).is_some_and(|(of, _)| of == database);
        of && other.id.text != *own && number < other.id.number && other.id.number < squash.id.number
    };
    let other = chain.iter().find(between)?;
    let message = format!("`{}` stands between `{id}` and `{own}`, which replaces it", other.id.text);
    Some(
        Diagnostic::error("misplaced_squash", message)
            .at(place, "was applied before it")
            .at(&other.place, "applied in between")
            .help("replace this one too, or give the squash a number below it"),
    )
}
