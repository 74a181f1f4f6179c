//! The figures of runs, through the crate `metrics` (feature `metrics`): a recorder of the application's own takes them.

use crate::event::Event;
use crate::target::Direction;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

/// Describes a figure: what dashboards and the documentation show of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// The labels that tell its series apart.
    pub labels: &'static [&'static str],
    /// What it says.
    pub help: &'static str,
}

const STEPS: &str = "whimbrel_steps_total";
const STEP_DURATION: &str = "whimbrel_step_duration_seconds";
const RUN_DURATION: &str = "whimbrel_run_duration_seconds";
const RUNNING: &str = "whimbrel_running";
const WAITS: &str = "whimbrel_lock_waits_total";
const PENDING: &str = "whimbrel_pending_migrations";

/// Lists every figure.
pub const METRICS: [Metric; 6] = [
    Metric {
        name: STEPS,
        kind: "counter",
        unit: Unit::Count,
        labels: &["registry", "database", "direction", "outcome"],
        help: "Migrations that were applied or rolled back, or that failed or were skipped (`outcome`).",
    },
    Metric {
        name: STEP_DURATION,
        kind: "histogram",
        unit: Unit::Seconds,
        labels: &["registry", "database", "direction"],
        help: "How long a migration took.",
    },
    Metric {
        name: RUN_DURATION,
        kind: "histogram",
        unit: Unit::Seconds,
        labels: &["registry", "direction"],
        help: "How long a run took that had something to do.",
    },
    Metric {
        name: RUNNING,
        kind: "gauge",
        unit: Unit::Count,
        labels: &["registry"],
        help: "1 while a run is under way.",
    },
    Metric {
        name: WAITS,
        kind: "counter",
        unit: Unit::Count,
        labels: &["registry", "database"],
        help: "Looks at a lock that somebody else held: the run's own, a table's, or the SQLite file's.",
    },
    Metric {
        name: PENDING,
        kind: "gauge",
        unit: Unit::Count,
        labels: &["registry"],
        help: "Migrations that were still to be applied when it was last looked: at a check, at a run's beginning and end.",
    },
];

/// Tells the recorder what the figures mean. Once, after it is installed.
pub fn describe() {
    for Metric { name, kind, unit, help, .. } in METRICS {
        match kind {
            "counter" => describe_counter!(name, unit, help),
            "gauge" => describe_gauge!(name, unit, help),
            _ => describe_histogram!(name, unit, help),
        }
    }
}

/// Counts an event.
pub(crate) fn record(registry: &'static str, event: &Event) {
    let step = |database: &'static str, direction: Direction, outcome: &'static str| {
        let labels =
            [("registry", registry), ("database", database), ("direction", direction.as_str()), ("outcome", outcome)];
        counter!(STEPS, &labels).increment(1);
    };
    match event {
        Event::RunStarted { direction, steps } => {
            gauge!(RUNNING, "registry" => registry).set(1.0);
            if *direction == Direction::Up {
                pending(registry, *steps);
            }
        }
        Event::RunFinished { direction, duration, pending: left, .. } => {
            gauge!(RUNNING, "registry" => registry).set(0.0);
            let labels = [("registry", registry), ("direction", direction.as_str())];
            histogram!(RUN_DURATION, &labels).record(duration.as_secs_f64());
            pending(registry, *left);
        }
        Event::RunFailed => gauge!(RUNNING, "registry" => registry).set(0.0),
        Event::StepFinished { database, direction, duration, .. } => {
            step(database, *direction, "done");
            let labels = [("registry", registry), ("database", database), ("direction", direction.as_str())];
            histogram!(STEP_DURATION, &labels).record(duration.as_secs_f64());
        }
        Event::StepFailed { database, direction, .. } => step(database, *direction, "failed"),
        Event::Skipped { database, direction, .. } => step(database, *direction, "skipped"),
        Event::Waiting { database, .. } => {
            counter!(WAITS, "registry" => registry, "database" => database.clone()).increment(1);
        }
        Event::StepStarted { .. } | Event::StatementDone { .. } => {}
    }
}

/// Notes how many are pending.
pub(crate) fn pending(registry: &'static str, count: usize) {
    gauge!(PENDING, "registry" => registry).set(count as f64);
}
