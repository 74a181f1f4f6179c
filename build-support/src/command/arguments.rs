//! What can be typed: commands, options and their help.

use crate::import::Tool;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  done, and nothing is wrong
  1  something is wrong with the migrations, or a file can't be read or written
  2  wrong usage: the command, an id, a package";

/// Looks after the migrations of a package, before anything runs.
#[derive(Debug, Parser)]
#[command(
    name = "cargo whimbrel",
    bin_name = "cargo whimbrel",
    version,
    after_help = EXIT_CODES,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Writes the next migration, empty
    #[command(
        after_help = "Examples:\n  cargo whimbrel new add_user_email\n  cargo whimbrel new \"add user email\" --rust"
    )]
    New(NewOptions),
    /// Seals new migrations in `whimbrel.lock`: from then on they can't change
    #[command(after_help = "Examples:\n  cargo whimbrel lock\n  cargo whimbrel lock --check\n  \
                            cargo whimbrel lock --history 0042_last_one   (a folder of another tool, adopted as it is)")]
    Lock(LockOptions),
    /// Shows everything that is wrong, as `cargo check` does
    #[command(after_help = "Examples:\n  cargo whimbrel check\n  cargo whimbrel check --format github\n  \
                            cargo whimbrel check --from db/migrations --dialect postgres@15   (another tool's folder, as it is)")]
    Check(CheckOptions),
    /// Shows the schema that the migrations make, without a server
    #[command(
        after_help = "Examples:\n  cargo whimbrel schema\n  cargo whimbrel schema --at 0004_add_users --format json\n  \
                            cargo whimbrel schema --since 0004_add_users   (what has changed)\n  \
                            cargo whimbrel schema --write schema.sql\n  cargo whimbrel schema --check schema.sql"
    )]
    Schema(SchemaOptions),
    /// Puts one migration in the place of many: a new database runs it, one that has those only records it
    #[command(after_help = "Examples:\n  cargo whimbrel squash start --to 0050_loans --dry-run\n  \
                            cargo whimbrel squash start --to 0050_loans")]
    Squash(SquashOptions),
    /// Explains an error or a warning
    #[command(
        after_help = "Examples:\n  cargo whimbrel explain edited_migration\n  cargo whimbrel explain   (lists them all)"
    )]
    Explain(ExplainOptions),
    /// Takes over another tool's folder of migrations, sealed as history
    #[command(after_help = "Examples:\n  cargo whimbrel import db/migrations --dialect postgres --dry-run\n  \
                            cargo whimbrel import migrations --tool diesel --dialect postgres")]
    Import(ImportOptions),
}

/// Says where the migrations are.
#[derive(Debug, Args)]
pub(super) struct Where {
    /// The package, where a workspace has several with migrations
    #[arg(long, short, value_name = "NAME")]
    pub(super) package: Option<String>,
    /// The package's `Cargo.toml`
    #[arg(long, value_name = "PATH")]
    pub(super) manifest_path: Option<PathBuf>,
    /// The folder [default: the one that build.rs names, or src/migrations]
    #[arg(long, value_name = "PATH")]
    pub(super) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct NewOptions {
    /// What it does, in a few words: add_user_email
    pub(super) name: String,
    /// Writes a file `0005_name.sql` [default: as the last migration is written]
    #[arg(long, conflicts_with = "rust")]
    pub(super) sql: bool,
    /// Writes an annotated module
    #[arg(long)]
    pub(super) rust: bool,
    /// Writes the module into this file, `release_1_2`, which is made where it is missing
    #[arg(long, value_name = "NAME", requires = "rust")]
    pub(super) file: Option<String>,
    /// Writes a rollback too [default: as the last migration has one]
    #[arg(long)]
    pub(super) down: bool,
    /// Numbers it by the time, 20240131120000, instead of the next number
    #[arg(long)]
    pub(super) timestamp: bool,
    #[command(flatten)]
    pub(super) place: Where,
}

#[derive(Debug, Args)]
pub(super) struct LockOptions {
    /// Accepts that a sealed migration was edited, renamed or removed, or that a new one has a number below sealed ones; repeatable
    #[arg(long = "accept", value_name = "ID")]
    pub(super) accepted: Vec<String>,
    /// Seals new migrations up to this one as history, which no rules judge
    #[arg(long, value_name = "ID")]
    pub(super) history: Option<String>,
    /// Writes nothing, and exits with 1 where something would be written
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) place: Where,
}

