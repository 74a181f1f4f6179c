//! What a rule is made of, and what it says.

use super::Case;
use crate::effect::{Lock, Work};
use crate::sql::Dialect;
use std::ops::Range;

/// How a rule is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It says nothing.
    Allow,
    /// It is shown, and the crate compiles.
    Warn,
    /// The crate does not compile.
    Error,
}

/// Migrations by the names of their files, in order.
pub(crate) type Chain = &'static [(&'static str, &'static str)];

/// A rule.
#[derive(Debug)]
#[cfg_attr(not(any(test, feature = "cli")), expect(dead_code, reason = "its words are for `cargo whimbrel explain`"))]
pub(crate) struct Rule {
    /// What it is excused by, in kebab case.
    pub(crate) name: &'static str,
    /// The edition of the rule set that it came with. It judges nothing that was sealed by an earlier one.
    pub(crate) edition: u16,
    pub(crate) level: Level,
    pub(crate) dialects: &'static [Dialect],
    /// The servers that it is about.
    pub(crate) versions: &'static str,
    /// What it finds, as the end of "this rule finds …".
    pub(crate) finds: &'static str,
    /// When it speaks, and when it doesn't.
    pub(crate) condition: &'static str,
    /// The strongest lock that what it finds takes, and the work that is done meanwhile.
    pub(crate) lock: Option<Lock>,
    pub(crate) work: Work,
    /// What that does to others.
    pub(crate) effect: &'static str,
    /// What to write instead.
    pub(crate) rewrite: &'static str,
    /// A chain of which it finds the last migration.
    pub(crate) bad: Chain,
    /// The same done so that no rule finds anything.
    pub(crate) good: Chain,
    pub(crate) judge: fn(&Case<'_>, &mut Vec<Verdict>),
}

/// Judges nothing: for a rule that is about SQLite alone, whose scripts are judged as a whole.
pub(super) fn never(_: &Case<'_>, _: &mut Vec<Verdict>) {}

/// Gives the edition since which a dialect is judged at all.
fn first_edition(dialect: Dialect) -> u16 {
    match dialect {
        Dialect::Postgres | Dialect::Mysql => 1,
        Dialect::Sqlite => 2,
    }
}

impl Rule {
    /// Tells whether it judges what is of a dialect and an edition.
    pub(crate) fn is_of(&self, dialect: Dialect, edition: u16) -> bool {
        self.dialects.contains(&dialect) && self.edition.max(first_edition(dialect)) <= edition
    }
}

/// What a rule says of a statement.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) rule: &'static Rule,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    /// What to write instead.
    pub(crate) help: Vec<String>,
    /// Another place of the script that explains it.
    pub(crate) related: Option<(Range<usize>, String)>,
    /// It is void if the script makes this relation again, `schema.name`.
    pub(crate) unless_made: Option<String>,
}

impl Verdict {
    /// Tells whether another one is of the same rule, about the same place.
    #[cfg(feature = "mysql")]
    pub(crate) fn is_like(&self, other: &Verdict) -> bool {
        self.rule.name == other.rule.name && self.range == other.range
    }

    /// Begins one.
    pub(crate) fn new(
        rule: &'static Rule,
        range: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Verdict {
        Verdict {
            rule,
            range,
            message: message.into(),
            label: label.into(),
            help: Vec::new(),
            related: None,
            unless_made: None,
        }
    }

    /// Says what to write instead: a sentence, and the statements with the author's own names.
    pub(crate) fn instead(mut self, sentence: impl AsRef<str>, statements: &[String]) -> Verdict {
        let lines = statements.iter().map(|line| format!("\n    {line}"));
        self.help.push(format!("{}{}", sentence.as_ref(), lines.collect::<String>()));
        self
    }
}
