//! What the grammar doesn't allow, in plain words.

mod body;
mod check;
mod foreign;
mod keywords;
mod leniency;
mod repair;
mod tokens;
mod tree;
mod wording;

use super::SyntaxError;
use repair::Wrong;
use squawk_syntax::ast::AstNode;
use squawk_syntax::{SourceFile, SyntaxNode};
use std::collections::BTreeMap;
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
    let (mut root, mut mistakes) = parsed(text);
    if !mistakes.is_empty()
        && let Some(known) = leniency::rewritten(text, &root)
    {
        (root, mistakes) = parsed(&known);
    }
    let mut errors = if mistakes.is_empty() { Vec::new() } else { worded(text, &root, &mistakes) };
    let file = SourceFile::cast(root)?;
    body::check(text, &file, &mut errors);
    Some((file, errors))
}

fn parsed(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    let (root, mut mistakes) = tree::script(text);
    check::check(&root, &mut mistakes);
    (root, mistakes)
}

fn parsed_block(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    let (root, mistakes) = checked_block(text);
    if mistakes.is_empty() {
        return (root, mistakes);
    }
    leniency::block(text, &root).map_or((root, mistakes), |known| checked_block(&known))
}

fn checked_block(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    let (root, mut mistakes) = tree::block(text);
    check::check(&root, &mut mistakes);
    (root, mistakes)
}

/// Says the first mistake of a block.
fn worded_whole(text: &str, root: &SyntaxNode, mistakes: &[Mistake]) -> Vec<SyntaxError> {
    let tokens = tokens::tokens(text, root);
    let first = mistakes.iter().min_by_key(|mistake| mistake.range.start);
    let word = |mistake: &Mistake| {
        let at = tokens.partition_point(|token| token.range.end <= mistake.range.start);
        said(&Wrong { text, tokens: &tokens, at, said: &mistake.message, parse: parsed_block }, mistake)
    };
    first.map(word).into_iter().collect()
}

fn said(wrong: &Wrong<'_>, mistake: &Mistake) -> SyntaxError {
    if mistake.raw {
        return wording::error(wrong);
    }
    let range = if mistake.range.is_empty() { wording::place(wrong, wrong.at) } else { mistake.range.clone() };
    SyntaxError { range, message: mistake.message.clone(), help: mistake.help.clone() }
}

/// Says the first mistake of each statement; what comes after it may be no more than its consequence.
fn worded(text: &str, root: &SyntaxNode, mistakes: &[Mistake]) -> Vec<SyntaxError> {
    let tokens = tokens::tokens(text, root);
    let mut firsts: BTreeMap<usize, (usize, &Mistake)> = BTreeMap::new();
    let statements = tokens::statements(&tokens);
    for mistake in mistakes {
        let at = tokens.partition_point(|token| token.range.end <= mistake.range.start);
        let holds = |statement: &Range<usize>| at < statement.end;
        let statement = statements.iter().position(holds).unwrap_or(statements.len().saturating_sub(1));
        let first = firsts.entry(statement).or_insert((at, mistake));
        if at < first.0 {
            *first = (at, mistake);
        }
    }
    let word = |(statement, (at, mistake)): (usize, (usize, &Mistake))| {
        let statement = statements.get(statement).cloned().unwrap_or_default();
        let words = tokens.get(statement.clone()).unwrap_or_default();
        // The parser looks two words ahead before it knows a statement, and shows the first when it doesn't.
        let lost = mistake.message.starts_with("expected command") && words.first().is_some_and(repair::starts);
        let at = if lost && at == statement.start { 1 } else { at - statement.start };
        said(&Wrong { text, tokens: words, at, said: &mistake.message, parse: parsed }, mistake)
    };
    let (mut errors, mut cut_short): (Vec<SyntaxError>, Option<usize>) = Default::default();
    for (statement, (at, mistake)) in firsts {
        let bounds = statements.get(statement).cloned().unwrap_or_default();
        // What begins where another broke off is the rest of that.
        let rest = cut_short.is_some_and(|before| before + 1 == statement) && at == bounds.start;
        if !rest {
            errors.push(word((statement, (at, mistake))));
        }
        cut_short = (rest || at + 1 >= bounds.end).then_some(statement);
    }
    errors
}
