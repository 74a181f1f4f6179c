//! The checksum of a migration that is written in Rust.
//!
//! The SHA-256 of its tokens, each followed by the byte 0x1F. Not counted: white space and comments, doc comments,
//! a comma before a closing delimiter, how punctuation is spaced, and the items that have checksums of their own.
//! The names in `use` items are counted in sorted order, for rustfmt sorts them. `TokenStream`'s own text is never
//! used: it differs between compilers.

use crate::sql::checksum::Hasher;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use whimbrel_grammar::item::{Item, Kind};

/// Computes the checksum of the items that `counts` admits; `options` are hashed first.
pub(crate) fn checksum(items: &[Item], options: &[&str], counts: impl Fn(&Item) -> bool) -> String {
    let mut hasher = Hasher::new(options);
    let mut imported = Vec::new();
    for item in items.iter().filter(|item| counts(item)) {
        match item.kind {
            Kind::Use => names(&item.tokens, &mut imported),
            _ => walk(&without_docs(&item.tokens), &mut hasher),
        }
    }
    imported.sort();
    for name in &imported {
        hasher.token(name);
    }
    hasher.finish()
}

fn walk(tokens: &[TokenTree], hasher: &mut Hasher) {
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                hasher.token(open);
                walk(&without_docs(&inside), hasher);
                hasher.token(close);
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' && index + 1 == tokens.len() => {}
            TokenTree::Punct(punct) => hasher.token(punct.as_char().encode_utf8(&mut [0; 4])),
            TokenTree::Ident(ident) => hasher.token(&ident.to_string()),
            TokenTree::Literal(literal) => hasher.token(&literal.to_string().replace("\r\n", "\n")),
        }
    }
}

/// Drops `#[doc = "…"]`, which is what a doc comment is read as.
fn without_docs(tokens: &[TokenTree]) -> Vec<TokenTree> {
    let mut kept: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if is_doc(token) && kept.last().is_some_and(is_hash) {
            kept.pop();
            continue;
        }
        if is_doc(token) && kept.len() > 1 && is_bang(&kept[kept.len() - 1]) && is_hash(&kept[kept.len() - 2]) {
            kept.truncate(kept.len() - 2);
            continue;
        }
        kept.push(token.clone());
    }
    kept
}

fn is_hash(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}

fn is_bang(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!')
}

fn is_doc(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

fn names(tokens: &[TokenTree], found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => names(&group.stream().into_iter().collect::<Vec<_>>(), found),
            TokenTree::Ident(name) => found.push(name.to_string()),
            TokenTree::Punct(star) if star.as_char() == '*' => found.push("*".to_owned()),
            _ => {}
        }
    }
}

/// Reads a file's tokens; `None` where they are no Rust, which rustc itself reports.
pub(crate) fn read(text: &str) -> Option<TokenStream> {
    text.trim_start_matches('\u{feff}').parse().ok()
}
