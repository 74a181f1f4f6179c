//! What each error and warning means, at more length than its message has room for.
//!
//! A page for each part of the chain's life; in it a section for each code, headed `## code`.

/// The pages, each with its title, in the order in which an author meets them.
const PAGES: [(&str, &str); 7] = [
    ("Files and modules", include_str!("files.md")),
    ("Ids, order, arguments", include_str!("chain.md")),
    ("Scripts", include_str!("scripts.md")),
    ("Redis, Neo4j, MongoDB", include_str!("kinds.md")),
    ("What statements name", include_str!("catalog.md")),
    ("The lock file", include_str!("lock.md")),
    ("What can't be followed", include_str!("foreign.md")),
];

/// What a code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// Its stable name, without `whimbrel::`.
    pub(crate) code: &'static str,
    /// The text, as Markdown; its first line says it in short.
    pub(crate) text: &'static str,
}

/// Lists everything that can be explained, by page.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, Vec<Explanation>)> {
    PAGES.iter().map(|(title, page)| (*title, page.split("## ").filter_map(section).collect()))
}

fn section(text: &'static str) -> Option<Explanation> {
    let (code, text) = text.split_once('\n')?;
    Some(Explanation { code: code.trim(), text: text.trim() }).filter(|explanation| !explanation.code.is_empty())
}

/// Finds the explanation of a code, however it is written: `whimbrel::edited_migration`, `edited-migration`.
pub(crate) fn find(typed: &str) -> Option<Explanation> {
    let wanted = canonical(typed);
    all().flat_map(|(_, explanations)| explanations).find(|explanation| explanation.code == wanted)
}

/// Writes a code as it is known.
pub(crate) fn canonical(typed: &str) -> String {
    let typed = typed.trim().trim_matches(['[', ']']);
    let typed = typed.trim_start_matches("error[").trim_start_matches("warning[");
    typed.trim_start_matches("whimbrel::").replace('-', "_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{all, find};
    use std::collections::HashSet;

    #[test]
    fn each_code_is_explained_once() {
        let mut seen = HashSet::new();
        for explanation in all().flat_map(|(_, explanations)| explanations) {
            assert!(seen.insert(explanation.code), "{} twice", explanation.code);
            assert!(
                explanation.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{}",
                explanation.code
            );
            assert!(
                explanation.text.ends_with('.') || explanation.text.ends_with("```"),
                "{} breaks off",
                explanation.code
            );
        }
        assert!(seen.len() > 40, "{}", seen.len());
    }

    #[test]
    fn a_code_is_found_as_it_is_shown() {
        for typed in
            ["edited_migration", "whimbrel::edited_migration", "edited-migration", "error[whimbrel::edited_migration]"]
        {
            assert_eq!(find(typed).map(|found| found.code), Some("edited_migration"), "{typed}");
        }
        assert_eq!(find("edited"), None);
    }
}
