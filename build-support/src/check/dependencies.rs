//! `after(…)`: what is named exists, comes before, and does not wait in a circle.

use crate::report::Diagnostic;
use crate::source::{Declaration, Place, Set};
use std::collections::HashMap;
use whimbrel_grammar::names::nearest;

/// A dependency with the places of both ends.
struct Edge<'a> {
    to: &'a Declaration,
    place: &'a Place,
}

/// Reports dependencies that are unknown, later, or part of a cycle.
pub(super) fn check(set: &Set, chain: &[&Declaration], found: &mut Vec<Diagnostic>) {
    let replaced = chain.iter().flat_map(|d| d.arguments.replaces.iter().map(|(id, _)| (id.as_str(), *d)));
    // What is still there is nobody else's, whoever says so.
    let by_id: HashMap<&str, &Declaration> = replaced.chain(chain.iter().map(|d| (d.id.text.as_str(), *d))).collect();
    let cyclic = cycles(chain, &by_id, found);
    for declaration in chain {
        for (id, place) in declaration.arguments.after.iter().flatten() {
            match by_id.get(id.as_str()) {
                Some(other)
                    if other.id.number > declaration.id.number && !cyclic.contains(&declaration.id.text.as_str()) =>
                {
                    found.push(later(declaration, other, place));
                }
                Some(_) => {}
                None if set.incomplete || set.refused.iter().any(|refused| refused.text == *id) => {}
                None => found.push(unknown(id, place, set)),
            }
        }
    }
}

fn unknown(id: &str, place: &Place, set: &Set) -> Diagnostic {
    // A wrong name behind the right number, and the other way round, are slips too.
    let name = |id: &str| id.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    let number = |id: &str| id.split(|c: char| !c.is_ascii_digit()).next().map(str::to_owned);
    let declared = set.declarations.iter().map(|declaration| &declaration.id);
    let known: Vec<&str> = declared.chain(&set.refused).map(|id| id.text.as_str()).collect();
    let meant = nearest(id, known.iter().copied())
        .or_else(|| known.iter().copied().find(|known| name(known) == name(id)))
        .or_else(|| known.iter().copied().find(|known| number(known) == number(id)));
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "name a migration of this folder".to_owned(),
    };
    Diagnostic::error("unknown_dependency", format!("there is no migration `{id}`")).at(place, "not found").help(help)
}

fn later(declaration: &Declaration, other: &Declaration, place: &Place) -> Diagnostic {
    Diagnostic::error(
        "later_dependency",
        format!("`{}` can't come after `{}`, which has a higher number", declaration.id.text, other.id.text),
    )
    .at(place, "applied later")
    .at(&other.place, "declared here")
    .help(format!("give `{}` a number above {}", declaration.id.text, other.id.number))
}

/// Reports each cycle once, with all its members; gives the ids that take part in one.
fn cycles<'a>(
    chain: &[&'a Declaration],
    by_id: &HashMap<&str, &'a Declaration>,
    found: &mut Vec<Diagnostic>,
) -> Vec<&'a str> {
    let mut cyclic: Vec<&str> = Vec::new();
    for start in chain {
        if cyclic.contains(&start.id.text.as_str()) {
            continue;
        }
        let Some(path) = back_to(start, by_id) else { continue };
        let names: Vec<String> = std::iter::once(start.id.text.as_str())
            .chain(path.iter().map(|edge| edge.to.id.text.as_str()))
            .map(|id| format!("`{id}`"))
            .collect();
        let mut diagnostic = Diagnostic::error(
            "cyclic_dependency",
            format!("migrations wait for each other: {}", names.join(" after ")),
        );
        for edge in &path {
            diagnostic = diagnostic.at(edge.place, format!("waits for `{}`", edge.to.id.text));
            cyclic.push(&edge.to.id.text);
        }
        found.push(diagnostic.help("take one of these names out of its `after(…)`"));
    }
    cyclic
}

/// Finds the shortest way from a migration along its dependencies back to itself.
fn back_to<'a>(start: &'a Declaration, by_id: &HashMap<&str, &'a Declaration>) -> Option<Vec<Edge<'a>>> {
    let edges = |from: &'a Declaration| {
        from.arguments.after.iter().flatten().filter_map(|(id, place)| Some((*by_id.get(id.as_str())?, place)))
    };
    let mut came_from: HashMap<&str, (&'a Declaration, &'a Place)> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for (to, place) in edges(from) {
            if came_from.contains_key(to.id.text.as_str()) {
                continue;
            }
            came_from.insert(&to.id.text, (from, place));
            if to.id == start.id {
                return Some(walk_back(start, &came_from));
            }
            queue.push_back(to);
        }
    }
    None
}

fn walk_back<'a>(start: &'a Declaration, came_from: &HashMap<&str, (&'a Declaration, &'a Place)>) -> Vec<Edge<'a>> {
    let mut path = Vec::new();
    let mut to = start;
    while let Some((from, place)) = came_from.get(to.id.text.as_str()).copied() {
        path.push(Edge { to, place });
        to = from;
        if from.id == start.id {
            break;
        }
    }
    path.reverse();
    path
}
