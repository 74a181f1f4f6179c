//! What is kept changes nothing: a proof with it is the proof without it, whatever was edited in between.

#![expect(clippy::print_stdout, reason = "says what it could not show")]

use super::{Judgement, Proof, prove};
use crate::rules::RULES;
use crate::step::{Step, Work};
use std::path::Path;

fn proved(scripts: &[&str], kept: &[u8]) -> Proof {
    let step = |text| Step { key: String::new(), up: Work::Script(text), down: None, require: None, verify: None };
    let judgement = Judgement { transactional: true, edition: 1, server: 15 };
    let steps: Vec<_> = scripts.iter().map(|text| (step(*text), judgement)).collect();
    // What is kept may live shorter than the scripts do.
    prove(&steps, kept)
}

/// Proves scripts with and without what was kept, and shows that it is the same proof; gives what is kept then.
fn same(scripts: &[&str], kept: &[u8]) -> Vec<u8> {
    let (with, without) = (proved(scripts, kept), proved(scripts, &[]));
    assert_eq!(format!("{:?}", with.steps), format!("{:?}", without.steps), "{scripts:#?}");
    assert!(with.catalog == without.catalog, "{scripts:#?}");
    assert_eq!(with.kept, without.kept, "{scripts:#?}");
    with.kept
}

/// Chains with statements of all kinds, some of them wrong.
fn chains() -> Vec<Vec<&'static str>> {
    let mut chains: Vec<Vec<&str>> = Vec::new();
    for rule in RULES {
        chains.push(rule.bad.iter().map(|(_, text)| *text).collect());
        chains.push(rule.good.iter().map(|(_, text)| *text).collect());
    }
    chains.push(vec![
        "CREATE EXTENSION pgcrypto; CREATE SCHEMA app; SET search_path TO app, public;",
        "CREATE TYPE app.mood AS ENUM ('sad', 'glad'); CREATE DOMAIN app.size AS integer CHECK (VALUE > 0);",
        "CREATE TABLE app.birds (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood app.mood DEFAULT 'sad',
           size app.size, day date NOT NULL, EXCLUDE USING gist (day WITH =)) PARTITION BY RANGE (id);
         CREATE TABLE app.few PARTITION OF app.birds FOR VALUES FROM (1) TO (100);",
        "CREATE FUNCTION app.count() RETURNS integer LANGUAGE sql AS $$ SELECT count(*)::integer FROM app.birds $$;
         CREATE TRIGGER t AFTER UPDATE OF size ON app.few FOR EACH ROW EXECUTE FUNCTION app.missing();",
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'nests') THEN CREATE TABLE app.nests (a int); ELSE
           ALTER TABLE app.nests ADD COLUMN b int; DROP TABLE app.few; END IF; END $$;",
        "WITH RECURSIVE up AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM up) INSERT INTO app.nests (a)
           SELECT n FROM up JOIN app.birds b USING (id) WHERE b.mood = 'glad' RETURNING a;",
        "CREATE VIEW app.v AS SELECT b.*, n.a AS other FROM app.birds b LEFT JOIN app.nests n ON n.a = b.id;
         COMMENT ON VIEW app.v IS 'all'; GRANT SELECT ON app.v TO PUBLIC; DROP OWNED BY nobody;",
        "ALTER TABLE app.birds ADD COLUMN nane text; UPDATE app.birds SET name = 'x'; CREATE TABEL wrong ();",
        "ALTER TABLE app.birds RENAME TO flock; ALTER TABLE app.birds ADD COLUMN late text;",
    ]);
    chains
}

#[test]
fn what_is_kept_changes_nothing() {
    for chain in chains() {
        let kept = same(&chain, &[]);
        assert_eq!(same(&chain, &kept), kept);
        // One left out, one written in another way, all in another order.
        for at in 0..chain.len() {
            let mut other = chain.clone();
            let gone = other.remove(at);
            same(&other, &kept);
            let edited = format!("-- edited\n{gone}");
            other.insert(at, &edited);
            same(&other, &kept);
        }
        same(&chain.iter().rev().copied().collect::<Vec<_>>(), &kept);
    }
}

#[test]
fn a_reading_is_kept_where_it_can_be() {
    let plain = "CREATE TABLE birds (id bigint PRIMARY KEY)";
    let kept = proved(&[plain], &[]).kept;
    assert!(kept.windows(plain.len()).any(|bytes| bytes == plain.as_bytes()));
    let deep = format!("SELECT {}1{}", "(".repeat(600), ")".repeat(600));
    let block = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_tables WHERE tablename = 'a') THEN DROP TABLE a; END IF; END $$";
    for text in ["CREATE TABEL birds ()", block, deep.as_str()] {
        let kept = proved(&[text], &[]).kept;
        assert!(!kept.windows(text.len()).any(|bytes| bytes == text.as_bytes()), "{text}");
    }
}

#[test]
fn what_cannot_be_understood_counts_for_nothing() {
    let chain = chains().pop().unwrap();
    let kept = proved(&chain, &[]).kept;
    let mut hostile = Vec::new();
    for at in (0..kept.len()).step_by(7) {
        hostile.push(kept[..at].to_vec());
    }
    let long = [b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f".as_slice(), &kept].concat();
    hostile.extend([long, kept[1..].to_vec()]);
    hostile.push(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01".to_vec());
    for kept in hostile {
        same(&chain, &kept);
    }
}

#[test]
fn real_chains() {
    let Some(folder) = std::env::var_os("WHIMBREL_CORPUS") else {
        println!("not shown: WHIMBREL_CORPUS names no folder of real chains");
        return;
    };
    for project in ["crates_io", "graph_node"] {
        let mut scripts = Vec::new();
        let migrations = std::fs::read_dir(Path::new(&folder).join(project).join("migrations")).unwrap();
        let mut folders: Vec<_> = migrations.map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        scripts.extend(folders.iter().filter_map(|folder| std::fs::read_to_string(folder.join("up.sql")).ok()));
        assert!(scripts.len() > 50, "{project}: {}", scripts.len());
        let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
        let kept = same(&scripts, &[]);
        same(&scripts, &kept);
        same(&scripts[1..], &kept);
    }
}
