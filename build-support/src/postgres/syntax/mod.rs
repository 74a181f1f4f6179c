//! What the grammar doesn't allow, in plain words.

mod check;
mod tokens;
mod tree;

use super::SyntaxError;
use squawk_syntax::SourceFile;
use squawk_syntax::ast::AstNode;
use std::ops::Range;

/// Something wrong.
#[derive(Clone, Debug)]
struct Mistake {
    range: Range<usize>,
    message: String,
    help: Option<String>,
    /// Whether the message is the parser's, in words that nobody should see.
    raw: bool,
}

impl Mistake {
    fn at(range: Range<usize>, message: String) -> Mistake {
        Mistake { range, message, help: None, raw: false }
    }

    fn help(self, help: String) -> Mistake {
        Mistake { help: Some(help), ..self }
    }
}

/// Reads a script's tree, and lists what is wrong with it.
pub(super) fn read(text: &str) -> Option<(SourceFile, Vec<SyntaxError>)> {
    let (root, mut mistakes) = tree::script(text);
    check::check(&root, &mut mistakes);
    let errors = mistakes.into_iter().map(|mistake| SyntaxError {
        range: mistake.range,
        message: mistake.message,
        help: mistake.help,
    });
    let mut errors: Vec<SyntaxError> = errors.collect();
    errors.sort_by_key(|error| error.range.start);
    Some((SourceFile::cast(root)?, errors))
}
