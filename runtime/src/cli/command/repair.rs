//! `repair`: what became of a statement that a run died on, asked one by one.

use crate::cli::args::{MarkWord, RepairOptions};
use crate::cli::failure::{Failure, Usage};
use crate::cli::output::{self, Answer};
use crate::cli::session::Session;
use crate::databases::Access;
use crate::escaped::Escaped;
use crate::{Mark, Question};
use serde::Serialize;
use std::io::{self, IsTerminal};

#[derive(Debug, Default, Serialize)]
struct Body<'a> {
    open: Vec<Shown<'a>>,
    settled: Vec<Shown<'a>>,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    id: &'static str,
    database: &'static str,
    statement: Option<usize>,
    statements: Option<usize>,
    text: &'a str,
    since: &'a str,
    recorded: Option<&'a str>,
    mark: Option<&'static str>,
}

impl<'a> Shown<'a> {
    fn new(question: &'a Question, mark: Option<Mark>) -> Self {
        let Question { migration, statement, statements, text, since, recorded } = question;
        let mark = mark.map(|mark| if mark == Mark::Applied { "applied" } else { "rolled-back" });
        let (statement, statements) = (*statement, *statements);
        let (id, database, recorded) = (migration.id, migration.database, recorded.as_deref());
        Self { id, database, statement, statements, text, since, recorded, mark }
    }
}

pub(super) async fn repair(session: &Session<'_>, options: &RepairOptions) -> Result<Answer, Failure> {
    let migrator = session.migrator();
    if let (Some(id), Some(mark), Some(reason)) = (&options.id, options.mark, &options.reason) {
        let mark = if mark == MarkWord::Applied { Mark::Applied } else { Mark::RolledBack };
        let mut databases = session.open(Access::ReadWrite).await?;
        let settled = migrator.repair(&mut databases, id, mark, reason).await?;
        let text = format!("{}\n{}", said(&settled, mark), next(session));
        return session.answer(Body { settled: vec![Shown::new(&settled, Some(mark))], ..Body::default() }, text);
    }
    let mut databases = session.open(Access::ReadOnly).await?;
    let open = migrator.questions(&mut databases).await?;
    drop(databases);
    let asks = session.for_people() && io::stdin().is_terminal() && io::stderr().is_terminal();
    if open.is_empty() || !asks {
        let shown = open.iter().map(|question| Shown::new(question, None)).collect();
        return session.answer(Body { open: shown, ..Body::default() }, listed(session, &open));
    }
    let (mut settled, mut text) = (Vec::new(), String::new());
    for question in &open {
        let Some((mark, reason)) = answered(question)? else { continue };
        let mut databases = session.open(Access::ReadWrite).await?;
        let question = migrator.repair(&mut databases, question.migration.id, mark, &reason).await?;
        text += &format!("{}\n", said(&question, mark));
        settled.push((question, mark));
    }
    text += &if settled.is_empty() { "nothing was written\n".into() } else { next(session) };
    let shown = settled.iter().map(|(question, mark)| Shown::new(question, Some(*mark))).collect();
    session.answer(Body { settled: shown, ..Body::default() }, text)
}

fn said(question: &Question, mark: Mark) -> String {
    if question.recorded.is_some() {
        return format!("{}: recorded as it is now", named(question));
    }
    let onward = match mark {
        Mark::Applied => "took effect: the next run goes on after it",
        Mark::RolledBack => "did not take effect: the next run does it again",
    };
    format!("{}: written down that it {onward}", named(question))
}

fn named(question: &Question) -> String {
    let id = question.migration.id;
    match (question.statement, question.statements) {
        (Some(statement), Some(statements)) => format!("{id}, statement {statement} of {statements}"),
        _ => id.to_owned(),
    }
}

fn next(session: &Session<'_>) -> String {
    format!("next: {}\n", session.call.other("apply"))
}

fn listed(session: &Session<'_>, open: &[Question]) -> String {
    let Some(first) = open.first() else { return "nothing to repair\n".into() };
    let shown: String = open.iter().map(shown).collect();
    let (look, marks) = match first.recorded {
        None => ("look at the database whether it took effect", "applied|rolled-back"),
        Some(_) => ("restore what was edited; or, if the database has what it does now, have that recorded", "applied"),
    };
    let command = session.call.other(&format!("repair {} --mark {marks} --reason \"…\"", first.migration.id));
    format!("{shown}{look}\nnext: {command}\n")
}

fn shown(question: &Question) -> String {
    let lines: String = question.text.lines().map(|line| format!("  | {}\n", Escaped(line))).collect();
    if let Some(recorded) = &question.recorded {
        let m = question.migration;
        let (id, since) = (m.id, &question.since);
        return format!(
            "{id} was changed after it was applied at {since}:\n  the ledger has  {}\n  {}:{} has  {}\n{}",
            Escaped(recorded),
            m.file,
            m.line,
            m.checksum,
            lines
        );
    }
    format!("{}, begun at {}:\n{lines}", named(question), question.since)
}

/// Asks one question on the terminal; none where the answer was neither.
fn answered(question: &Question) -> Result<Option<(Mark, String)>, Failure> {
    let is_changed = question.recorded.is_some();
    let asked = match is_changed {
        true => "does the database have what it does now? [y, anything else leaves it open]",
        false => "did it take effect? [y/n, anything else leaves it open]",
    };
    output::err(&format!("{}{asked} ", shown(question)));
    let mark = match read().to_lowercase().as_str() {
        "y" | "yes" => Mark::Applied,
        "n" | "no" if !is_changed => Mark::RolledBack,
        _ => return Ok(None),
    };
    output::err("how do you know? ");
    let reason = read();
    if reason.is_empty() {
        return Err(Usage::new("a repair needs a reason", "say how it was found out; nothing was written").into());
    }
    Ok(Some((mark, reason)))
}

fn read() -> String {
    let mut line = String::new();
    let _ = io::stdin().read_line(&mut line);
    line.trim().to_owned()
}
