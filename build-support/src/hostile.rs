//! Hostile input: whatever stands in the folder, reading, checking, drawing and writing end without a panic,
//! and every place that is shown lies within its file.

use crate::codegen::{Package, registry};
use crate::policy::Policy;
use crate::report::Rendered;
use crate::{check, source};
use std::fs;
use std::path::Path;

/// What gets mutated: everything that a chain can consist of.
const MODULE: &str = "use whimbrel::prelude::*;\nwhimbrel::registry! { main: Postgres, cache: Sqlite }\n\n/// Users.\n\
    #[migration(schema = \"1.0.0\", after(m0003_c), on = cache, transaction = false)]\npub mod m0001_a {\n    pub const UP: &str = \"CREATE TABLE a (t TEXT DEFAULT 'it\\'s\\u{e9}'); \\\n        COMMIT\";\n    \
    pub const DOWN: &str = concat!(r#\"DROP \"a\" \"#, 1, 'c', include_str!(\"x.sql\"));\n    pub async fn verify(db: &mut SqliteStep) -> whimbrel::Result<bool> { Ok(true) }\n}\n\
    #[migration(after(m0001_a), irreversible = \"no\")]\nmod m0003_c { const UPP: &str = \"\u{1f426}\"; const UP: &str = \"SELECT $$;$$; -- é\\n'\"; }\n";
const SCRIPT: &str = "\u{feff}-- Adds é.\r\n-- schema: 1.1.0\r\n-- after: m0001_a, 0003_c\n-- transaction: flase\nBEGIN;\r\nCREATE FUNCTION f() AS $b$ BEGIN; END $b$;\nINSERT INTO \"ü\" VALUES (E'\\'', 'x''y'); /* a /* b */ */\n\\copy x\nCOMMIT;\nCOPY t FROM stdin;";

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// Cuts, doubles, swaps or replaces a few pieces of a text.
    fn mutate(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..1 + self.below(4) {
            let at = self.below(bytes.len() + 1);
            let to = (at + self.below(40)).min(bytes.len());
            match self.below(5) {
                0 => drop(bytes.drain(at..to)),
                1 => {
                    let piece = bytes[at..to].to_vec();
                    let into = self.below(bytes.len() + 1);
                    bytes.splice(into..into, piece);
                }
                2 => {
                    let piece = [
                        &b"'"[..],
                        b"\"",
                        b"{",
                        b"}",
                        b"(",
                        b"$x$",
                        b"\\",
                        b"\r\n",
                        b"/*",
                        b"*/",
                        b"\xff",
                        b"#",
                        b";",
                        b"\0",
                        b"r#",
                    ][self.below(15)];
                    bytes.splice(at..at, piece.iter().copied());
                }
                3 => bytes.truncate(at),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(1)),
            }
        }
        bytes
    }
}

#[test]
fn nothing_in_a_folder_makes_the_build_script_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("x.sql"), "TABLE \"x\"").unwrap();
    let about = Package { name: "app".into(), version: "0.1.0".into() };
    let mut shown = 0;
    for round in 0..1_000 {
        let (module, script) = (random.mutate(MODULE), random.mutate(SCRIPT));
        fs::write(folder.join("mod.rs"), if round % 3 == 0 { MODULE.as_bytes() } else { &module }).unwrap();
        fs::write(folder.join("0005_s.sql"), if round % 3 == 1 { SCRIPT.as_bytes() } else { &script }).unwrap();
        let (files, set, found) = source::read(package.path(), Path::new("src/migrations"));
        let report = check::check(&set, &files, &Policy::default());
        for diagnostic in found.iter().chain(&report.diagnostics) {
            for label in &diagnostic.labels {
                assert!(files.get(label.place.file).text.get(label.place.range.clone()).is_some(), "{diagnostic:?}");
            }
            assert!(!Rendered::new(diagnostic, &files).plain.is_empty());
            shown += 1;
        }
        assert!(registry(&about, &set, &report, &files).code.contains("pub static MIGRATIONS"));
    }
    assert!(shown > 300, "only {shown} findings: the mutations are too tame");
}

/// A chain of two, sealed; the second one stands in two blocks of which one is in a conflict.
const LOCK: &str = "# Sealed.\r\nversion = 1\n\n[[migration]]\nid = \"0001_a\"\nschema = \"1.0.0\"\nalgorithm = 1\n\
    checksum = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\ndown = \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"\nrules = 0\n\
    \n[[migration]]\nid = \"0005_é\"\nalgorithm = 1 # one\nchecksum = \"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\"\nrules = 65535\n\
    <<<<<<< HEAD\n[[migration]]\n=======\n|||||||\n>>>>>>> é\n";

#[test]
fn nothing_in_a_lock_file_makes_the_build_script_panic() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mod.rs"), "whimbrel::registry! {}").unwrap();
    for (name, text) in
        [("0001_a.sql", "-- schema: 1.0.0\nSELECT 1"), ("0001_a.down.sql", "SELECT 2"), ("0005_é.sql", "SELECT 3")]
    {
        fs::write(folder.join(name), text).unwrap();
    }
    let about = Package { name: "app".into(), version: "0.1.0".into() };
    let sound = LOCK.split("<<<<").next().unwrap();
    let mut seen = std::collections::HashMap::new();
    for round in 0..2_000 {
        let lock = random.mutate(if round % 4 == 0 { LOCK } else { sound });
        fs::write(folder.join("whimbrel.lock"), &lock).unwrap();
        let (files, set, found) = source::read(package.path(), Path::new("src/migrations"));
        let policy = Policy { frozen: round % 2 == 0, ..Policy::default() };
        let report = check::check(&set, &files, &policy);
        for diagnostic in found.iter().chain(&report.diagnostics) {
            for label in &diagnostic.labels {
                assert!(files.get(label.place.file).text.get(label.place.range.clone()).is_some(), "{diagnostic:?}");
            }
            assert!(!Rendered::new(diagnostic, &files).plain.is_empty());
            *seen.entry(diagnostic.code).or_insert(0) += 1;
        }
        assert!(registry(&about, &set, &report, &files).code.contains("pub static MIGRATIONS"));
    }
    for code in
        ["lock_syntax", "lock_conflict", "edited_migration", "removed_migration", "not_utf8", "changed_rollback"]
    {
        assert!(seen.contains_key(code), "no mutation led to `{code}`: {seen:?}");
    }
}
