//! `cargo whimbrel check`.

use super::annotation::{Owners, github_line, json_line, repository};
use super::arguments::{CheckOptions, Format};
use super::chain::{self, Chain, Opened, prefix, tally};
use super::opaque;
use super::output::{Exit, Failure, counted, print};
use crate::policy::Judged;
use std::path::Path;

/// Checks a chain and shows what is wrong with it.
pub(super) fn run(options: &CheckOptions) -> Result<Exit, Failure> {
    let Opened { chain, mut policy, base, shown, left_out } = chain::open(&options.source)?;
    if let Some(judged) = judged(&options.judge, &chain)? {
        policy.judged = judged;
    }
    let mut report = chain.check(&policy);
    if options.opaque {
        report.diagnostics.extend(opaque::list(&chain, policy.mysql.unwrap_or_default()));
    }
    let found = &report.diagnostics;
    let prefix = prefix(&base);
    match options.format {
        Format::Human => {
            chain.show(found, &prefix)?;
            let folder = format!("{prefix}{}", shown.display());
            print(&left_out)?;
            print(&format!("{} in {folder}: {}\n", counted(report.chain.len(), "migration"), tally(found)))?;
        }
        Format::Json => {
            let owners = Owners::of(&chain.set, &chain.files);
            print(&found.iter().map(|one| json_line(one, &chain.files, &owners, &prefix)).collect::<String>())?;
        }
        Format::Github => {
            let prefix = from_repository(&base);
            print(&found.iter().map(|one| github_line(one, &chain.files, &prefix)).collect::<String>())?;
        }
    }
    Ok(if report.errors() == 0 { Exit::Done } else { Exit::Wrong })
}

/// Gives the way from the repository's root to a folder.
fn from_repository(base: &Path) -> String {
    let base = base.canonicalize().unwrap_or_else(|_| base.to_owned());
    let below = base.strip_prefix(repository(&base)).unwrap_or(&base).to_string_lossy().replace('\\', "/");
    if below.is_empty() { below } else { format!("{below}/") }
}

/// Reads `--judge`.
fn judged(typed: &[String], chain: &Chain) -> Result<Option<Judged>, Failure> {
    let words: Vec<&str> = typed.iter().flat_map(|word| word.splitn(2, '=')).collect();
    match words.as_slice() {
        [] => Ok(None),
        ["all"] => Ok(Some(Judged::All)),
        ["new-since", id] => Ok(Some(Judged::NewSince(chain.id(id)?.text.clone()))),
        _ => Err(Failure::usage(format!("`--judge {}` means nothing", typed.join(" ")))
            .help("write `--judge all`, or `--judge new-since ID`")),
    }
}
