//! Real chains, followed up to the end and back again, held against what a real server made of them.

#![expect(clippy::print_stdout, reason = "says what it could not show")]

use super::super::{Simulator, digest};
use crate::postgres;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(serde::Deserialize)]
struct Migration {
    id: String,
    up: String,
}

fn projects() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("WHIMBREL_CORPUS") else {
        println!("not shown without WHIMBREL_CORPUS: real chains followed as their server does");
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.join("final_digest.txt").exists()).collect()
}

fn follow(simulator: &mut Simulator, project: &Path, script: &str, number: usize, id: &str, found: &mut String) {
    let text = std::fs::read_to_string(project.join(script)).unwrap();
    let reading = postgres::read(&text);
    simulator.begin(number);
    for statement in &reading.statements {
        for finding in simulator.follow(&text, statement) {
            let at = text.get(finding.range.clone()).unwrap_or_default();
            writeln!(
                found,
                "{id} {script}: {}: {} [{at}] {:?} {:?}",
                finding.code, finding.message, finding.help, finding.related
            )
            .unwrap();
        }
    }
}

#[test]
fn nothing_is_said_of_chains_that_their_server_accepts() {
    let mut found = String::new();
    for project in projects() {
        let manifest = std::fs::read_to_string(project.join("manifest.json")).unwrap();
        let chain: Vec<Migration> = serde_json::from_str(&manifest).unwrap();
        let mut simulator = Simulator::new(false);
        for (number, migration) in chain.iter().enumerate() {
            follow(&mut simulator, &project, &migration.up, number, &migration.id, &mut found);
        }
        let name = project.file_name().unwrap().to_string_lossy().into_owned();
        compare(&name, &project, &digest(&simulator.catalog), &mut found);
        println!("{name}: opaque: {}", simulator.catalog.opaque);
    }
    assert!(found.is_empty(), "{found}");
}

fn compare(name: &str, project: &Path, simulated: &[String], found: &mut String) {
    let real = std::fs::read_to_string(project.join("final_digest.txt")).unwrap();
    let views: BTreeSet<&str> = real.lines().filter_map(|line| line.strip_prefix("view ")?.split(' ').next()).collect();
    let of_view = |line: &str| {
        let column = line.split(' ').nth(1).unwrap_or_default();
        line.starts_with("col ") && column.rsplit_once('.').is_some_and(|(view, _)| views.contains(view))
    };
    for kind in ["col", "con", "idx", "seq", "ext"] {
        let of_kind = |line: &&str| line.split(' ').next() == Some(kind) && !of_view(line);
        let real: BTreeSet<String> = real.lines().filter(of_kind).filter_map(bare).collect();
        let own: BTreeSet<String> = simulated.iter().map(String::as_str).filter(of_kind).map(str::to_owned).collect();
        println!(
            "{name}: {kind}: {} of {} equal, {} besides",
            real.intersection(&own).count(),
            real.len(),
            own.difference(&real).count()
        );
        for line in real.difference(&own) {
            writeln!(found, "{name}: - {line}").unwrap();
        }
        for line in own.difference(&real) {
            writeln!(found, "{name}: + {line}").unwrap();
        }
    }
}

/// Leaves out of a server's line what is its own wording.
fn bare(line: &str) -> Option<String> {
    let (kind, rest) = line.split_once(' ')?;
    match kind {
        "col" => {
            let end = [" default ", " generated ", " identity "].iter().filter_map(|word| line.find(word)).min();
            line.get(..end.unwrap_or(line.len())).map(str::to_owned)
        }
        "con" => {
            let (name, text) = rest.split_once(' ')?;
            let worded = ["CHECK", "EXCLUDE"].into_iter().find(|word| text.starts_with(word));
            let text = worded
                .unwrap_or(text)
                .trim_end_matches(" DEFERRABLE INITIALLY DEFERRED")
                .trim_end_matches(" DEFERRABLE");
            Some(format!("con {name} {text}"))
        }
        "idx" => {
            let (head, table) = rest.strip_prefix("CREATE ")?.split_once(" ON ")?;
            let schema = table.trim_start_matches("ONLY ").split('.').next()?;
            Some(format!("idx {schema}.{}", head.rsplit(' ').next()?))
        }
        _ => Some(line.to_owned()),
    }
}
