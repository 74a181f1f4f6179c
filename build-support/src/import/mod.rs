//! Folders of other tools, read as those tools read them: what a migration is, its order, its rollback, its transaction.

mod folders;
mod listing;
mod order;
mod pairs;
mod rows;
mod sea_orm;
mod sections;
mod set;
#[cfg(test)]
mod tests;
mod tool;
mod versioned;

pub(crate) use set::set;
pub(crate) use tool::{Tool, Unclear};

use crate::source::{Files, Script};
use listing::Listing;
use std::path::Path;

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The migrations, in the order in which the tool applies them.
    pub(crate) migrations: Vec<Foreign>,
    /// The files that a migration of the chain might be taken for, each with the reason why it is none.
    pub(crate) left_out: Vec<(String, String)>,
}

/// A migration of another tool.
#[derive(Debug)]
pub(crate) struct Foreign {
    /// The version as the tool knows it: numbers, parted by dots.
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) up: Work,
    pub(crate) down: Option<Script>,
    pub(crate) transaction: Transaction,
}

/// What applying a foreign migration does.
#[derive(Debug)]
pub(crate) enum Work {
    Sql(Script),
    /// Something that only running it would tell.
    Code {
        file: usize,
        why: String,
    },
}

/// How a tool runs a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transaction {
    /// In a transaction of its own.
    Whole,
    /// Without one.
    None,
    /// As its statements need it: the tool looks, or leaves it to the server.
    AsNeeded,
}

/// Reads a folder; paths are below the files' package.
///
/// # Errors
/// A file that can't be read, in words.
pub(crate) fn read(files: &mut Files, folder: &Path, tool: Tool) -> Result<Found, String> {
    let listing = Listing::of(files, folder, tool.reads_below())?;
    let mut found = match tool {
        Tool::Sqlx | Tool::GolangMigrate | Tool::Numbered => pairs::read(files, &listing, tool),
        Tool::Refinery | Tool::Flyway => versioned::read(files, &listing, tool),
        Tool::Diesel | Tool::Prisma => folders::read(files, &listing, tool),
        Tool::Goose | Tool::Dbmate => sections::read(files, &listing, tool),
        Tool::SeaOrmSql => return sea_orm::read(files, &listing),
    }?;
    order::sort(&mut found.migrations);
    if tool == Tool::Prisma {
        order::part(&mut found.migrations);
    }
    Ok(found)
}

/// Finds the tool that a folder is of.
///
/// # Errors
/// Why that isn't clear, in words.
pub(crate) fn detect(files: &mut Files, folder: &Path) -> Result<Tool, Unclear> {
    tool::detect(files, &Listing::of(files, folder, true)?)
}
