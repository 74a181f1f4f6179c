//! Relations that are named in a text: `'users'::regclass`, `nextval('numbers')`.

use super::ast::{self, AstNode, SyntaxNode};
use super::name;
use crate::statement::{Name, QualifiedName};
use squawk_parser::SyntaxKind::{ARG, ESC_STRING, LITERAL, STRING};
use std::ops::Range;

/// The functions whose first argument is such a text.
pub(super) const TAKERS: [&str; 4] = ["nextval", "currval", "setval", "pg_relation_size"];

/// Reads the relation that a text is cast to.
pub(super) fn cast(node: &SyntaxNode) -> Option<QualifiedName> {
    let cast = ast::CastExpr::cast(node.clone())?;
    let ast::Type::PathType(ty) = cast.ty()? else { return None };
    let named = name::qualified_of(ty.path())?;
    let is_own = named.schema.as_ref().is_none_or(|schema| schema.text == "pg_catalog");
    let literal = ast::part(node, LITERAL);
    literal.filter(|_| is_own && named.name.text == "regclass").and_then(|literal| of_literal(&literal))
}

/// Reads the relation that a list of arguments begins with.
pub(super) fn argument(list: &SyntaxNode) -> Option<QualifiedName> {
    let first = ast::part(list, ARG)?;
    of_literal(&first.children().next().filter(|child| child.kind() == LITERAL)?)
}

fn of_literal(node: &SyntaxNode) -> Option<QualifiedName> {
    let token = node.first_token()?;
    let text = ast::Literal::cast(node.clone())?.string_value()?;
    let whole = name::token_range(&token);
    let is_plain = token.kind() == STRING && token.text().len() == text.len() + 2;
    let place = |range: Range<usize>| match is_plain {
        true => whole.start + 1 + range.start..whole.start + 1 + range.end,
        false => whole.clone(),
    };
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if is_number || !matches!(token.kind(), STRING | ESC_STRING) {
        return None;
    }
    let mut parts = parts(&text);
    let mut next = || parts.pop().map(|(text, range)| Name { text, range: place(range) });
    let name = next().filter(|name| !name.text.is_empty())?;
    Some(QualifiedName { schema: next(), name })
}

/// Takes a dotted name apart as `regclass` does: folded unless quoted.
fn parts(text: &str) -> Vec<(String, Range<usize>)> {
    let mut parts = vec![(String::new(), 0..0)];
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        let Some((part, range)) = parts.last_mut() else { break };
        match c {
            '.' if !quoted => {
                parts.push((String::new(), at + 1..at + 1));
                continue;
            }
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => continue,
            c if quoted => part.push(c),
            c => part.push(c.to_ascii_lowercase()),
        }
        if range.start == range.end {
            range.start = at;
        }
        range.end = at + c.len_utf8();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_unless_quoted() {
        let read = |text: &str| {
            parts(text).into_iter().map(|(part, range)| (part, text[range].to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(read("Users"), [("users".to_owned(), "Users".to_owned())]);
        assert_eq!(
            read(" app.\"A.b\" "),
            [("app".to_owned(), "app".to_owned()), ("A.b".to_owned(), "\"A.b\"".to_owned())]
        );
    }
}
