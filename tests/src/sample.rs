//! Which of all points are tried.

use std::io::Write;

/// Chooses points: all of them, a part of all, or every so many-th from one that a seed gives.
#[derive(Debug)]
pub struct Sample {
    /// Which part of how many; the only one is all of them.
    part: Option<(usize, usize)>,
    random: fastrand::Rng,
}

impl Sample {
    /// Begins for a test of this name, with what `WHIMBREL_FAULTS` and `WHIMBREL_FAULTS_SEED` say, and prints the seed.
    pub fn of(test: &str) -> Sample {
        let part = part(&std::env::var("WHIMBREL_FAULTS").unwrap_or_default());
        let seed = std::env::var("WHIMBREL_FAULTS_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| fastrand::u64(0..1_000_000));
        let how = match part {
            Some((1, 1)) => "all points".to_owned(),
            Some((part, of)) => format!("part {part} of {of} of all points"),
            None => "a sample; WHIMBREL_FAULTS=all takes all points".to_owned(),
        };
        say(&format!("{test}: WHIMBREL_FAULTS_SEED={seed}, {how}"));
        Sample { part, random: fastrand::Rng::with_seed(seed) }
    }

    /// Tells whether all points are tried, at once or in parts.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.part.is_some()
    }

    /// Gives random numbers that the seed decides.
    pub fn random(&mut self) -> &mut fastrand::Rng {
        &mut self.random
    }

    /// Takes all points, a part of them, or about so many, evenly spread.
    pub fn take<P>(&mut self, points: impl IntoIterator<Item = P>, about: usize) -> Vec<P> {
        let points: Vec<P> = points.into_iter().collect();
        let (first, step) = match self.part {
            Some((part, of)) => (part - 1, of),
            None => {
                let step = (points.len() / about).max(1);
                (self.random.usize(0..step), step)
            }
        };
        points.into_iter().skip(first).step_by(step).collect()
    }
}

/// Reads `all`, or `2/5` for the second of five parts that are all together.
fn part(what: &str) -> Option<(usize, usize)> {
    if what == "all" {
        return Some((1, 1));
    }
    let (part, of) = what.split_once('/')?;
    let (part, of) = (part.parse().ok()?, of.parse().ok()?);
    (1..=of).contains(&part).then_some((part, of))
}

/// Prints a line that is seen although the test passes.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "faults: {line}");
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn parts_are_all_together() {
        assert_eq!((part("all"), part("2/5"), part("5/5")), (Some((1, 1)), Some((2, 5)), Some((5, 5))));
        for other in ["", "some", "0/5", "6/5", "1/0", "1/", "/5"] {
            assert_eq!(part(other), None, "{other}");
        }
    }
}
