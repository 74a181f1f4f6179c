//! Scripts: that they can be read, and that they leave the transaction to the runner.

use super::Facts;
use super::arguments::database;
use super::{language, readings};
use crate::report::{Diagnostic, Level};
use crate::rules::Verdict;
use crate::source::{Declaration, Files, Part, Script, Set};
use crate::sql::{self, Dialect, OutsideEffect, Retry, SqlError, SqlErrorKind, timescale};
use std::ops::Range;
use whimbrel_grammar::DatabaseKind;

/// What is known about one script.
#[derive(Debug, Default)]
pub(crate) struct ScriptFacts {
    /// The statements' bytes in the text, in order, a `BEGIN … COMMIT` around them left out.
    pub(crate) statements: Vec<Range<usize>>,
    /// How each of them is taken up again after a run died on it.
    pub(crate) retries: Vec<Retry>,
    pub(crate) checksum: String,
    pub(crate) text_checksum: String,
    pub(crate) creates: Vec<String>,
    pub(crate) drops: Vec<String>,
    pub(crate) loses: Vec<String>,
    /// Whether it may create and drop tables that it does not name.
    pub(crate) hides_tables: bool,
    /// Whether all of it can be one transaction with the ledger's row, as far as its server is concerned.
    pub(crate) is_one_transaction: bool,
    /// The tables that it makes hypertables of.
    pub(crate) hypertables: Vec<String>,
    /// The extensions that it can't do without.
    pub(crate) extensions: Vec<String>,
    /// What the rules say of it, where its statements are judged one by one.
    pub(crate) verdicts: Vec<Verdict>,
}

/// Checks all scripts of a declaration.
///
/// Nobody may ever have run the rollbacks of history: there an error is a warning. Who sealed it has seen its warnings.
pub(super) fn check(
    set: &Set,
    declaration: &Declaration,
    (is_sealed, is_history): (bool, bool),
    files: &Files,
    found: &mut Vec<Diagnostic>,
) -> Facts {
    let Some((_, kind)) = database(set, declaration).filter(|(_, kind)| !language::differs(declaration, *kind)) else {
        return Facts::default();
    };
    let is_foreign = set.is_foreign;
    let read = |part: Option<&Part>, asks: Option<&str>, found: &mut Vec<Diagnostic>| {
        let Some(dialect) = Dialect::of(kind) else {
            return readings::read(declaration, kind, part, asks, files, found);
        };
        let mut reader = Reader { declaration, kind, dialect, is_foreign, files, found };
        match asks {
            None => reader.work(part),
            Some(name) => reader.question(part, name),
        }
    };
    let mut seen = Vec::new();
    let up = read(Some(&declaration.up), None, &mut seen);
    if is_sealed {
        seen.retain(|diagnostic| diagnostic.level == Level::Error);
    }
    let from = seen.len();
    let down = read(declaration.down.as_ref(), None, &mut seen);
    match (is_history, is_sealed) {
        (true, true) => seen.truncate(from),
        (true, false) => seen[from..].iter_mut().for_each(|diagnostic| diagnostic.level = Level::Warning),
        (false, _) => {}
    }
    found.append(&mut seen);
    let require = read(declaration.require.as_ref(), Some("REQUIRE"), found);
    let verify = read(declaration.verify.as_ref(), Some("VERIFY"), found);
    Facts { up, down, require, verify, ..Facts::default() }
}

