//! The grammar's own words.

use squawk_parser::SyntaxKind;

/// Lists all of them, in capitals and in order.
pub(super) fn all() -> Vec<String> {
    let kinds = (0..SyntaxKind::__LAST as u16).map(SyntaxKind::from).filter(|kind| kind.is_keyword());
    let mut words: Vec<String> = kinds.filter_map(word).collect();
    words.sort();
    words
}

/// Spells a kind of token that is a word: `TABLE_KW`.
pub(super) fn word(kind: SyntaxKind) -> Option<String> {
    format!("{kind:?}").strip_suffix("_KW").map(str::to_owned)
}

/// Finds those that a word may be a slip of, the nearest first.
pub(super) fn near(word: &str, keywords: &[String]) -> Vec<String> {
    let limit = match word.chars().count() {
        0 | 1 => return Vec::new(),
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let word = word.to_ascii_uppercase();
    let near = keywords.iter().filter(|keyword| keyword.len().abs_diff(word.len()) <= limit && **keyword != word);
    let mut near: Vec<(usize, &String)> = near
        .map(|keyword| (strsim::osa_distance(&word, keyword), keyword))
        .filter(|(distance, keyword)| *distance <= limit && *distance < keyword.len())
        .collect();
    near.sort();
    near.into_iter().map(|(_, keyword)| keyword.clone()).collect()
}

/// Splits a word that is two of them without the space between.
pub(super) fn split(word: &str, keywords: &[String]) -> Option<String> {
    let word = word.to_ascii_uppercase();
    let known = |part: &str| keywords.binary_search_by(|keyword| keyword.as_str().cmp(part)).is_ok();
    let at = (2..word.len().saturating_sub(1))
        .find(|at| word.is_char_boundary(*at) && known(&word[..*at]) && known(&word[*at..]))?;
    Some(format!("{} {}", &word[..at], &word[at..]))
}
