//! `status`: where every migration stands, at a glance.

use crate::cli::args::StatusOptions;
use crate::cli::document::{StatusBody, applied};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::{Answer, readable, spoken};
use crate::cli::session::Session;
use crate::cli::table::{Cell, Table};
use crate::cli::terminal::{self, BAD, GOOD, WAITING, coloured, width};
use crate::databases::Access;
use crate::history::{Attempt, HalfRollback};
use crate::plan::Finding;
use crate::registry::Phase;
use crate::status::{Row, State, Status};

pub(super) async fn status(session: &Session<'_>, options: &StatusOptions) -> Result<Answer, Failure> {
    let mut databases = session.open(Access::ReadOnly).await?;
    let status = session.migrator().status(&mut databases).await?;
    let count = status.rows.iter().filter(|row| applied(&row.state).is_some()).count();
    let exit = match () {
        () if !options.check || status.is_current() => Exit::Done,
        () if status.findings.is_empty() => Exit::Pending,
        () => Exit::Disagreement,
    };
    let text = text(session, &status, count);
    Ok(session.answer(StatusBody::new(&status, count), text)?.exit(exit))
}

fn text(session: &Session<'_>, status: &Status, count: usize) -> String {
    if status.rows.is_empty() {
        return "the registry has no migrations yet\n".into();
    }
    let mut table = Table::new(["  id", "database", "applied (UTC)", "note", "took", "schema", "description"]);
    for row in &status.rows {
        let early = status.findings.iter().any(|f| matches!(f, Finding::OutOfOrder { id, .. } if *id == row.id));
        table.row(cells(session, row, early));
    }
    let pending = status.pending().count();
    let mut text =
        format!("{}\n{count} of {} applied", table.draw(width(), coloured(&std::io::stdout())), status.rows.len());
    if pending > 0 {
        text += &format!(", {pending} pending");
    }
    if let Some(schema) = &status.schema {
        text += &format!("; schema {schema}");
    }
    text.push('\n');
    for finding in &status.findings {
        text += &format!("{} {finding}\n", terminal::out(BAD, "!"));
    }
    if status.findings.is_empty() && pending > 0 {
        text += &format!("next: {}\n", session.call.other("apply"));
    }
    text
}

fn replaces(row: &Row) -> String {
    match row.migration.map(|migration| migration.replaces().len()) {
        None | Some(0) => String::new(),
        Some(count) => format!("replaces {count}"),
    }
}

fn cells(session: &Session<'_>, row: &Row, early: bool) -> [Cell; 7] {
    let (mark, style, note) = match &row.state {
        State::Applied(applied) if applied.kind == "baseline" => ('✓', GOOD, "baseline".into()),
        State::Applied(applied) if applied.out_of_order => ('✓', GOOD, "out of order".into()),
        State::Applied(_) => ('✓', GOOD, replaces(row)),
        State::Changed(_) => ('!', BAD, "changed since".into()),
        State::HalfRolledBack(_, half) => ('!', BAD, stopped(half)),
        State::Missing(_) => ('!', BAD, "not in the code".into()),
        State::Unknown(applied) if applied.kind == "squash" => ('✓', GOOD, "newer squash".into()),
        State::Unknown(_) if row.phase.is_some_and(Phase::is_compatible) => ('✓', GOOD, "newer, works with it".into()),
        State::Unknown(_) => ('!', BAD, "newer than this program".into()),
        State::Unfinished(attempt) => ('!', BAD, unfinished(attempt)),
        State::Pending if early => ('!', BAD, "out of order".into()),
        State::Pending => ('·', WAITING, String::new()),
    };
    let applied = applied(&row.state);
    let when = applied.map_or(Cell::new(WAITING, "pending"), |applied| readable(&applied.at).into());
    let took = applied.and_then(|applied| applied.duration).map(spoken).unwrap_or_default();
    let database = if session.several() { row.database.as_str() } else { "" };
    let [database, note, took, schema, description] =
        [database, &note, &took, row.schema.as_deref().unwrap_or_default(), &row.description].map(Cell::from);
    [Cell::new(style, format!("{mark} {}", row.id)), database, when, note, took, schema, description]
}

fn stopped(half: &HalfRollback) -> String {
    let how = match &half.holder {
        Some(_) => "rolling back",
        None => "rollback stopped",
    };
    reached(how, &half.reached)
}

fn unfinished(attempt: &Attempt) -> String {
    reached(if attempt.event == "failed" { "failed" } else { "interrupted" }, attempt)
}

fn reached(how: &str, attempt: &Attempt) -> String {
    match (attempt.statement, attempt.statements) {
        (Some(statement), Some(statements)) => format!("{how} at statement {statement} of {statements}"),
        _ => how.into(),
    }
}
