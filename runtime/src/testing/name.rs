//! The names of templates and of their copies.

use crate::registry::{Migration, Registry, Work};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};

/// So many of a registry's templates stay: branches and test programs take turns.
pub(super) const KEPT: usize = 4;

/// Holds the names of one database of a registry, for one test. They are parts of names of servers', which end after 63
/// bytes (PostgreSQL) or 64 characters (MySQL).
#[derive(Debug)]
pub(super) struct Names {
    /// Labels all templates of the database.
    pub(super) label: String,
    /// Tells templates apart by all that they hold: what the migrations do, and what their ledger says about them.
    pub(super) key: String,
    /// Names the test, so that its next run finds what it left.
    pub(super) test: String,
}

impl Names {
    pub(super) fn new(registry: &Registry, database: &str, test: &str) -> Self {
        let text = format!("{}_{database}", registry.name());
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        Names {
            label: text.chars().map(plain).take(20).collect(),
            key: hexadecimal(&(registry.name(), database, content(registry))),
            test: hexadecimal(&(registry.name(), database, test)),
        }
    }
}

fn content(registry: &Registry) -> impl Hash {
    let recorded = |m: &Migration| {
        let (text, schema) = (m.text_checksum, m.schema.as_ref().map(ToString::to_string));
        (m.id, m.description, m.source, text, m.down_checksum, schema)
    };
    let recorded: Vec<_> = registry.migrations().iter().map(recorded).collect();
    // A checksum covers the author's function but not what it calls, so with code the program itself counts too.
    let code = registry.migrations().iter().any(|m| matches!(m.up, Work::Rust(_)));
    let program = code.then(|| {
        let about = std::env::current_exe().and_then(std::fs::metadata);
        about.map(|about| (about.len(), about.modified().ok())).ok()
    });
    (registry.digest(), registry.app_version(), env!("CARGO_PKG_VERSION"), recorded, program)
}

/// Ends the name of a copy, unlike any other of this machine.
pub(super) fn ending() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let part = hexadecimal(&(std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed), now));
    part.chars().take(12).collect()
}

/// Gives the key of the lock that goes with a name.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn lock_key(name: &str) -> i64 {
    hash(&("whimbrel test", name)).cast_signed()
}

fn hexadecimal(value: &impl Hash) -> String {
    format!("{:016x}", hash(value))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
