//! The repository's own habits: how long a file is, who depends on whom, what a crate may do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Lists the files that git knows or would know, with an ending.
fn files(ending: &str) -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"])
        .current_dir(root())
        .output()
        .expect("git lists the repository's files");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let read = |path: &str| fs::read_to_string(root().join(path)).ok().map(|text| (path.to_owned(), text));
    let found: Vec<_> = listed.lines().filter(|path| path.ends_with(ending)).filter_map(read).collect();
    assert!(!found.is_empty(), "no {ending} file");
    found
}

fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .arg("tree")
        .args(arguments)
        .args(["--prefix", "none"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn has(tree: &str, package: &str) -> bool {
    tree.lines().any(|line| line.split(' ').next() == Some(package))
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let long: Vec<_> =
        files(".rs").into_iter().filter(|(_, text)| text.lines().count() > 400).map(|(path, _)| path).collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn no_file_is_named_after_nothing() {
    let vague = ["utils.rs", "util.rs", "helpers.rs", "common.rs", "manager.rs", "misc.rs"];
    let found: Vec<_> = files(".rs")
        .into_iter()
        .filter(|(path, _)| vague.iter().any(|name| path.ends_with(&format!("/{name}"))))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn nothing_is_left_for_later_in_silence() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    for (path, text) in files(".rs") {
        for (index, line) in text.lines().enumerate() {
            assert!(!marks.iter().any(|mark| line.contains(mark)), "{path}:{}: {line}", index + 1);
        }
    }
}

#[test]
fn an_application_links_no_parser_and_no_other_server() {
    let default = tree(&["-p", "whimbrel", "-e", "normal,no-proc-macro"]);
    assert!(has(&default, "whimbrel") && has(&default, "sqlx-sqlite"), "{default}");
    for package in [
        "syn",
        "whimbrel-build",
        "whimbrel-grammar",
        "squawk-parser",
        "sqlparser",
        "pg_query",
        "sqlx-postgres",
        "sqlx-mysql",
        "redis",
        "mongodb",
        "bson",
        "schemars",
        "tokio-rustls",
        "clap",
    ] {
        assert!(!has(&default, package), "{package} is linked by default:\n{default}");
    }
    let postgres =
        tree(&["-p", "whimbrel", "-e", "normal,no-proc-macro", "--no-default-features", "--features", "postgres"]);
    assert!(has(&postgres, "sqlx-postgres") && !has(&postgres, "libsqlite3-sys"), "{postgres}");
}

#[test]
fn the_build_half_knows_no_server_and_no_runtime() {
    for package in ["whimbrel-build", "whimbrel-macros", "whimbrel-grammar"] {
        let tree = tree(&["-p", package, "-e", "normal"]);
        for other in ["whimbrel", "sqlx", "tokio"] {
            assert!(!has(&tree, other), "{package} depends on {other}:\n{tree}");
        }
    }
}

#[test]
fn checks_read_and_write_no_file() {
    for (path, text) in files(".rs")
        .into_iter()
        .filter(|(path, _)| path.starts_with("build-support/src/check/") || path.starts_with("runtime/src/plan/"))
    {
        for word in ["std::fs", "std::env", "std::process", "std::io", "async "] {
            assert!(!text.contains(word), "{path} uses {word}");
        }
    }
}

#[test]
fn the_engine_knows_no_server_by_name() {
    for (path, text) in files(".rs")
        .into_iter()
        .filter(|(path, _)| path.starts_with("runtime/src/engine/") || path.starts_with("runtime/src/plan/"))
    {
        for word in ["Sqlite", "Postgres", "Mysql", "Redis", "Neo4j", "Mongodb", "sqlx::"] {
            assert!(!text.contains(word), "{path} names {word}");
        }
    }
}

#[test]
fn both_crates_agree_on_ids() {
    // The runtime can't depend on the grammar, so it has a copy of this one rule.
    for (name, id) in
        [("m0001_a", "0001_a"), ("0001_a", "0001_a"), ("main", "main"), ("m", "m"), ("mm0001_a", "mm0001_a")]
    {
        assert_eq!(whimbrel::canonical_id(name), id);
        assert_eq!(whimbrel_grammar::id::canonical(name), id);
    }
}

/// Gives the codes that sources make diagnostics with, each with its file.
fn codes() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, text) in files(".rs").into_iter().filter(|(path, _)| path.starts_with("build-support/src/")) {
        for constructor in ["Diagnostic::error(", "Diagnostic::warning(", "Complaint::error(", "Complaint::warning("] {
            let codes = text.split(constructor).skip(1);
            let codes = codes.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
            found.extend(codes.map(|code| (path.clone(), code.to_owned())));
        }
    }
    found
}

#[test]
fn every_diagnostic_has_a_fixture() {
    let shown: String = files(".stderr").into_iter().map(|(_, text)| text).collect();
    // What only the command finds is shown by its own tests.
    let by_command = files(".rs").into_iter().filter(|(path, _)| path.starts_with("build-support/tests/command/"));
    let shown = by_command.fold(shown, |shown, (_, text)| shown + &text);
    for (path, code) in codes() {
        assert!(
            shown.contains(&format!("[whimbrel::{code}]")),
            "{path}: no fixture below tests/ui/build shows `{code}`"
        );
    }
}

#[test]
fn every_diagnostic_is_explained() {
    let page = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let explained: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let rules = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let shown: Vec<(String, String)> = files(".stderr")
        .into_iter()
        .flat_map(|(path, text)| {
            let codes = text
                .split("[whimbrel::")
                .skip(1)
                .filter_map(|rest| rest.split_once("]: "))
                .filter(|(code, _)| !code.contains([']', ' ']))
                .map(|(code, _)| code.to_owned());
            codes.map(move |code| (path.clone(), code)).collect::<Vec<_>>()
        })
        .collect();
    for (path, code) in codes().into_iter().chain(shown) {
        let is_rule = rules.contains(&format!("\n## {code}\n"));
        assert!(
            explained.contains(&code.as_str()) || is_rule,
            "{path}: `{code}` is not explained; write a section for it in build-support/src/explain, then \
             `WHIMBREL_BLESS=1 cargo test -p whimbrel-build --features cli --test command explaining`"
        );
    }
}
