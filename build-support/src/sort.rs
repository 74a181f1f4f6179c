//! Sorting by code that knows nothing of what is sorted.
//!
//! The standard library's is compiled once more for each kind of value, and is much code.

use std::cmp::Ordering;

/// Sorts values; those that are equal stay in their order.
pub(crate) fn by<T>(values: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    for (one, other) in swaps(values.len(), &mut |one, other| compare(&values[one], &values[other])) {
        values.swap(one, other);
    }
}

/// Sorts values by what is told of each; those of which the same is told stay in their order.
pub(crate) fn by_key<T, K: Ord>(values: &mut [T], mut key: impl FnMut(&T) -> K) {
    by(values, |one, other| key(one).cmp(&key(other)));
}

/// Gives the places to swap, one pair after the other.
fn swaps(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|one, other| compare(*one, *other));
    // Where what stands at each place has to go.
    let mut target = vec![0; len];
    for (to, from) in order.into_iter().enumerate() {
        target[from] = to;
    }
    let mut swaps = Vec::new();
    for at in 0..len {
        while target[at] != at {
            let to = target[at];
            swaps.push((at, to));
            target.swap(at, to);
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut number = 7u32;
        for len in 0..200 {
            let mut values: Vec<(u32, usize)> = Vec::new();
            for at in 0..len {
                number = number.wrapping_mul(1_103_515_245).wrapping_add(12345);
                values.push(((number >> 8) % 50, at));
            }
            let mut sorted = values.clone();
            sorted.sort_by_key(|(number, _)| *number);
            super::by_key(&mut values, |(number, _)| *number);
            assert_eq!(values, sorted);
            super::by(&mut values, |one, other| other.cmp(one));
            assert!(values.is_sorted_by(|one, other| one > other));
        }
    }
}
