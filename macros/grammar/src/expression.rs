//! What a script may be written as: a literal, `include_str!("…")`, or `concat!` of these.

use crate::item::{cooked, is_punct};
use crate::mistake::Mistake;
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};

/// A script as it is written; the build script alone knows the files that it names.
#[derive(Debug, Clone)]
pub enum Expression {
    /// A string literal; in `concat!` any literal.
    Literal(Literal),
    /// `include_str!(path)`.
    Include(Box<Expression>),
    /// `concat!(a, b, …)`.
    Concat(Vec<Expression>),
    /// `env!("CARGO_MANIFEST_DIR")`, the only variable that means the same to rustc and to the build script.
    ManifestDir,
}

impl Expression {
    /// Reads the expression in a constant's value.
    ///
    /// # Errors
    /// The first token that is none of these.
    pub fn read(tokens: &[TokenTree]) -> Result<Expression, Mistake<Span>> {
        let tokens = ungrouped(tokens);
        match tokens.as_slice() {
            [TokenTree::Literal(literal)] if cooked(literal).is_some() => Ok(Expression::Literal(literal.clone())),
            [path @ .., TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(arguments)]
                if bang.as_char() == '!'
                    && path.iter().all(|t| matches!(t, TokenTree::Ident(_)) || is_punct(Some(t), ':')) =>
            {
                call(name, arguments.stream())
            }
            _ => Err(not_a_script(tokens.first().map_or_else(Span::call_site, TokenTree::span))),
        }
    }
}

fn call(name: &Ident, arguments: TokenStream) -> Result<Expression, Mistake<Span>> {
    let parts: Vec<Vec<TokenTree>> = split_commas(arguments);
    match (name.to_string().as_str(), parts.as_slice()) {
        ("include_str", [path]) => Expression::read(path).map(|path| Expression::Include(Box::new(path))),
        ("concat", parts) => parts.iter().map(|part| element(part)).collect::<Result<_, _>>().map(Expression::Concat),
        ("env", [variable]) => match variable.as_slice() {
            [TokenTree::Literal(text)] if cooked(text).as_deref() == Some("CARGO_MANIFEST_DIR") => {
                Ok(Expression::ManifestDir)
            }
            _ => Err(Mistake::new(name.span(), "a script may ask for no other variable than `CARGO_MANIFEST_DIR`")),
        },
        _ => Err(not_a_script(name.span())),
    }
}

/// Reads one argument of `concat!`, where numbers and characters may stand too.
fn element(tokens: &[TokenTree]) -> Result<Expression, Mistake<Span>> {
    match ungrouped(tokens).as_slice() {
        [TokenTree::Literal(literal)] if !literal.to_string().starts_with('b') => {
            Ok(Expression::Literal(literal.clone()))
        }
        tokens => Expression::read(tokens),
    }
}

fn not_a_script(place: Span) -> Mistake<Span> {
    Mistake::new(place, "a script has to be text that the build script can read")
        .help("write a string literal, `include_str!(\"….sql\")`, or `concat!(…)` of these")
}

/// Takes off the invisible groups that a `macro_rules!` leaves around its arguments.
fn ungrouped(tokens: &[TokenTree]) -> Vec<TokenTree> {
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            ungrouped(&group.stream().into_iter().collect::<Vec<_>>())
        }
        _ => tokens.to_vec(),
    }
}

/// Splits tokens at their commas; a trailing comma makes no empty part.
pub(crate) fn split_commas(stream: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in stream {
        match parts.last_mut() {
            Some(part) if !is_punct(Some(&token), ',') => part.push(token),
            _ => parts.push(Vec::new()),
        }
    }
    if parts.last().is_some_and(Vec::is_empty) {
        parts.pop();
    }
    parts
}
