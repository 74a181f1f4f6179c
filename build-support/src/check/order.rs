//! Ids: each once, in ascending order, without a gap.

use crate::report::Diagnostic;
use crate::source::{Declaration, Origin, Set, Together};

/// Reports ids and numbers that stand twice.
pub(super) fn duplicates(chain: &[&Declaration], found: &mut Vec<Diagnostic>) {
    for pair in chain.windows(2) {
        let [first, second] = pair else { continue };
        let replaces = |one: &Declaration, other: &Declaration| {
            one.arguments.replaces.iter().any(|(id, _)| *id == other.id.text && one.id != other.id)
        };
        // A squash may have the number of what it replaces, which is not to be there any more.
        if first.id.number != second.id.number
            || replaces(first, second)
            || replaces(second, first)
            || first.is_part_with(second)
        {
            continue;
        }
        let diagnostic = if first.id.text == second.id.text {
            Diagnostic::error("duplicate_id", format!("the id `{}` is taken twice", second.id.text))
        } else {
            Diagnostic::error(
                "duplicate_number",
                format!("the number {} is taken twice, so the order is open", second.id.number),
            )
        };
        found.push(
            diagnostic
                .at(&second.place, "taken again here")
                .at(&first.place, "taken here first")
                .help("give the later one the next free number"),
        );
    }
}

/// Reports migrations of all databases that have nothing for one of them. What is sealed had what was declared then.
pub(super) fn incomplete(
    set: &Set,
    chain: &[&Declaration],
    is_sealed: impl Fn(&str) -> bool,
    found: &mut Vec<Diagnostic>,
) {
    let mut told = "";
    for declaration in chain {
        let id = declaration.id.text.as_str();
        let Some(Together::All(place)) = &declaration.together else { continue };
        if told == id || is_sealed(id) {
            continue;
        }
        told = id;
        let has = |name: &str| chain.iter().any(|d| d.id.text == id && d.on().is_some_and(|on| on == name));
        for (name, _) in set.databases.0.iter().filter(|(name, _)| !has(name)) {
            found.push(
                Diagnostic::error("missing_part", format!("`{id}` says `on = all`, and has nothing for `{name}`"))
                    .at(place, format!("no module `{name}` in it"))
                    .help(format!("add `pub mod {name} {{ pub const UP: &str = \"…\"; }}` to it"))
                    .help("where it has nothing to do there, write a migration for each of the others"),
            );
        }
    }
}

/// Reports modules that stand behind one that applies later: what is read from top to bottom has to run so.
pub(super) fn reading_order(set: &Set, found: &mut Vec<Diagnostic>) {
    let mut highest: Option<&Declaration> = None;
    for declaration in set.declarations.iter().filter(|d| matches!(d.origin, Origin::Module(_))) {
        match highest {
            Some(before) if before.id.number > declaration.id.number => found.push(
                Diagnostic::error(
                    "out_of_order",
                    format!("`{}` stands behind `{}`, but is applied before it", declaration.id.text, before.id.text),
                )
                .at(&declaration.place, "applied first")
                .at(&before.place, "applied after it")
                .help("write the modules, and the `mod` lines of `mod.rs`, in the order of their numbers"),
            ),
            _ => highest = Some(declaration),
        }
    }
}

/// Warns of a number that is left out of a sequence before what is not sealed; timestamps have gaps by nature.
pub(super) fn gaps(
    chain: &[&Declaration],
    refused: &[whimbrel_grammar::Id],
    is_sealed: impl Fn(&str) -> bool,
    found: &mut Vec<Diagnostic>,
) {
    for pair in chain.windows(2) {
        let [before, after] = pair else { continue };
        let is_sequence = before.id.is_sequence() && after.id.is_sequence();
        let between = before.id.number.saturating_add(1)..after.id.number;
        let is_squash = !after.arguments.replaces.is_empty();
        let is_refused = refused.iter().any(|id| between.contains(&id.number));
        if !is_sequence || between.is_empty() || is_squash || is_refused || is_sealed(&after.id.text) {
            continue;
        }
        let missing = match after.id.number - before.id.number {
            2 => format!("number {} is missing", between.start),
            _ => format!("numbers {} to {} are missing", between.start, after.id.number - 1),
        };
        found.push(
            Diagnostic::warning(
                "gap_in_sequence",
                format!("{missing} between `{}` and `{}`", before.id.text, after.id.text),
            )
            .at(&after.place, "the sequence goes on here")
            .help("if a migration was removed, bring it back; if it is still on another branch, merge that first"),
        );
    }
}
