//! What the build script has found, in `$OUT_DIR/whimbrel`.

use proc_macro2::Span;
use std::path::{Path, PathBuf};
use whimbrel_grammar::{Mistake, Module};

/// Gives the folder that the build script writes to; `None` where the package has no build script.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os("OUT_DIR").map(|out| Path::new(&out).join("whimbrel"))
}

/// States that the build script did not find a module that the compiler did: behind another name of the attribute, or
/// written by a macro. The registry would be without it, and nobody would know.
pub(crate) fn unseen(module: &Module) -> Option<Mistake<Span>> {
    let modules = std::fs::read_to_string(folder()?.join("modules")).ok()?;
    let name = module.name.to_string();
    if modules.lines().any(|module| module == name) {
        return None;
    }
    Some(
        Mistake::new(module.name.span(), format!("the build script did not find `{name}`, so it would never run"))
            .help("write `#[migration]`, or `#[whimbrel::migration]`, and the module itself in a file of the migrations' folder, not by a macro"),
    )
}
