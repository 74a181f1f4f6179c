//! Real projects' chains, with what a real server said of them.

use crate::Result;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// One project's chain.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    /// In the order in which they were applied.
    pub(crate) migrations: Vec<Migration>,
    /// The lines of the server's final schema.
    pub(crate) digest: Vec<String>,
    /// What the server was seen to do, a row for each statement.
    pub(crate) truth: Vec<Row>,
}

/// One migration.
#[derive(Debug)]
pub(crate) struct Migration {
    /// The file of its `up`, as the truth's rows name it.
    pub(crate) file: String,
    pub(crate) up: String,
    pub(crate) down: Option<String>,
    pub(crate) transactional: bool,
}

/// What a statement did on the server.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) file: String,
    /// The first and the last line, from 0.
    pub(crate) lines: (usize, usize),
    pub(crate) kind: String,
    /// Whether it scanned, built, rewrote or validated a relation that was there before, under SHARE or more.
    pub(crate) blocking: bool,
    /// Whether rows were changed while ACCESS EXCLUSIVE was held.
    pub(crate) under_lock: bool,
}

#[derive(Deserialize)]
struct Entry {
    up: String,
    down: Option<String>,
    tx: serde_json::Value,
}

/// Reads every project of a folder, in the order of their names.
pub(crate) fn read(folder: &Path) -> Result<Vec<Project>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("can't read `{}`: {error}", folder.display()))?;
    let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().filter(|folder| folder.join("manifest.json").is_file()).map(|folder| project(folder)).collect()
}

fn project(folder: &Path) -> Result<Project> {
    let text = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|error| format!("can't read `{}`: {error}", path.display()))
    };
    let entries: Vec<Entry> = serde_json::from_str(&text("manifest.json")?)?;
    let mut migrations = Vec::new();
    for Entry { up, down, tx } in entries {
        let down = down.map(|down| text(&down)).transpose()?;
        migrations.push(Migration { up: text(&up)?, down, transactional: tx != false, file: up });
    }
    let mut truth = Vec::new();
    for line in text("truth.jsonl")?.lines() {
        let (file, first, last, kind, blocking, _, under): (_, _, _, _, u8, serde_json::Value, u8) =
            serde_json::from_str(line)?;
        truth.push(Row { file, lines: (first, last), kind, blocking: blocking == 1, under_lock: under == 1 });
    }
    Ok(Project {
        name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        migrations,
        digest: text("final_digest.txt")?.lines().map(str::to_owned).collect(),
        truth,
    })
}
