//! What a migration does to its database, as the text within the listing that `plan` reads.

use super::Listing;
use crate::catalog::{Voice, What};
use crate::check::Impact;
use crate::effect::{Lock, Touch, Work};
use crate::significance::{Significance, significance};
use whimbrel_grammar::DatabaseKind;

/// Writes it down: `runtime/src/effect.rs` says how, and reads it.
pub(super) fn text(impact: &Impact, kind: DatabaseKind) -> String {
    let mut listing = Listing::default();
    listing.number(impact.opaque.into());
    listing.number(impact.changes.len());
    for change in &impact.changes {
        listing.number(match significance(change) {
            Significance::Patch => 0,
            Significance::Additive => 1,
            Significance::Breaking => 2,
        });
        listing.number(match change.what {
            What::Added => 0,
            What::Dropped => 1,
            What::Renamed { .. } => 2,
            What::Changed { .. } => 3,
        });
        listing.text(&change.words(Voice::Deed));
    }
    listing.number(impact.touches.len());
    for Touch { relation, lock, work } in &impact.touches {
        listing.text(shown(relation));
        listing.text(&lock.and_then(|lock| called(lock, kind)).unwrap_or_default());
        let blocks = lock.map_or(0, |lock| u8::from(lock.blocks_writes()) + u8::from(lock.blocks_reads()));
        listing.number(blocks.into());
        listing.number(match work {
            Work::Nothing => 0,
            Work::Scan | Work::ForeignKeyScan => 1,
            Work::Build => 2,
            Work::Rewrite => 3,
        });
    }
    listing.text
}

/// Gives a lock in the server's words. MySQL locks rows, which is nobody's concern here, and otherwise says what it leaves to others.
fn called(lock: Lock, kind: DatabaseKind) -> Option<String> {
    if kind != DatabaseKind::Mysql {
        return Some(lock.to_string());
    }
    match lock {
        Lock::AccessExclusive => Some("LOCK=EXCLUSIVE".to_owned()),
        _ if lock.blocks_writes() => Some("LOCK=SHARED".to_owned()),
        _ => None,
    }
}

/// Gives a relation as people call it.
fn shown(relation: &str) -> &str {
    relation.strip_prefix("public.").unwrap_or(relation)
}
