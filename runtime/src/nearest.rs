//! The known name that a misspelt one is most like.

use strsim::osa_distance;

/// Finds the candidate that the fewest slips lead to, if there are few enough of them.
pub(crate) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let distance = |candidate: &str| {
        // An id is often remembered by its words alone.
        let words = candidate.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
        osa_distance(&typed, candidate).min(osa_distance(&typed, words))
    };
    let few = typed.chars().count() / 3 + 1;
    let near = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    near.filter(|(distance, _)| *distance <= few).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const IDS: [&str; 3] = ["0001_create_users", "0002_add_email", "0003_create_orders"];

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
