//! `--dialect`: the SQL that a folder is written in, and the server that it is for.

use super::output::Failure;
use crate::mysql::{Known, Server};
use crate::policy::{POSTGRES, Policy};
use whimbrel_grammar::DatabaseKind;
use whimbrel_grammar::names::nearest;

/// What was typed.
#[derive(Debug)]
pub(super) struct Dialect {
    pub(super) kind: DatabaseKind,
    pub(super) policy: Policy,
    /// A line to be shown; mostly nothing.
    pub(super) note: String,
}

/// Reads `postgres@15`, `mysql@8.0`.
pub(super) fn read(typed: &str) -> Result<Dialect, Failure> {
    let (name, version) = typed.split_once('@').map_or((typed, None), |(name, version)| (name, Some(version)));
    match (name.to_lowercase().as_str(), version) {
        ("postgres" | "postgresql" | "pg", version) => postgres(version),
        ("sqlite" | "sqlite3", version) => {
            if version.is_some_and(|version| major(version) != Some(3)) {
                return Err(no_version(version, "sqlite@3"));
            }
            Ok(plain(DatabaseKind::Sqlite, Policy::default()))
        }
        ("mysql", version) => mysql(false, version),
        ("mariadb", version) => mysql(true, version),
        (other, _) => {
            let help = nearest(other, ["postgres", "sqlite", "mysql", "mariadb"]).map_or_else(
                || "there are `postgres`, `sqlite`, `mysql` and `mariadb`".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
            Err(Failure::usage(format!("whimbrel does not read the SQL of `{name}`")).help(help))
        }
    }
}

fn postgres(version: Option<&str>) -> Result<Dialect, Failure> {
    let Some(version) = version else { return Ok(plain(DatabaseKind::Postgres, Policy::default())) };
    let server = major(version).ok_or_else(|| no_version(Some(version), "postgres@15"))?;
    let (oldest, newest) = (*POSTGRES.start(), *POSTGRES.end());
    if server < oldest {
        return Err(too_old("PostgreSQL", version, &oldest.to_string(), &newest.to_string()));
    }
    let note = if server > newest { newer("PostgreSQL", version, &newest.to_string()) } else { String::new() };
    let policy = Policy { server: Some(server), ..Policy::default() };
    Ok(Dialect { kind: DatabaseKind::Postgres, policy, note })
}

fn mysql(maria: bool, version: Option<&str>) -> Result<Dialect, Failure> {
    let example = if maria { "mariadb@10.11" } else { "mysql@8.0" };
    let server = Server::read(maria, version).ok_or_else(|| no_version(version, example))?;
    let typed = version.unwrap_or_default();
    let note = match server.known() {
        Known::TooOld { oldest, newest } => return Err(too_old(server.name(), typed, oldest, newest)),
        Known::Newer { newest } => newer(server.name(), typed, newest),
        Known::Yes => String::new(),
    };
    let policy = Policy { mysql: Some(server), ..Policy::default() };
    Ok(Dialect { kind: DatabaseKind::Mysql, policy, note })
}

fn plain(kind: DatabaseKind, policy: Policy) -> Dialect {
    Dialect { kind, policy, note: String::new() }
}

fn major(version: &str) -> Option<u16> {
    version.split('.').next().and_then(|major| major.parse().ok())
}

fn no_version(version: Option<&str>, example: &str) -> Failure {
    let version = version.unwrap_or_default();
    Failure::usage(format!("`{version}` is no version")).help(format!("write its number, `{example}`"))
}

fn too_old(server: &str, version: &str, oldest: &str, newest: &str) -> Failure {
    Failure::usage(format!("{server} {version} is older than what whimbrel knows"))
        .help(format!("it knows {server} {oldest} to {newest}"))
}

fn newer(server: &str, version: &str, newest: &str) -> String {
    format!("{server} {version} is newer than what whimbrel knows: it is taken for {newest}\n")
}
