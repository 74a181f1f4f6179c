//! Real chains, which SQLite accepts: nothing is wrong with them, and each rollback restores what was there.

#![expect(clippy::print_stdout, reason = "says what it could not show")]

use super::{said, steps};
use crate::sqlite::prove;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Lists `(up, down)` of a folder of `name.up.sql` and `name.down.sql`.
fn folder(folder: &Path) -> Vec<(String, String)> {
    let mut ups: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".up.sql"))
        .collect();
    ups.sort();
    let down = |up: &PathBuf| std::fs::read_to_string(up.to_string_lossy().replace(".up.sql", ".down.sql"));
    ups.iter().map(|up| (std::fs::read_to_string(up).unwrap(), down(up).unwrap_or_default())).collect()
}

/// Reads Authelia's chain; `None` where there is no corpus.
pub(super) fn authelia() -> Option<Vec<(String, String)>> {
    let Some(corpus) = std::env::var_os("WHIMBREL_CORPUS") else {
        println!("NOT SHOWN: Authelia's SQLite chain; WHIMBREL_CORPUS names no folder");
        return None;
    };
    Some(folder(&Path::new(&corpus).join("authelia/other_dialects/sqlite")))
}

#[test]
fn authelia_s_chain() {
    let Some(scripts) = authelia() else { return };
    assert!(scripts.len() > 20, "{}", scripts.len());
    let scripts: Vec<(&str, &str)> = scripts.iter().map(|(up, down)| (up.as_str(), down.as_str())).collect();
    let proof = prove(steps(&scripts), &[]);
    assert_eq!(said(&proof, &scripts), Vec::<String>::new());
    let mut differ = Vec::new();
    for (step, proved) in proof.steps.iter().enumerate() {
        let Some(after) = &proved.touched.after_down else { continue };
        let (before, after) = (&proved.touched.before.schemas["main"].relations, &after.schemas["main"].relations);
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        differ.extend(
            names.into_iter().filter(|name| before.get(name) != after.get(name)).map(|name| (step, name.clone())),
        );
    }
    // The seventh mends the name of a foreign key, and its rollback doesn't bring the misspelling back.
    assert_eq!(differ, [(6, "oauth2_consent_preconfiguration".to_owned())]);
    let again = prove(steps(&scripts), &proof.kept);
    assert_eq!((again.catalog(), again.kept), (proof.catalog(), proof.kept));
}
