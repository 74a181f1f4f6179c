//! What the grammar doesn't allow, in plain words.

mod block;
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
use super::ast::{AstNode, SourceFile, SyntaxNode};
use repair::Wrong;
use std::collections::BTreeMap;
use std::ops::Range;

/// How often a statement is read again to find out what was meant: the first mistakes have more of it than those after them.
const PATIENCE: [usize; 12] = [240, 240, 240, 120, 60, 60, 60, 60, 30, 30, 30, 30];

/// Something wrong.
#[derive(Clone, Debug)]
struct Mistake {
    range: Range<usize>,
    message: String,
    help: Option<String>,
    words: Words,
}

/// Whose words a mistake is said in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// The parser's, which nobody should see.
    Parser,
    /// Our own, unless it is known what was meant.
    Guess,
    Own,
}

impl Mistake {
    fn at(range: Range<usize>, message: String) -> Mistake {
        Mistake { range, message, help: None, words: Words::Own }
    }

    fn help(self, help: String) -> Mistake {
        Mistake { help: Some(help), ..self }
    }
}

/// A script's tree, and what is wrong with it.
pub(super) struct Script {
    pub(super) file: SourceFile,
    pub(super) errors: Vec<SyntaxError>,
    /// Where statements are wrong, in order.
    pub(super) wrong: Vec<Range<usize>>,
}

/// Reads a script's tree.
pub(super) fn read(text: &str) -> Option<Script> {
    let (mut root, mut mistakes) = parsed(text);
    if !mistakes.is_empty()
        && let Some(known) = leniency::rewritten(text, &root)
    {
        (root, mistakes) = parsed(&known);
    }
    let (mut errors, wrong) = if mistakes.is_empty() { Default::default() } else { worded(text, &root, &mistakes) };
    let file = SourceFile::cast(root)?;
    body::check(text, &file, &mut errors);
    Some(Script { file, errors, wrong })
}

/// Reads a text that is run when something else is: its tree, and where its parser or the checks stumble.
pub(super) fn script(text: &str) -> Option<(SourceFile, Vec<usize>)> {
    let (root, mistakes) = parsed(text);
    Some((SourceFile::cast(root)?, mistakes.iter().map(|mistake| mistake.range.start).collect()))
}

/// Reads a block of PL/pgSQL the same way.
pub(super) fn block(text: &str) -> (SyntaxNode, Vec<usize>) {
    let (root, mut mistakes) = tree::block(text);
    check::check(&root, &mut mistakes);
    (root, mistakes.iter().map(|mistake| mistake.range.start).collect())
}

fn parsed(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    let (root, mut mistakes) = tree::script(text);
    check::check(&root, &mut mistakes);
    (root, mistakes)
}

fn parsed_block(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    let (root, mut mistakes) = tree::block(&block::rewritten(text));
    check::check(&root, &mut mistakes);
    (root, mistakes)
}

/// Says the first mistake of a block.
fn worded_whole(text: &str, root: &SyntaxNode, mistakes: &[Mistake]) -> Vec<SyntaxError> {
    let tokens = tokens::tokens(text, root);
    let first = mistakes.iter().min_by_key(|mistake| mistake.range.start);
    let word = |mistake: &Mistake| {
        let at = tokens.partition_point(|token| token.range.end <= mistake.range.start);
        let patience = PATIENCE[3];
        said(&Wrong { text, tokens: &tokens, at, said: &mistake.message, parse: parsed_block, patience }, mistake)
    };
    first.map(word).into_iter().collect()
}

fn said(wrong: &Wrong<'_>, mistake: &Mistake) -> SyntaxError {
    let error = match mistake.words {
        Words::Parser => Some(wording::error(wrong)),
        Words::Guess => wording::meant(wrong),
        Words::Own => None,
    };
    if let Some(error) = error {
        return error;
    }
    let range = if mistake.range.is_empty() { wording::place(wrong, wrong.at) } else { mistake.range.clone() };
    SyntaxError { range, message: mistake.message.clone(), help: mistake.help.clone() }
}

/// Says the first mistake of each statement, and which statements are wrong. What comes after the first may be no more than its
/// consequence.
fn worded(text: &str, root: &SyntaxNode, mistakes: &[Mistake]) -> (Vec<SyntaxError>, Vec<Range<usize>>) {
    let tokens = tokens::tokens(text, root);
    let statements = tokens::statements(&tokens);
    let mut firsts: BTreeMap<usize, (usize, &Mistake)> = BTreeMap::new();
    for mistake in mistakes {
        let at = tokens.partition_point(|token| token.range.end <= mistake.range.start);
        let statement = statements.partition_point(|statement| statement.end <= at);
        let first = firsts.entry(statement.min(statements.len().saturating_sub(1))).or_insert((at, mistake));
        if at < first.0 {
            *first = (at, mistake);
        }
    }
    let (mut errors, mut ranges, mut cut_short) = (Vec::new(), Vec::new(), None);
    for (number, (at, mistake)) in firsts {
        let statement = statements.get(number).cloned().unwrap_or_default();
        let words = tokens.get(statement.clone()).unwrap_or_default();
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            ranges.push(first.range.start..last.range.end);
        }
        // What begins where another broke off is the rest of that.
        let rest = cut_short.is_some_and(|before: usize| before + 1 == number) && at == statement.start;
        cut_short = (rest || at + 1 >= statement.end).then_some(number);
        if rest {
            continue;
        }
        // The parser looks two words ahead before it knows a statement, and shows the first when it doesn't.
        let lost = mistake.message.starts_with("expected command") && words.first().is_some_and(repair::starts);
        let at = if lost && at == statement.start { 1 } else { at - statement.start };
        let patience = PATIENCE.get(errors.len()).copied().unwrap_or_default();
        let wrong = Wrong { text, tokens: words, at, said: &mistake.message, parse: parsed, patience };
        errors.push(said(&wrong, mistake));
    }
    (errors, ranges)
}
