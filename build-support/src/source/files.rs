//! The files that were read, and places in them.

use std::cell::OnceCell;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// A byte range of a file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file's index in [`Files`].
    pub(crate) file: usize,
    /// The bytes, within the file's text.
    pub(crate) range: Range<usize>,
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct File {
    /// Its path below the package's folder, with `/`; a file outside is named by its whole path.
    pub(crate) path: String,
    /// Its text, byte order mark included.
    pub(crate) text: String,
    /// Where its lines begin, once that was asked.
    lines: OnceCell<Vec<usize>>,
}

/// Why a file could not be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It is not there.
    Missing,
    /// The system refuses it, in its words.
    Refused(String),
    /// It is no UTF-8 from this line on.
    NotUtf8 {
        /// The line, from 1.
        line: usize,
    },
}

/// The files that were read so far, each once.
#[derive(Debug)]
pub(crate) struct Files {
    package: PathBuf,
    list: Vec<File>,
}

impl Files {
    /// Begins with none; paths are below this package's folder.
    pub(crate) fn new(package: &Path) -> Self {
        Files { package: package.to_owned(), list: Vec::new() }
    }

    /// Gives a file that was read.
    pub(crate) fn get(&self, file: usize) -> &File {
        &self.list[file]
    }

    /// Gives the package's folder.
    pub(crate) fn package(&self) -> &Path {
        &self.package
    }

    /// Gives the paths of all files that were read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|file| file.path.as_str())
    }

    /// Reads a file below the package's folder, or finds it where it was read before.
    pub(crate) fn read(&mut self, path: &Path) -> Result<usize, Unreadable> {
        let path = normal(path);
        if let Some(known) = self.list.iter().position(|file| file.path == path) {
            return Ok(known);
        }
        self.read_new(path)
    }

    /// Adds a text as if it had been read from a path.
    #[cfg(feature = "cli")]
    pub(crate) fn add(&mut self, path: &Path, text: String) -> usize {
        self.list.push(File { path: normal(path), text, lines: OnceCell::new() });
        self.list.len() - 1
    }

    /// Reads a file that is known not to have been read before.
    pub(crate) fn read_new(&mut self, path: String) -> Result<usize, Unreadable> {
        let bytes = std::fs::read(self.package.join(&path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Unreadable::Missing,
            _ => Unreadable::Refused(error.to_string()),
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            Unreadable::NotUtf8 { line: 1 + sound.iter().filter(|byte| **byte == b'\n').count() }
        })?;
        self.list.push(File { path, text, lines: OnceCell::new() });
        Ok(self.list.len() - 1)
    }
}

impl File {
    /// Gives line and column (both from 1, the column in characters) of a byte.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let starts = || std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let lines: &Vec<usize> = self.lines.get_or_init(starts);
        let line = lines.partition_point(|start| *start <= before.len());
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        (line, 1 + before[start..].trim_start_matches('\u{feff}').chars().count())
    }
}

/// Writes a path with `/` and without `.` and, where it can, `..`.
pub(crate) fn normal(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|part| part != "..") => {
                parts.pop();
            }
            Component::RootDir => parts.push(String::new()),
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts.join("/")
}
