//! What is wrong, where, and what to write instead.

/// Tells an author what is wrong at a place: a token's span, or a byte range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake<P> {
    /// Where it is.
    pub place: P,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl<P> Mistake<P> {
    /// States a mistake without help.
    pub fn new(place: P, message: impl Into<String>) -> Self {
        Mistake { place, message: message.into(), help: None }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to write instead, where there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}
