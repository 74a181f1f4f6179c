//! Code inside a script: `DO` blocks and the bodies of functions in SQL.

mod asked;
mod caught;
mod dynamic;
mod effects;
mod flow;
mod guard;
mod into;
mod routine;
#[cfg(test)]
mod tests;

pub(super) use effects::effects;
pub(super) use routine::{body_of_function, body_of_procedure, language};

use super::ast::{self, AstNode, SyntaxNode, Text};
use super::name::range;
use super::syntax;
use crate::statement::{Act, ActKind, Condition, Moved};
use flow::Flow;
use squawk_parser::SyntaxKind::{ERROR, PLPGSQL_BLOCK, PLPGSQL_BODY};
use std::ops::Range;

/// Reads what a `DO` block does.
pub(super) fn lower(block: &ast::Do) -> Vec<Act> {
    read(block).unwrap_or_else(|| vec![opaque(range(block.syntax()), "a block of code")])
}

fn read(block: &ast::Do) -> Option<Vec<Act>> {
    let language = block.language().map(|language| language.language());
    if language.is_some_and(|language| language.as_deref() != Some("plpgsql")) {
        return None;
    }
    let text = block.body()?.decoded()?;
    let (tree, mistakes) = syntax::block(text.text());
    // What isn't a statement to the grammar is looked at again; a mistake anywhere else is one.
    let is_astray =
        |node: &SyntaxNode| node.kind() == ERROR && node.parent().is_some_and(|parent| parent.kind() == PLPGSQL_BODY);
    if !mistakes.is_empty() {
        let astray: Vec<_> = tree.descendants().filter(is_astray).map(|node| range(&node)).collect();
        if !mistakes.iter().all(|at| astray.iter().any(|range| range.contains(at))) {
            return None;
        }
    }
    let mut flow = Flow::default();
    flow.block(&ast::part(&tree, PLPGSQL_BLOCK)?);
    let mut acts = flow.acts;
    acts.moved(&|range| placed(&text, range));
    Some(acts)
}

/// Finds where bytes of a text stand in the script that has it in quotes.
fn placed(text: &Text, range: Range<usize>) -> Range<usize> {
    text.place(range.start)..text.place(range.end)
}

fn opaque(range: Range<usize>, reason: &'static str) -> Act {
    let kind = ActKind::Opaque { reason, names: Vec::new() };
    Act { range, branch: None, condition: Condition::Always, kind }
}
