//! PostgreSQL chains: read by its grammar, and followed through a catalog.

use super::Facts;
use super::link::{self, Link};
use crate::proof;
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Set};
use whimbrel_grammar::DatabaseKind;

/// Proves the chain of each PostgreSQL database. Needs a chain that is whole and in order.
pub(super) fn check(
    set: &Set,
    chain: &[&Declaration],
    facts: &[Facts],
    files: &Files,
    found: &mut Vec<Diagnostic>,
) -> Vec<(String, crate::catalog::Catalog)> {
    let mut catalogs = Vec::new();
    if set.incomplete || !link::is_ordered(chain) {
        return catalogs;
    }
    for (name, _) in set.databases.0.iter().filter(|(_, kind)| *kind == DatabaseKind::Postgres) {
        let links = link::links(set, chain, facts, name);
        let steps: Vec<_> = links.iter().map(Link::step).collect();
        let mut proved = proof::prove(&steps);
        for (link, proved) in links.iter().zip(&proved) {
            for (phase, finding) in &proved.findings {
                found.extend(link::diagnostic(&links, link, *phase, finding, files));
            }
        }
        if let Some(last) = proved.pop() {
            catalogs.push((name.clone(), last.after));
        }
    }
    catalogs
}
