//! Run time: the whole process of a release build, on an empty database and on one where nothing is left to do.

use crate::Result;
use crate::contender::Contender;
use crate::database::{Database, Maker};
use crate::package::{Package, Place};
use crate::plan::Plan;
use crate::proxy::Proxy;
use crate::series::{Series, shuffled};
use crate::spent::{Spent, calm, spend};
use std::fs;
use std::net::ToSocketAddrs;
use std::path::PathBuf;
use std::process::Command;
use url::Url;

/// The programs of one database, built once for all measures.
#[derive(Default)]
pub(crate) struct Programs {
    pub(crate) built: Vec<Program>,
    failed: Vec<(&'static Contender, usize, String)>,
}

/// A contender's program.
pub(crate) struct Program {
    pub(crate) contender: &'static Contender,
    pub(crate) count: usize,
    path: PathBuf,
}

impl Program {
    pub(crate) fn command(&self, target: &str) -> Command {
        let mut command = Command::new(&self.path);
        command.env("BENCH_URL", target);
        command
    }
}

impl Programs {
    /// Builds every program of the plan for release; who can't be built has failed.
    pub(crate) fn build(plan: &Plan, place: &Place) -> Result<Programs> {
        let mut programs = Programs { built: Vec::new(), failed: Vec::new() };
        for (contender, count) in plan.entries() {
            let path = Package::program(place, contender, plan.database, count);
            if plan.built && path.exists() {
                programs.built.push(Program { contender, count, path });
                continue;
            }
            plan.say(&format!("building {} with {count} migrations", contender.name));
            match Package::generate(place, contender, plan.database, count)?.release(place) {
                Ok(path) => programs.built.push(Program { contender, count, path }),
                Err(error) => programs.failed.push((contender, count, error.to_string())),
            }
        }
        Ok(programs)
    }

    /// Begins a measure with those that could not be built.
    pub(crate) fn series(&self, title: impl Into<String>, unit: &'static str) -> Series {
        let mut series = Series::new(title, unit);
        self.failed.iter().for_each(|(contender, count, reason)| series.fail(contender, *count, reason));
        series
    }
}

/// Measures applying all migrations to an empty database.
pub(crate) fn fresh(plan: &Plan, place: &Place, programs: &Programs) -> Result<Vec<Series>> {
    let mut series =
        programs.series(format!("Fresh apply on {}: time of the whole process", plan.database.title()), "ms");
    let maker = Maker::new(plan.database, place, plan.postgres.as_ref())?;
    for (round, program) in rounds(plan, &programs.built) {
        if series.failed(program.contender, program.count) {
            continue;
        }
        let once = || {
            let target = maker.create("bench_fresh")?;
            calm()?;
            let spent = succeed(&mut program.command(&target))?;
            maker.verify(&target, program.count)?;
            Ok(spent)
        };
        note(&mut series, program, round, once());
    }
    maker.drop("bench_fresh")?;
    Ok(vec![series])
}

/// Measures a start where everything is applied.
pub(crate) fn idle(plan: &Plan, place: &Place, programs: &Programs) -> Result<Vec<Series>> {
    let mut series = programs
        .series(format!("Start with nothing to do on {}: time of the whole process", plan.database.title()), "ms");
    let maker = Maker::new(plan.database, place, plan.postgres.as_ref())?;
    let name = |program: &Program| format!("bench_idle_{}_{}", program.contender.name, program.count);
    let mut ready = Vec::new();
    for program in &programs.built {
        let applied = || {
            let target = maker.create(&name(program))?;
            succeed(&mut program.command(&target))?;
            maker.verify(&target, program.count)?;
            Ok(target)
        };
        match applied() as Result<String> {
            Ok(target) => ready.push((program, target)),
            Err(error) => series.fail(program.contender, program.count, error),
        }
    }
    for round in 0..plan.rounds {
        for at in shuffled((0..ready.len()).collect(), round) {
            let (program, target) = &ready[at];
            calm()?;
            note(&mut series, program, round, succeed(&mut program.command(target)));
        }
    }
    for (program, _) in &ready {
        maker.drop(&name(program))?;
    }
    Ok(vec![series])
}

/// Counts what each run costs in waiting: round trips on PostgreSQL, syncs of files on SQLite.
pub(crate) fn count(plan: &Plan, place: &Place, programs: &Programs) -> Result<Vec<Series>> {
    let (what, unit) = match plan.database {
        Database::Postgres => ("Round trips on PostgreSQL", "round trips"),
        Database::Sqlite => ("Calls of fsync and fdatasync on SQLite", "calls"),
    };
    let mut series =
        ["fresh apply", "start with nothing to do"].map(|run| programs.series(format!("{what}: {run}"), unit));
    let maker = Maker::new(plan.database, place, plan.postgres.as_ref())?;
    let counter = Counter::new(plan, place)?;
    for program in &programs.built {
        let once = || -> Result<[f64; 2]> {
            let target = maker.create("bench_count")?;
            let fresh = counter.count(program, &target)?;
            maker.verify(&target, program.count)?;
            Ok([fresh, counter.count(program, &target)?])
        };
        match once() {
            Ok(counts) => series
                .iter_mut()
                .zip(counts)
                .for_each(|(series, count)| series.add(program.contender, program.count, 0, count)),
            Err(error) => series.iter_mut().for_each(|series| series.fail(program.contender, program.count, &error)),
        }
    }
    maker.drop("bench_count")?;
    Ok(series.into())
}

enum Counter {
    Proxy(Proxy),
    Strace(PathBuf),
}

impl Counter {
    fn new(plan: &Plan, place: &Place) -> Result<Counter> {
        let Some(url) = plan.postgres.as_ref().filter(|_| plan.database == Database::Postgres) else {
            return Ok(Counter::Strace(place.path("strace.txt")));
        };
        let host = url.host_str().ok_or("the URL of PostgreSQL names no host")?;
        let server =
            (host, url.port().unwrap_or(5432)).to_socket_addrs()?.next().ok_or("PostgreSQL's host is not found")?;
        Ok(Counter::Proxy(Proxy::start(server)?))
    }

