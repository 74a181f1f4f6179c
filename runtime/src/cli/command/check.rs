//! `check`: whether the application may start.

use crate::Readiness;
use crate::cli::args::CheckOptions;
use crate::cli::document::Found;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::Answer;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::databases::Access;
use crate::error::{Holder, Kind};
use serde::Serialize;
use std::time::Duration;

#[derive(Debug, Default, Serialize)]
struct Body<'a> {
    ready: bool,
    state: &'static str,
    pending: &'a [String],
    unknown: &'a [String],
    database: Option<&'a str>,
    holder: Option<Shown<'a>>,
    findings: Vec<Found>,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    pid: i64,
    application: &'a str,
    user: &'a str,
    address: Option<&'a str>,
    since: &'a str,
    state: Option<&'a str>,
    query: Option<&'a str>,
    lease_ms: Option<u128>,
}

impl<'a> Shown<'a> {
    fn new(holder: &'a Holder) -> Self {
        let Holder { pid, application, user, address, since, state, query, lease } = holder;
        let (address, state, query) = (address.as_deref(), state.as_deref(), query.as_deref());
        let lease_ms = lease.map(|lease| lease.as_millis());
        Self { pid: *pid, application, user, address, since, state, query, lease_ms }
    }
}

pub(super) async fn check(session: &Session<'_>, options: &CheckOptions) -> Result<Answer, Failure> {
    let mut databases = session.open(Access::ReadOnly).await?;
    let readiness = match options.wait {
        None => session.migrator().check(&mut databases).await?,
        Some(seconds) => {
            let progress = Progress::new(session);
            let migrator = session.migrator().on_event(progress.listener());
            let waited = migrator.wait(&mut databases, Duration::from_secs(seconds)).await;
            progress.end();
            match waited {
                Ok(readiness) => readiness,
                Err(error) => match error.kind() {
                    Kind::NotReady { readiness, .. } => readiness.clone(),
                    _ => return Err(error.into()),
                },
            }
        }
    };
    let exit = match &readiness {
        ready if ready.is_ready() => Exit::Done,
        Readiness::Disagrees { .. } => Exit::Disagreement,
        _ => Exit::Pending,
    };
    Ok(session.answer(body(&readiness), format!("{readiness}\n"))?.exit(exit))
}

fn body(readiness: &Readiness) -> Body<'_> {
    let mut body = Body { ready: readiness.is_ready(), ..Body::default() };
    match readiness {
        Readiness::Ready => body.state = "ready",
        Readiness::Ahead { unknown } => (body.state, body.unknown) = ("ahead", unknown),
        Readiness::Behind { pending } => (body.state, body.pending) = ("behind", pending),
        Readiness::InProgress { pending, database, holder } => {
            (body.state, body.pending) = ("in_progress", pending);
            (body.database, body.holder) = (Some(database.as_str()), Some(Shown::new(holder)));
        }
        Readiness::Disagrees { findings } => {
            (body.state, body.findings) = ("disagrees", findings.iter().map(Found::new).collect());
        }
    }
    body
}
