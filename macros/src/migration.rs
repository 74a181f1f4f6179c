//! `#[migration]`: the shape of one module, and a door to its functions for the registry.
//!
//! ```text
//! #[migration]                                  pub mod m0001_init {
//! pub mod m0001_init {                              const UP: &str = "…";
//!     const UP: &str = "…";               =>        async fn down(step: &mut SqliteStep) -> Result<()> { … }
//!     async fn down(step: &mut SqliteStep)          const _: &str = UP;
//!         -> Result<()> { … }                       pub fn __down<'a>(step: &'a mut SqliteStep)
//! }                                                     -> BoxFuture<'a, Result<()>> { Box::pin(down(step)) }
//!                                               }
//! ```

use crate::{compile_error, found};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use whimbrel_grammar::item::{self, Item, Kind};
use whimbrel_grammar::module::{Body, Part};
use whimbrel_grammar::{Mistake, Module};

/// Expands the attribute: the author's module stays, with doors into it or with the errors beside it.
pub(crate) fn expand(arguments: TokenStream, module: TokenStream) -> TokenStream {
    let items = item::items(module.clone());
    let read = match items.as_slice() {
        [item] => Module::read(arguments, item).map(|read| (read, item)),
        _ => Err(Mistake::new(Span::call_site(), "`#[migration]` stands on a module")),
    };
    match read {
        Ok((read, item)) if read.mistakes.is_empty() => {
            let unseen = compile_error::all(found::unseen(&read).as_slice());
            let module = with_doors(item, &read);
            quote! { #module #unseen }
        }
        Ok((read, _)) => beside(module, &read.mistakes),
        Err(mistake) => beside(module, &[mistake]),
    }
}

fn beside(module: TokenStream, mistakes: &[Mistake<Span>]) -> TokenStream {
    let errors = compile_error::all(mistakes);
    quote! { #module #errors }
}

/// Gives the author's module with the doors behind its last item, or behind the last one of each database's module.
fn with_doors(item: &Item, module: &Module) -> TokenStream {
    let mut tokens = item.tokens.clone();
    for contents in &module.bodies {
        let parts = [&contents.up, &contents.down, &contents.verify, &contents.require];
        let doors: TokenStream = parts.into_iter().flatten().map(door).collect();
        match &contents.inner {
            None => behind(&mut tokens, doors),
            Some(inner) => within(&mut tokens, |inside| match &inside.kind {
                Kind::Module { name, body: Some(_) } if *name == inner.name => {
                    behind(&mut inside.tokens, doors.clone());
                }
                _ => {}
            }),
        }
    }
    let module: TokenStream = tokens.into_iter().map(TokenTree::into_token_stream).collect();
    // One migration in a file of its own is named as its file is.
    quote! { #[allow(clippy::module_inception)] #module }
}

/// Puts tokens behind the last item of a module.
fn behind(module: &mut Vec<TokenTree>, more: TokenStream) {
    change(module, |inside| quote! { #inside #more });
}

/// Changes the items of a module.
fn within(module: &mut Vec<TokenTree>, mut each: impl FnMut(&mut Item)) {
    change(module, |inside| {
        let mut items = item::items(inside);
        items.iter_mut().for_each(&mut each);
        items.into_iter().flat_map(|item| item.tokens).collect()
    });
}

fn change(module: &mut Vec<TokenTree>, with: impl FnOnce(TokenStream) -> TokenStream) {
    if let Some(TokenTree::Group(body)) = module.pop() {
        let mut group = Group::new(Delimiter::Brace, with(body.stream()));
        group.set_span(body.span());
        module.push(group.into());
    }
}

/// Makes a function reachable from the registry, whatever its own visibility is. A script's text is in the listing, and
/// only its type is checked here, and that nobody calls it unused.
fn door(part: &Part) -> TokenStream {
    let name = &part.name;
    match &part.body {
        Body::Script(_) => quote! { const _: &str = #name; },
        Body::Function { step, .. } => {
            let door = format_ident!("__{}", name);
            let step: TokenStream = step.iter().cloned().collect();
            let value = if name == "up" || name == "down" { quote!(()) } else { quote!(bool) };
            let argument = Ident::new("step", name.span());
            // With the place of the author's name, so that a wrong return type or a future that isn't `Send` is shown there.
            let call = quote_spanned!(name.span()=> ::std::boxed::Box::pin(#name(#argument)));
            quote! {
                #[doc(hidden)]
                #[allow(unreachable_pub, clippy::all, clippy::pedantic)]
                pub fn #door<'a>(#argument: &'a mut #step) -> ::whimbrel::__private::BoxFuture<'a, ::whimbrel::Result<#value>> {
                    #call
                }
            }
        }
    }
}
