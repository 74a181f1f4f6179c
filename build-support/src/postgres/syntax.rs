//! What the grammar doesn't allow, in plain words.

use super::SyntaxError;
use squawk_syntax::{Parse, SourceFile};

/// Lists what is wrong with a script.
pub(super) fn errors(text: &str, parse: &Parse<SourceFile>) -> Vec<SyntaxError> {
    let place = |range: std::ops::Range<usize>| {
        let start = range.start.min(text.len());
        start..range.end.clamp(start, text.len())
    };
    let mut errors: Vec<SyntaxError> = Vec::new();
    for error in parse.errors() {
        let range = place(error.range().start().into()..error.range().end().into());
        errors.push(SyntaxError { range, message: error.message().to_owned(), help: None });
    }
    errors
}
