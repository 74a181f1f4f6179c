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
pub(super) use routine::{body_of_function, body_of_procedure};

use super::name::range;
use crate::statement::{Act, ActKind, Condition, Moved};
use flow::Flow;
use squawk_syntax::SyntaxKind::{ERROR, PLPGSQL_BODY};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::decoded_text::DecodedText;
use std::ops::Range;

/// Reads what a `DO` block does.
pub(super) fn lower(block: &ast::Do) -> Vec<Act> {
    read(block).unwrap_or_else(|| vec![opaque(range(block.syntax()), "a block of code")])
}

fn read(block: &ast::Do) -> Option<Vec<Act>> {
    let body = block.plpgsql()?;
    let tree = body.tree();
    let text = block.body()?.decoded_value()?;
    // What isn't a statement to the grammar is looked at again; a mistake anywhere else is one.
    let is_astray =
        |node: &SyntaxNode| node.kind() == ERROR && node.parent().is_some_and(|parent| parent.kind() == PLPGSQL_BODY);
    let errors = body.errors();
    if !errors.is_empty() {
        let astray = tree.syntax().descendants().filter(is_astray).map(|node| placed(&text, range(&node)));
        let astray: Vec<_> = astray.collect();
        let is_inside = |at: usize| astray.iter().any(|range| range.contains(&at));
        if !errors.iter().all(|error| is_inside(error.range().start().into())) {
            return None;
        }
    }
    let mut flow = Flow::default();
    flow.block(tree.block()?.syntax());
    let mut acts = flow.acts;
    acts.moved(&|range| placed(&text, range));
    Some(acts)
}

/// Finds where bytes of a text stand in the script that has it in quotes.
fn placed(text: &DecodedText, range: Range<usize>) -> Range<usize> {
    let place = |at: usize| u32::try_from(at).map_or(0, |at| text.source_pos(at.into()).into());
    place(range.start)..place(range.end)
}

fn opaque(range: Range<usize>, reason: &'static str) -> Act {
    let kind = ActKind::Opaque { reason, names: Vec::new() };
    Act { range, branch: None, condition: Condition::Always, kind }
}
