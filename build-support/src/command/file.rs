//! Files that are written: whole or not at all, and none that is there already without being asked for.

use super::output::Failure;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Replaces a file in one step: whoever reads it sees the old text or the new one.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::file("written", path.display(), &error);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        // What was begun is of no use to anyone.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(failed)
}

/// Writes a file that must not be there yet.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::wrong(format!("`{}` is there already, and is left as it is", path.display()))
        }
        _ => Failure::file("written", path.display(), &error),
    };
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(failed)
}
