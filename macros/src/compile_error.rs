//! Mistakes as errors of the compiler, each at its own token.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use whimbrel_grammar::Mistake;

/// Gives a `compile_error!` for each mistake; the help follows the message on a line of its own.
pub(crate) fn all(mistakes: &[Mistake<Span>]) -> TokenStream {
    mistakes.iter().map(one).collect()
}

fn one(mistake: &Mistake<Span>) -> TokenStream {
    let text = match &mistake.help {
        Some(help) => format!("{}\nhelp: {help}", mistake.message),
        None => mistake.message.clone(),
    };
    quote_spanned!(mistake.place=> ::core::compile_error! { #text })
}
