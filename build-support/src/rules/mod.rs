//! Safety rules: what a statement does to those who use the database while it runs, and to the program that is running.
//!
//! A rule is a file with its words, a bad and a good chain and the function that judges; to add one is that file, its
//! `mod` line and its line in [`RULES`]. A rule speaks of what the whole chain says, never of a statement alone: what is
//! made in the same migration, proven by a check or of one value for all rows is nobody's concern.

mod blocking_attach_partition;
mod blocking_constraint_check;
mod blocking_domain_constraint;
mod blocking_exclusion;
mod blocking_foreign_key;
mod blocking_index_build;
mod blocking_index_drop;
mod blocking_maintenance;
mod blocking_not_null;
mod blocking_primary_key;
mod blocking_type_change;
mod blocking_unique_constraint;
mod blocking_word_index;
mod case;
mod column_dropped;
mod column_place;
mod column_renamed;
mod column_without_default;
mod constrained_domain_column;
mod ddl_in_do_block;
mod enum_value_renamed;
mod enum_value_used;
mod excuse;
#[cfg(any(test, feature = "cli"))]
mod explain;
mod foreign_key_copies;
mod implicit_commit;
mod inline_constraint;
mod judge;
mod left_dangling;
mod many_tables_locked;
mod non_constant_default;
mod not_null_column;
mod numbered_column;
mod rebuild_forgets_index;
mod rebuild_forgets_reference;
mod rebuild_forgets_trigger;
mod rebuild_misses_column;
mod refresh_blocks_readers;
mod rows_changed_under_lock;
mod rule;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
mod stored_generated_column;
mod table_copied;
mod table_dropped;
mod table_renamed;
mod table_rewrite;
#[cfg(test)]
mod tests;
mod truncate;
mod unbatched_change;
mod unconditional_delete;
mod unstated_algorithm;
mod validate_under_lock;
mod volatile_default;
mod words;

pub(crate) use case::Case;
pub(crate) use excuse::{report, unknown, unknown_levels};
#[cfg(feature = "cli")]
pub(crate) use explain::explain;
#[cfg(test)]
use explain::page;
pub(crate) use judge::{Judge, Judged};
#[cfg(any(test, feature = "cli"))]
pub(crate) use rule::Chain;
pub use rule::Level;
pub(crate) use rule::{Rule, Verdict};
#[cfg(feature = "neo4j")]
pub(crate) use unconditional_delete::RULE as UNCONDITIONAL_DELETE;

/// All rules, in the order in which the documentation has them.
pub(crate) static RULES: &[&Rule] = &[
    &blocking_index_build::RULE,
    &blocking_index_drop::RULE,
    &blocking_not_null::RULE,
    &blocking_constraint_check::RULE,
    &blocking_foreign_key::RULE,
    &blocking_unique_constraint::RULE,
    &blocking_primary_key::RULE,
    &blocking_exclusion::RULE,
    &blocking_domain_constraint::RULE,
    &not_null_column::RULE,
    &volatile_default::RULE,
    &stored_generated_column::RULE,
    &numbered_column::RULE,
    &constrained_domain_column::RULE,
    &inline_constraint::RULE,
    &table_rewrite::RULE,
    &blocking_type_change::RULE,
    &blocking_attach_partition::RULE,
    &blocking_maintenance::RULE,
    &refresh_blocks_readers::RULE,
    &truncate::RULE,
    &validate_under_lock::RULE,
    &rows_changed_under_lock::RULE,
    &many_tables_locked::RULE,
    &unbatched_change::RULE,
    &ddl_in_do_block::RULE,
    &column_dropped::RULE,
    &column_renamed::RULE,
    &table_dropped::RULE,
    &table_renamed::RULE,
    &enum_value_renamed::RULE,
    &enum_value_used::RULE,
    &implicit_commit::RULE,
    &table_copied::RULE,
    &foreign_key_copies::RULE,
    &blocking_word_index::RULE,
    &column_place::RULE,
    &unstated_algorithm::RULE,
    &column_without_default::RULE,
    &non_constant_default::RULE,
    &rebuild_forgets_index::RULE,
    &rebuild_forgets_trigger::RULE,
    &rebuild_forgets_reference::RULE,
    &rebuild_misses_column::RULE,
    &left_dangling::RULE,
    &unconditional_delete::RULE,
];

/// Finds a rule by its name.
pub(crate) fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}
