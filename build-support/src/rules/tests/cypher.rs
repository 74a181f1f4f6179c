//! Chains of Cypher, whose statements are judged by themselves.

use crate::cypher;
use crate::language::Role;
use crate::rules::{Chain, Verdict};
use whimbrel_grammar::{Language, header};

/// Judges an example; gives what is not excused, by file.
pub(super) fn judge(chain: Chain) -> Vec<(String, Verdict)> {
    let mut found = Vec::new();
    for (file, text) in chain {
        let (header, mistakes) = header::read_as(text, Language::Cypher);
        assert_eq!(mistakes, [], "{file}");
        let reading = cypher::read(text, Role::Work);
        assert_eq!(reading.complaints, [], "{file}");
        let is_excused = |verdict: &Verdict| header.arguments.allow.iter().any(|allow| allow.rule == verdict.rule.name);
        found.extend(
            reading
                .verdicts
                .into_iter()
                .filter(|verdict| !is_excused(verdict))
                .map(|verdict| ((*file).to_owned(), verdict)),
        );
    }
    found
}
