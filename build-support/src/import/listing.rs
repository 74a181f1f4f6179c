//! The files of a folder, by name.

use crate::source::{Files, Unreadable, normal};
use std::path::{Path, PathBuf};

/// The files of a folder, sorted by path.
#[derive(Debug)]
pub(super) struct Listing {
    /// The folder, as files are read from it.
    pub(super) folder: PathBuf,
    /// Paths below the folder, with `/`.
    pub(super) paths: Vec<String>,
}

impl Listing {
    /// Lists a folder, and what is below it where a tool looks there.
    pub(super) fn of(files: &Files, folder: &Path, below: bool) -> Result<Listing, String> {
        let mut listing = Listing { folder: folder.to_owned(), paths: Vec::new() };
        let root = files.package().join(folder);
        walk(&root, "", if below { 8 } else { 1 }, &mut listing.paths)
            .map_err(|error| format!("the folder `{}` can't be read: {error}", folder.display()))?;
        listing.paths.sort();
        Ok(listing)
    }

    /// Gives the files themselves, each with its name, without those in folders.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str).filter(|path| !path.contains('/'))
    }

    /// Tells whether a file is there.
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    /// Reads a file of the folder.
    pub(super) fn read(&self, files: &mut Files, path: &str) -> Result<usize, String> {
        let path = normal(&self.folder.join(path));
        files.read(Path::new(&path)).map_err(|why| match why {
            Unreadable::Missing => format!("the file `{path}` is not there"),
            Unreadable::Refused(why) => format!("the file `{path}` can't be read: {why}"),
            Unreadable::NotUtf8 { line } => format!("the file `{path}` is no UTF-8 from line {line} on"),
        })
    }
}

fn walk(folder: &Path, below: &str, depth: usize, paths: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        // A link to a folder is not followed, so that a loop of links ends.
        if !entry.file_type()?.is_dir() {
            paths.push(path);
        } else if depth > 0 {
            walk(&entry.path(), &path, depth - 1, paths)?;
        }
    }
    Ok(())
}
