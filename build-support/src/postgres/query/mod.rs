//! Queries and changes of rows: what they name.

mod from;
mod output;
mod select;
mod with;
mod write;

pub(super) use output::given_name;
pub(super) use select::{called, lower, whole};
pub(super) use write::{act, lower_any};
