//! A text's tree, and what its parser says is wrong.

use super::Mistake;
use rowan::{GreenNodeBuilder, SyntaxKind};
use squawk_parser::{EntryPoint, LexedStr, StrStep};
use squawk_syntax::SyntaxNode;
use std::ops::Range;

/// Reads a script.
pub(super) fn script(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    build(text, EntryPoint::SourceFile)
}

/// Reads the body of a function in PL/pgSQL.
pub(super) fn block(text: &str) -> (SyntaxNode, Vec<Mistake>) {
    build(text, EntryPoint::Plpgsql)
}

fn build(text: &str, entry: EntryPoint) -> (SyntaxNode, Vec<Mistake>) {
    let lexed = LexedStr::new(text);
    let output = entry.parse(&lexed.to_input());
    let mut builder = GreenNodeBuilder::new();
    let mut mistakes = Vec::new();
    lexed.intersperse_trivia(&output, &mut |step| match step {
        StrStep::Token { kind, text } => builder.token(SyntaxKind(kind.into()), text),
        StrStep::Enter { kind } => builder.start_node(SyntaxKind(kind.into())),
        StrStep::Exit => builder.finish_node(),
        StrStep::Error { msg, pos } => mistakes.push(raw(pos..pos, msg)),
    });
    mistakes.extend(lexed.errors().map(|(range, message)| raw(range.start as usize..range.end as usize, message)));
    (SyntaxNode::new_root(builder.finish()), mistakes)
}

fn raw(range: Range<usize>, message: &str) -> Mistake {
    Mistake { raw: true, ..Mistake::at(range, message.to_owned()) }
}
