//! Scripts that aren't SQL: that they can be read, and what is wrong with them.

use super::ScriptFacts;
use crate::language::{self, Role};
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Part};
use crate::sql::text_checksum;
use whimbrel_grammar::DatabaseKind;

/// Reads a part of a migration; `asks` names a `REQUIRE` or a `VERIFY`. `None` where it is code or can't be read.
pub(super) fn read(
    declaration: &Declaration,
    kind: DatabaseKind,
    part: Option<&Part>,
    asks: Option<&str>,
    files: &Files,
    found: &mut Vec<Diagnostic>,
) -> Option<ScriptFacts> {
    let Some(Part::Script(script)) = part else { return None };
    let role = if asks.is_some() { Role::Question } else { Role::Work };
    let reading = language::read(&script.text, kind, role)?;
    found.extend(reading.complaints.iter().map(|complaint| complaint.diagnostic(script, files)));
    if !reading.is_readable {
        return None;
    }
    if reading.statements.is_empty() {
        let place = script.place(0..script.text.len(), files);
        found.push(match asks {
            None => Diagnostic::warning("empty_script", "this script does nothing").at(&place, "no statement"),
            Some(name) => Diagnostic::error("empty_script", format!("`{name}` asks nothing"))
                .at(&place, "no statement")
                .help("write a question whose answer is true where all is well"),
        });
    }
    let options: &[&str] = if declaration.is_transactional() { &[] } else { &["transaction=false"] };
    Some(ScriptFacts {
        checksum: reading.checksum(&script.text, kind.language(), options),
        text_checksum: text_checksum(&script.text),
        statements: reading.statements.iter().map(|statement| statement.range.clone()).collect(),
        is_one_transaction: reading.statements.iter().all(|statement| statement.is_data),
        retries: reading.statements.into_iter().map(|statement| statement.retry).collect(),
        loses: reading.losses,
        verdicts: reading.verdicts,
        ..ScriptFacts::default()
    })
}
