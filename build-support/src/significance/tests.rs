use super::{ROWS, Significance, row};
use crate::catalog::{Catalog, Simulator, difference_since};
use crate::postgres;

fn follow(simulator: &mut Simulator, text: &str) -> Catalog {
    let reading = postgres::read(text);
    assert_eq!(reading.errors, [], "{text}");
    for statement in &reading.statements {
        assert_eq!(simulator.follow(text, statement), [], "{text}");
    }
    simulator.catalog.clone()
}

#[test]
fn each_row_is_what_its_example_shows() {
    for expected in ROWS {
        let mut simulator = Simulator::new(false);
        let before = follow(&mut simulator, expected.old);
        let mark = simulator.mark();
        let after = follow(&mut simulator, expected.new);
        let changes = difference_since(&before, &after, &simulator.renames(mark));
        let most = changes.iter().filter_map(row).max_by_key(|row| row.significance);
        assert_eq!(most.map(|row| row.significance), Some(expected.significance), "{}: {changes:?}", expected.name);
        assert!(
            changes.iter().any(|change| row(change).is_some_and(|row| row.name == expected.name)),
            "{}: {changes:?}",
            expected.name
        );
    }
}

#[test]
fn versions_say_how_much_changed() {
    use Significance::{Additive, Breaking, Patch};
    for (from, to, step) in [
        ([1, 0, 0], [2, 0, 0], Some(Breaking)),
        ([1, 2, 3], [1, 3, 0], Some(Additive)),
        ([1, 2, 3], [1, 2, 4], Some(Patch)),
        ([1, 2, 3], [1, 2, 3], None),
        ([0, 1, 0], [0, 2, 0], Some(Breaking)),
        ([0, 1, 0], [0, 1, 1], Some(Additive)),
        ([0, 9, 0], [1, 0, 0], Some(Breaking)),
    ] {
        assert_eq!(Significance::of_step(from, to), step, "{from:?} to {to:?}");
    }
    for significance in [Patch, Additive, Breaking] {
        for from in [[0, 1, 2], [1, 2, 3]] {
            assert!(Significance::of_step(from, significance.next(from)) >= Some(significance));
        }
    }
}
