//! What the rules are told of a migration.

use super::deed::Deed;
use super::names::{Certainty, Key, Names};
use super::object::{Object, ObjectKind};
use super::world::{Delta, Part, World};
use crate::catalog::Relation;
use crate::effect::Touch;
use crate::rules::Verdict;
use crate::rules::sqlite::{self, Around, Broken, Story};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Names of which everything is known before a migration, folded.
pub(super) fn exact(part: &Part<'_>, names: &Names) -> BTreeSet<String> {
    let is_exact = |object: &&&Arc<Object>| *names.get(&object.key()) == Certainty::Exact;
    part.objects.iter().filter(is_exact).map(|object| object.name.to_ascii_lowercase()).collect()
}

/// Judges a script that could be followed, by all rules there are.
pub(super) fn judge(
    text: &str,
    deeds: &[Deed],
    delta: &Delta,
    (world, names): (&World, &Names),
    exact: &BTreeSet<String>,
) -> (Vec<Verdict>, Vec<Touch>) {
    let put: HashMap<Key, &Arc<Object>> = delta.put.iter().map(|object| (object.key(), object)).collect();
    let before = |name: &str| world.get(&Key::Relation(name.to_owned())).and_then(relation);
    let after = |name: &str| {
        let key = Key::Relation(name.to_owned());
        match put.get(&key) {
            Some(object) => relation(object),
            None if delta.removed.contains(&key) => None,
            None => world.get(&key).and_then(relation),
        }
    };
    let broken = delta.broken.iter().filter(|key| !world.is_broken(key)).filter_map(|key| {
        let object = put.get(key).copied().or(world.get(key))?;
        Some(Broken { noun: object.kind.noun(), name: object.name.clone(), words: object.words.clone() })
    });
    // A script names those that it changes: what is known of the others is as it was before.
    let is_sure = |object: &&Arc<Object>| *names.get(&object.key()) == Certainty::Exact;
    let referring = |name: &str| -> Vec<String> {
        let new = delta.put.iter().filter(|object| object.kind == ObjectKind::Table);
        let new = new.filter(|object| object.words.iter().any(|word| word == name));
        let tables: BTreeSet<String> = world
            .referring_to(name)
            .filter(is_sure)
            .chain(new)
            .map(|object| object.name.to_ascii_lowercase())
            .collect();
        tables.into_iter().collect()
    };
    let around = Around {
        before: &before,
        after: &after,
        indexed_by: &|name| {
            let object = put.get(&Key::Relation(name.to_owned()))?;
            (object.kind == ObjectKind::Index).then(|| object.table.clone())
        },
        referring: &referring,
        is_exact: &|name| exact.contains(name),
        broken: broken.collect(),
    };
    let story = Story::new(deeds, &around);
    (sqlite::judge(text, &story, &around), story.touches(&around))
}

fn relation(object: &Arc<Object>) -> Option<&Relation> {
    match object.kind {
        ObjectKind::Table | ObjectKind::Virtual | ObjectKind::View => Some(object.described.relation()),
        ObjectKind::Shadow | ObjectKind::Index | ObjectKind::Trigger => None,
    }
}
