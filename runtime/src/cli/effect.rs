//! What a step of a plan does, in words for people: its changes, its locks, its work, and whether there is a way back.

use super::output::counted;
use crate::effect::{Effect, Significance, Toil, Touched};
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
            effect.relations.iter().for_each(|touched| touch(touched, &mut lines));
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
    let said = breaking(true).map(|change| format!("breaking: {}", change.words));
    lines.extend(said.chain(breaking(false).map(|change| change.words.to_owned())).take(SHOWN));
    if effect.changes.len() > SHOWN {
        lines.push(format!("and {} more", counted(effect.changes.len() - SHOWN, "change")));
    }
}

fn touch(touched: &Touched, lines: &mut Vec<String>) {
    let relation = touched.relation;
    if let Some(lock) = touched.lock {
        let blocks = match (touched.blocks_reads, touched.blocks_writes) {
            (true, _) => "blocks reads and writes",
            (false, true) => "blocks writes",
            (false, false) => "blocks neither reads nor writes",
        };
        lines.push(format!("locks `{relation}` {lock} ({blocks})"));
    }
    lines.extend(touched.toil.map(|toil| match toil {
        Toil::Scan => format!("reads every row of `{relation}`"),
        Toil::Build => format!("builds indexes of `{relation}`"),
        Toil::Rewrite => format!("rewrites `{relation}`"),
    }));
}
