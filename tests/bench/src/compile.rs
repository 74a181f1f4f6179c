//! Compile time: the application's crate alone, and everything from nothing.

use crate::Result;
use crate::package::{Compiled, Package, Place};
use crate::plan::Plan;
use crate::series::{Series, shuffled};
use crate::spent::{Spent, calm};

/// Measures `cargo check` of the application's crate, its dependencies checked before: clean, and after one edit.
pub(crate) fn check(plan: &Plan, place: &Place) -> Result<Vec<Series>> {
    let mut measures =
        Measures::new(&["clean", "after one edit of one migration"], "`cargo check` of the application's crate");
    let mut packages = Vec::new();
    for (contender, count) in plan.compiled() {
        plan.say(&format!("preparing {} with {count} migrations", contender.name));
        let package = Package::generate(place, contender, plan.database, count)?;
        match package.check() {
            Ok(_) => packages.push(package),
            Err(error) => measures.fail(&package, error),
        }
    }
    for round in 0..plan.rounds {
        plan.say(&format!("round {} of {}", round + 1, plan.rounds));
        for at in shuffled((0..packages.len()).collect(), round) {
            let package = &packages[at];
            if let Err(error) = check_once(package, round, &mut measures) {
                measures.fail(package, error);
            }
        }
    }
    Ok(measures.0)
}

fn check_once(package: &Package, round: usize, measures: &mut Measures) -> Result<()> {
    package.clean()?;
    for what in [0, 1] {
        if what == 1 {
            package.edit(round + 2)?;
        }
        calm()?;
        let (spent, compiled) = package.check()?;
        match compiled {
            Compiled::Alone => measures.add(what, package, round, spent),
            Compiled::Nothing => return Err("the edit was not noticed: nothing was compiled".into()),
            Compiled::More(name) => {
                return Err(format!("`{name}` was compiled too: its sources changed meanwhile").into());
            }
        }
    }
    Ok(())
}

/// Measures a debug build of the application with all that it depends on.
pub(crate) fn build(plan: &Plan, place: &Place) -> Result<Vec<Series>> {
    let mut measures = Measures::new(&["all dependencies"], "`cargo build`, clean");
    let mut crates = Series::new("`cargo build`, clean: crates compiled", "crates");
    for round in 0..plan.rounds {
        for at in shuffled((0..plan.compiled().len()).collect(), round) {
            let (contender, count) = plan.compiled()[at];
            plan.say(&format!("round {} of {}: {}", round + 1, plan.rounds, contender.name));
            let package = Package::generate(place, contender, plan.database, count)?;
            calm()?;
            match package.build_all(place) {
                Ok((spent, compiled)) => {
                    measures.add(0, &package, round, spent);
                    #[allow(clippy::cast_precision_loss)] // Some hundred crates.
                    crates.add(contender, count, round, compiled as f64);
                }
                Err(error) => measures.fail(&package, error),
            }
        }
    }
    measures.0.push(crates);
    Ok(measures.0)
}

/// Wall and processor time of each thing that is measured.
struct Measures(Vec<Series>);

impl Measures {
    fn new(whats: &[&str], title: &str) -> Measures {
        let pair = |what: &&str| {
            [
                Series::new(format!("{title}, {what}: time"), "ms"),
                Series::new(format!("{title}, {what}: processor time"), "ms, all cores"),
            ]
        };
        Measures(whats.iter().flat_map(pair).collect())
    }

    fn add(&mut self, what: usize, package: &Package, round: usize, spent: Spent) {
        for (series, time) in self.0.iter_mut().skip(2 * what).zip([spent.wall, spent.cpu]) {
            series.add(package.contender, package.count, round, 1000.0 * time.as_secs_f64());
        }
    }

    fn fail(&mut self, package: &Package, error: impl ToString) {
        let reason = error.to_string();
        for series in &mut self.0 {
            series.fail(package.contender, package.count, &reason);
        }
    }
}
