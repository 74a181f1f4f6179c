//! Flyway and refinery: `V1__x.sql`, with what Flyway has besides.

use super::listing::Listing;
use super::{Foreign, Found, Tool, Transaction, Work};
use crate::source::{Files, Script};
use std::collections::HashMap;

/// A file's name, taken apart.
struct Name<'a> {
    kind: char,
    /// Numbers, parted by dots.
    version: String,
    name: &'a str,
    ending: &'a str,
}

impl Name<'_> {
    /// Reads `V1_2__some words.sql`: a letter, a version, two underscores, words.
    fn read(path: &str) -> Option<Name<'_>> {
        let file = path.rsplit('/').next().unwrap_or_default();
        let (stem, ending) = file.rsplit_once('.')?;
        let kind = stem.chars().next().filter(char::is_ascii_uppercase)?;
        let (version, name) = stem[1..].split_once("__")?;
        let version = version.replace('_', ".");
        let is_version = version.split('.').all(super::pairs::is_number);
        (is_version || kind == 'R' && version.is_empty()).then_some(Name { kind, version, name, ending })
    }
}

/// Tells whether a file is named as these tools name theirs.
pub(super) fn is_versioned(name: &str) -> bool {
    Name::read(name).is_some_and(|name| matches!(name.ending, "sql" | "rs" | "java" | "kt"))
}

/// Reads a folder and the folders below it.
pub(super) fn read(files: &mut Files, listing: &Listing, tool: Tool) -> Result<Found, String> {
    let mut found = Found::default();
    let mut undone: HashMap<String, usize> = HashMap::new();
    for path in &listing.paths {
        let Some(name) = Name::read(path) else {
            found.left_out.extend(callback(path, tool).map(|why| (path.clone(), why)));
            continue;
        };
        match (name.kind, name.ending) {
            ('V', "sql") => {}
            // refinery's U is a migration that may come out of order.
            ('U', "sql") if tool == Tool::Refinery => {}
            ('U', "sql") => {
                undone.insert(name.version, listing.read(files, path)?);
                continue;
            }
            ('V' | 'U', "rs" | "java" | "kt") => {
                let why = format!("it is code ({}), not SQL", name.ending);
                let up = Work::Code { file: listing.read(files, path)?, why };
                let (version, name) = (name.version, name.name.to_owned());
                found.migrations.push(Foreign { version, name, up, down: None, transaction: Transaction::Whole });
                continue;
            }
            ('R', "sql") => {
                let why =
                    "it is repeatable: it runs again whenever it changes; make what it creates part of a migration";
                found.left_out.push((path.clone(), why.to_owned()));
                continue;
            }
            ('B', "sql") => {
                let why = "it is a baseline, which stands for the migrations before it on new databases";
                found.left_out.push((path.clone(), why.to_owned()));
                continue;
            }
            _ => continue,
        }
        let file = listing.read(files, path)?;
        let config = format!("{path}.conf");
        let config = if listing.has(&config) { Some(listing.read(files, &config)?) } else { None };
        let transaction = match config.and_then(|config| executes_in_transaction(&files.get(config).text)) {
            Some(true) => Transaction::Whole,
            Some(false) => Transaction::None,
            // Flyway looks at the statements, and leaves the transaction out where they need that.
            None if tool == Tool::Flyway => Transaction::AsNeeded,
            None => Transaction::Whole,
        };
        let up = match placeholder(&files.get(file).text).filter(|_| tool == Tool::Flyway) {
            Some(name) => Work::Code { file, why: format!("the value of its placeholder `{name}` is not in the file") },
            None => Work::Sql(Script::file(files, file)),
        };
        let (version, name) = (name.version, name.name.to_owned());
        found.migrations.push(Foreign { version, name, up, down: None, transaction });
    }
    for migration in &mut found.migrations {
        migration.down = undone.remove(&migration.version).map(|file| Script::file(files, file));
    }
    let alone = undone.into_values().map(|file| files.get(file).path.clone());
    found.left_out.extend(alone.map(|path| (path, "an undo script without its migration".to_owned())));
    Ok(found)
}

/// Says why one of Flyway's callbacks is no migration.
fn callback(path: &str, tool: Tool) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_callback = ["before", "after"].iter().any(|when| name.starts_with(when)) && name.ends_with(".sql");
    (tool == Tool::Flyway && is_callback).then(|| "it is a callback, which runs around every migration".to_owned())
}

fn executes_in_transaction(config: &str) -> Option<bool> {
    let value = config.lines().find_map(|line| line.trim().strip_prefix("executeInTransaction"))?;
    value.trim_start().strip_prefix('=')?.trim().parse().ok()
}

/// Finds `${name}`, which Flyway replaces before it reads the SQL.
fn placeholder(text: &str) -> Option<&str> {
    let start = text.find("${")?;
    let length = text[start..].find('}')?;
    Some(&text[start..=start + length])
}