#[derive(Debug, Args)]
pub(super) struct SquashOptions {
    /// What to call it; its number is that of the last one that it replaces
    pub(super) name: String,
    /// The last migration that it replaces
    #[arg(long, value_name = "ID")]
    pub(super) to: String,
    /// The first one [default: the database's first]
    #[arg(long, value_name = "ID")]
    pub(super) from: Option<String>,
    /// Shows what would be written, and writes nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) place: Where,
}

/// Says which chain: a package's own, or the folder of another tool.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// Reads this folder of another tool, as it is
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["package", "manifest_path", "folder"])]
    pub(super) from: Option<PathBuf>,
    /// The tool that the folder is of [default: as the files show]
    #[arg(long, value_enum, requires = "from")]
    pub(super) tool: Option<Tool>,
    /// What the folder's SQL is written for: postgres, postgres@15, sqlite
    #[arg(long, value_name = "NAME[@VERSION]", requires = "from")]
    pub(super) dialect: Option<String>,
    #[command(flatten)]
    pub(super) place: Where,
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// How findings are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Which migrations the rules judge: `all`, or `new-since ID` [default: as they are sealed; with --from: none]
    #[arg(long, value_name = "WHICH", num_args = 1..=2)]
    pub(super) judge: Vec<String>,
    /// Shows also what can't be followed, and is believed
    #[arg(long)]
    pub(super) opaque: bool,
    #[command(flatten)]
    pub(super) source: Source,
}

#[derive(Debug, Args)]
pub(super) struct SchemaOptions {
    /// After this migration [default: the last one]
    #[arg(long, value_name = "ID")]
    pub(super) at: Option<String>,
    /// Shows what has changed since this migration
    #[arg(long, value_name = "ID", conflicts_with_all = ["format", "write", "check"])]
    pub(super) since: Option<String>,
    /// Of this database [default: all of them]
    #[arg(long, value_name = "NAME")]
    pub(super) database: Option<String>,
    /// How it is shown
    #[arg(long, value_enum, default_value_t = SchemaFormat::Sql)]
    pub(super) format: SchemaFormat,
    /// Writes it into a file, headed with the version and the date
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub(super) write: Option<PathBuf>,
    /// Compares it with a file that `--write` has written, and exits with 1 where they differ
    #[arg(long, value_name = "FILE")]
    pub(super) check: Option<PathBuf>,
    #[command(flatten)]
    pub(super) source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaFormat {
    /// Statements that make it, in an order that works
    Sql,
    /// One JSON object, by database
    Json,
    /// A sorted line for each column, constraint and index
    Lines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// As rustc shows its own
    Human,
    /// Annotations of a pull request, for GitHub Actions
    Github,
    /// A JSON object on each line
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// What stands between the brackets of `error[whimbrel::…]`
    pub(super) code: Option<String>,
    /// Prints every explanation, as the page `docs/errors.md`
    #[arg(long, conflicts_with = "code")]
    pub(super) page: bool,
}

#[derive(Debug, Args)]
pub(super) struct ImportOptions {
    /// The folder to read; it stays as it is
    pub(super) from: PathBuf,
    /// The tool that the folder is of [default: as the files show]
    #[arg(long, value_enum)]
    pub(super) tool: Option<Tool>,
    /// The folder to write to [default: the one that build.rs names, or src/migrations]
    #[arg(long, value_name = "FOLDER", conflicts_with = "folder")]
    pub(super) to: Option<PathBuf>,
    /// What the SQL is written for: postgres, sqlite [default: the first database of `registry!`]
    #[arg(long, value_name = "NAME")]
    pub(super) dialect: Option<String>,
    /// Shows what would be written, and writes nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) place: Where,
}
