//! Diesel and Prisma: a folder for each migration.

use super::listing::Listing;
use super::{Foreign, Found, Tool, Transaction, Work};
use crate::source::{Files, Script};

/// Reads the folders of a folder.
pub(super) fn read(files: &mut Files, listing: &Listing, tool: Tool) -> Result<Found, String> {
    let script = if tool == Tool::Diesel { "up.sql" } else { "migration.sql" };
    let mut found = Found::default();
    for path in &listing.paths {
        let Some((folder, file)) = path.rsplit_once('/') else { continue };
        if file != script {
            continue;
        }
        let name = folder.rsplit('/').next().unwrap_or_default();
        let Some((version, name)) = version(name) else {
            found.left_out.push((path.clone(), "its folder's name does not begin with a number and `_`".to_owned()));
            continue;
        };
        let up = listing.read(files, path)?;
        let up = Work::Sql(Script::file(files, up));
        let down = format!("{folder}/down.sql");
        let down = if listing.has(&down) { Some(listing.read(files, &down)?) } else { None };
        let down = down.map(|down| Script::file(files, down));
        let metadata = format!("{folder}/metadata.toml");
        let metadata = if listing.has(&metadata) { Some(listing.read(files, &metadata)?) } else { None };
        let transaction = match tool {
            // Prisma sends a file as one query, which is a transaction unless the file says otherwise.
            Tool::Prisma => Transaction::AsNeeded,
            _ if metadata.is_some_and(|file| runs_outside(&files.get(file).text)) => Transaction::None,
            _ => Transaction::Whole,
        };
        found.migrations.push(Foreign { version, name, up, down, transaction });
    }
    Ok(found)
}

/// Reads `2024-01-31-120000_add_users` as `20240131120000` and `add_users`; a time of day may be short, or missing.
fn version(folder: &str) -> Option<(String, String)> {
    let end = folder.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(folder.len());
    let (version, name) = folder.split_at(end);
    let mut version = version.replace('-', "");
    // These tools order versions as text, where a shorter one comes first.
    if (8..14).contains(&version.len()) {
        version = format!("{version:0<14}");
    }
    let name = name.trim_start_matches('_');
    (!version.is_empty() && !name.is_empty()).then(|| (version, name.to_owned()))
}

/// Reads diesel's `run_in_transaction = false`.
fn runs_outside(metadata: &str) -> bool {
    let value = metadata.lines().find_map(|line| line.trim().strip_prefix("run_in_transaction"));
    value.and_then(|value| value.trim_start().strip_prefix('=')).is_some_and(|value| value.trim().starts_with("false"))
}
