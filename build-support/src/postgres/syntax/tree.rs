//! A text's tree, and what its parser says is wrong.

use super::super::ast::SyntaxNode;
use super::{Mistake, Words};
use rowan::{GreenNode, GreenToken, NodeOrToken, SyntaxKind};
use squawk_parser::{EntryPoint, LexedStr, StrStep};
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
    let (mut tree, mut mistakes) = (Tree::default(), Vec::new());
    lexed.intersperse_trivia(&output, &mut |step| match step {
        StrStep::Token { kind, text } => tree.token(SyntaxKind(kind.into()), text),
        StrStep::Enter { kind } => tree.open.push((SyntaxKind(kind.into()), tree.parts.len())),
        StrStep::Exit => tree.exit(),
        StrStep::Error { msg, pos } => mistakes.push(raw(pos..pos, msg)),
    });
    mistakes.extend(lexed.errors().map(|(range, message)| raw(range.start as usize..range.end as usize, message)));
    (SyntaxNode::new_root(tree.finish()), mistakes)
}

fn raw(range: Range<usize>, message: &str) -> Mistake {
    Mistake { words: Words::Parser, ..Mistake::at(range, message.to_owned()) }
}

/// A tree that is being built. Unlike the library's own builder it doesn't look for equal parts, which takes longer than it saves
/// and grows with the square of a chain of operators.
#[derive(Default)]
struct Tree {
    /// Nodes that aren't finished, each with its first part.
    open: Vec<(SyntaxKind, usize)>,
    parts: Vec<NodeOrToken<GreenNode, GreenToken>>,
}

impl Tree {
    fn token(&mut self, kind: SyntaxKind, text: &str) {
        self.parts.push(NodeOrToken::Token(GreenToken::new(kind, text)));
    }

    fn exit(&mut self) {
        if let Some((kind, first)) = self.open.pop() {
            let node = GreenNode::new(kind, self.parts.drain(first..));
            self.parts.push(NodeOrToken::Node(node));
        }
    }

    fn finish(mut self) -> GreenNode {
        let root = self.parts.pop().and_then(NodeOrToken::into_node);
        root.unwrap_or_else(|| GreenNode::new(SyntaxKind(squawk_parser::SyntaxKind::SOURCE_FILE.into()), []))
    }
}