    #[allow(clippy::cast_precision_loss)] // Some thousands.
    fn count(&self, program: &Program, target: &str) -> Result<f64> {
        match self {
            Counter::Proxy(proxy) => {
                let mut url = Url::parse(target)?;
                let there = url.set_host(Some("127.0.0.1")).is_ok() && url.set_port(Some(proxy.port)).is_ok();
                if !there {
                    return Err("the URL of PostgreSQL takes no port".into());
                }
                proxy.take();
                succeed(&mut program.command(url.as_str()))?;
                Ok(proxy.take() as f64)
            }
            Counter::Strace(log) => {
                let mut strace = Command::new("strace");
                strace
                    .args(["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o"])
                    .arg(log)
                    .arg(&program.path)
                    .env("BENCH_URL", target);
                succeed(&mut strace)?;
                // A call that another thread interrupts is written twice, `fsync(3 <unfinished ...>` and `<... fsync resumed>`.
                Ok(fs::read_to_string(log)?.lines().filter(|line| line.contains("sync(")).count() as f64)
            }
        }
    }
}

pub(crate) fn rounds<'a>(plan: &Plan, programs: &'a [Program]) -> impl Iterator<Item = (usize, &'a Program)> {
    let length = programs.len();
    (0..plan.rounds)
        .flat_map(move |round| shuffled((0..length).collect(), round).into_iter().map(move |at| (round, &programs[at])))
}

fn note(series: &mut Series, program: &Program, round: usize, spent: Result<Spent>) {
    match spent {
        Ok(spent) => series.add(program.contender, program.count, round, 1000.0 * spent.wall.as_secs_f64()),
        Err(error) => series.fail(program.contender, program.count, error),
    }
}

fn succeed(command: &mut Command) -> Result<Spent> {
    let (spent, output) = spend(command)?;
    if output.status.success() {
        return Ok(spent);
    }
    Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()).into())
}
