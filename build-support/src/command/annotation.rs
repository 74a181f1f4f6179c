//! Findings for programs: GitHub's annotations, and a JSON object a line.

use crate::lock;
use crate::report::{Diagnostic, Level};
use crate::rules;
use crate::source::{Declaration, Files, Part, Set};
use serde_json::json;
use std::path::Path;

/// Says which migration a place belongs to.
pub(super) struct Owners(Vec<(usize, usize, String)>);

impl Owners {
    /// Notes where each migration begins: in its own file, in the files that it includes, and in the lock file.
    pub(super) fn of(set: &Set, files: &Files) -> Owners {
        let mut begins = Vec::new();
        for declaration in &set.declarations {
            let own = declaration.place.file;
            let first = named(declaration).filter(|place| place.file == own).map(|place| place.range.start).min();
            begins.push((own, first.unwrap_or(declaration.place.range.start), declaration.id.text.clone()));
            let parts = [
                Some(&declaration.up),
                declaration.down.as_ref(),
                declaration.require.as_ref(),
                declaration.verify.as_ref(),
            ];
            for part in parts.into_iter().flatten() {
                let Part::Script(script) = part else { continue };
                let elsewhere = script.anchors().iter().filter(|(_, file, _)| *file != own);
                begins.extend(elsewhere.map(|(_, file, byte)| (*file, *byte, declaration.id.text.clone())));
            }
        }
        if let Some(file) = set.lock {
            let lock = lock::read(&files.get(file).text, file).unwrap_or_default();
            begins.extend(lock.entries.into_iter().map(|entry| (file, entry.places.id.start, entry.id)));
        }
        begins.sort();
        Owners(begins)
    }

    fn find(&self, diagnostic: &Diagnostic) -> Option<&str> {
        let place = &diagnostic.labels.first()?.place;
        let after = self.0.partition_point(|(file, byte, _)| (*file, *byte) <= (place.file, place.range.start));
        let (file, _, id) = self.0.get(after.checked_sub(1)?)?;
        (*file == place.file).then_some(id.as_str())
    }
}

/// Lists the places where a declaration's own words stand.
fn named(declaration: &Declaration) -> impl Iterator<Item = &crate::source::Place> {
    let arguments = &declaration.arguments;
    let after = arguments.after.iter().flatten().map(|(_, place)| place);
    let texts = [&arguments.irreversible, &arguments.on].into_iter().flatten().map(|(_, place)| place);
    let schema = arguments.schema.iter().map(|(_, place)| place);
    let transaction = arguments.transaction.iter().map(|(_, place)| place);
    after.chain(texts).chain(schema).chain(transaction).chain([&declaration.place])
}

/// Writes a finding as a JSON object on a line of its own.
pub(super) fn json_line(diagnostic: &Diagnostic, files: &Files, owners: &Owners, prefix: &str) -> String {
    let place = diagnostic.labels.first().map(|label| &label.place);
    let at = place.map(|place| {
        let file = files.get(place.file);
        (format!("{prefix}{}", file.path), file.position(place.range.start), file.position(place.range.end))
    });
    let value = json!({
        "level": level(diagnostic),
        "code": format!("whimbrel::{}", diagnostic.code),
        "rule": rules::find(diagnostic.code).map(|rule| rule.name),
        "migration": owners.find(diagnostic),
        "file": at.as_ref().map(|(file, ..)| file),
        "line": at.as_ref().map(|(_, start, _)| start.0),
        "column": at.as_ref().map(|(_, start, _)| start.1),
        "end": at.as_ref().map(|(.., end)| json!({ "line": end.0, "column": end.1 })),
        "message": diagnostic.message,
        "help": diagnostic.help,
    });
    format!("{value}\n")
}

/// Writes a finding as a workflow command of GitHub Actions; `prefix` leads from the repository's root.
pub(super) fn github_line(diagnostic: &Diagnostic, files: &Files, prefix: &str) -> String {
    let mut properties = Vec::new();
    if let Some(label) = diagnostic.labels.first() {
        let file = files.get(label.place.file);
        let (start, end) = (file.position(label.place.range.start), file.position(label.place.range.end));
        properties.push(format!("file={}", escaped(&format!("{prefix}{}", file.path), true)));
        properties.push(format!("line={},endLine={}", start.0, end.0));
        // GitHub shows columns within one line only.
        if start.0 == end.0 {
            properties.push(format!("col={},endColumn={}", start.1, end.1));
        }
    }
    properties.push(format!("title={}", escaped(&format!("whimbrel::{}", diagnostic.code), true)));
    let mut message = diagnostic.message.clone();
    for label in diagnostic.labels.iter().filter(|label| !label.text.is_empty()) {
        let file = files.get(label.place.file);
        let line = file.position(label.place.range.start).0;
        message += &format!("\n{prefix}{}:{line}: {}", file.path, label.text);
    }
    for help in &diagnostic.help {
        message += &format!("\nhelp: {help}");
    }
    let level = if diagnostic.level == Level::Note { "notice" } else { level(diagnostic) };
    format!("::{level} {}::{}\n", properties.join(","), escaped(&message, false))
}

fn level(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn escaped(text: &str, is_property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if is_property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

/// Finds the folder that GitHub counts paths from: the repository's, or the one around the package.
pub(super) fn repository(package: &Path) -> &Path {
    package.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(package)
}
