//! What a chain is held against beside itself: who builds, which migrations the rules judge, for which server.
//!
//! A value, so that `check` stays a pure function: only the build script and the command look at the environment.

use crate::report::Diagnostic;
use whimbrel_grammar::names::nearest;

/// The edition of the rule set that judges what nobody has sealed yet.
pub(crate) const EDITION: u16 = 3;
/// The edition that sealed history has which no rule set has judged.
pub(crate) const IMPORTED: u16 = 0;

/// The major versions of PostgreSQL that are known.
pub(crate) const POSTGRES: std::ops::RangeInclusive<u16> = 12..=18;

/// The environment variables that a policy is read from.
pub(crate) const VARIABLES: [&str; 2] = ["CI", "WHIMBREL_LOCK"];

/// What a check demands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Whether every migration has to be sealed.
    pub(crate) frozen: bool,
    /// Which migrations the rules judge.
    pub(crate) judged: Judged,
    /// The oldest major version of the server that the chain is for; `None` where nobody has said.
    pub(crate) server: Option<u16>,
    /// The same for MySQL and MariaDB.
    #[cfg(feature = "mysql")]
    pub(crate) mysql: Option<crate::mysql::Server>,
    /// The levels that the crate gives to rules; the last one counts.
    pub(crate) levels: Vec<(String, crate::rules::Level)>,
}

/// Which migrations the rules judge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Each by the edition that it was sealed with; what is not sealed by the newest.
    #[default]
    AsSealed,
    /// All of them, by the newest edition.
    All,
    /// Those after this id, by the newest edition.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "for `cargo whimbrel check --judge`"))]
    NewSince(String),
}

impl Policy {
    /// Reads the environment: whoever builds for others demands that every migration is sealed.
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> (Policy, Option<Diagnostic>) {
        let is_ci = variable("CI").is_some_and(|value| !matches!(value.to_lowercase().as_str(), "" | "false" | "0"));
        let (frozen, mistake) = match variable("WHIMBREL_LOCK").as_deref().map(str::trim) {
            None | Some("") => (is_ci, None),
            Some("frozen") => (true, None),
            Some("open") => (false, None),
            Some(other) => (is_ci, Some(unknown(other))),
        };
        (Policy { frozen, ..Policy::default() }, mistake)
    }
}

fn unknown(value: &str) -> Diagnostic {
    let help = nearest(value, ["frozen", "open"]).map_or_else(
        || {
            "it is `frozen` (every migration has to be sealed) or `open` (it need not be, not even under `CI`)"
                .to_owned()
        },
        |meant| format!("did you mean `{meant}`?"),
    );
    Diagnostic::error("unknown_setting", format!("the environment says `WHIMBREL_LOCK={value}`, which means nothing"))
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::Policy;

    fn read(ci: Option<&str>, lock: Option<&str>) -> (bool, bool) {
        let (policy, mistake) =
            Policy::from_environment(|name| if name == "CI" { ci } else { lock }.map(str::to_owned));
        (policy.frozen, mistake.is_some())
    }

    #[test]
    fn a_build_for_others_is_frozen() {
        for ci in ["true", "1", "yes", "woodpecker"] {
            assert_eq!(read(Some(ci), None), (true, false), "{ci}");
        }
        for ci in [None, Some(""), Some("false"), Some("False"), Some("0")] {
            assert_eq!(read(ci, None), (false, false), "{ci:?}");
        }
    }

    #[test]
    fn the_setting_has_the_last_word() {
        assert_eq!(read(None, Some("frozen")), (true, false));
        assert_eq!(read(Some("true"), Some("open")), (false, false));
        assert_eq!(read(Some("true"), Some("")), (true, false));
        assert_eq!(read(Some("true"), Some("forzen")), (true, true));
    }
}
