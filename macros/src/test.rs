//! `#[whimbrel::test]`: an `async` test with a migrated database of its own.

use crate::compile_error;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use whimbrel_grammar::Mistake;
use whimbrel_grammar::item::{self, Kind};

/// Expands the attribute: the function becomes the body of an ordinary test.
pub(crate) fn expand(arguments: TokenStream, function: TokenStream) -> TokenStream {
    let items = item::items(function.clone());
    let item = match items.as_slice() {
        [item] => item,
        _ => return compile_error::all(&[misplaced(Span::call_site())]),
    };
    let Kind::Function { name, is_async, inputs, .. } = &item.kind else {
        return compile_error::all(&[misplaced(Span::call_site())]);
    };
    if !is_async {
        return compile_error::all(&[Mistake::new(name.span(), "a test with a database has to be an `async fn`")]);
    }
    if inputs.is_empty() {
        return compile_error::all(&[Mistake::new(name.span(), "the test asks for no database")
            .help("give it a parameter, for instance `database: whimbrel::testing::TestDatabase`")]);
    }
    let registry = if arguments.is_empty() { quote!(crate::migrations::MIGRATIONS) } else { arguments };
    // Attributes such as `#[should_panic]` and `#[ignore]` belong to the outer function, the one that is the test.
    let split = item.tokens.iter().position(|token| matches!(token, TokenTree::Ident(_))).unwrap_or(0);
    let (attributes, inner) = item.tokens.split_at(split);
    let (attributes, inner) = (tokens(attributes), tokens(inner));
    quote! {
        #attributes
        #[::core::prelude::v1::test]
        fn #name() {
            #inner
            ::whimbrel::testing::run(&#registry, concat!(module_path!(), "::", stringify!(#name)), #name)
        }
    }
}

fn tokens(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().map(ToTokens::to_token_stream).collect()
}

fn misplaced(place: Span) -> Mistake<Span> {
    Mistake::new(place, "`#[whimbrel::test]` stands on an `async fn`")
}
