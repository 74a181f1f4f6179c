//! What a build keeps for the next one, in `$OUT_DIR`: a file for each database.
//!
//! Each begins with a line that names the program, for another one may keep something else in the same form, and a digest of the
//! rest, so that damaged bytes count for nothing.

use crate::check::Kept;
use std::io;
use std::path::{Path, PathBuf};

/// Reads what this program has kept of some databases.
pub(crate) fn read<'a>(folder: &Path, databases: impl IntoIterator<Item = &'a str>) -> Kept {
    let Some(program) = program() else { return Kept::default() };
    let read = |database: &str| {
        let bytes = std::fs::read(file(folder, database)).ok()?;
        let (told, kept) = bytes.strip_prefix(program.as_bytes())?.split_first_chunk()?;
        (*told == digest(kept)).then(|| (database.to_owned(), kept.to_owned()))
    };
    Kept(databases.into_iter().filter_map(read).collect())
}

/// Writes what is different from what was read.
pub(crate) fn write(folder: &Path, before: &Kept, now: &Kept) -> io::Result<()> {
    let Some(program) = program() else { return Ok(()) };
    for (database, bytes) in now.0.iter().filter(|(database, bytes)| before.0.get(database) != Some(*bytes)) {
        std::fs::write(file(folder, database), [program.as_bytes(), &digest(bytes), bytes].concat())?;
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

/// Tells bytes from others that came of them by accident, in little time without optimisation.
fn digest(bytes: &[u8]) -> [u8; 8] {
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
    let mut digest = bytes.len() as u64;
    for word in words.iter().chain([&last]) {
        // Whatever one word is changed to, all that follows is another number.
        digest = (digest.rotate_left(29) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    digest.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_name::ByName;

    #[test]
    fn only_what_this_program_has_kept_counts() {
        let folder = tempfile::tempdir().unwrap();
        let kept =
            Kept(ByName::from_iter([("main".to_owned(), b"some\nthing".to_vec()), ("log".to_owned(), Vec::new())]));
        write(folder.path(), &Kept::default(), &kept).unwrap();
        assert_eq!(read(folder.path(), ["main", "log", "other"]), kept);
        let path = file(folder.path(), "main");
        let whole = std::fs::read(&path).unwrap();
        let others = [whole[1..].to_vec(), [b"0", whole.as_slice()].concat(), [whole.as_slice(), b"\0"].concat()];
        let flipped = (0..whole.len() * 8).map(|bit| {
            let mut other = whole.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            other
        });
        let cut = (0..whole.len()).map(|end| whole[..end].to_vec());
        for other in others.into_iter().chain(flipped).chain(cut) {
            std::fs::write(&path, &other).unwrap();
            assert!(!read(folder.path(), ["main", "log"]).0.contains_key("main"), "{other:?}");
        }
    }
}
