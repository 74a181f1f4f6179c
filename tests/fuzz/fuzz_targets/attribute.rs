//! The arguments of `#[migration(…)]`, the modules that it stands on, and what `registry!` is given.

#![no_main]

use proc_macro2::TokenStream;
use whimbrel_grammar::{Arguments, Databases, Module, item};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(tokens) = text.parse::<TokenStream>() else { return };
    let _ = Arguments::read(tokens.clone());
    let _ = Databases::read(tokens.clone());
    for item in item::items(tokens) {
        let arguments = item.attribute("migration").and_then(|attribute| attribute.arguments());
        let _ = Module::read(arguments.unwrap_or_default(), &item);
    }
});
