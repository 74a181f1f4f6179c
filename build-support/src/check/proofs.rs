//! Each database's chain, proved by what knows its language.

use super::link::{self, Link};
use super::{Facts, Followed, Impact, Kept};
use crate::catalog::{Catalog, Change, Finding};
use crate::effect::{ASSUMED, Touch};
use crate::policy::Policy;
use crate::postgres::newer;
use crate::proof::{self, Judgement};
use crate::report::Diagnostic;
use crate::rules::{self, Verdict};
use crate::source::{Declaration, Files, Set};
use crate::step::Phase;
use whimbrel_grammar::DatabaseKind;

/// Proves the chain of each database; gives what it makes of it, and what spares the next build the same work. What each
/// migration does is noted in its facts.
///
/// Needs chains that are whole and in order.
pub(super) fn check(
    set: &Set,
    chain: &[&Declaration],
    facts: &mut [Facts],
    files: &Files,
    policy: &Policy,
    kept: &Kept,
    found: &mut Vec<Diagnostic>,
) -> (Vec<Followed>, Kept) {
    let (mut catalogs, mut keeps) = (Vec::new(), Kept::default());
    if set.incomplete || !link::is_ordered(chain) {
        return (catalogs, keeps);
    }
    let mut impacts = Vec::new();
    for (name, kind) in &set.databases.0 {
        let links = link::links(set, chain, facts, name);
        if !kind.is_sql() {
            judge(&links, files, policy, found);
            continue;
        }
        let kept = kept.0.get(name).map_or(&[][..], Vec::as_slice);
        let proof = match kind {
            DatabaseKind::Postgres => postgres(&links, policy, kept),
            DatabaseKind::Sqlite => sqlite(&links, kept),
            DatabaseKind::Mysql => mysql(&links, policy),
            DatabaseKind::Redis | DatabaseKind::Neo4j | DatabaseKind::Mongodb => Proof::default(),
        };
        for (link, proved) in links.iter().zip(proof.steps) {
            let (Some(declaration), Some(facts)) = (link.declaration, link.facts) else { continue };
            let findings = proved.findings.iter();
            found.extend(findings.filter_map(|(phase, found)| link::diagnostic(&links, link, *phase, found, files)));
            if let Some(script) = link.script(Phase::Up).filter(|_| facts.edition > 0) {
                rules::report(proved.verdicts, declaration, script, files, facts.is_sealed, policy, found);
            }
            let Proved { changes, remains, touches, opaque, .. } = proved;
            let impact = Impact { changes, remains, touches, opaque };
            impacts.extend(link.index.map(|index| (index, impact)));
        }
        catalogs.extend(proof.catalog.map(|(catalog, sql)| Followed { database: name.clone(), catalog, sql }));
        keeps.0.insert(name.clone(), proof.kept);
    }
    for (index, impact) in impacts {
        facts[index].impact = Some(impact);
    }
    (catalogs, keeps)
}

