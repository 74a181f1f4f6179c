//! What a build script says about a chain: the server that it is for, and how the rules are taken.

use crate::policy::{POSTGRES, Policy};
use crate::report::Diagnostic;
use crate::rules::{self, Level};
use std::path::{Path, PathBuf};
use whimbrel_grammar::names::nearest;

/// A check with settings. [`check`](crate::check) is the same with none.
///
/// ```no_run
/// // In the `main` of build.rs:
/// whimbrel_build::Check::new("src/migrations")
///     .target("postgres@15")
///     .level("table-renamed", whimbrel_build::Level::Warn)
///     .run();
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is checked before it is `run`"]
pub struct Check {
    folder: PathBuf,
    settings: Settings,
}

impl Check {
    /// Names the folder of the migrations, below the package's.
    pub fn new(folder: impl AsRef<Path>) -> Check {
        Check { folder: folder.as_ref().to_owned(), settings: Settings::default() }
    }

    /// Names the oldest server that the chain is for: `"postgres@15"`. Rules and advice go by its version.
    pub fn target(mut self, server: impl Into<String>) -> Check {
        self.settings.targets.push(server.into());
        self
    }

    /// Sets how a safety rule is taken in this crate.
    pub fn level(mut self, rule: impl Into<String>, level: Level) -> Check {
        self.settings.levels.push((rule.into(), level));
        self
    }

    /// Checks the migrations and writes their registry for `registry!`.
    ///
    /// To be called from a build script, once. Cargo runs it again when something in the folder changes.
    pub fn run(self) {
        crate::run(&self.folder, &self.settings);
    }
}

/// The settings of a [`Check`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) targets: Vec<String>,
    pub(crate) levels: Vec<(String, Level)>,
}

impl Settings {
    /// Puts them into a policy; gives what is wrong with them.
    pub(crate) fn apply(&self, policy: &mut Policy) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for target in &self.targets {
            match version(target) {
                Ok(server) => policy.server = server.or(policy.server),
                Err(diagnostic) => found.push(diagnostic),
            }
        }
        policy.levels.extend(self.levels.iter().cloned());
        rules::unknown_levels(policy, &mut found);
        found
    }
}

/// Reads `postgres@15`; `None` where it says nothing about PostgreSQL's version.
fn version(target: &str) -> Result<Option<u16>, Diagnostic> {
    let (name, version) = target.split_once('@').map_or((target, None), |(name, version)| (name, Some(version)));
    let wrong = |help: String| {
        let message = format!("the build script says `.target(\"{target}\")`, which is no server");
        Err(Diagnostic::error("unknown_setting", message).help(help))
    };
    match (name, version) {
        ("sqlite", _) | ("postgres", None) => Ok(None),
        ("postgres", Some(version)) => match version.split('.').next().and_then(|major| major.parse().ok()) {
            Some(major) if major < *POSTGRES.start() => {
                wrong(format!("whimbrel knows PostgreSQL {} to {}", POSTGRES.start(), POSTGRES.end()))
            }
            Some(major) => Ok(Some(major)),
            None => wrong("write the number of its version, `postgres@15`".to_owned()),
        },
        (name, _) => wrong(nearest(name, ["postgres", "sqlite"]).map_or_else(
            || "there are `postgres@15` and the like, and `sqlite`".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(check: &Check) -> (Policy, Vec<String>) {
        let mut policy = Policy::default();
        let found = check.settings.apply(&mut policy);
        (policy, found.into_iter().map(|diagnostic| diagnostic.message).collect())
    }

    #[test]
    fn settings_become_a_policy() {
        let check = Check::new("src/migrations").target("postgres@15.2").level("table-renamed", Level::Warn);
        let (policy, found) = applied(&check);
        assert_eq!(found, [""; 0]);
        assert_eq!(policy.server, Some(15));
        assert_eq!(policy.levels, [("table-renamed".to_owned(), Level::Warn)]);
    }

    #[test]
    fn slips_are_said() {
        let check = Check::new("a")
            .target("postgre@15")
            .target("postgres@x")
            .target("postgres@7")
            .level("table-renamd", Level::Allow);
        let (policy, found) = applied(&check);
        assert_eq!(policy.server, None);
        assert_eq!(found.len(), 4, "{found:?}");
    }
}
