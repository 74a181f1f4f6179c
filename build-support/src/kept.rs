//! What a build keeps for the next one, in `$OUT_DIR`: a file for each database.
//!
//! Each begins with a line that names the program: another one may keep something else in the same form.

use crate::check::Kept;
use std::io;
use std::path::{Path, PathBuf};

/// Reads what this program has kept of some databases.
pub(crate) fn read<'a>(folder: &Path, databases: impl IntoIterator<Item = &'a str>) -> Kept {
    let Some(program) = program() else { return Kept::default() };
    let read = |database: &str| {
        let mut bytes = std::fs::read(file(folder, database)).ok()?;
        let is_ours = bytes.starts_with(program.as_bytes());
        is_ours.then(|| (database.to_owned(), bytes.split_off(program.len())))
    };
    Kept(databases.into_iter().filter_map(read).collect())
}

/// Writes what is different from what was read.
pub(crate) fn write(folder: &Path, before: &Kept, now: &Kept) -> io::Result<()> {
    let Some(program) = program() else { return Ok(()) };
    for (database, bytes) in now.0.iter().filter(|(database, bytes)| before.0.get(*database) != Some(bytes)) {
        std::fs::write(file(folder, database), [program.as_bytes(), bytes].concat())?;
    }
    Ok(())
}

fn file(folder: &Path, database: &str) -> PathBuf {
    folder.join(format!("{database}.kept"))
}

/// Names this program by its path, its length and its time; `None` where that can't be told, and nothing is kept.
fn program() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    let about = path.metadata().ok()?;
    let since = about.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{} {path:?} {} {}\n", env!("CARGO_PKG_VERSION"), about.len(), since.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_this_program_has_kept_counts() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept([("main".to_owned(), b"some\nthing".to_vec()), ("log".to_owned(), Vec::new())].into());
        write(folder.path(), &Kept::default(), &kept).unwrap();
        assert_eq!(read(folder.path(), ["main", "log", "other"]), kept);
        let path = file(folder.path(), "main");
        let whole = std::fs::read(&path).unwrap();
        for other in [whole[1..].to_vec(), whole[..20].to_vec(), [b"0", whole.as_slice()].concat(), Vec::new()] {
            std::fs::write(&path, other).unwrap();
            assert!(!read(folder.path(), ["main", "log"]).0.contains_key("main"));
        }
    }
}
