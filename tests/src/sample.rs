//! Which of all points are tried.

use std::io::Write;

/// Chooses points: all of them, or every so many-th from one that a seed gives.
#[derive(Debug)]
pub struct Sample {
    all: bool,
    random: fastrand::Rng,
}

impl Sample {
    /// Begins for a test of this name, with what `WHIMBREL_FAULTS` and `WHIMBREL_FAULTS_SEED` say, and prints the seed.
    pub fn of(test: &str) -> Sample {
        let all = std::env::var("WHIMBREL_FAULTS").is_ok_and(|what| what == "all");
        let seed = std::env::var("WHIMBREL_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| fastrand::u64(0..1_000_000));
        let how = if all { "all points" } else { "a sample; WHIMBREL_FAULTS=all takes all points" };
        say(&format!("{test}: WHIMBREL_FAULTS_SEED={seed}, {how}"));
        Sample { all, random: fastrand::Rng::with_seed(seed) }
    }

    /// Tells whether all points are tried.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.all
    }

    /// Gives random numbers that the seed decides.
    pub fn random(&mut self) -> &mut fastrand::Rng {
        &mut self.random
    }

    /// Takes all points, or about so many, evenly spread.
    pub fn take<P>(&mut self, points: impl IntoIterator<Item = P>, about: usize) -> Vec<P> {
        let points: Vec<P> = points.into_iter().collect();
        let step = if self.all { 1 } else { (points.len() / about).max(1) };
        let first = self.random.usize(0..step);
        points.into_iter().skip(first).step_by(step).collect()
    }
}

/// Prints a line that is seen although the test passes.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "faults: {line}");
}
