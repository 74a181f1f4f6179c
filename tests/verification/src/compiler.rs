//! The compiler's side: `cargo whimbrel`, as anybody would run it.

use crate::Result;
use crate::corpus::Project;
use crate::layout::{self, Folder};
use crate::mutant::Mutant;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The built command.
#[derive(Debug)]
pub(crate) struct Compiler(PathBuf);

/// One line of `check --format json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) level: String,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) rule: Option<String>,
    #[serde(default)]
    pub(crate) file: String,
    /// From 1.
    #[serde(default)]
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Finding {
    pub(crate) fn is_error(&self) -> bool {
        self.level == "error"
    }
}

impl Compiler {
    /// Builds it with the profile that this program was built with.
    pub(crate) fn build() -> Result<Compiler> {
        let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
        cargo.args(["build", "--quiet", "-p", "whimbrel-build", "--features", "cli", "--bin", "cargo-whimbrel"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        if !cargo.status()?.success() {
            return Err("`cargo whimbrel` can't be built".into());
        }
        let beside = std::env::current_exe()?;
        Ok(Compiler(beside.with_file_name("cargo-whimbrel")))
    }

    /// Checks a folder as it is, with no rules.
    pub(crate) fn check(&self, folder: &Path) -> Result<Vec<Finding>> {
        self.findings(folder, &[])
    }

    /// Checks a folder, every migration judged by the rules.
    pub(crate) fn judge(&self, folder: &Path) -> Result<Vec<Finding>> {
        self.findings(folder, &["--judge", "all"])
    }

    /// Gives the schema that it follows a folder to, in lines.
    pub(crate) fn schema(&self, folder: &Path) -> Result<String> {
        let output = self.run("schema", folder, &["--format", "lines"])?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Tells with what it refuses a mutant, in its migration or in a later one.
    pub(crate) fn refuses(&self, project: &Project, folder: &Folder, mutant: &Mutant) -> Result<Option<String>> {
        let file = folder.file(mutant.at);
        let migration = project.migrations.get(mutant.at).ok_or("no such migration")?;
        fs::write(&file, layout::text(migration, &mutant.up))?;
        let findings = self.check(folder.path());
        fs::write(&file, layout::text(migration, &migration.up))?;
        Ok(findings?
            .into_iter()
            .find(Finding::is_error)
            .map(|finding| format!("{}: {}", finding.file, finding.message)))
    }

    fn findings(&self, folder: &Path, options: &[&str]) -> Result<Vec<Finding>> {
        let output = self.run("check", folder, &[&["--format", "json"], options].concat())?;
        let lines = String::from_utf8(output.stdout)?;
        lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    fn run(&self, command: &str, folder: &Path, options: &[&str]) -> Result<Output> {
        let mut run = Command::new(&self.0);
        run.args(["whimbrel", command, "--dialect", "postgres@15", "--from"]).arg(folder).args(options);
        let output = run.output()?;
        // 1 says that something was found.
        if output.status.code().is_none_or(|code| code > 1) {
            return Err(
                format!("{run:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into()
            );
        }
        Ok(output)
    }
}
