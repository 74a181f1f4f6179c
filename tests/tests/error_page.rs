//! `docs/compile-errors.md`: ten compile errors as a terminal shows them, taken from what the fixtures are expected to say.
//!
//! `WHIMBREL_BLESS=1 cargo test -p whimbrel-tests --test error_page` writes it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Headings, what is to be said, the fixture, and the first words of the error in it.
const SHOWN: [(&str, &str, &str, &str); 10] = [
    (
        "A column that an earlier migration renamed",
        "The chain is followed from its first migration, so the place where the name went is known.",
        "catalog/unknown_names",
        "unknown_column",
    ),
    (
        "A slip in SQL",
        "At its byte, inside a string literal or a `.sql` file, with the word that was probably meant.",
        "catalog/syntax",
        "sql_syntax",
    ),
    (
        "A statement that would keep everybody out",
        "With the safe way written out, in the author's own names.",
        "rules/blocking",
        "blocking-not-null",
    ),
    (
        "A rename under a running program",
        "The old version of the program runs on while the new one is rolled out.",
        "rules/gone",
        "column-renamed",
    ),
    (
        "Rows changed while the table is locked",
        "Two harmless statements, harmful together.",
        "rules/rows",
        "rows-changed-under-lock",
    ),
    (
        "A value that can't be used yet",
        "A value of an enum is of no use until the transaction that adds it has ended.",
        "rules/types",
        "enum-value-used-in-same-transaction",
    ),
    (
        "A rollback that doesn't bring everything back",
        "`DOWN` is applied to what `UP` has left, and the result is held against what was there before.",
        "rollback/differs",
        "rollback_differs",
    ),
    (
        "A version that says too little",
        "What a migration changes is known, so is whether it breaks those who read the schema.",
        "version/too_low",
        "version_too_low",
    ),
    (
        "A migration that was edited after it was sealed",
        "Databases that have it already would never see the edit.",
        "lock/edited",
        "edited_migration",
    ),
    (
        "SQLite's own word",
        "A SQLite chain is run in a SQLite in memory, which knows what a rebuilt table means to a view.",
        "sqlite/views",
        "broken_view",
    ),
];

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).replace("\r\n", "\n")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn expected(fixture: &str) -> String {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/build").join(fixture).with_extension("stderr"))
}

/// Cuts the first diagnostic of a code out of what is shown.
fn diagnostic(shown: &str, code: &str) -> Option<String> {
    let head = format!("error[whimbrel::{code}]");
    shown.split("\n\n").find(|block| block.starts_with(&head)).map(str::to_owned)
}

fn page() -> String {
    let mut page = "# Compile errors\n\nTen of them, as `cargo check` shows them in a terminal; paths are below `src/migrations`. \
        [errors.md](errors.md) explains every one, [rules.md](rules.md) the safety rules.\n\nThis page is made of what the tests \
        of the messages expect, and a test holds it against them.\n"
        .to_owned();
    for (heading, words, fixture, code) in SHOWN {
        let shown = diagnostic(&expected(fixture), code).unwrap_or_else(|| panic!("{fixture} has no {code}"));
        let _ = write!(page, "\n## {heading}\n\n{words}\n\n```text\n{shown}\n```\n");
    }
    page
}

#[test]
fn the_page_shows_what_the_fixtures_expect() {
    let path = root().join("docs/compile-errors.md");
    if std::env::var_os("WHIMBREL_BLESS").is_some() {
        fs::write(&path, page()).unwrap();
    }
    assert!(
        read(&path) == page(),
        "docs/compile-errors.md is not what the fixtures say; WHIMBREL_BLESS=1 cargo test -p whimbrel-tests --test error_page writes it"
    );
}

#[test]
fn every_rule_is_shown_by_a_fixture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/build/rules");
    let shown: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "stderr"))
        .map(|path| read(&path))
        .collect();
    let documented = read(&root().join("docs/rules.md"));
    // No registry can declare MySQL yet: its rules are shown by their examples alone.
    let of_registries = |section: &&str| section.contains("| PostgreSQL: ") || section.contains("| SQLite |");
    let sections = documented.split("\n## ").filter(of_registries);
    let rules: Vec<&str> = sections.filter_map(|section| section.lines().next()).collect();
    assert!(rules.len() > 20, "docs/rules.md has lost its headings");
    let missing: Vec<&&str> = rules.iter().filter(|rule| !shown.contains(&format!("[whimbrel::{rule}]: "))).collect();
    assert!(missing.is_empty(), "no fixture in ui/build/rules shows {missing:?}");
}
