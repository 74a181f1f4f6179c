//! What can be typed: commands, options and their help.

use crate::plan::OutOfOrder;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a migration, or the server, failed
  2  wrong usage: the command, an id, a URL
  3  history and code disagree, or what is applied does not hold
  4  the database can't be reached, is locked, or does not permit it
  5  refused: it would lose data, and needs --yes
  6  something is pending (check, status --check), or waits for a database (apply --available)
  7  stopped by a signal between two migrations";

const DATABASES: &str = "\
Databases:
  DATABASE_URL gives the URL of the first or only database, <NAME>_URL (MAIN_URL) that of each by its
  name. --url comes before <NAME>_URL, and that before DATABASE_URL.";

/// Brings databases to the state that this program was compiled for.
#[derive(Debug, Parser)]
#[command(
    after_help = EXIT_CODES,
    after_long_help = format!("{DATABASES}\n\n{EXIT_CODES}"),
    disable_help_subcommand = true,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) general: General,
}

/// Holds what every command takes.
#[derive(Debug, Args)]
pub(super) struct General {
    /// Where a database is; `--url URL` where there is one database only
    #[arg(long = "url", value_name = "NAME=URL", global = true, action = ArgAction::Append)]
    pub(super) urls: Vec<String>,
    /// Prints one JSON document
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// The schema that holds whimbrel's own tables (PostgreSQL) [default: public]
    #[arg(long, value_name = "SCHEMA", global = true)]
    pub(super) ledger_schema: Option<String>,
    /// How long to wait while another process migrates, or holds the SQLite file
    #[arg(long, value_name = "SECONDS", global = true, default_value_t = 60)]
    pub(super) lock_wait: u64,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Creates each database where it is missing, and whimbrel's tables in it; can be repeated
    Init(InitOptions),
    /// Shows where every migration stands; writes nothing
    #[command(after_help = "Examples:\n  {app} status\n  {app} status --check || {app} apply")]
    Status(StatusOptions),
    /// Tells whether the application may start; writes nothing
    #[command(after_help = "Examples:\n  {app} check\n  {app} check --wait 300   (while another process migrates)")]
    Check(CheckOptions),
    /// Shows how each database is: reachable, as what, to whom, its clock, its ledger; writes nothing
    Doctor,
    /// Shows what `apply` would do; writes nothing
    #[command(after_help = "Examples:\n  {app} plan\n  {app} plan --to 1.2.0\n  {app} plan --rollback --to 0003")]
    Plan(PlanOptions),
    /// Applies what is pending
    #[command(after_help = "Examples:\n  {app} apply\n  {app} apply --to 0003\n  {app} apply --to +1 --dry-run")]
    Apply(ApplyOptions),
    /// Rolls back the last migration, or everything after a target
    #[command(after_help = "Examples:\n  {app} rollback\n  {app} rollback --to 0003   (0003 stays applied)\n  \
                            {app} rollback --to -2     (the last two)\n  {app} rollback --all --yes")]
    Rollback(RollbackOptions),
    /// Rolls back the last migration and applies it again
    Redo(RedoOptions),
    /// Shows statements that a process died on and nobody can judge but you; writes down what became of them
    #[command(
        after_help = "Examples:\n  {app} repair\n  {app} repair 0007_archive --mark applied --reason \"the rows are \
                            there\""
    )]
    Repair(RepairOptions),
    /// Compares applied migrations with the code, and asks each VERIFY of the live database
    Verify,
    /// Marks migrations as applied without running them, for a database that has them already
    #[command(after_help = "Examples:\n  {app} baseline --to 0003\n  {app} baseline --from auto\n  \
                            {app} baseline --from cm.schema_version")]
    Baseline(BaselineOptions),
    /// Shows what has happened: applied, rolled back, failed
    History(HistoryOptions),
}

