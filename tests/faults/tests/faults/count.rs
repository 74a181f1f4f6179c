//! What became of the points that were tried.

use crate::victim::{End, Status};
use whimbrel_tests::sample::say;

/// Counts how the runs after a fault ended.
#[derive(Debug, Default)]
pub(crate) struct Count {
    tried: usize,
    well: usize,
    asked: Vec<String>,
    lost: Vec<String>,
}

impl Count {
    /// Judges one point by how the next run ended and what was there after it.
    pub(crate) fn add(&mut self, point: &str, next: &End, state: &[String], undisturbed: &[String]) {
        self.tried += 1;
        match next.status {
            Status::Applied(_) if state == undisturbed => self.well += 1,
            Status::Applied(_) => self.lost.push(format!("{point}: {}", difference(state, undisturbed))),
            Status::Asks => self.asked.push(format!("{point}: {}", next.said.lines().next().unwrap_or_default())),
            _ => self.lost.push(format!("{point}: {next:?}")),
        }
    }

    /// Counts a point at which something else than the end was wrong.
    pub(crate) fn lose(&mut self, point: &str, why: &str) {
        self.lost.push(format!("{point}: {why}"));
    }

    /// Prints the figures, and fails if anything was lost or a person was asked.
    #[track_caller]
    pub(crate) fn close(self, test: &str) {
        self.say(test);
        let wrong = [self.asked, self.lost].concat();
        assert!(wrong.is_empty(), "{test}:\n{}", wrong.join("\n"));
    }

    /// Prints the figures of a chain of which only a person knows everything, and fails if anything was lost or nobody was asked.
    #[track_caller]
    pub(crate) fn close_in_doubt(self, test: &str) {
        self.say(test);
        assert!(self.lost.is_empty(), "{test}:\n{}", self.lost.join("\n"));
        assert!(!self.asked.is_empty(), "{test}: nobody was asked");
    }

    fn say(&self, test: &str) {
        let Count { tried, well, asked, lost } = self;
        say(&format!(
            "{test}: {tried} points tried, {well} ended well alone, {} asked a person, {} lost",
            asked.len(),
            lost.len()
        ));
        assert!(*tried > 0, "{test}: nothing was tried");
    }
}

/// Tells whether keys hold what an undisturbed run does not leave: what was done once is as it leaves it, or not there.
pub(crate) fn more_than_once(state: &[String], undisturbed: &[String]) -> bool {
    state.iter().any(|line| !undisturbed.contains(line) && !line.contains("{whimbrel}:"))
}

/// Lists what one state has and another has not.
pub(crate) fn difference(state: &[String], undisturbed: &[String]) -> String {
    let lines = |these: &[String], those: &[String], sign: &str| {
        let mut left = those.to_vec();
        let mut only = Vec::new();
        for line in these {
            match left.iter().position(|other| other == line) {
                Some(at) => drop(left.swap_remove(at)),
                None => only.push(format!("{sign} {line}")),
            }
        }
        only
    };
    [lines(undisturbed, state, "-"), lines(state, undisturbed, "+")].concat().join("\n    ")
}
