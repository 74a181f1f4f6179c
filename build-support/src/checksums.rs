//! Checksums from the file to the registry: what changes them, what doesn't, and known answers.

use crate::policy::Policy;
use crate::report::Level;
use crate::{check, codegen, source};
use std::fs;
use std::path::Path;

/// Gives `(checksum, down checksum)` of the only migration in a folder of these files.
fn checksums(files: &[(&str, &[u8])]) -> (String, Option<String>) {
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    let (files, set, found) = source::read(package.path(), Path::new("src/migrations"));
    let report = check::check(&set, &files, &Policy::default());
    let errors = found.iter().chain(&report.diagnostics).filter(|d| d.level == Level::Error);
    let errors: Vec<_> = errors.map(|d| d.message.clone()).collect();
    assert_eq!((errors, report.chain.len()), (vec![], 1));
    let (declaration, facts) = (report.chain[0], &report.facts[0]);
    (codegen::checksum(declaration, facts).to_owned(), codegen::down_checksum(declaration, facts).map(str::to_owned))
}

fn module(body: &str) -> String {
    checksums(&[(
        "mod.rs",
        format!("whimbrel::registry! {{}}\n#[migration]\npub mod m0001_users {{\n{body}\n}}\n").as_bytes(),
    )])
    .0
}

fn file(text: &[u8]) -> String {
    checksums(&[("mod.rs", b"whimbrel::registry! {}"), ("0001_users.sql", text)]).0
}

/// `printf 'CREATE\x1fTABLE\x1fusers\x1f(\x1fid\x1fINTEGER\x1f,\x1fname\x1fTEXT\x1fDEFAULT\x1f'"'a;b'"'\x1f)\x1f\x1e' | sha256sum`
const USERS: &str = "d00bcc40c302aa8cf192291bbbf96ab7c87ff8905e90d862c4fb7fe81448f46b";

#[test]
fn a_script_has_one_checksum_however_it_is_written_down() {
    let plain = file(b"CREATE TABLE users (id INTEGER, name TEXT DEFAULT 'a;b');");
    assert_eq!(plain, USERS);
    for other in [
        &b"\xef\xbb\xbf-- A table.\r\nCREATE TABLE users (\r\n  id INTEGER, /* a ; b */ name TEXT DEFAULT 'a;b'\r\n)\r\n"[..],
        b"-- schema: 1.0.0\nBEGIN;\nCREATE TABLE users(id INTEGER,name TEXT DEFAULT 'a;b');;\nCOMMIT;",
    ] {
        assert_eq!(file(other), plain, "{}", String::from_utf8_lossy(other));
    }
    for literal in [
        r#"const UP: &str = "CREATE TABLE users (id INTEGER, name TEXT DEFAULT 'a;b')";"#,
        "pub const UP: &'static str = r#\"\n CREATE TABLE users (id INTEGER,\r\n name TEXT DEFAULT 'a;b')\"#;\r\npub const DOWN: &str = \"DROP TABLE users\";",
        r#"const UP: &str = concat!("CREATE TABLE users (id INTEGER, ", "name TEXT DEFAULT \u{27}a;b')");"#,
        "const UP: &str = \"CREATE TABLE users \\\n    (id INTEGER, name TEXT\\tDEFAULT 'a;b')\";",
    ] {
        assert_eq!(module(literal), plain, "{literal}");
    }
    assert_ne!(file(b"CREATE TABLE users (id INTEGER, name TEXT DEFAULT 'a; b')"), plain);
    assert_ne!(file(b"CREATE TABLE users (id INTEGER, nam TEXT DEFAULT 'a;b')"), plain);
    assert_ne!(file(b"-- transaction: false\nCREATE TABLE users (id INTEGER, name TEXT DEFAULT 'a;b')"), plain);
}

#[test]
fn an_included_file_counts_as_its_text() {
    let files: [(&str, &[u8]); 2] = [
        (
            "mod.rs",
            b"#[migration]\nmod m0001_users { const UP: &str = include_str!(\"users.sql\"); }\nwhimbrel::registry! {}",
        ),
        ("users.sql", b"CREATE TABLE users (id INTEGER, name TEXT DEFAULT 'a;b');\n"),
    ];
    assert_eq!(checksums(&files).0, USERS);
}

const RUST: &str = "use super::*;\nuse std::collections::{BTreeMap, HashMap};\n/// Fills.\npub async fn up(db: &mut SqliteStep) -> whimbrel::Result<()> {\n    fill(db, [1, 2]).await\n}\nasync fn fill(db: &mut SqliteStep, n: [u8; 2]) -> whimbrel::Result<()> { Ok(()) }\npub const DOWN: &str = \"DELETE FROM users\";";

/// Computed by hand from the bytes that `source/tokens.rs` describes: the tokens of `up` and `fill` in order, then the imported names, sorted.
const FILL: &str = "170ff13d1a9225220d6a4403fcdf66f5944364a9fd6d4bcf118804556bfbfbee";

#[test]
fn rust_code_keeps_its_checksum_when_it_is_laid_out_anew() {
    let plain = module(RUST);
    assert_eq!(plain, FILL);
    for other in [
        RUST.replace('\n', "\r\n"),
        RUST.replace("/// Fills.", "// Nothing.\n/** Fills\n all of it. */"),
        RUST.replace(
            "fill(db, [1, 2])",
            "fill(\n        db,\n        [\n            1,\n            2,\n        ],\n    )\n    ",
        ),
        RUST.replace(
            "use super::*;\nuse std::collections::{BTreeMap, HashMap};",
            "use std::collections::{HashMap, BTreeMap};\nuse super::*;",
        ),
        RUST.replace("DELETE FROM users", "DELETE FROM people"),
    ] {
        assert_eq!(module(&other), plain, "{other}");
    }
    for other in [
        RUST.replace("[1, 2]", "[1, 3]"),
        RUST.replace("{ Ok(()) }", "{ return Ok(()) }"),
        RUST.replace("HashMap", "HashSet"),
    ] {
        assert_ne!(module(&other), plain, "{other}");
    }
}

#[test]
fn a_rollback_has_a_checksum_of_its_own() {
    let down = |text: &str| {
        let up = b"CREATE TABLE users (id INTEGER, name TEXT DEFAULT 'a;b')";
        checksums(&[
            ("mod.rs", b"whimbrel::registry! {}"),
            ("0001_users.sql", up),
            ("0001_users.down.sql", text.as_bytes()),
        ])
    };
    let (first, second) = (down("DROP TABLE users"), down("DROP TABLE IF EXISTS users"));
    assert_eq!((&first.0, &second.0), (&USERS.to_owned(), &USERS.to_owned()));
    assert_ne!(first.1, second.1);
}
