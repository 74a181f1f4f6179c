//! Chains for databases of several kinds, from their files to their registry.

use crate::codegen::{Package, registry};
use crate::policy::Policy;
use crate::{check, source};
use std::fs;
use std::path::Path;

/// Gives the code, the listing and what is wrong.
fn build(files: &[(&str, &str)]) -> (String, String, Vec<String>) {
    let package = tempfile::tempdir().unwrap();
    let folder = package.path().join("src/migrations");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    let (files, set, mut found) = source::read(package.path(), Path::new("src/migrations"));
    let report = check::check(&set, &files, &Policy::default());
    found.extend(report.diagnostics.iter().cloned());
    let about = Package { name: "app".into(), version: "0.1.0".into() };
    let written = registry(&about, &set, &report, &files);
    let said = found.iter().map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message)).collect();
    (written.code, written.listing, said)
}

const KINDS: (&str, &str) =
    ("mod.rs", "whimbrel::registry! { main: Postgres, cache: Redis, graph: Neo4j, docs: Mongodb }\npub mod release;");
const CODE: (&str, &str) = (
    "release.rs",
    "#[migration(on = cache, irreversible = \"a test\")]\npub mod m0008_code {\n    pub async fn up(redis: &mut RedisStep) -> whimbrel::Result<()> { Ok(()) }\n\
     pub async fn verify(redis: &mut RedisStep) -> whimbrel::Result<bool> { Ok(true) }\n}\n",
);

#[test]
fn each_file_is_for_the_database_that_speaks_its_language() {
    let (code, listing, said) = build(&[
        KINDS,
        CODE,
        ("0001_users.sql", "-- irreversible: a test\nCREATE TABLE users (id bigint PRIMARY KEY);"),
        ("0002_flags.redis", "# Flags.\n# schema: 1.2.0\nSET flag on"),
        ("0002_flags.down.redis", "DEL flag"),
        ("0003_names.redis", "SET a b\nWHIMBREL.RENAME old:* TO new:*"),
        ("0003_names.down.redis", "WHIMBREL.RENAME new:* TO old:*"),
        ("0004_nodes.cypher", "// irreversible: a test\nCREATE (n:A)"),
        ("0005_index.cypher", "CREATE INDEX i FOR (n:A) ON (n.a)"),
        ("0005_index.down.cypher", "DROP INDEX i"),
        (
            "0006_docs.mongodb",
            "// on: docs\n// irreversible: a test\n{\"insert\": \"a\", \"documents\": [{\"_id\": 1}]}",
        ),
        ("0007_docs.up.mongodb", "{\"create\": \"b\"}"),
        ("0007_docs.down.mongodb", "{\"drop\": \"b\"}"),
    ]);
    assert_eq!(said, [""; 0]);
    for macro_ in ["postgres", "redis", "neo4j", "mongodb"] {
        assert!(code.contains(&format!("::whimbrel::__require_{macro_}!();")), "{code}");
    }
    assert!(code.contains("RustWork::Redis(self::release::m0008_code::__up)"), "{code}");
    assert!(code.contains("RustCheck::Redis(self::release::m0008_code::__verify)"), "{code}");
    assert!(code.contains("kind: DatabaseKind::Neo4j"), "{code}");
    // The database, no `after`, no schema version, and whether it is one transaction.
    for (id, words) in [
        ("0001_users", "4 main0 0 1 "),
        ("0002_flags", "Flags.5 cache0 1 1 2 0 1 "),
        ("0003_names", "5 cache0 0 0 "),
        ("0004_nodes", "5 graph0 0 1 "),
        ("0005_index", "5 graph0 0 0 "),
        ("0006_docs", "4 docs0 0 1 "),
        ("0007_docs", "4 docs0 0 0 "),
        ("0008_code", "5 cache0 0 0 "),
    ] {
        let (_, from) = listing.split_once(&format!("{} {id}", id.len())).unwrap_or_else(|| panic!("{id}: {listing}"));
        let head = from.split_once(" 64 ").map_or(from, |(head, _)| head);
        assert!(head.contains(words), "{id}: {head}");
    }
    let query = "CALL db.awaitIndex('i', 3600);\n// then\nSHOW INDEXES YIELD name, state WHERE name = 'i' AND state = 'ONLINE' RETURN \
        count(*) = 1 AS done";
    assert!(listing.contains(&format!("7 {} {query}", query.len())), "{listing}");
    assert!(listing.contains("SET a b\nWHIMBREL.RENAME old:* TO new:*3 2 0 7 0 8 38 1 "), "{listing}");
    assert!(listing.contains("deletes key `flag`") && listing.contains("drops collection `b`"), "{listing}");
}

#[test]
fn a_file_that_fits_no_database_is_told() {
    let said = |registry: &str, name: &str, text: &str| build(&[("mod.rs", registry), (name, text)]).2.concat();
    let two = "whimbrel::registry! { a: Redis, b: Redis }";
    assert_eq!(
        said("whimbrel::registry! { main: Postgres }", "0001_a.cypher", "// irreversible: x\nRETURN 1"),
        "script_language: no database that `registry!` declares takes Cypher"
    );
    assert_eq!(
        said(two, "0001_a.redis", "# irreversible: x\nSET a b"),
        "script_language: `0001_a.redis` could be for `a: Redis` and `b: Redis`"
    );
    assert_eq!(said(two, "0001_a.redis", "# irreversible: x\n# on: b\nSET a b"), "");
    assert_eq!(
        said(
            "whimbrel::registry! { main: Postgres, a: Redis }",
            "0001_a.redis",
            "# on: main\n# irreversible: x\nSET a b"
        ),
        "script_language: `0001_a.redis` is written in Redis commands, but database `main` is Postgres"
    );
    assert_eq!(
        said("whimbrel::registry! { a: Redis }", "0001_a.sql", "-- irreversible: x\nSELECT 1"),
        "script_language: no database that `registry!` declares takes SQL"
    );
    assert!(
        said(two, "0001_a.cql", "RETURN 1")
            .starts_with("file_name: `.cql` means nothing, so it would never run; write `0001_a.cypher`")
    );
}