impl Command {
    /// Names the command as it is typed.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Command::Init(_) => "init",
            Command::Status(_) => "status",
            Command::Check(_) => "check",
            Command::Repair(_) => "repair",
            Command::Doctor => "doctor",
            Command::Plan(_) => "plan",
            Command::Apply(_) => "apply",
            Command::Rollback(_) => "rollback",
            Command::Redo(_) => "redo",
            Command::Verify => "verify",
            Command::Baseline(_) => "baseline",
            Command::History(_) => "history",
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct StatusOptions {
    /// Exits with 6 where something is pending, with 3 where history and code disagree
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Args)]
pub(super) struct InitOptions {
    /// Lets this role read whimbrel's own tables, and no more (PostgreSQL); repeatable
    #[arg(long = "reader", value_name = "ROLE", action = ArgAction::Append)]
    pub(super) readers: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// Waits until it may, for at most so long
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct RepairOptions {
    /// The migration; without it, all that is open
    #[arg(value_name = "ID", requires = "mark", requires = "reason")]
    pub(super) id: Option<String>,
    /// What became of the statement
    #[arg(long, value_name = "WHAT", requires = "id")]
    pub(super) mark: Option<MarkWord>,
    /// How that was found out; it is kept
    #[arg(long, value_name = "WORDS", requires = "id")]
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MarkWord {
    /// It took effect: the next run goes on after it
    Applied,
    /// It did not: the next run does it again
    RolledBack,
}

#[derive(Debug, Args)]
pub(super) struct PlanOptions {
    /// Plans a rollback
    #[arg(long)]
    pub(super) rollback: bool,
    #[command(flatten)]
    pub(super) range: Range,
    /// Plans to roll back everything
    #[arg(long, requires = "rollback", conflicts_with_all = ["to", "only"])]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) order: Order,
    /// Plans without databases that can't be reached: what needs them waits
    #[arg(long, conflicts_with = "rollback")]
    pub(super) available: bool,
}

#[derive(Debug, Args)]
pub(super) struct ApplyOptions {
    #[command(flatten)]
    pub(super) range: Range,
    #[command(flatten)]
    pub(super) order: Order,
    #[command(flatten)]
    pub(super) dry: Dry,
    /// Goes on without databases that can't be reached: what needs them waits
    #[arg(long)]
    pub(super) available: bool,
}

#[derive(Debug, Args)]
pub(super) struct RollbackOptions {
    #[command(flatten)]
    pub(super) range: Range,
    /// Rolls back everything
    #[arg(long, conflicts_with_all = ["to", "only"])]
    pub(super) all: bool,
    /// Rolls back what a newer program has applied, by the statements that the ledger keeps
    #[arg(long, conflicts_with_all = ["to", "only", "all"])]
    pub(super) stored: bool,
    #[command(flatten)]
    pub(super) dry: Dry,
    #[command(flatten)]
    pub(super) consent: Consent,
}

#[derive(Debug, Args)]
pub(super) struct RedoOptions {
    #[command(flatten)]
    pub(super) consent: Consent,
}

#[derive(Debug, Args)]
#[group(id = "source", required = true, multiple = false)]
pub(super) struct BaselineOptions {
    /// The last migration that the database has: an id (0003_add_user) or its number (3)
    #[arg(long, value_name = "ID", group = "source")]
    pub(super) to: Option<String>,
    /// Reads another tool's table: auto, sqlx, refinery, diesel, flyway, prisma, or a table with a column `version`
    #[arg(long, value_name = "TOOL|TABLE", group = "source")]
    pub(super) from: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct HistoryOptions {
    /// Shows the last so many entries
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = count)]
    pub(super) limit: usize,
}

fn count(typed: &str) -> Result<usize, &'static str> {
    typed.parse().ok().filter(|count| *count > 0).ok_or("write a number from 1 on")
}

/// Says how far to go.
#[derive(Debug, Args)]
pub(super) struct Range {
    /// How far: an id (0003_add_user), its number (3), a schema version (1.2.0), or a count (+2; rollback: -2)
    #[arg(long, value_name = "TARGET", allow_hyphen_values = true, conflicts_with = "only")]
    pub(super) to: Option<String>,
    /// This migration alone: an id or its number
    #[arg(long, value_name = "ID")]
    pub(super) only: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Order {
    /// Applies what is pending also where a later migration is applied already: any [default], or only what names nothing that
    /// later ones name
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "any")]
    pub(super) allow_out_of_order: Option<Which>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Which {
    /// All of them.
    Any,
    /// Those that name nothing that later ones name.
    Independent,
}

impl Order {
    pub(super) fn policy(&self) -> OutOfOrder {
        match self.allow_out_of_order {
            None => OutOfOrder::Refuse,
            Some(Which::Independent) => OutOfOrder::Independent,
            Some(Which::Any) => OutOfOrder::Allow,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Dry {
    /// Prints the exact statements and writes nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct Consent {
    /// Loses data without asking
    #[arg(long)]
    pub(super) yes: bool,
}
