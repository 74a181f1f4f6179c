//! The figures of one measure: for each contender and number of migrations its samples, or why there are none.

use crate::contender::{CONTENDERS, Contender, REFERENCE};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The figures of one measure.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) title: String,
    pub(crate) unit: &'static str,
    cells: BTreeMap<(&'static str, usize), Cell>,
}

#[derive(Debug, Default)]
struct Cell {
    /// By round.
    samples: BTreeMap<usize, f64>,
    failure: Option<String>,
}

impl Series {
    /// Begins an empty measure.
    pub(crate) fn new(title: impl Into<String>, unit: &'static str) -> Series {
        Series { title: title.into(), unit, cells: BTreeMap::new() }
    }

    /// Adds what a round showed of a contender.
    pub(crate) fn add(&mut self, contender: &Contender, count: usize, round: usize, sample: f64) {
        self.cells.entry((contender.name, count)).or_default().samples.insert(round, sample);
    }

    /// Notes that a contender failed; it has no figures from then on.
    pub(crate) fn fail(&mut self, contender: &Contender, count: usize, reason: impl ToString) {
        self.cells.entry((contender.name, count)).or_default().failure = Some(reason.to_string());
    }

    /// Tells whether a contender failed.
    pub(crate) fn failed(&self, contender: &Contender, count: usize) -> bool {
        self.cells.get(&(contender.name, count)).is_some_and(|cell| cell.failure.is_some())
    }

    /// Lists who failed, at how many migrations, and why.
    pub(crate) fn failures(&self) -> impl Iterator<Item = (&'static str, usize, &str)> {
        self.cells.iter().filter_map(|((name, count), cell)| Some((*name, *count, cell.failure.as_deref()?)))
    }

    /// Draws the measure as a Markdown table.
    pub(crate) fn table(&self) -> String {
        let counts: BTreeSet<usize> = self.cells.keys().map(|(_, count)| *count).collect();
        let mut head = format!("| {} |", self.unit);
        let mut rule = "|---|".to_owned();
        for count in &counts {
            head += &format!(" N = {count} |");
            rule += "---:|";
        }
        let measured = |contender: &&Contender| self.cells.keys().any(|(name, _)| *name == contender.name);
        let row = |contender: &Contender| {
            let cells: String =
                counts.iter().map(|count| format!(" {} |", self.cell(contender.name, *count))).collect();
            format!("| {} |{cells}", contender.name)
        };
        let rows: Vec<String> = CONTENDERS.iter().filter(measured).map(row).collect();
        format!("{head}\n{rule}\n{}\n", rows.join("\n"))
    }

    fn cell(&self, name: &'static str, count: usize) -> String {
        let Some(cell) = self.cells.get(&(name, count)) else { return "not measured".to_owned() };
        if cell.failure.is_some() {
            return "**FAILED**".to_owned();
        }
        let least = cell.samples.values().copied().fold(f64::INFINITY, f64::min);
        let figure = written(median(cell.samples.values().copied()));
        let figure = if cell.samples.len() > 1 { format!("{figure} [{}]", written(least)) } else { figure };
        let reference = self.cells.get(&(REFERENCE, count)).filter(|cell| cell.failure.is_none());
        let Some(reference) = reference.filter(|_| name != REFERENCE) else { return figure };
        let ratios =
            cell.samples.iter().filter_map(|(round, sample)| match (*sample, *reference.samples.get(round)?) {
                (0.0, 0.0) => Some(1.0),
                (sample, reference) => Some(sample / reference),
            });
        format!("{figure} ({:.2}×)", median(ratios))
    }
}

/// Gives the contenders and counts of one round in an order of its own, the same in every run.
pub(crate) fn shuffled<T: Hash>(mut items: Vec<T>, round: usize) -> Vec<T> {
    items.sort_by_cached_key(|item| {
        let mut hasher = DefaultHasher::new();
        (round, item).hash(&mut hasher);
        hasher.finish()
    });
    items
}

fn median(samples: impl Iterator<Item = f64>) -> f64 {
    let mut samples: Vec<f64> = samples.collect();
    samples.sort_by(f64::total_cmp);
    match samples.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => samples[length / 2],
        length => f64::midpoint(samples[length / 2 - 1], samples[length / 2]),
    }
}

fn written(figure: f64) -> String {
    if figure.fract() == 0.0 || figure >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_of_the_same_round_and_failures_are_loud() {
        let [whimbrel, _, sqlx, refinery, ..] = &CONTENDERS;
        let mut series = Series::new("fresh", "ms");
        for (round, (ours, theirs)) in [(10.0, 20.0), (20.0, 60.0), (30.0, 30.0)].into_iter().enumerate() {
            series.add(whimbrel, 10, round, ours);
            series.add(sqlx, 10, round, theirs);
            series.add(refinery, 10, round, 1.0);
        }
        series.fail(refinery, 10, "exit code 1");
        assert_eq!(
            series.table(),
            "| ms | N = 10 |\n|---|---:|\n| whimbrel | 20 [10] |\n| sqlx | 30 [20] (2.00×) |\n| refinery | **FAILED** |\n"
        );
        assert_eq!(series.failures().collect::<Vec<_>>(), [("refinery", 10, "exit code 1")]);
    }

    #[test]
    fn every_round_has_its_own_order() {
        let orders: Vec<Vec<u8>> = (0..4).map(|round| shuffled((0..9).collect(), round)).collect();
        assert!(orders.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(orders[0], shuffled((0..9).collect(), 0));
    }

    #[test]
    fn a_median_of_an_even_number_lies_between() {
        assert!((median([4.0, 1.0, 3.0, 2.0].into_iter()) - 2.5).abs() < f64::EPSILON);
    }
}
