//! A single name as the server understands it.

use super::SyntaxNode;
use super::text::{self, Text};
use squawk_parser::SyntaxKind::{GROUP_KW, ROLE_REF, UESCAPE_KW};

/// Reads a name: folded unless it is quoted.
pub(in crate::postgres) fn word(node: &SyntaxNode) -> String {
    let words = node.children_with_tokens().filter_map(|element| element.into_token());
    let mut words = words.filter(|word| !word.kind().is_trivia()).peekable();
    // A role could once be said with `GROUP` before it.
    if node.kind() == ROLE_REF {
        words.next_if(|word| word.kind() == GROUP_KW);
    }
    let Some(first) = words.next() else { return String::new() };
    let written = first.text();
    let escaped = written.strip_prefix(['u', 'U']).and_then(|rest| rest.strip_prefix('&'));
    let Some(inside) = escaped.unwrap_or(written).strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return written.to_ascii_lowercase();
    };
    let name = inside.replace("\"\"", "\"");
    if escaped.is_none() {
        return name;
    }
    let other = words.next_if(|word| word.kind() == UESCAPE_KW).and_then(|_| words.next());
    let escape = other.and_then(|word| text::escape_of(word.text())).unwrap_or('\\');
    let (mut plain, mut read) = (Text::at(0), Text::at(0));
    plain.push_str(&name, 0);
    text::read_unicode(&plain, escape, &mut read);
    read.into_text()
}
