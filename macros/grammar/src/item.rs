//! The items of a module, told apart by their first tokens: enough to find constants, functions and modules.
//!
//! rustc alone decides what an item means; what is not recognised here is passed over.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};

/// One item of a module.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its attributes: the tokens between the brackets.
    pub attributes: Vec<Attribute>,
    /// Whether it begins with `pub`.
    pub public: bool,
    /// What it is.
    pub kind: Kind,
    /// All its tokens, attributes included.
    pub tokens: Vec<TokenTree>,
}

/// What stands between the brackets of `#[…]`.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The path's segments: `whimbrel`, `migration`.
    pub path: Vec<Ident>,
    /// What follows the path.
    pub rest: Vec<TokenTree>,
}

/// What an item is, as far as it matters here.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `const NAME: ty = value;`
    Const {
        /// The constant's name.
        name: Ident,
        /// The tokens of its type.
        ty: Vec<TokenTree>,
        /// The tokens of its value.
        value: Vec<TokenTree>,
    },
    /// `fn name(inputs) -> output {…}`
    Function {
        /// The function's name.
        name: Ident,
        /// Whether it is `async`.
        is_async: bool,
        /// The tokens between its parentheses.
        inputs: Vec<TokenTree>,
        /// The tokens of its return type; empty where it has none.
        output: Vec<TokenTree>,
    },
    /// `mod name;` or `mod name {…}`
    Module {
        /// The module's name.
        name: Ident,
        /// What stands between its braces; `None` for `mod name;`.
        body: Option<TokenStream>,
    },
    /// `use …;`
    Use,
    /// `path!(…)`, `path! {…}`
    Macro {
        /// The path's last segment.
        name: Ident,
        /// The tokens between the delimiters.
        body: TokenStream,
    },
    /// Anything else.
    Other,
}

impl Item {
    /// Gives the item's name, where it has one that matters here.
    pub fn name(&self) -> Option<&Ident> {
        match &self.kind {
            Kind::Const { name, .. } | Kind::Function { name, .. } | Kind::Module { name, .. } => Some(name),
            Kind::Use | Kind::Macro { .. } | Kind::Other => None,
        }
    }

    /// Finds the attribute whose path ends with a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.path.last().is_some_and(|last| last == name))
    }

    /// Gives the doc comment's lines, each without the space it begins with.
    pub fn doc(&self) -> Vec<String> {
        let docs = self.attributes.iter().filter(|a| a.path.len() == 1 && a.path[0] == "doc");
        docs.filter_map(|a| match a.rest.as_slice() {
            [TokenTree::Punct(eq), TokenTree::Literal(text)] if eq.as_char() == '=' => cooked(text),
            _ => None,
        })
        .flat_map(|text| text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()).collect::<Vec<_>>())
        .collect()
    }
}

impl Attribute {
    /// Gives the tokens between the parentheses of `name(…)`; `None` where there are none.
    pub fn arguments(&self) -> Option<TokenStream> {
        match self.rest.as_slice() {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
            _ => None,
        }
    }

    /// Gives the text of `name = "…"`.
    pub fn value(&self) -> Option<String> {
        match self.rest.as_slice() {
            [TokenTree::Punct(eq), TokenTree::Literal(text)] if eq.as_char() == '=' => cooked(text),
            _ => None,
        }
    }

    /// Gives the place of the attribute's path.
    pub fn span(&self) -> Span {
        self.path.first().map_or_else(Span::call_site, Ident::span)
    }
}

/// Gives the value of a string literal; `None` for any other literal.
pub fn cooked(literal: &Literal) -> Option<String> {
    syn::parse2::<syn::LitStr>(TokenTree::Literal(literal.clone()).into()).ok().map(|text| text.value())
}

/// Reads the items of a module's body or of a file.
pub fn items(stream: TokenStream) -> Vec<Item> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    let mut items = Vec::new();
    while at < tokens.len() {
        let start = at;
        let (attributes, after) = attributes(&tokens, at);
        let (public, after) = visibility(&tokens, after);
        let (kind, end) = kind(&tokens, after);
        at = end.max(start + 1);
        items.push(Item { attributes, public, kind, tokens: tokens[start..at.min(tokens.len())].to_vec() });
    }
    items
}

fn attributes(tokens: &[TokenTree], mut at: usize) -> (Vec<Attribute>, usize) {
    let mut found = Vec::new();
    loop {
        let inner = usize::from(is_punct(tokens.get(at + 1), '!'));
        match (tokens.get(at), tokens.get(at + 1 + inner)) {
            (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(group)))
                if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                found.push(attribute(group.stream()));
                at += 2 + inner;
            }
            _ => return (found, at),
        }
    }
}

fn attribute(stream: TokenStream) -> Attribute {
    let mut tokens = stream.into_iter().peekable();
    let mut path = Vec::new();
    while let Some(token) = tokens.next_if(|t| matches!(t, TokenTree::Ident(_)) || is_punct(Some(t), ':')) {
        if let TokenTree::Ident(segment) = token {
            path.push(segment);
        }
    }
    Attribute { path, rest: tokens.collect() }
}

fn visibility(tokens: &[TokenTree], at: usize) -> (bool, usize) {
    if !is_ident(tokens.get(at), "pub") {
        return (false, at);
    }
    match tokens.get(at + 1) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => (true, at + 2),
        _ => (true, at + 1),
    }
}

