//! A project's chain as a folder of plain numbered files, which whimbrel reads as it is.

use crate::Result;
use crate::corpus::{Migration, Project};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What sqlx has for it, whose folders look like this.
const HEADER: &str = "-- no-transaction\n";

/// A folder with one file for each `up` and each `down`.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: TempDir,
    names: Vec<String>,
}

/// Writes a project's chain.
pub(crate) fn write(project: &Project) -> Result<Folder> {
    let folder = tempfile::tempdir()?;
    let mut names = Vec::new();
    for (at, migration) in project.migrations.iter().enumerate() {
        let name = format!("{:04}_{}.sql", at + 1, plain(&migration.file));
        fs::write(folder.path().join(&name), text(migration, &migration.up))?;
        if let Some(down) = &migration.down {
            fs::write(folder.path().join(name.replace(".sql", ".down.sql")), down)?;
        }
        names.push(name);
    }
    Ok(Folder { folder, names })
}

impl Folder {
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the migration that a file's name stands for, and how many lines stand before the project's own first one.
    pub(crate) fn find(&self, file: &str, project: &Project) -> Option<(usize, usize)> {
        let at = self.names.iter().position(|name| file.ends_with(name.as_str()))?;
        Some((at, usize::from(!project.migrations.get(at)?.transactional)))
    }

    /// Gives the file of a migration's `up`.
    pub(crate) fn file(&self, at: usize) -> PathBuf {
        self.path().join(self.names.get(at).map_or("", String::as_str))
    }
}

/// Writes the text of an `up` as its file has it.
pub(crate) fn text(migration: &Migration, up: &str) -> String {
    if migration.transactional { up.to_owned() } else { format!("{HEADER}{up}") }
}

/// `migrations/2018-07-10-061642_create_entities/up.sql` is `2018_07_10_061642_create_entities`.
fn plain(file: &str) -> String {
    let file = file.trim_start_matches("migrations/").trim_end_matches("/up.sql").trim_end_matches(".up.sql");
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    file.chars().map(plain).collect()
}
