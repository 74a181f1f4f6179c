//! Shows what the build script found, as rustc shows its own errors.
//!
//! Cargo takes a line on rustc's standard error that is a diagnostic in rustc's JSON for one of rustc's own: it is
//! drawn, counted, cached and replayed. A macro runs inside rustc, so printing such lines is enough. That is not a
//! documented interface; so an error is always accompanied by one `compile_error!`, and where rustc was not asked
//! for JSON the plain text is printed.

use proc_macro2::TokenStream;
use quote::quote;
use std::path::Path;

/// Stands in the build script's texts for the package's folder as rustc would print it.
const PACKAGE: &str = "{whimbrel:package}/";
/// Parts one diagnostic's text from the next.
const SEPARATOR: &str = "\u{1e}";

/// Prints all findings and gives the `compile_error!` that makes rustc fail where one of them is an error.
pub(crate) fn show(folder: &Path) -> TokenStream {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let errors: usize = read("errors").trim().parse().unwrap_or(0);
    let text = placed(&read("diagnostics.txt"));
    if text.is_empty() {
        return TokenStream::new();
    }
    let arguments: Vec<String> = std::env::args().collect();
    if is_analyzer(&arguments) {
        // Without a rustc around it, the words themselves have to be in the error.
        return text
            .split(SEPARATOR)
            .filter(|text| text.starts_with("error"))
            .map(|text| quote! { ::core::compile_error! { #text } })
            .collect();
    }
    print(&match asked_for(&arguments) {
        Format::Text => text.replace(SEPARATOR, "\n"),
        Format::Json { colour: false } => placed(&read("diagnostics.plain.json")),
        Format::Json { colour: true } => placed(&read("diagnostics.ansi.json")),
    });
    match errors {
        0 => TokenStream::new(),
        1 => quote! { ::core::compile_error! { "the migrations have 1 error, shown above" } },
        _ => {
            let text = format!("the migrations have {errors} errors, shown above");
            quote! { ::core::compile_error! { #text } }
        }
    }
}

enum Format {
    Text,
    Json { colour: bool },
}

fn asked_for(arguments: &[String]) -> Format {
    let value = |flag: &str| {
        let mut found = None;
        for (index, argument) in arguments.iter().enumerate() {
            if let Some(rest) = argument.strip_prefix(flag) {
                found = rest.strip_prefix('=').map(str::to_owned).or_else(|| arguments.get(index + 1).cloned());
            }
        }
        found.unwrap_or_default()
    };
    match value("--error-format").as_str() {
        "json" => Format::Json { colour: value("--json").contains("diagnostic-rendered-ansi") },
        _ => Format::Text,
    }
}

fn is_analyzer(arguments: &[String]) -> bool {
    arguments.first().is_some_and(|program| program.contains("rust-analyzer"))
}

/// Puts the package's folder, relative to where rustc runs, in front of every path.
fn placed(text: &str) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let package = Path::new(&package);
    let prefix = match package.strip_prefix(&here).unwrap_or(package).to_string_lossy() {
        path if path.is_empty() => String::new(),
        path => format!("{}/", path.replace('\\', "/")),
    };
    text.replace(PACKAGE, &prefix)
}

/// Writes to standard error in one piece, so that lines of parallel compilers don't mix.
fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().write_all(text.as_bytes());
}
