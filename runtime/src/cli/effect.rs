//! What a step of a plan does, in words for people: its changes, its locks, its work, and whether there is a way back.

use super::output::counted;
use crate::effect::{Effect, RelationEffect, RowWork, Significance};
use crate::plan::Step;
use crate::{Direction, Work};

/// So many changes are named; the rest is counted.
const SHOWN: usize = 8;

/// Lists what a step does, a line each, what breaks something first. Nothing is said of a rollback's locks: only what
/// applying does was followed.
pub(super) fn words(step: &Step, direction: Direction) -> Vec<String> {
    let migration = step.migration;
    let mut lines = Vec::new();
    if direction == Direction::Up {
        let is_code = matches!(migration.up(), Work::Rust(_));
        if is_code {
            lines.push("runs Rust code: what else it does isn't known".to_owned());
        }
        if let Some(effect) = migration.effect() {
            if !effect.is_complete && !is_code {
                lines.push("does what can't be followed: there may be more".to_owned());
            }
            changes(&effect, &mut lines);
            effect.relations.iter().for_each(|relation_effect| touch(relation_effect, &mut lines));
        }
    }
    if let Some(reason) = migration.irreversible() {
        lines.push(format!("can't be rolled back: {reason}"));
    } else if migration.down().is_none() {
        lines.push("can't be rolled back".to_owned());
    }
    lines
}

fn changes(effect: &Effect, lines: &mut Vec<String>) {
    let breaking = |is: bool| effect.changes.iter().filter(move |c| (c.significance == Significance::Breaking) == is);
    let said = breaking(true).map(|change| format!("breaking: {}", change.description));
    lines.extend(said.chain(breaking(false).map(|change| change.description.to_owned())).take(SHOWN));
    if effect.changes.len() > SHOWN {
        lines.push(format!("and {} more", counted(effect.changes.len() - SHOWN, "change")));
    }
}

fn touch(relation_effect: &RelationEffect, lines: &mut Vec<String>) {
    let relation = relation_effect.relation;
    if let Some(lock) = relation_effect.lock {
        let blocks = match (relation_effect.blocks_reads, relation_effect.blocks_writes) {
            (true, _) => "blocks reads and writes",
            (false, true) => "blocks writes",
            (false, false) => "blocks neither reads nor writes",
        };
        lines.push(format!("locks `{relation}` {lock} ({blocks})"));
    }
    lines.extend(relation_effect.row_work.map(|row_work| match row_work {
        RowWork::Scan => format!("reads every row of `{relation}`"),
        RowWork::IndexBuild => format!("builds indexes of `{relation}`"),
        RowWork::Rewrite => format!("rewrites `{relation}`"),
    }));
}
