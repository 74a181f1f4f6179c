//! Writes a lock file: the same lock is always the same text.

use super::{FORMAT, Lock};
use std::fmt::Write;

/// Gives the text of a lock file.
pub(crate) fn write(lock: &Lock) -> String {
    let mut text = format!(
        "# Sealed migrations, in order: they don't change any more. Written by `cargo whimbrel lock`; commit it with them.\nversion = {FORMAT}\n"
    );
    for entry in &lock.entries {
        let _ = write!(text, "\n[[migration]]\nid = \"{}\"\n", entry.id);
        let optional = |text: &mut String, key: &str, value: &Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = \"{value}\"");
            }
        };
        optional(&mut text, "schema", &entry.schema);
        optional(&mut text, "on", &entry.on);
        let _ = write!(text, "algorithm = {}\nchecksum = \"{}\"\n", entry.algorithm, entry.checksum);
        optional(&mut text, "text", &entry.text);
        optional(&mut text, "down", &entry.down);
        optional(&mut text, "replaced", &entry.replaced);
        let _ = writeln!(text, "rules = {}", entry.rules);
    }
    text
}
