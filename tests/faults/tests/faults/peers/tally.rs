//! What became of the points that were tried with one library.

use crate::victim::{End, Status};
use std::collections::BTreeMap;
use whimbrel_tests::sample::say;

/// Counts how the runs after a fault ended.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    tried: usize,
    /// The next run ended well.
    alone: usize,
    /// A run after that did.
    later: usize,
    /// None did.
    asked: usize,
    /// A run said that all was well, and it was not; or rows were changed twice.
    lost: usize,
    /// What was said where the next run did not end well, and how often.
    said: BTreeMap<String, usize>,
}

impl Tally {
    /// Judges one point by how the runs after it ended, the first of them at once, and by what was there then.
    pub(crate) fn add(&mut self, runs: &[&End], state: &[String], undisturbed: &[String]) {
        self.tried += 1;
        let is_applied = |end: &&End| matches!(end.status, Status::Applied(_));
        let (first, last) = (runs.first().is_some_and(is_applied), runs.last().is_some_and(is_applied));
        let sort = match (first, last) {
            (_, true) if state != undisturbed => &mut self.lost,
            (_, false) if happened_twice(state, undisturbed) => &mut self.lost,
            (true, _) => &mut self.alone,
            (_, true) => &mut self.later,
            _ => &mut self.asked,
        };
        *sort += 1;
        if last && state != undisturbed {
            let why = format!("said success: {}", crate::count::difference(state, undisturbed).replace('\n', " "));
            *self.said.entry(why).or_default() += 1;
        } else if let (false, Some(end)) = (first, runs.first()) {
            *self.said.entry(end.said.lines().collect::<Vec<_>>().join(" ")).or_default() += 1;
        }
    }

    /// Prints what was said, and gives a row of the table.
    pub(crate) fn row(&self, what: &str, name: &str) -> String {
        for (said, times) in &self.said {
            say(&format!("{what}, {name}, {times} times: {said}"));
        }
        let Tally { tried, alone, later, asked, lost, .. } = self;
        format!("| {what} | {name} | {tried} | {alone} | {later} | {asked} | {lost} |")
    }

    /// Fails unless each of the next runs ended well.
    #[track_caller]
    pub(crate) fn all_well(&self) {
        assert!(self.tried > 0 && self.alone == self.tried, "{self:?}");
    }
}

/// Tells whether a step stands in the tally more often than it should.
fn happened_twice(state: &[String], undisturbed: &[String]) -> bool {
    let times = |lines: &[String], line| lines.iter().filter(|other| *other == line).count();
    let tallied = state.iter().filter(|line| line.starts_with("row tally"));
    tallied.into_iter().any(|line| times(state, line) > times(undisturbed, line).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(runs: &[Status], state: &[&str]) -> String {
        let ends: Vec<End> = runs.iter().map(|&status| End { status, said: "said".into() }).collect();
        let lines = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mut tally = Tally::default();
        tally.add(&ends.iter().collect::<Vec<_>>(), &lines(state), &lines(&["index a", "row tally 1"]));
        tally.row("", "").replace("|  |  | 1 |", "")
    }

    #[test]
    fn each_end_is_counted_for_what_it_is() {
        let (well, failed, whole) = (Status::Applied(0), Status::Failed, &["index a", "row tally 1"][..]);
        assert_eq!(row(&[well], whole), " 1 | 0 | 0 | 0 |");
        assert_eq!(row(&[failed, well], whole), " 0 | 1 | 0 | 0 |");
        assert_eq!(row(&[failed, failed], &["row tally 1"]), " 0 | 0 | 1 | 0 |");
        assert_eq!(row(&[well], &["index a", "invalid index a", "row tally 1"]), " 0 | 0 | 0 | 1 |");
        assert_eq!(row(&[failed, failed], &["row tally 1", "row tally 1"]), " 0 | 0 | 0 | 1 |");
    }
}
