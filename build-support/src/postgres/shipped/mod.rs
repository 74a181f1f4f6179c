//! The functions that PostgreSQL and its extensions have before anything is created.

mod extensions;
mod functions;

pub(crate) use extensions::extension_function;
pub(crate) use functions::{function, nearest_function};

/// Those of `pg_proc` on 12, 15 and 18 that are behind types, operators and aggregates: hardly ever called by name.
const PLUMBING: &str = include_str!("plumbing.txt");

/// Tells whether every PostgreSQL has a function of this name, whether it is meant to be called or not.
pub(crate) fn has_function(name: &str) -> bool {
    function(name).is_some() || PLUMBING.split_ascii_whitespace().any(|known| known == name)
}
