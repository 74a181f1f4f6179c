//! Measures whimbrel beside other migration libraries and a hand-written floor, in the same run.
//!
//! `cargo run --release -p whimbrel-bench -- --help` lists the measures; `docs/performance.md` carries the results.

mod compile;
mod contender;
mod crowd;
mod database;
mod machine;
mod package;
mod page;
mod plan;
mod proxy;
mod run;
mod series;
mod spent;
mod workload;

use clap::{Parser, ValueEnum};
use contender::CONTENDERS;
use database::{Database, Maker};
use package::{Package, Place};
use plan::Plan;
use run::Programs;
use series::Series;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use url::Url;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Measures whimbrel beside other migration libraries and a hand-written floor, in the same run.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to measure; everything if nothing is named.
    what: Vec<What>,
    /// How many migrations.
    #[arg(long = "n", value_delimiter = ',', default_values_t = [10, 100, 1000], value_parser = count)]
    counts: Vec<usize>,
    /// How often; the tables show medians.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How often for `build`, which takes a minute or more each time.
    #[arg(long, default_value_t = 3)]
    build_rounds: usize,
    /// On which databases.
    #[arg(long = "database", value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    databases: Vec<Database>,
    /// With which contenders only.
    #[arg(long, value_delimiter = ',', value_parser = CONTENDERS.iter().map(|contender| contender.name).collect::<Vec<_>>())]
    only: Vec<String>,
    /// A PostgreSQL server where databases may be created and dropped.
    #[arg(long, env = "WHIMBREL_TEST_POSTGRES_15_URL", hide_env_values = true)]
    postgres: Option<Url>,
    /// Runs the programs that an earlier run has built, and builds only what is missing.
    #[arg(long)]
    built: bool,
    /// Also puts the tables into `docs/performance.md`.
    #[arg(long, conflicts_with = "only")]
    write: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// `cargo check` of the application's crate, clean and after one edit.
    Check,
    /// A clean debug build with all dependencies, of 10 migrations.
    Build,
    /// Applying everything to an empty database.
    Fresh,
    /// A start where everything is applied.
    Idle,
    /// Eight processes that start at once on an empty database.
    Crowd,
    /// Round trips and syncs, counted.
    Count,
}

fn count(text: &str) -> std::result::Result<usize, String> {
    match text.parse() {
        Ok(count @ 10..=9999) => Ok(count),
        _ => Err("a number from 10 to 9999".to_owned()),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match measure(&arguments) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failures) => {
            let _ = writeln!(std::io::stderr(), "{failures} measurements FAILED: see the tables");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every measure and gives the number of failures.
fn measure(arguments: &Arguments) -> Result<usize> {
    let place = Place::find()?;
    let page = place.repository.join("docs/performance.md");
    let whats = if arguments.what.is_empty() { What::value_variants() } else { &arguments.what };
    let publish = |section: &str, text: &str| -> Result<()> {
        std::io::stdout().lock().write_all(text.as_bytes())?;
        if arguments.write { page::write(&page, section, text) } else { Ok(()) }
    };
    publish("machine", &setting(arguments, &place)?)?;
    let mut failures = 0;
    for database in &arguments.databases {
        let mut plan = Plan {
            database: *database,
            counts: arguments.counts.clone(),
            rounds: arguments.rounds,
            only: arguments.only.clone(),
            postgres: arguments.postgres.clone(),
            built: arguments.built,
        };
        let running = whats.iter().any(|what| matches!(what, What::Fresh | What::Idle | What::Crowd | What::Count));
        let programs = if running { Programs::build(&plan, &place)? } else { Programs::default() };
        for what in whats {
            let (date, load) = machine::now()?;
            (plan.counts, plan.rounds) = match what {
                What::Build => (vec![10], arguments.build_rounds),
                What::Count => (arguments.counts.clone(), 1),
                _ => (arguments.counts.clone(), arguments.rounds),
            };
            let (section, all) = match what {
                What::Check => ("check", compile::check(&plan, &place)?),
                What::Build => ("build", compile::build(&plan, &place)?),
                What::Fresh => ("fresh", run::fresh(&plan, &place, &programs)?),
                What::Idle => ("idle", run::idle(&plan, &place, &programs)?),
                What::Crowd => ("crowd", crowd::crowd(&plan, &place, &programs)?),
                What::Count => ("count", run::count(&plan, &place, &programs)?),
            };
            let note = format!("Rounds: {}. {date}; the machine's load before: {load}.", plan.rounds);
            failures += all.iter().map(|series| series.failures().count()).sum::<usize>();
            publish(&format!("{section} {database}"), &tables(&all, &note))?;
        }
    }
    Ok(failures)
}

fn tables(all: &[Series], note: &str) -> String {
    let mut text = String::new();
    for series in all {
        text += &format!("\n**{}**\n\n{}", series.title, series.table());
        for (name, count, reason) in series.failures() {
            text += &format!("\n**FAILED: {name} with {count} migrations.** `{}`\n", reason.replace(['\n', '`'], " "));
        }
    }
    format!("{text}\n{note}\n")
}

/// Describes the machine, the contenders and the versions of what they stand on.
fn setting(arguments: &Arguments, place: &Place) -> Result<String> {
    let mut text = format!("\nMachine: {}.\n", machine::describe()?);
    for database in &arguments.databases {
        text += &format!("{}.\n", Maker::new(*database, place, arguments.postgres.as_ref())?.describe()?);
    }
    text += "\n| contender | what it is | versions |\n|---|---|---|\n";
    for contender in &CONTENDERS {
        let versions = Package::generate(place, contender, Database::Sqlite, 10)?.versions()?;
        text += &format!("| {} | {} | {versions} |\n", contender.name, contender.about);
    }
    Ok(text)
}
