//! Holds what the compiler says of real chains against what a real server says of them.
//!
//! `cargo run --release -p whimbrel-verification -- --help` lists what it shows; `docs/verification.md` carries the results.

mod compiler;
mod corpus;
mod layout;
mod mutant;
mod page;
mod schema;
mod server;
mod truth;
mod word;

use clap::Parser;
use compiler::Compiler;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use url::Url;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Holds what the compiler says of real chains against what a real server says of them.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder of projects: each with `manifest.json`, `final_digest.txt` and `truth.jsonl`.
    #[arg(long, env = "WHIMBREL_CORPUS")]
    corpus: PathBuf,
    /// These projects only.
    #[arg(long, value_delimiter = ',')]
    project: Vec<String>,
    /// A PostgreSQL 15 server where databases may be created and dropped, for the mutants.
    #[arg(long, env = "WHIMBREL_TEST_POSTGRES_15_URL", hide_env_values = true)]
    postgres: Option<Url>,
    /// How many mutants of each project.
    #[arg(long, default_value_t = 300)]
    mutants: usize,
    /// What the mutants are drawn by.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also puts the tables into `docs/verification.md`.
    #[arg(long)]
    write: bool,
}

#[expect(clippy::print_stderr, reason = "the only voice of a command line program")]
fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Shows everything; tells whether every goal is met.
fn run(arguments: &Arguments) -> Result<bool> {
    let mut projects = corpus::read(&arguments.corpus)?;
    projects.retain(|project| arguments.project.is_empty() || arguments.project.contains(&project.name));
    if projects.is_empty() {
        return Err(format!("no project in `{}`", arguments.corpus.display()).into());
    }
    let compiler = Compiler::build()?;
    let mut page = page::Page::default();
    for project in &projects {
        say(&format!("{}: {} migrations", project.name, project.migrations.len()));
        let folder = layout::write(project)?;
        let accepted = compiler.check(folder.path())?;
        page.accepted(project, &accepted);
        page.schema(project, &schema::compare(&compiler.schema(folder.path())?, &project.digest));
        page.truth(project, &truth::compare(project, &folder, &compiler.judge(folder.path())?));
        if let Some(url) = &arguments.postgres {
            let mutants = mutant::draw(project, arguments.mutants, arguments.seed);
            let verdicts = server::judge(url, project, &mutants)?;
            let caught =
                mutants.iter().map(|mutant| compiler.refuses(project, &folder, mutant)).collect::<Result<Vec<_>>>()?;
            page.mutants(project, &mutants, &verdicts, &caught);
        }
    }
    if arguments.postgres.is_none() {
        say("NOT SHOWN: mutants, for no server is named (WHIMBREL_TEST_POSTGRES_15_URL)");
    }
    say(&page.text());
    if arguments.write {
        page.write()?;
    }
    Ok(page.is_good())
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