struct Reader<'a> {
    declaration: &'a Declaration,
    kind: DatabaseKind,
    dialect: Dialect,
    /// Whether another tool runs it, which may obey what isn't SQL.
    is_foreign: bool,
    files: &'a Files,
    found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads an `UP` or a `DOWN`.
    fn work(&mut self, part: Option<&Part>) -> Option<ScriptFacts> {
        let Some(Part::Script(script)) = part else { return None };
        let (parsed, facts) = self.parse(script)?;
        if parsed.body().is_empty() {
            self.found.push(
                Diagnostic::warning("empty_script", "this script does nothing")
                    .at(&script.place(0..script.text.len(), self.files), "no statement"),
            );
        }
        if !self.is_foreign {
            for line in parsed.delimiters() {
                let error = SqlError { kind: SqlErrorKind::Delimiter, range: line.clone() };
                let place = script.place(line.clone(), self.files);
                self.found
                    .push(Diagnostic::error("shell_command", error.to_string()).at(&place, "").help(error.help()));
            }
        }
        if self.declaration.is_transactional() {
            self.transactional(script, &facts);
        } else if let Some((begin, commit)) = facts.outer_transaction.clone() {
            let place = script.place(begin, self.files);
            self.found.push(
                Diagnostic::warning(
                    "outer_transaction",
                    "`transaction = false`, and yet one transaction around everything",
                )
                .at(&place, "left out: statements run one by one")
                .at(&script.place(commit, self.files), "")
                .help("take `transaction = false` out, or these two statements"),
            );
        }
        if !self.declaration.is_transactional() && facts.outer_transaction.is_none() {
            self.inside_of_its_own(script, &facts);
        }
        Some(self.facts(script, &parsed, facts))
    }

    /// Reports what can't be done between a `BEGIN` and a `COMMIT` of the script's own.
    fn inside_of_its_own(&mut self, script: &Script, facts: &sql::Facts) {
        let begins = |words: &str| words.starts_with("BEGIN") || words.starts_with("START");
        for outside in facts.outside.iter().filter(|outside| matches!(outside.effect, OutsideEffect::Refused)) {
            let before = facts.transaction_control.iter().rfind(|control| control.range.start < outside.range.start);
            let Some(begin) = before.filter(|control| begins(&control.words.to_ascii_uppercase())) else { continue };
            self.found.push(
                Diagnostic::error(
                    "outside_transaction",
                    format!("the server refuses `{}` inside a transaction", outside.words),
                )
                .at(&script.place(outside.range.clone(), self.files), "needs to run outside one")
                .at(&script.place(begin.range.clone(), self.files), "begins one")
                .help("write it before this `BEGIN`, or behind the `COMMIT`"),
            );
        }
    }

    /// Reads a `REQUIRE` or a `VERIFY`.
    fn question(&mut self, part: Option<&Part>, name: &str) -> Option<ScriptFacts> {
        let Some(Part::Script(script)) = part else { return None };
        let (parsed, facts) = self.parse(script)?;
        if parsed.statements().is_empty() {
            self.found.push(
                Diagnostic::error("empty_script", format!("`{name}` asks nothing"))
                    .at(&script.place(0..script.text.len(), self.files), "no statement")
                    .help("write a query whose only row is true where all is well"),
            );
        }
        Some(self.facts(script, &parsed, facts))
    }

    fn parse<'s>(&mut self, script: &'s Script) -> Option<(sql::Script<'s>, sql::Facts)> {
        match sql::Script::parse(&script.text, self.dialect) {
            Ok(parsed) => {
                let facts = sql::Facts::of(&parsed);
                Some((parsed, facts))
            }
            Err(errors) => {
                for error in errors {
                    let code = match error.kind {
                        SqlErrorKind::PsqlCommand(_) | SqlErrorKind::ShellCommand(_) => "shell_command",
                        SqlErrorKind::CopyFromStdin => "copy_from_stdin",
                        _ => "unclosed",
                    };
                    let place = script.place(error.range.clone(), self.files);
                    self.found.push(Diagnostic::error(code, error.to_string()).at(&place, "").help(error.help()));
                }
                None
            }
        }
    }

    /// Reports what can't be done inside the migration's transaction.
    fn transactional(&mut self, script: &Script, facts: &sql::Facts) {
        for control in &facts.transaction_control {
            self.found.push(
                Diagnostic::error(
                    "transaction_control",
                    format!("`{}` inside a migration, which is one transaction already", control.words),
                )
                .at(
                    &script.place(control.range.clone(), self.files),
                    "would end or split the migration's own transaction",
                )
                .help("take it out; where the migration can't be one transaction, say `transaction = false`"),
            );
        }
        for outside in &facts.outside {
            let place = script.place(outside.range.clone(), self.files);
            self.found.push(match outside.effect {
                OutsideEffect::Refused => Diagnostic::error(
                    "outside_transaction",
                    format!("the server refuses `{}` inside a transaction", outside.words),
                )
                .at(&place, "needs to run outside one")
                .help(
                    timescale::instead(outside.words)
                        .unwrap_or("give it a migration of its own with `transaction = false`"),
                ),
                OutsideEffect::Ignored => Diagnostic::warning(
                    "outside_transaction",
                    format!("`{}` has no effect inside a transaction", outside.words),
                )
                .at(&place, "changes nothing")
                .help(match outside.words {
                    "PRAGMA foreign_keys" => {
                        "take it out: foreign keys are off while a migration runs and are checked before it commits"
                    }
                    _ => "take it out, or give it a migration of its own with `transaction = false`",
                }),
            });
        }
    }

    fn facts(&self, script: &Script, parsed: &sql::Script<'_>, facts: sql::Facts) -> ScriptFacts {
        let options: &[&str] = if self.declaration.is_transactional() { &[] } else { &["transaction=false"] };
        ScriptFacts {
            statements: parsed.body().iter().map(|statement| statement.range.clone()).collect(),
            // On MySQL what changes more than rows commits by itself.
            is_one_transaction: self.kind != DatabaseKind::Mysql || facts.retries.iter().all(Retry::is_transactional),
            retries: facts.retries,
            checksum: sql::checksum(parsed, options),
            text_checksum: sql::text_checksum(&script.text),
            creates: facts.creates,
            drops: facts.drops,
            loses: facts.losses,
            hides_tables: facts.hides_tables,
            hypertables: facts.hypertables,
            extensions: facts.extensions,
            verdicts: Vec::new(),
        }
    }
}