/// Reports what the rules say of a chain that isn't SQL: its statements are judged by themselves, for nobody follows its schema.
fn judge(links: &[Link<'_>], files: &Files, policy: &Policy, found: &mut Vec<Diagnostic>) {
    for link in links {
        let (Some(declaration), Some(facts)) = (link.declaration, link.facts) else { continue };
        let Some((script, read)) = link.script(Phase::Up).zip(facts.up.as_ref()) else { continue };
        let mut verdicts = read.verdicts.clone();
        verdicts.retain(|verdict| verdict.rule.edition <= facts.edition);
        if facts.edition > 0 {
            rules::report(verdicts, declaration, script, files, facts.is_sealed, policy, found);
        }
    }
}

/// What is known of one database's chain.
#[derive(Default)]
struct Proof {
    /// A migration each.
    steps: Vec<Proved>,
    /// With the statements that make it, where they aren't to be written from it.
    catalog: Option<(Catalog, Option<String>)>,
    kept: Vec<u8>,
}

/// What is known of a migration.
struct Proved {
    findings: Vec<(Phase, Finding)>,
    verdicts: Vec<Verdict>,
    touches: Vec<Touch>,
    opaque: bool,
    changes: Vec<Change>,
    remains: Option<Vec<Change>>,
}

fn postgres(links: &[Link<'_>], policy: &Policy, kept: &[u8]) -> Proof {
    let server = policy.server.unwrap_or(ASSUMED);
    let judgement = |link: &Link<'_>| Judgement {
        transactional: link.declaration.is_none_or(Declaration::is_transactional),
        edition: link.facts.map_or(0, |facts| facts.edition),
        server,
    };
    let steps: Vec<_> = links.iter().map(|link| (link.step(), judgement(link))).collect();
    let proof = proof::prove(&steps, kept);
    let steps = proof.steps.into_iter().zip(links).map(|(proved, link)| {
        let proof::Proved { mut findings, verdicts, touches, opaque, changes, remains } = proved;
        findings.extend(policy.server.into_iter().flat_map(|server| newer(link, server)));
        Proved { findings, verdicts, touches, opaque, changes, remains }
    });
    Proof { steps: steps.collect(), catalog: Some((proof.catalog, None)), kept: proof.kept }
}

/// Lists what the oldest server can't read, where somebody has named one.
fn newer(link: &Link<'_>, server: u16) -> Vec<(Phase, Finding)> {
    let scripts = Phase::ALL.into_iter().filter_map(|phase| Some((phase, link.script(phase)?)));
    scripts
        .flat_map(|(phase, script)| newer::newer(&script.text, server).into_iter().map(move |one| (phase, one)))
        .collect()
}

#[cfg(feature = "mysql")]
fn mysql(links: &[Link<'_>], policy: &Policy) -> Proof {
    use crate::mysql::{self, Judgement};
    let judgement = |link: &Link<'_>| Judgement {
        transactional: link.declaration.is_none_or(Declaration::is_transactional),
        edition: link.facts.map_or(0, |facts| facts.edition),
    };
    let steps: Vec<_> = links.iter().map(|link| (link.step(), judgement(link))).collect();
    let mut proof = mysql::prove(&steps, policy.mysql.unwrap_or_default());
    let told = proof.steps.iter().any(|proved| !(proved.findings.is_empty() && proved.verdicts.is_empty()));
    if policy.mysql.is_none() && told {
        // It may be for either: what only one of them minds is not said.
        let other = mysql::prove(&steps, mysql::Server::MARIADB);
        for (proved, other) in proof.steps.iter_mut().zip(other.steps) {
            proved.findings.retain(|(phase, one)| {
                other
                    .findings
                    .iter()
                    .any(|(also, found)| also == phase && found.code == one.code && found.range == one.range)
            });
            proved.verdicts.retain(|one| other.verdicts.iter().any(|found| found.is_like(one)));
        }
    }
    let steps = proof.steps.into_iter().map(|proved| {
        let mysql::Proved { findings, verdicts, touches, opaque, changes, remains } = proved;
        Proved { findings, verdicts, touches, opaque, changes, remains }
    });
    let sql = mysql::sql(&proof.catalog);
    Proof { steps: steps.collect(), catalog: Some((proof.catalog, Some(sql))), kept: Vec::new() }
}

/// Without the feature nothing is known, and the registry says so.
#[cfg(not(feature = "mysql"))]
fn mysql(_: &[Link<'_>], _: &Policy) -> Proof {
    Proof::default()
}

#[cfg(feature = "sqlite")]
fn sqlite(links: &[Link<'_>], kept: &[u8]) -> Proof {
    use crate::sql::Dialect;
    let mut proof = crate::sqlite::prove(links.iter().map(Link::step), kept);
    let steps = proof.steps.drain(..).zip(links).map(|(mut proved, link)| {
        let edition = link.facts.map_or(0, |facts| facts.edition);
        proved.verdicts.retain(|verdict| verdict.rule.is_of(Dialect::Sqlite, edition));
        Proved {
            findings: proved.findings,
            verdicts: proved.verdicts,
            touches: proved.touches,
            opaque: proved.opaque,
            changes: proved.differences.changes,
            remains: proved.differences.remains,
        }
    });
    let steps = steps.collect();
    Proof { steps, catalog: Some((proof.catalog(), Some(proof.sql()))), kept: proof.kept }
}

/// Without the feature nothing is said about it.
#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &[Link<'_>], kept: &[u8]) -> Proof {
    Proof { kept: kept.to_owned(), ..Proof::default() }
}
