//! Each database's chain, proved by what knows its language.

use super::link::{self, Link};
use super::{Facts, Kept};
use crate::catalog::{Catalog, Finding};
use crate::proof;
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Set};
use crate::step::{Phase, Step};
use whimbrel_grammar::DatabaseKind;

/// Proves the chain of each database; gives what it makes of it, and what spares the next build the same work.
///
/// Needs chains that are whole and in order.
pub(super) fn check(
    set: &Set,
    chain: &[&Declaration],
    facts: &[Facts],
    files: &Files,
    kept: &Kept,
    found: &mut Vec<Diagnostic>,
) -> (Vec<(String, Catalog)>, Kept) {
    let (mut catalogs, mut keeps) = (Vec::new(), Kept::default());
    if set.incomplete || !link::is_ordered(chain) {
        return (catalogs, keeps);
    }
    for (name, kind) in &set.databases.0 {
        let links = link::links(set, chain, facts, name);
        let kept = kept.0.get(name).map(String::as_str);
        let proof = match kind {
            DatabaseKind::Postgres => postgres(&links),
            DatabaseKind::Sqlite => sqlite(&links, kept),
        };
        for (link, findings) in links.iter().zip(&proof.findings) {
            found.extend(
                findings.iter().filter_map(|(phase, found)| link::diagnostic(&links, link, *phase, found, files)),
            );
        }
        catalogs.extend(proof.catalog.map(|catalog| (name.clone(), catalog)));
        keeps.0.extend(proof.kept.map(|kept| (name.clone(), kept)));
    }
    (catalogs, keeps)
}

/// What is known of one database's chain.
#[derive(Default)]
struct Proof {
    /// A migration each.
    findings: Vec<Vec<(Phase, Finding)>>,
    catalog: Option<Catalog>,
    kept: Option<String>,
}

fn postgres(links: &[Link<'_>]) -> Proof {
    let steps: Vec<Step<'_>> = links.iter().map(Link::step).collect();
    let mut proved = proof::prove(&steps);
    let findings = proved.iter_mut().map(|proved| std::mem::take(&mut proved.findings)).collect();
    Proof { findings, catalog: proved.pop().map(|last| last.after), kept: None }
}

#[cfg(feature = "sqlite")]
fn sqlite(links: &[Link<'_>], kept: Option<&str>) -> Proof {
    let mut proof = crate::sqlite::prove(links.iter().map(Link::step), kept);
    let findings = proof.steps.iter_mut().map(|proved| std::mem::take(&mut proved.findings)).collect();
    Proof { findings, catalog: Some(proof.catalog()), kept: Some(proof.kept) }
}

/// Without the feature nothing is said about it.
#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &[Link<'_>], kept: Option<&str>) -> Proof {
    Proof { kept: kept.map(str::to_owned), ..Proof::default() }
}
