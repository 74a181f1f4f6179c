use crate::report::{Diagnostic, Level};
use crate::source::{Files, Script};
use std::ops::Range;

/// Something that is wrong with a script, by the bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub(crate) level: Level,
    /// The stable name, without the `whimbrel::` that it is shown with.
    pub(crate) code: &'static str,
    pub(crate) range: Range<usize>,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

#[cfg(any(feature = "redis", feature = "neo4j", feature = "mongodb"))]
impl Complaint {
    /// Begins one that keeps the crate from compiling.
    pub(crate) fn error(code: &'static str, range: &Range<usize>, message: impl Into<String>) -> Complaint {
        let message = message.into();
        Complaint { level: Level::Error, code, range: range.clone(), message, label: String::new(), help: None }
    }

    /// Begins one that doesn't.
    #[cfg(any(feature = "redis", feature = "mongodb"))]
    pub(crate) fn warning(code: &'static str, range: &Range<usize>, message: impl Into<String>) -> Complaint {
        Complaint { level: Level::Warning, ..Complaint::error(code, range, message) }
    }

    /// Says something at the place.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Complaint {
        self.label = label.into();
        self
    }

    /// Says what to write instead.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Complaint {
        self.help = Some(help.into());
        self
    }
}

impl Complaint {
    /// Shows it in the author's file.
    pub(crate) fn diagnostic(&self, script: &Script, files: &Files) -> Diagnostic {
        let place = script.place(self.range.clone(), files);
        let finding = match self.level {
            Level::Error => Diagnostic::error(self.code, self.message.as_str()),
            _ => Diagnostic::warning(self.code, self.message.as_str()),
        };
        finding.at(&place, self.label.as_str()).maybe_help(self.help.clone())
    }
}
