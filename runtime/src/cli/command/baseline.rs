//! `baseline`: what a database has already is recorded, and not run.

use crate::adopt::Baseline;
use crate::cli::args::BaselineOptions;
use crate::cli::document::{Done, RunBody};
use crate::cli::failure::Failure;
use crate::cli::output::{Answer, counted};
use crate::cli::session::Session;
use crate::cli::target::id;
use crate::cli::unavailable::Unavailable;
use crate::databases::Access;
use crate::target::Direction;

pub(super) async fn baseline(session: &Session<'_>, options: &BaselineOptions) -> Result<Answer, Failure> {
    let baseline = match (&options.to, &options.from) {
        (Some(typed), _) => Baseline::To(id(session.registry, typed)?.into()),
        (None, Some(recorded)) => Baseline::recorded_by(recorded),
        (None, None) => Baseline::Detect,
    };
    // Opened for writing, a file that is not there would be left behind by a baseline that is refused.
    let mut databases = session.open(Access::ReadOnly).await?;
    session.migrator().adoptable(&mut databases, &baseline).await?;
    drop(databases);
    let mut databases = session.open(Access::ReadWrite).await?;
    let report = session.migrator().baseline(&mut databases, &baseline).await?;
    let done: Vec<_> = report.done.iter().map(|outcome| Done::of(outcome, Direction::Up)).collect();
    let mut text: String = done.iter().map(|done| format!("baselined {}\n", done.id)).collect();
    text += &format!("{} recorded as applied, none was run\n", counted(done.len(), "migration"));
    text += &format!("next: {}\n", session.call.other("status"));
    session
        .answer(RunBody { done, duration_ms: report.duration.as_millis(), unavailable: Unavailable::default() }, text)
}