/// Tells what the item at `at` is, and the index behind it.
fn kind(tokens: &[TokenTree], at: usize) -> (Kind, usize) {
    let Some(TokenTree::Ident(keyword)) = tokens.get(at) else {
        return (Kind::Other, end_of_block(tokens, at));
    };
    match keyword.to_string().as_str() {
        "mod" => module(tokens, at),
        "use" | "static" | "type" => {
            (if keyword == "use" { Kind::Use } else { Kind::Other }, end_of_statement(tokens, at))
        }
        "const" if !is_ident(tokens.get(at + 1), "fn") && !function_follows(tokens, at + 1) => constant(tokens, at),
        "const" | "async" | "unsafe" | "extern" | "fn" if function_follows(tokens, at) => function(tokens, at),
        _ => macro_call(tokens, at).unwrap_or_else(|| (Kind::Other, end_of_block(tokens, at))),
    }
}

fn function_follows(tokens: &[TokenTree], at: usize) -> bool {
    let qualifier = |t: &&TokenTree| match t {
        TokenTree::Ident(i) => ["const", "async", "unsafe", "extern", "safe"].iter().any(|word| i == word),
        TokenTree::Literal(_) => true,
        _ => false,
    };
    is_ident(tokens.get(at..).unwrap_or_default().iter().find(|t| !qualifier(t)), "fn")
}

fn module(tokens: &[TokenTree], at: usize) -> (Kind, usize) {
    match (tokens.get(at + 1), tokens.get(at + 2)) {
        (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) if body.delimiter() == Delimiter::Brace => {
            (Kind::Module { name: name.clone(), body: Some(body.stream()) }, at + 3)
        }
        (Some(TokenTree::Ident(name)), _) => {
            (Kind::Module { name: name.clone(), body: None }, end_of_statement(tokens, at))
        }
        _ => (Kind::Other, end_of_block(tokens, at)),
    }
}

fn constant(tokens: &[TokenTree], at: usize) -> (Kind, usize) {
    let end = end_of_statement(tokens, at);
    let body = tokens.get(at + 1..end).unwrap_or_default();
    let equals = body.iter().position(|t| is_punct(Some(t), '='));
    match (body.first(), equals) {
        (Some(TokenTree::Ident(name)), Some(equals)) if is_punct(body.get(1), ':') => {
            let value = body[equals + 1..].iter().filter(|t| !is_punct(Some(t), ';')).cloned().collect();
            (Kind::Const { name: name.clone(), ty: body.get(2..equals).unwrap_or_default().to_vec(), value }, end)
        }
        _ => (Kind::Other, end),
    }
}

fn function(tokens: &[TokenTree], at: usize) -> (Kind, usize) {
    let end = end_of_block(tokens, at);
    let body = &tokens[at..end.min(tokens.len())];
    let Some(keyword) = body.iter().position(|t| is_ident(Some(t), "fn")) else { return (Kind::Other, end) };
    let inputs = body.iter().enumerate().skip(keyword).find_map(|(index, token)| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some((index, group.stream())),
        _ => None,
    });
    match (body.get(keyword + 1), inputs) {
        (Some(TokenTree::Ident(name)), Some((index, inputs))) => {
            let rest = &body[index + 1..];
            let arrow = is_punct(rest.first(), '-') && is_punct(rest.get(1), '>');
            let stop = |t: &&TokenTree| !is_ident(Some(t), "where") && !is_brace(t);
            let output = rest.iter().skip(2).take_while(stop).filter(|_| arrow).cloned().collect();
            let is_async = body[..keyword].iter().any(|t| is_ident(Some(t), "async"));
            (Kind::Function { name: name.clone(), is_async, inputs: inputs.into_iter().collect(), output }, end)
        }
        _ => (Kind::Other, end),
    }
}

fn macro_call(tokens: &[TokenTree], at: usize) -> Option<(Kind, usize)> {
    let path = tokens[at..].iter().take_while(|t| matches!(t, TokenTree::Ident(_)) || is_punct(Some(t), ':')).count();
    let (Some(TokenTree::Ident(name)), true) = (tokens.get(at + path - 1), is_punct(tokens.get(at + path), '!')) else {
        return None;
    };
    let Some(TokenTree::Group(body)) = tokens.get(at + path + 1) else { return None };
    let semicolon = usize::from(is_punct(tokens.get(at + path + 2), ';'));
    Some((Kind::Macro { name: name.clone(), body: body.stream() }, at + path + 2 + semicolon))
}

fn end_of_statement(tokens: &[TokenTree], at: usize) -> usize {
    let rest = tokens.get(at..).unwrap_or_default();
    rest.iter().position(|t| is_punct(Some(t), ';')).map_or(tokens.len(), |found| at + found + 1)
}

fn end_of_block(tokens: &[TokenTree], at: usize) -> usize {
    let rest = tokens.get(at..).unwrap_or_default();
    rest.iter().position(|t| is_punct(Some(t), ';') || is_brace(t)).map_or(tokens.len(), |found| at + found + 1)
}

fn is_brace(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

pub(crate) fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

pub(crate) fn is_ident(token: Option<&TokenTree>, wanted: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == wanted)
}
