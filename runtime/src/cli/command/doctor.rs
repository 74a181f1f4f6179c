//! `doctor`: how each database is.

use crate::cli::document::known;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Answer;
use crate::cli::session::Session;
use crate::cli::terminal::{self, BAD, GOOD};
use crate::escaped::lines;
use crate::health::{Examination, Health};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Body<'a> {
    well: bool,
    databases: Vec<Shown<'a>>,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    name: &'static str,
    url: Option<&'a str>,
    server: Option<&'a str>,
    user: Option<&'a str>,
    latency_ms: Option<f64>,
    clock_ahead_ms: Option<i64>,
    read_only: Option<bool>,
    may_create: Option<bool>,
    pooled: Option<bool>,
    applied: Option<usize>,
    pending: Option<usize>,
    holder: Option<String>,
    concerns: Vec<String>,
}

impl<'a> Shown<'a> {
    fn new(examination: &'a Examination) -> Self {
        let health = examination.health.as_ref().ok();
        let progress = health.and_then(|health| health.ledger.as_ref().ok().copied().flatten());
        Self {
            name: examination.database,
            url: examination.url.as_deref(),
            server: health.and_then(|health| known(&health.server)),
            user: health.and_then(|health| health.user.as_deref()),
            latency_ms: health.map(|health| health.latency.as_secs_f64() * 1000.0),
            clock_ahead_ms: health.map(|health| health.clock_ahead),
            read_only: health.map(|health| health.is_read_only),
            may_create: health.and_then(|health| health.may_create),
            pooled: health.map(|health| health.is_pooled),
            applied: progress.map(|progress| progress.applied),
            pending: progress.map(|progress| progress.pending),
            holder: health.and_then(|health| health.holder.as_ref()).map(ToString::to_string),
            concerns: examination.concerns(),
        }
    }
}

pub(super) async fn doctor(session: &Session<'_>) -> Result<Answer, Failure> {
    let all = session.migrator().examine(&session.urls).await;
    let is_well = all.iter().all(|examination| examination.concerns().is_empty());
    let mut text: String = all.iter().map(shown).collect();
    text += &match is_well {
        true => format!("next: {}\n", session.call.other("status")),
        false => "something stands in the way, as shown above\n".to_owned(),
    };
    let exit = all.iter().find_map(|one| one.health.as_ref().err()).map_or(Exit::Unavailable, Exit::from);
    let body = Body { well: is_well, databases: all.iter().map(Shown::new).collect() };
    Ok(session.answer(body, text)?.exit(if is_well { Exit::Done } else { exit }))
}

fn shown(examination: &Examination) -> String {
    let concerns = examination.concerns();
    let (style, mark) = if concerns.is_empty() { (GOOD, "✓") } else { (BAD, "!") };
    let mut text = format!("{} {}", terminal::out(style, mark), examination.database);
    if let Some(url) = &examination.url {
        text += &format!("  {url}");
    }
    text.push('\n');
    if let Ok(health) = &examination.health {
        text += &format!("    {}\n    {}\n", server(health), ledger(health));
        if let Some(holder) = &health.holder {
            text += &format!("    migrating right now: {holder}\n");
        }
    }
    for concern in concerns {
        text += &format!("    {} {}\n", terminal::out(BAD, "!"), lines(&concern).replace('\n', "\n    "));
    }
    text
}

fn server(health: &Health) -> String {
    let user = health.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
    let pooled = if health.is_pooled { ", through a transaction pooler" } else { "" };
    let latency = health.latency.as_secs_f64() * 1000.0;
    format!("{}{user}{pooled}, answers in {latency:.1} ms, clock {:+} ms", health.server, health.clock_ahead)
}

fn ledger(health: &Health) -> String {
    match &health.ledger {
        Ok(Some(progress)) => format!("{} applied, {} pending", progress.applied, progress.pending),
        Ok(None) => "no ledger yet".to_owned(),
        Err(_) => "its ledger can't be read".to_owned(),
    }
}
