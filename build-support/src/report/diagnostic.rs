//! A finding: what is wrong, where, and what to write instead.

use crate::sort;
use crate::source::Place;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// The chain would fail or harm: the crate does not compile.
    Error,
    /// The chain holds, but probably means something else.
    Warning,
    /// Something to know, shown where it is asked for.
    #[cfg(feature = "cli")]
    Note,
}

/// A place with what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) place: Place,
    pub(crate) text: String,
}

/// A finding about a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    pub(crate) level: Level,
    /// The stable name, without the `whimbrel::` that it is shown with.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The places; the first is the one that is wrong.
    pub(crate) labels: Vec<Label>,
    pub(crate) help: Vec<String>,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Error, code, message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Warning, ..Diagnostic::error(code, message) }
    }

    #[cfg(feature = "cli")]
    pub(crate) fn note(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { level: Level::Note, ..Diagnostic::error(code, message) }
    }

    /// Adds a place; the first one added is the one that is wrong.
    pub(crate) fn at(mut self, place: &Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place: place.clone(), text: text.into() });
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    pub(crate) fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help.extend(text);
        self
    }
}

/// Puts errors first; within a level in the order of files and bytes, as an author reads.
pub(crate) fn sort(found: &mut [Diagnostic]) {
    sort::by_key(found, |diagnostic| {
        let place = diagnostic.labels.first().map(|label| (label.place.file, label.place.range.start));
        (diagnostic.level == Level::Warning, place)
    });
}
