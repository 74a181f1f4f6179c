//! The known name that a misspelt one is most like.

/// Finds the candidate that the fewest slips lead to, if there are few enough of them.
pub(super) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let distance = |candidate: &str| {
        // An id is often remembered by its words alone.
        let words = candidate.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        slips(&typed, candidate).min(slips(&typed, words))
    };
    let few = typed.chars().count() / 3 + 1;
    let near = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    near.filter(|(distance, _)| *distance <= few).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// Counts the letters to add, leave out, replace or swap with their neighbour (optimal string alignment).
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut least = (last[j] + usize::from(a[i] != b[j])).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::{nearest, slips};

    const IDS: [&str; 3] = ["0001_create_users", "0002_add_email", "0003_create_orders"];

    #[test]
    fn slips_are_counted() {
        assert_eq!([slips("", "abc"), slips("abc", "abc"), slips("acb", "abc"), slips("ac", "abc")], [3, 0, 1, 1]);
    }

    #[test]
    fn a_slip_finds_the_id() {
        assert_eq!(nearest("0002_ad_email", IDS), Some("0002_add_email"));
        assert_eq!(nearest("0003_create_users", IDS), Some("0001_create_users"));
        assert_eq!(nearest("Create_Odrers", IDS), Some("0003_create_orders"));
    }

    #[test]
    fn something_else_finds_nothing() {
        assert_eq!(nearest("latest", IDS), None);
    }
}
