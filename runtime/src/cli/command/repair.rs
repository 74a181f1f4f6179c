//! `repair`: what became of a statement that a run died on, or of a rollback that stopped, asked one by one.

use crate::cli::args::{MarkWord, RepairOptions};
use crate::cli::failure::{Failure, Usage};
use crate::cli::output::{self, Answer};
use crate::cli::session::Session;
use crate::databases::Access;
use crate::escaped::Escaped;
use crate::{Direction, Mark, Question};
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
    asks: &'static str,
    direction: &'static str,
    statement: Option<usize>,
    statements: Option<usize>,
    text: &'a str,
    since: &'a str,
    recorded: Option<&'a str>,
    mark: Option<&'static str>,
}

impl<'a> Shown<'a> {
    fn new(question: &'a Question, mark: Option<Mark>) -> Self {
        let Question { migration, direction, statement, statements, text, since, recorded, half_rollback } = question;
        let asks = match (half_rollback, recorded) {
            (Some(_), _) => "rollback",
            (None, Some(_)) => "change",
            (None, None) => "statement",
        };
        let mark = mark.map(|mark| if mark == Mark::Applied { "applied" } else { "rolled-back" });
        let (statement, statements) = (*statement, *statements);
        let (id, database, recorded) = (migration.id, migration.database, recorded.as_deref());
        let direction = direction.as_str();
        Self { id, database, asks, direction, statement, statements, text, since, recorded, mark }
    }
}

pub(super) async fn repair(session: &Session<'_>, options: &RepairOptions) -> Result<Answer, Failure> {
    let migrator = session.migrator();
    if let (Some(id), Some(mark), Some(reason)) = (&options.id, options.mark, &options.reason) {
        let mark = if mark == MarkWord::Applied { Mark::Applied } else { Mark::RolledBack };
        let mut databases = session.open(Access::ReadWrite).await?;
        let settled = migrator.repair(&mut databases, id, mark, reason).await?;
        let text = format!("{}\n{}", said(&settled, mark), next(session, &settled));
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
    text += &settled.last().map_or("nothing was written\n".into(), |(question, _)| next(session, question));
    let shown = settled.iter().map(|(question, mark)| Shown::new(question, Some(*mark))).collect();
    session.answer(Body { settled: shown, ..Body::default() }, text)
}

fn said(question: &Question, mark: Mark) -> String {
    if question.recorded.is_some() {
        return format!("{}: recorded as it is now", named(question));
    }
    if question.half_rollback.is_some() {
        let is = if mark == Mark::Applied { "there as a whole again" } else { "rolled back as a whole" };
        return format!("{}: written down that it is {is}", question.migration.id);
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

fn next(session: &Session<'_>, settled: &Question) -> String {
    // What is in doubt of a rollback is settled for the rollback to go on.
    let command = match settled.direction == Direction::Down && settled.half_rollback.is_none() {
        true => format!("rollback --only {}", settled.migration.id),
        false => "apply".to_owned(),
    };
    format!("next: {}\n", session.call.other(&command))
}

fn listed(session: &Session<'_>, open: &[Question]) -> String {
    let Some(first) = open.first() else { return "nothing to repair\n".into() };
    let shown: String = open.iter().map(shown).collect();
    let repair = |marks| session.call.other(&format!("repair {} --mark {marks} --reason \"…\"", first.migration.id));
    if first.half_rollback.is_some() {
        let back = session.call.other(&format!("rollback --only {}", first.migration.id));
        let command = repair("applied|rolled-back");
        return format!(
            "{shown}roll it back again, which goes on from there; or, if you have brought back what it had undone, or undone the rest, \
             write that down\nnext: {back}\n  or: {command}\n"
        );
    }
    let (look, marks) = match first.recorded {
        None => ("look at the database whether it took effect", "applied|rolled-back"),
        Some(_) => ("restore what was edited; or, if the database has what it does now, have that recorded", "applied"),
    };
    format!("{shown}{look}\nnext: {}\n", repair(marks))
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
    if let Some(half) = &question.half_rollback {
        return format!("the rollback of {} {half}:\n{lines}", question.migration.id);
    }
    format!("{}, begun at {}:\n{lines}", named(question), question.since)
}

/// Asks one question on the terminal; none where the answer was neither.
fn answered(question: &Question) -> Result<Option<(Mark, String)>, Failure> {
    let is_changed = question.recorded.is_some();
    let is_half = question.half_rollback.is_some();
    let asked = match (is_changed, is_half) {
        (true, _) => "does the database have what it does now? [y, anything else leaves it open]",
        (_, true) => {
            "have you brought back what it had undone [a], or undone the rest [r]? [a/r, anything else leaves it open, for a rollback]"
        }
        _ => "did it take effect? [y/n, anything else leaves it open]",
    };
    output::err(&format!("{}{asked} ", shown(question)));
    let mark = match read().to_lowercase().as_str() {
        "y" | "yes" if !is_half => Mark::Applied,
        "n" | "no" if !is_changed && !is_half => Mark::RolledBack,
        "a" if is_half => Mark::Applied,
        "r" if is_half => Mark::RolledBack,
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
