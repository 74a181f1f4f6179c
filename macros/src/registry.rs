//! `registry!`: what the build script wrote, with what it found.

use crate::{compile_error, found, report};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::path::PathBuf;
use whimbrel_grammar::{Databases, Mistake};

/// Expands `registry! { … }`.
pub(crate) fn expand(databases: TokenStream) -> TokenStream {
    let (_, mistakes) = Databases::read(databases);
    let errors = compile_error::all(&mistakes);
    match written() {
        Ok(folder) => {
            let found = report::show(&folder);
            quote! {
                #errors
                #found
                include!(concat!(env!("OUT_DIR"), "/whimbrel/registry.rs"));
            }
        }
        Err(mistake) => {
            let missing = compile_error::all(&[mistake]);
            quote! { #errors #missing #[allow(missing_docs)] pub static MIGRATIONS: ::whimbrel::Registry = ::whimbrel::Registry::EMPTY; }
        }
    }
}

/// Finds the folder that the build script wrote.
fn written() -> Result<PathBuf, Mistake<Span>> {
    let help = "write a file `build.rs` beside `Cargo.toml`:\n\n\
                    fn main() {\n    whimbrel_build::check(\"src/migrations\");\n}\n\n\
                and in `Cargo.toml`:\n\n\
                    [build-dependencies]\nwhimbrel-build = \"0.1\"\n";
    let folder = found::folder().ok_or_else(|| {
        Mistake::new(Span::call_site(), "the migrations are not checked: this package has no build script").help(help)
    })?;
    if folder.join("registry.rs").is_file() {
        return Ok(folder);
    }
    Err(Mistake::new(
        Span::call_site(),
        "the migrations are not checked: the build script does not call `whimbrel_build::check`",
    )
    .help(help))
}
