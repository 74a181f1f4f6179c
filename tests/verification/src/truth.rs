//! What the safety rules say, held against what the server was seen to do.

use crate::compiler::Finding;
use crate::corpus::Project;
use crate::layout::Folder;
use std::collections::BTreeSet;

/// How well one question was answered.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) right: usize,
    /// Statements that the server showed and no rule did.
    pub(crate) missed: Vec<String>,
    /// Statements that a rule showed and the server did not.
    pub(crate) wrong: Vec<String>,
}

impl Score {
    pub(crate) fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed.len())
    }

    pub(crate) fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong.len())
    }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred statements")]
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// How well both questions were answered.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    pub(crate) blocking: Score,
    pub(crate) under_lock: Score,
}

/// The rule that tells of rows changed while ACCESS EXCLUSIVE is held.
const UNDER_LOCK: &str = "rows-changed-under-lock";

/// The rules that tell of something else than a statement's own work under a lock.
const OTHERS: [&str; 10] = [
    "blocking-index-drop",
    "column-dropped",
    "column-renamed",
    "ddl-in-do-block",
    "enum-value-renamed",
    "enum-value-used-in-same-transaction",
    "many-tables-locked",
    "table-dropped",
    "table-renamed",
    "unbatched-change",
];

/// Compares by statement: a finding belongs to the statement in whose lines it begins.
pub(crate) fn compare(project: &Project, folder: &Folder, findings: &[Finding]) -> Scores {
    let mut scores = Scores::default();
    let mut blocking = BTreeSet::new();
    let mut under_lock = BTreeSet::new();
    for finding in findings {
        let Some(rule) = &finding.rule else { continue };
        let Some((at, header)) = folder.find(&finding.file, project) else { continue };
        let Some(line) = finding.line.checked_sub(1 + header) else { continue };
        let Some(file) = project.migrations.get(at).map(|migration| &migration.file) else { continue };
        let of = |row: &&crate::corpus::Row| row.file == *file && row.lines.0 <= line && line <= row.lines.1;
        for row in project.truth.iter().filter(of) {
            if rule == UNDER_LOCK {
                under_lock.insert((&row.file, row.lines));
            } else if !OTHERS.contains(&rule.as_str()) {
                blocking.insert((&row.file, row.lines));
            }
        }
    }
    for row in &project.truth {
        let name = format!("{}:{} {}", row.file, row.lines.0 + 1, row.kind);
        score(&mut scores.blocking, row.blocking, blocking.contains(&(&row.file, row.lines)), &name);
        score(&mut scores.under_lock, row.under_lock, under_lock.contains(&(&row.file, row.lines)), &name);
    }
    scores
}

fn score(score: &mut Score, shown: bool, said: bool, name: &str) {
    match (shown, said) {
        (true, true) => score.right += 1,
        (true, false) => score.missed.push(name.to_owned()),
        (false, true) => score.wrong.push(name.to_owned()),
        (false, false) => {}
    }
}
