use crate::{check, listing, source};
use std::fs;
use std::path::Path;
use whimbrel_grammar::DatabaseKind;

/// A SQL file, and modules with what a module may have.
const FILES: [(&str, &str); 4] = [
    ("mod.rs", "pub mod release;\nwhimbrel::registry! { main: Sqlite, cache: Postgres }\n"),
    ("0001_users.sql", "-- Adds é.\nCREATE TABLE users (id INTEGER);\nCREATE INDEX by_id ON users (id);\n"),
    ("0001_users.down.sql", "DROP TABLE users;\n"),
    (
        "release.rs",
        "/// Everything.\n#[migration(schema = \"1.2.3\", after(\"0001_users\"), transaction = false, phase = migrate, lock_timeout = \"2s\", irreversible = \"it \\\"goes\\\"\", on = cache)]\n\
         pub mod m0002_all {\n    const UP: &str = \"SELECT 'a\\tb'\";\n    const VERIFY: &str = \"SELECT true\";\n}\n\
         #[migration]\npub mod m0003_code {\n    async fn up(step: &mut SqliteStep) -> whimbrel::Result<()> { Ok(()) }\n    \
         async fn down(step: &mut SqliteStep) -> whimbrel::Result<()> { Ok(()) }\n    \
         async fn verify(step: &mut SqliteStep) -> whimbrel::Result<bool> { Ok(true) }\n}\n",
    ),
];

/// A chain of which each migration shows another effect.
const EFFECTS: [(&str, &str); 6] = [
    ("mod.rs", "whimbrel::registry! { main: Postgres }\n"),
    (
        "0001_users.sql",
        "-- irreversible: first\n\
         CREATE TABLE users (id bigint PRIMARY KEY, age int); CREATE TABLE app (id int);\n\
         CREATE SCHEMA s; CREATE TABLE s.birds (id int);\n",
    ),
    (
        "0002_change.sql",
        "-- irreversible: gone\n\
         -- allow: column-dropped, nobody reads it\n\
         -- allow: blocking-index-build, few rows\n\
         -- allow: volatile-default, few rows\n\
         ALTER TABLE users DROP COLUMN age; ALTER TABLE users ADD COLUMN luck float DEFAULT random();\n\
         CREATE INDEX birds_id ON s.birds (id);\n",
    ),
    ("0003_rows.sql", "-- irreversible: rows\nINSERT INTO app VALUES (1);\n"),
    (
        "0004_names.sql",
        "-- irreversible: names\n-- allow: column-renamed, nobody reads it\n\
         ALTER TABLE users RENAME COLUMN luck TO fate; ALTER TABLE users ALTER COLUMN fate SET DEFAULT 1;\n",
    ),
    (
        "0005_any.sql",
        "-- irreversible: any\n-- allow: ddl-in-do-block, to see that\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;\n",
    ),
];

#[test]
fn the_effects_that_the_runtime_reads_are_what_is_written() {
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in EFFECTS {
        fs::write(folder.join(name), text).unwrap();
    }
    let (files, set, found) = source::read(package.path(), Path::new("src/migrations"));
    let report = check::check(&set, &files, &crate::policy::Policy::default());
    let said: Vec<_> = found.iter().chain(&report.diagnostics).map(|d| d.message.clone()).collect();
    assert_eq!(said.iter().filter(|said| !said.contains("is not sealed")).collect::<Vec<_>>(), Vec::<&String>::new());
    let texts: String = report
        .facts
        .iter()
        .map(|facts| listing::effect::text(facts.impact.as_ref().unwrap(), DatabaseKind::Postgres) + "\n")
        .collect();
    assert_eq!(texts, include_str!("effects.txt"), "{texts}");
}

fn list(count: usize) -> listing::Listing {
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in FILES {
        fs::write(folder.join(name), text).unwrap();
    }
    let (files, set, found) = source::read(package.path(), Path::new("src/migrations"));
    let mut report = check::check(&set, &files, &crate::policy::Policy::default());
    let said: Vec<_> = found.iter().chain(&report.diagnostics).map(|d| d.message.clone()).collect();
    assert_eq!(said, Vec::<String>::new());
    let replaced = |id: &str, replaces| check::Replaced {
        id: id.to_owned(),
        on: None,
        algorithm: 1,
        checksum: "aa".to_owned(),
        replaces,
    };
    report.facts[0].replaces = vec![replaced("0000_first", vec![replaced("0000_before", Vec::new())])];
    let chain: Vec<_> = report.chain.iter().copied().zip(&report.facts).take(count).collect();
    listing::list(&set, &chain, &files)
}

#[test]
fn the_sample_that_the_runtime_reads_is_what_is_written() {
    let written = list(2);
    assert_eq!(written.text, include_str!("sample.txt"), "{}", written.text);
    assert!(written.works.is_empty() && written.checks.is_empty());
}

#[test]
fn the_newest_migrations_are_listed_with_what_they_name() {
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    let files = [
        ("mod.rs", "whimbrel::registry! { main: Postgres }\n"),
        (
            "0001_users.sql",
            "-- irreversible: x\nCREATE TABLE users (id bigint PRIMARY KEY, loans int); CREATE TABLE books (id int);",
        ),
        ("0002_loans.sql", "-- irreversible: x\nCREATE TABLE loans (id int, \"user\" bigint REFERENCES Users (id));"),
        (
            "0003_any.sql",
            "-- irreversible: x\n-- allow: ddl-in-do-block, to see\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;",
        ),
        ("0004_view.sql", "-- irreversible: x\nCREATE VIEW read AS SELECT id FROM public.books;"),
    ];
    files.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
    let (files, set, _) = source::read(package.path(), Path::new("src/migrations"));
    let report = check::check(&set, &files, &crate::policy::Policy::default());
    let chain: Vec<_> = report.chain.iter().copied().zip(&report.facts).collect();
    let names = super::named::Names::of(&chain);
    let named: Vec<_> = chain.iter().map(|(d, facts)| names.within(d, facts).map(|names| names.join(" "))).collect();
    // A column that is called like a table counts as well; whoever is too careful asks for nothing worse than a new number.
    let wanted = [Some("books loans users"), Some("loans users"), None, Some("books read")];
    assert_eq!(named, wanted.map(|names| names.map(str::to_owned)));
}

#[test]
fn functions_are_listed_as_code() {
    let written = list(3);
    assert_eq!(
        written.works,
        ["RustWork::Sqlite(self::release::m0003_code::__up)", "RustWork::Sqlite(self::release::m0003_code::__down)"]
    );
    assert_eq!(written.checks, ["RustCheck::Sqlite(self::release::m0003_code::__verify)"]);
}
