//! Names as the server understands them.

use super::ast::{self, AstNode, SyntaxNode, SyntaxToken};
use crate::statement::{Name, QualifiedName};
use squawk_parser::SyntaxKind::{DOT, PATH, PATH_REF, PATH_SEGMENT, PATH_SEGMENT_REF};
use squawk_parser::is_reserved_keyword;
use std::ops::Range;

/// The bytes of a name that the server keeps.
const LIMIT: usize = 63;

/// Gives a node's bytes.
pub(super) fn range(node: &SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    range.start().into()..range.end().into()
}

/// Gives a token's bytes.
pub(super) fn token_range(token: &SyntaxToken) -> Range<usize> {
    let range = token.text_range();
    range.start().into()..range.end().into()
}

/// Reads a single name.
pub(super) fn name(node: &SyntaxNode) -> Option<Name> {
    let mut text = ast::word(node);
    truncate(&mut text);
    (!text.is_empty()).then(|| Name { text, range: range(node) })
}

/// Reads a name that may say its schema. A database before it is left out: it can only be the one at hand.
pub(super) fn qualified(node: &SyntaxNode) -> Option<QualifiedName> {
    let mut parts = parts(node);
    let name = parts.pop()?;
    Some(QualifiedName { schema: parts.pop(), name })
}

/// Reads the parts of a dotted name.
pub(super) fn parts(node: &SyntaxNode) -> Vec<Name> {
    let is_path = |node: &SyntaxNode| matches!(node.kind(), PATH | PATH_REF);
    let path = if is_path(node) { Some(node.clone()) } else { node.children().find(is_path) };
    let Some(path) = path else { return name(node).into_iter().collect() };
    let is_segment = |node: &SyntaxNode| matches!(node.kind(), PATH_SEGMENT | PATH_SEGMENT_REF);
    path.descendants().filter(is_segment).filter_map(|segment| name(&segment)).collect()
}

/// Reads whatever may be a name among the words of a text.
pub(super) fn any(tokens: impl Iterator<Item = SyntaxToken>) -> Vec<QualifiedName> {
    let mut names: Vec<QualifiedName> = Vec::new();
    let mut dotted = false;
    for token in tokens {
        if token.kind() == DOT {
            dotted = true;
            continue;
        }
        let text = token.text();
        let plain = text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !is_reserved_keyword(token.kind());
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = match quoted {
            Some(text) => text.replace("\"\"", "\""),
            None if plain => text.to_ascii_lowercase(),
            None => {
                dotted = false;
                continue;
            }
        };
        let name = Name { text, range: token_range(&token) };
        let schema = names.last().filter(|_| dotted).map(|before| before.name.clone());
        names.push(QualifiedName { schema, name });
        dotted = false;
    }
    names
}

/// Reads a single name, where there is one.
pub(super) fn name_of(node: Option<SyntaxNode>) -> Option<Name> {
    name(&node?)
}

/// Reads a name that may say its schema, where there is one.
pub(super) fn qualified_of(node: Option<SyntaxNode>) -> Option<QualifiedName> {
    qualified(&node?)
}

/// Reads a list of single names.
pub(super) fn names(nodes: impl Iterator<Item = SyntaxNode>) -> Vec<Name> {
    nodes.filter_map(|node| name(&node)).collect()
}

/// Reads a list of names that may say their schemas.
pub(super) fn qualified_names(nodes: impl Iterator<Item = SyntaxNode>) -> Vec<QualifiedName> {
    nodes.filter_map(|node| qualified(&node)).collect()
}

fn truncate(text: &mut String) {
    if text.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
}

/// Reads a column that its table is said with.
pub(super) fn column(node: &SyntaxNode) -> Option<(QualifiedName, Name)> {
    let mut parts = parts(node);
    let (column, name) = (parts.pop()?, parts.pop()?);
    Some((QualifiedName { schema: parts.pop(), name }, column))
}

/// Reads a string as a name: an enum's value.
pub(super) fn literal(literal: &ast::Literal) -> Option<Name> {
    Some(Name { text: literal.string_value()?, range: range(literal.syntax()) })
}
