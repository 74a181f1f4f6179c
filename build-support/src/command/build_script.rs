//! The folder that a build script names in `whimbrel_build::check("…")`.

use proc_macro2::{TokenStream, TokenTree};

/// What a build script says about its migrations.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// It checks this folder.
    Folder(String),
    /// It checks a folder that only running it would tell.
    Unknown,
    /// It checks none.
    Nothing,
}

/// Looks for the call in a build script's text.
pub(super) fn read(text: &str) -> Named {
    let Ok(stream) = text.trim_start_matches('\u{feff}').parse::<TokenStream>() else { return Named::Nothing };
    let imports = imports_check(text);
    find(stream, imports)
}

/// Tells whether `check` alone may be the one of whimbrel.
fn imports_check(text: &str) -> bool {
    text.contains("use whimbrel_build")
}

fn find(stream: TokenStream, imports: bool) -> Named {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut unknown = false;
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        if is_call(&tokens[..index], imports) {
            let argument: Vec<TokenTree> = group.stream().into_iter().collect();
            match argument.as_slice() {
                [TokenTree::Literal(literal), ..] if argument.len() <= 2 => match text(literal) {
                    Some(folder) => return Named::Folder(folder),
                    None => unknown = true,
                },
                _ => unknown = true,
            }
            continue;
        }
        match find(group.stream(), imports) {
            Named::Folder(folder) => return Named::Folder(folder),
            Named::Unknown => unknown = true,
            Named::Nothing => {}
        }
    }
    if unknown { Named::Unknown } else { Named::Nothing }
}

/// Tells whether the tokens before a pair of parentheses call `whimbrel_build::check`.
fn is_call(before: &[TokenTree], imports: bool) -> bool {
    let is = |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(ident) if ident == name);
    match before {
        [.., krate, TokenTree::Punct(_), TokenTree::Punct(colon), check] if colon.as_char() == ':' => {
            is(krate, "whimbrel_build") && is(check, "check")
        }
        [.., check] => imports && is(check, "check"),
        [] => false,
    }
}

fn text(literal: &proc_macro2::Literal) -> Option<String> {
    whimbrel_grammar::item::cooked(literal)
}

#[cfg(test)]
mod tests {
    use super::{Named, read};

    fn folder(name: &str) -> Named {
        Named::Folder(name.to_owned())
    }

    #[test]
    fn the_call_is_found_wherever_it_stands() {
        for text in [
            "fn main() { whimbrel_build::check(\"db\"); }",
            "fn main() { ::whimbrel_build::check(r\"db\",); }",
            "use whimbrel_build::check;\nfn main() { if true { check(\"db\") } }",
            "/* check(\"no\") */ fn main() { other::check(\"no\"); tonic::build(); whimbrel_build::check(\"db\"); }",
        ] {
            assert_eq!(read(text), folder("db"), "{text}");
        }
    }

    #[test]
    fn what_is_not_written_down_is_not_guessed() {
        assert_eq!(read("fn main() { whimbrel_build::check(folder()); }"), Named::Unknown);
        assert_eq!(read("fn main() { whimbrel_build::check(concat!(\"a\", \"b\")); }"), Named::Unknown);
        assert_eq!(read("fn main() { other::check(\"db\"); check(\"db\"); }"), Named::Nothing);
        assert_eq!(read("fn main() {"), Named::Nothing);
    }
}
