//! sqlx, golang-migrate and tools of one's own: numbered files, a rollback beside them.

use super::listing::Listing;
use super::{Foreign, Found, Tool, Transaction, Work};
use crate::source::{Files, Script};

/// Reads `1_x.sql`, or `1_x.up.sql` with `1_x.down.sql`.
pub(super) fn read(files: &mut Files, listing: &Listing, tool: Tool) -> Result<Found, String> {
    let mut found = Found::default();
    for path in listing.names() {
        let Some(stem) = path.strip_suffix(".sql") else { continue };
        let is_pair = stem.ends_with(".up");
        let stem = stem.strip_suffix(".up").unwrap_or(stem);
        if stem.ends_with(".down") {
            if !listing.has(&path.replace(".down.sql", ".up.sql")) {
                found.left_out.push((path.to_owned(), "a rollback without its migration".to_owned()));
            }
            continue;
        }
        let parts = if tool == Tool::Numbered { numbered(stem) } else { stem.split_once('_') };
        let Some((version, name)) = parts.filter(|(version, _)| is_number(version)) else {
            found.left_out.push((path.to_owned(), "its name does not begin with a number".to_owned()));
            continue;
        };
        if tool == Tool::GolangMigrate && !is_pair {
            found.left_out.push((path.to_owned(), "golang-migrate reads `.up.sql` and `.down.sql` only".to_owned()));
            continue;
        }
        let down = format!("{stem}.down.sql");
        let down = if is_pair && listing.has(&down) { Some(listing.read(files, &down)?) } else { None };
        let file = listing.read(files, path)?;
        let (version, name) = (version.to_owned(), name.to_owned());
        let (up, transaction) = match tool {
            Tool::Sqlx => without_directive(files, file),
            // It sends a file as one query, which is a transaction unless the file says otherwise.
            _ => (Script::file(files, file), Transaction::AsNeeded),
        };
        let down = down.map(|down| Script::file(files, down));
        found.migrations.push(Foreign { version, name, up: Work::Sql(up), down, transaction });
    }
    Ok(found)
}

/// Takes off sqlx's first line `-- no-transaction`.
fn without_directive(files: &Files, file: usize) -> (Script, Transaction) {
    let text = &files.get(file).text;
    if !text.starts_with("-- no-transaction") {
        return (Script::file(files, file), Transaction::Whole);
    }
    let line = text.find('\n').map_or(text.len(), |end| end + 1);
    let rest = line..text.len();
    (Script::pieces(files, file, std::slice::from_ref(&rest)), Transaction::None)
}

/// Reads `V0001.Initial`, `001-initial` or `1`: letters, a number, a name.
fn numbered(stem: &str) -> Option<(&str, &str)> {
    let stem = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let end = stem.find(|c: char| !c.is_ascii_digit()).unwrap_or(stem.len());
    (end > 0).then(|| (&stem[..end], stem[end..].trim_start_matches(['_', '-', '.', ' '])))
}

/// Tells whether a file is named as sqlx names its own.
pub(super) fn is_sqlx(name: &str) -> bool {
    name.split_once('_').is_some_and(|(version, _)| is_number(version))
}

/// Tells whether a file is SQL and begins with a number.
pub(super) fn is_numbered(name: &str) -> bool {
    name.strip_suffix(".sql").is_some_and(|stem| numbered(stem).is_some())
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
