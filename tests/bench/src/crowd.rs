//! Many processes that start at the same moment on an empty database: one applies, all end well.

use crate::Result;
use crate::database::Maker;
use crate::package::Place;
use crate::plan::Plan;
use crate::run::{Program, Programs, rounds};
use crate::series::Series;
use crate::spent::calm;
use std::process::{Child, Stdio};
use std::time::Instant;

/// How many start at once.
const PROCESSES: usize = 8;

/// Measures from the start of the first to the end of the last.
pub(crate) fn crowd(plan: &Plan, place: &Place, programs: &Programs) -> Result<Vec<Series>> {
    let title = format!("{PROCESSES} processes at once on {}: time until the last has ended", plan.database.title());
    let mut series = programs.series(title, "ms");
    let maker = Maker::new(plan.database, place, plan.postgres.as_ref())?;
    for (round, program) in rounds(plan, &programs.built) {
        let (contender, count) = (program.contender, program.count);
        if !contender.crowd.contains(&plan.database) || series.failed(contender, count) {
            continue;
        }
        let once = || {
            let target = maker.create("bench_crowd")?;
            calm()?;
            let milliseconds = start(program, &target)?;
            maker.verify(&target, count)?;
            Ok(milliseconds)
        };
        match once() as Result<f64> {
            Ok(milliseconds) => series.add(contender, count, round, milliseconds),
            Err(error) => series.fail(contender, count, error),
        }
    }
    maker.drop("bench_crowd")?;
    Ok(vec![series])
}

fn start(program: &Program, target: &str) -> Result<f64> {
    let begun = Instant::now();
    let started: Vec<std::io::Result<Child>> = (0..PROCESSES)
        .map(|_| program.command(target).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn())
        .collect();
    let mut failed = Vec::new();
    for child in started {
        let output = child?.wait_with_output()?;
        if !output.status.success() {
            failed.push(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
    }
    let milliseconds = 1000.0 * begun.elapsed().as_secs_f64();
    match failed.first() {
        None => Ok(milliseconds),
        Some(first) => Err(format!("{} of {PROCESSES} processes failed: {first}", failed.len()).into()),
    }
}
