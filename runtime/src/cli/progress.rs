//! What a run shows while it goes on: a bar on a terminal, a line for each migration that is done.

use super::document::Done;
use super::output::{self, spoken};
use super::session::Session;
use super::terminal::{self, FAINT};
use crate::{Direction, Event};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Shows a run, and keeps what it has done.
#[derive(Debug, Clone)]
pub(super) struct Progress(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bar: ProgressBar,
    lines: bool,
    several: bool,
    run: Mutex<Run>,
}

#[derive(Debug)]
struct Run {
    direction: Direction,
    done: Vec<Done>,
    waiting: bool,
}

impl Progress {
    pub(super) fn new(session: &Session<'_>) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{spinner:.cyan} [{pos}/{len}] {wide_msg} {elapsed:>4.dim}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let run = Mutex::new(Run { direction: Direction::Up, done: Vec::new(), waiting: false });
        Self(Arc::new(Inner { bar, lines: session.for_people(), several: session.several(), run }))
    }

    /// Gives the ear for [`Migrator::on_event`](crate::Migrator::on_event).
    pub(super) fn listener(&self) -> Box<dyn Fn(Event) + Send + Sync> {
        let inner = Arc::clone(&self.0);
        Box::new(move |event| inner.hear(event))
    }

    /// Takes the bar away and gives what was done.
    pub(super) fn end(&self) -> Vec<Done> {
        self.0.bar.finish_and_clear();
        std::mem::take(&mut self.0.run().done)
    }
}

impl Inner {
    fn run(&self) -> std::sync::MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, event: Event) {
        match event {
            Event::RunStarted { direction, steps } => {
                self.run().direction = direction;
                self.bar.set_length(steps as u64);
                self.bar.reset();
                self.bar.enable_steady_tick(Duration::from_millis(100));
            }
            Event::Waiting { database, holder, .. } => {
                let holder = holder.map_or("another process".into(), |holder| holder.to_string());
                let message = format!("waiting for the lock on {database}, held by {holder}");
                let first = !std::mem::replace(&mut self.run().waiting, true);
                if first && self.bar.is_hidden() {
                    output::err(&format!("{message}\n"));
                }
                self.bar.set_message(message);
                self.bar.enable_steady_tick(Duration::from_millis(100));
            }
            Event::StepStarted { id, .. } => self.bar.set_message(id),
            Event::StatementDone { id, statement, statements } if statements > 1 => {
                self.bar.set_message(format!("{id}, statement {statement} of {statements}"));
            }
            Event::StepFinished { id, database, duration, .. } => {
                let direction = self.run().direction;
                self.run().done.push(Done::new(id, database, direction, duration));
                self.bar.inc(1);
                let verb = if direction == Direction::Up { "applied" } else { "rolled back" };
                self.line(&format!("{verb} {}", self.named(id, database)), &format!("({})", spoken(duration)));
            }
            Event::Skipped { id, database, .. } => {
                self.bar.inc(1);
                self.line(&format!("skipped {}", self.named(id, database)), "(another process did it)");
            }
            _ => {}
        }
    }

    fn named(&self, id: &str, database: &str) -> String {
        if self.several { format!("{id} on {database}") } else { id.to_owned() }
    }

    fn line(&self, what: &str, remark: &str) {
        if self.lines {
            // The run goes on when nobody reads the lines any more.
            let line = format!("{what} {}\n", terminal::out(FAINT, remark));
            let _ = self.bar.suspend(|| output::out(&line));
        }
    }
}
