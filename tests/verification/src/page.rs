//! The tables of `docs/verification.md`.

use crate::Result;
use crate::compiler::Finding;
use crate::corpus::Project;
use crate::mutant::{Kind, Mutant};
use crate::schema::{Comparison, Likeness};
use crate::truth::{Score, Scores, share};
use std::fmt::Write;
use std::path::Path;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verification.md");
const MARKS: [&str; 2] = ["<!-- figures: begin -->\n", "<!-- figures: end -->"];

/// What is shown, project by project.
#[derive(Debug, Default)]
pub(crate) struct Page {
    rows: [String; 4],
    /// What isn't as it should be, in words.
    details: String,
    misses: usize,
}

impl Page {
    /// Tells whether every goal is met.
    pub(crate) fn is_good(&self) -> bool {
        self.misses == 0
    }

    /// A chain that its server accepts has no error.
    pub(crate) fn accepted(&mut self, project: &Project, findings: &[Finding]) {
        let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.is_error()).collect();
        self.row(0, &format!("| {} | {} | {} |", project.name, project.migrations.len(), errors.len()));
        self.goal(errors.is_empty());
        for Finding { code, file, line, message, .. } in errors {
            self.detail(&project.name, &format!("false error {code} {file}:{line}: {message}"));
        }
    }

    pub(crate) fn schema(&mut self, project: &Project, compared: &Comparison) {
        let cell =
            |one: &Likeness| format!("{} of {} ({:.2} %)", one.equal, one.real, 100.0 * share(one.equal, one.real));
        let Comparison { columns, constraints, indexes } = compared;
        self.row(1, &format!("| {} | {} | {} | {} |", project.name, cell(columns), cell(constraints), cell(indexes)));
        self.goal(share(columns.equal, columns.real) >= 0.999);
        for line in [columns, constraints, indexes].iter().flat_map(|one| &one.differences) {
            self.detail(&project.name, line);
        }
    }

    pub(crate) fn truth(&mut self, project: &Project, scores: &Scores) {
        let cell = |score: &Score| {
            let (shown, recall, precision) = (score.right + score.missed.len(), score.recall(), score.precision());
            format!("{shown} | {recall:.3} | {precision:.3}")
        };
        self.row(2, &format!("| {} | {} | {} |", project.name, cell(&scores.blocking), cell(&scores.under_lock)));
        for (name, score) in [("blocking", &scores.blocking), ("under a lock", &scores.under_lock)] {
            score.missed.iter().for_each(|row| self.detail(&project.name, &format!("{name}, missed: {row}")));
            score.wrong.iter().for_each(|row| self.detail(&project.name, &format!("{name}, wrong: {row}")));
        }
    }

    pub(crate) fn mutants(
        &mut self,
        project: &Project,
        mutants: &[Mutant],
        real: &[Option<String>],
        ours: &[Option<String>],
    ) {
        for kind in Kind::ALL {
            let (mut refused, mut caught, mut false_alarms, mut all) = (0, 0, 0, 0);
            for ((mutant, real), ours) in
                mutants.iter().zip(real).zip(ours).filter(|((mutant, _), _)| mutant.kind == kind)
            {
                all += 1;
                refused += usize::from(real.is_some());
                caught += usize::from(real.is_some() && ours.is_some());
                false_alarms += usize::from(real.is_none() && ours.is_some());
                let file = project.migrations.get(mutant.at).map_or("", |migration| &migration.file);
                match (real, ours) {
                    (Some(error), None) => {
                        self.detail(&project.name, &format!("not caught: {file}: {}: {error}", mutant.what))
                    }
                    (None, Some(error)) => {
                        self.detail(&project.name, &format!("false alarm: {file}: {}: {error}", mutant.what))
                    }
                    _ => {}
                }
            }
            let percent = 100.0 * share(caught, refused);
            let name = &project.name;
            self.row(
                3,
                &format!("| {name} | {kind:?} | {all} | {refused} | {caught} ({percent:.1} %) | {false_alarms} |"),
            );
        }
    }

    /// Gives all tables, and what isn't as it should be.
    pub(crate) fn text(&self) -> String {
        format!("{}\n{}", self.tables(), self.details)
    }

    /// Puts the tables into the page.
    pub(crate) fn write(&self) -> Result<()> {
        let text = std::fs::read_to_string(PAGE)?;
        let [begin, end] = MARKS;
        let (head, rest) = text.split_once(begin).ok_or("the page has no mark for the figures")?;
        let (_, tail) = rest.split_once(end).ok_or("the page has no mark for the figures' end")?;
        Ok(std::fs::write(Path::new(PAGE), format!("{head}{begin}\n{}{end}{tail}", self.tables()))?)
    }

    fn tables(&self) -> String {
        const HEADS: [(&str, &str); 4] = [
            ("Chains that their server accepts", "| project | migrations | errors |\n|---|---:|---:|"),
            (
                "The schema in the end, as the server has it",
                "| project | columns | constraints | indexes |\n|---|---:|---:|---:|",
            ),
            (
                "Statements that block",
                "| project | blocking | recall | precision | rows changed under a lock | recall | precision |\n|---|---:|---:|---:|---:|---:|---:|",
            ),
            (
                "Mutants",
                "| project | kind | mutants | refused by the server | caught | false alarms |\n|---|---|---:|---:|---:|---:|",
            ),
        ];
        let mut text = String::new();
        for ((title, head), rows) in HEADS.iter().zip(&self.rows).filter(|(_, rows)| !rows.is_empty()) {
            let _ = writeln!(text, "### {title}\n\n{head}\n{rows}");
        }
        text
    }

    fn row(&mut self, table: usize, row: &str) {
        if let Some(rows) = self.rows.get_mut(table) {
            let _ = writeln!(rows, "{row}");
        }
    }

    fn goal(&mut self, met: bool) {
        self.misses += usize::from(!met);
    }

    fn detail(&mut self, project: &str, text: &str) {
        let _ = writeln!(self.details, "{project}: {text}");
    }
}
