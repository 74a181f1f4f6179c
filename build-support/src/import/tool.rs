//! The tools whose folders can be read, and how to tell them apart.

use super::listing::Listing;
use super::sections::{DBMATE_UP, GOOSE_UP, has_directive};
use super::{pairs, versioned};
use crate::source::Files;
use clap::ValueEnum;

/// Names a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tool {
    /// sqlx: 1_x.sql, or 1_x.up.sql and 1_x.down.sql
    Sqlx,
    /// refinery: V1__x.sql
    Refinery,
    /// diesel: a folder 2024-01-31-120000_x for each, with up.sql and down.sql
    Diesel,
    /// SeaORM, where migrations run SQL text: m20240131_000001_x.rs
    SeaOrmSql,
    /// Flyway: V1__x.sql, U1__x.sql
    Flyway,
    /// goose: 1_x.sql with `-- +goose Up`
    Goose,
    /// dbmate: 1_x.sql with `-- migrate:up`
    Dbmate,
    /// golang-migrate: 1_x.up.sql and 1_x.down.sql
    GolangMigrate,
    /// Any other: SQL files that begin with a number, 1_x.sql, V001.x.up.sql, 001-x.sql
    Numbered,
    /// Prisma: a folder 20240131120000_x for each, with migration.sql
    Prisma,
}

impl Tool {
    /// Gives its name as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Tool::Sqlx => "sqlx",
            Tool::Refinery => "refinery",
            Tool::Diesel => "diesel",
            Tool::SeaOrmSql => "sea-orm-sql",
            Tool::Flyway => "flyway",
            Tool::Goose => "goose",
            Tool::Dbmate => "dbmate",
            Tool::GolangMigrate => "golang-migrate",
            Tool::Prisma => "prisma",
            Tool::Numbered => "numbered",
        }
    }

    /// Tells whether it looks into folders below its own.
    pub(super) fn reads_below(self) -> bool {
        matches!(self, Tool::Refinery | Tool::Flyway | Tool::Diesel | Tool::Prisma | Tool::SeaOrmSql)
    }
}

/// Why it isn't clear which tool a folder is of, and what to type.
#[derive(Debug)]
pub(crate) struct Unclear {
    pub(crate) why: String,
    pub(crate) help: String,
}

impl From<String> for Unclear {
    fn from(why: String) -> Unclear {
        let help = "name the tool that it is of: `--tool NAME` (`cargo whimbrel import --help` lists them)".to_owned();
        Unclear { why, help }
    }
}

/// Finds the tool by its habits.
pub(super) fn detect(files: &mut Files, listing: &Listing) -> Result<Tool, Unclear> {
    let any = |wanted: &dyn Fn(&str) -> bool| listing.paths.iter().any(|path| wanted(path));
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    if any(&|path| name(path) == "migration_lock.toml" || path.ends_with("/migration.sql")) {
        return Ok(Tool::Prisma);
    }
    if any(&|path| path.ends_with("/up.sql")) {
        return Ok(Tool::Diesel);
    }
    if any(&|path| name(path).starts_with('m') && super::sea_orm::version(&name(path)).is_some()) {
        return Ok(Tool::SeaOrmSql);
    }
    if any(&|path| versioned::is_versioned(&name(path))) {
        let is_rust = any(&|path| versioned::is_versioned(&name(path)) && path.ends_with(".rs"));
        return Ok(if is_rust { Tool::Refinery } else { Tool::Flyway });
    }
    for path in listing.names().filter(|path| path.ends_with(".sql")) {
        let file = listing.read(files, path)?;
        let text = &files.get(file).text;
        if has_directive(text, GOOSE_UP) {
            return Ok(Tool::Goose);
        }
        if has_directive(text, DBMATE_UP) {
            return Ok(Tool::Dbmate);
        }
    }
    let numbered = |name: &str| name.ends_with(".sql") && name.starts_with(|c: char| c.is_ascii_digit());
    match (any(&numbered), any(&|path| numbered(path) && path.ends_with(".up.sql"))) {
        (true, true) => of_language(files, listing),
        (true, false) if listing.names().filter(|name| numbered(name)).all(pairs::is_sqlx) => Ok(Tool::Sqlx),
        _ if listing.names().any(pairs::is_numbered) => Ok(Tool::Numbered),
        _ => Err(format!("no migrations of a tool that whimbrel knows are in `{}`", listing.folder.display()).into()),
    }
}

/// Tells sqlx from golang-migrate, whose files look the same: by the language of the project around them, or by numbers of six
/// digits, which golang-migrate gives alone.
fn of_language(files: &Files, listing: &Listing) -> Result<Tool, Unclear> {
    let folder = files.package().join(&listing.folder);
    let folder = folder.canonicalize().unwrap_or(folder);
    let around = folder.ancestors().take(8).find_map(|folder| {
        match (folder.join("Cargo.toml").is_file(), folder.join("go.mod").is_file()) {
            (true, false) => Some(Tool::Sqlx),
            (false, true) => Some(Tool::GolangMigrate),
            _ => None,
        }
    });
    let mut numbers = listing.names().filter(|name| name.ends_with(".up.sql")).filter_map(|name| name.split_once('_'));
    let by_number = numbers.all(|(number, _)| number.len() == 6 && pairs::is_number(number));
    around.or(by_number.then_some(Tool::GolangMigrate)).ok_or_else(|| Unclear {
        why: format!("`{}` may be sqlx's or golang-migrate's: both name their files so", listing.folder.display()),
        help: "say which: `--tool sqlx` (each file is a transaction) or `--tool golang-migrate` (a file that needs none has none)"
            .to_owned(),
    })
}
