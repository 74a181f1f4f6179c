//! `cargo whimbrel schema`.

use super::arguments::{SchemaFormat, SchemaOptions};
use super::chain::{self, Chain, Opened, tally};
use super::file;
use super::output::{Exit, Failure, print};
use crate::catalog::{Catalog, Change, Renames, Voice, difference_since, digest, sql};
use crate::check::{Followed, Report, database, dotted};
use crate::policy::Policy;
use crate::significance::significance;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};
use whimbrel_grammar::DatabaseKind;

/// Catalogs by the names of their databases, each with the statements that make it.
type Catalogs = BTreeMap<String, (Catalog, String)>;

/// What each migration changes, in the order of the chain, by the names of their databases.
type Deeds = BTreeMap<String, Vec<(i64, Vec<Change>)>>;

/// Shows, writes or compares the schema that a chain makes.
pub(super) fn run(options: &SchemaOptions) -> Result<Exit, Failure> {
    let Opened { mut chain, policy, .. } = chain::open(&options.source)?;
    let until = |chain: &Chain, typed: &Option<String>| {
        typed.as_deref().map(|typed| chain.id(typed).map(|id| id.number)).transpose()
    };
    let (at, since) = (until(&chain, &options.at)?, until(&chain, &options.since)?);
    cut(&mut chain, at);
    let heading = heading(&chain);
    let (after, deeds) = follow(&chain, &policy, options)?;
    if let Some(since) = since {
        cut(&mut chain, Some(since));
        let before = follow(&chain, &policy, options)?.0;
        return changes(&chain, &before, &after, (&deeds, since));
    }
    let text = match options.format {
        SchemaFormat::Sql => after.values().map(|(_, sql)| sql.as_str()).collect::<Vec<_>>().join("\n"),
        SchemaFormat::Lines => {
            after.values().flat_map(|(catalog, _)| digest(catalog)).map(|line| line + "\n").collect()
        }
        SchemaFormat::Json => {
            serde_json::to_string_pretty(&catalogs(&after)).map_err(|error| Failure::wrong(error.to_string()))? + "\n"
        }
    };
    match (&options.write, &options.check) {
        (Some(path), _) => {
            file::replace(path, &format!("{heading}, {}.\n\n{text}", today()))?;
            print(&format!("{} is written\n", path.display()))?;
        }
        (None, Some(path)) => {
            let written = std::fs::read_to_string(path)
                .map_err(|error| Failure::wrong(format!("can't read `{}`: {error}", path.display())))?;
            if body(&written) != text || !written.starts_with(&heading) {
                let failure =
                    Failure::wrong(format!("`{}` is not the schema that the migrations make", path.display()));
                return Err(failure.help(format!("`cargo whimbrel schema --write {}` writes it anew", path.display())));
            }
            print(&format!("{} is up to date\n", path.display()))?;
        }
        (None, None) => print(&text)?,
    }
    Ok(Exit::Done)
}

fn catalogs(all: &Catalogs) -> BTreeMap<&str, &Catalog> {
    all.iter().map(|(name, (catalog, _))| (name.as_str(), catalog)).collect()
}

/// Leaves out what comes after a migration.
fn cut(chain: &mut Chain, until: Option<i64>) {
    if let Some(until) = until {
        chain.set.declarations.retain(|declaration| declaration.id.number <= until);
        chain.set.refused.retain(|id| id.number <= until);
    }
}

fn follow(chain: &Chain, policy: &Policy, options: &SchemaOptions) -> Result<(Catalogs, Deeds), Failure> {
    // What is cut off would be missed by the lock file, which is not what is asked here.
    let report = chain.check(policy);
    let made = |followed: &Followed| {
        let sql = followed.sql.clone().unwrap_or_else(|| sql(&followed.catalog));
        (followed.database.clone(), (followed.catalog.clone(), sql))
    };
    let followed: Catalogs = report.catalogs.iter().map(made).collect();
    if followed.is_empty() {
        let found = tally(&report.diagnostics);
        return Err(Failure::wrong(format!("the migrations could not be followed: {found}"))
            .help("`cargo whimbrel check` shows it"));
    }
    let deeds = deeds(chain, &report);
    match &options.database {
        None => Ok((followed, deeds)),
        Some(name) => match followed.get(name) {
            Some(followed) => Ok((Catalogs::from([(name.clone(), followed.clone())]), deeds)),
            None => {
                let known: Vec<_> = followed.keys().map(String::as_str).collect();
                Err(Failure::usage(format!("there is no database `{name}`"))
                    .help(format!("declared: {}", known.join(", "))))
            }
        },
    }
}

fn deeds(chain: &Chain, report: &Report<'_>) -> Deeds {
    let mut deeds = Deeds::new();
    for (declaration, facts) in report.chain.iter().zip(&report.facts) {
        if let (Some((name, _)), Some(impact)) = (database(&chain.set, declaration), &facts.impact) {
            deeds.entry(name.to_owned()).or_default().push((declaration.id.number, impact.changes.clone()));
        }
    }
    deeds
}

/// Lists what is different, the gravest first.
fn changes(chain: &Chain, before: &Catalogs, after: &Catalogs, (deeds, since): (&Deeds, i64)) -> Result<Exit, Failure> {
    let mut text = String::new();
    for (name, (after, _)) in after {
        let before = before.get(name).map(|(before, _)| before.clone()).unwrap_or_default();
        let later = deeds.get(name).into_iter().flatten().filter(|(number, _)| *number > since);
        let is_postgres = |(own, kind): &(String, DatabaseKind)| own == name && *kind == DatabaseKind::Postgres;
        let has_schemas = chain.set.databases.0.iter().any(is_postgres);
        // What a server without schemas has lies in the only one.
        let schema = after.schemas.keys().next().map_or("", String::as_str);
        let renames = Renames::of_changes(later.map(|(_, changes)| changes.as_slice()), schema);
        let mut changes = difference_since(&before, after, &renames);
        changes.sort_by_key(|change| std::cmp::Reverse(significance(change)));
        for change in changes {
            let change = if has_schemas { change } else { change.without_schema() };
            let _ = writeln!(text, "{name}: {} ({})", change.words(Voice::Deed), significance(&change).word());
        }
    }
    print(if text.is_empty() { "nothing has changed\n" } else { &text })?;
    Ok(Exit::Done)
}

/// Says what the file is, without the day on which it was written.
fn heading(chain: &Chain) -> String {
    let mut newest: Vec<_> = chain.set.declarations.iter().collect();
    newest.sort_by_key(|declaration| declaration.id.number);
    let version = newest.iter().rev().find_map(|declaration| declaration.arguments.schema.as_ref());
    let version = version.map_or(String::new(), |(version, _)| format!(", version {}", dotted(*version)));
    let last = newest.last().map_or("", |declaration| &declaration.id.text);
    format!("-- Schema after {last}{version}. Written by `cargo whimbrel schema --write`")
}

/// Gives what stands below the heading.
fn body(written: &str) -> &str {
    written.split_once("\n\n").map_or("", |(_, body)| body)
}

/// Writes the day, in UTC.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    day(seconds / 86_400)
}

/// Writes the day that is so many after 1970-01-01.
fn day(days: u64) -> String {
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(leap(year)) {
        left -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", left + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_are_dates() {
        for (days, date) in [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_778, "2026-11-21")] {
            assert_eq!(super::day(days), date);
        }
    }
}
