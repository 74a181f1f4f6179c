//! What a build script says in `whimbrel_build::check("…")` or `Check::new("…")`, as far as it is written down.

use crate::rules::Level;
use crate::settings::Settings;
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

/// Reads the settings of a `Check`: `.target("…")` and `.level("…", Level::…)`.
pub(super) fn settings(text: &str) -> Settings {
    let mut settings = Settings::default();
    if let Ok(stream) = text.trim_start_matches('\u{feff}').parse::<TokenStream>()
        && text.contains("whimbrel_build")
    {
        read_settings(stream, &mut settings);
    }
    settings
}

fn read_settings(stream: TokenStream, settings: &mut Settings) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let arguments: Vec<TokenTree> = group.stream().into_iter().collect();
        let called = match &tokens[..index] {
            [.., TokenTree::Punct(dot), TokenTree::Ident(name)] if dot.as_char() == '.' => name.to_string(),
            _ => String::new(),
        };
        match (called.as_str(), arguments.as_slice()) {
            ("target", [TokenTree::Literal(server), ..]) => settings.targets.extend(self::text(server)),
            ("level", [TokenTree::Literal(rule), .., TokenTree::Ident(level)]) => {
                let level = match level.to_string().as_str() {
                    "Allow" => Some(Level::Allow),
                    "Warn" => Some(Level::Warn),
                    "Error" => Some(Level::Error),
                    _ => None,
                };
                settings.levels.extend(self::text(rule).zip(level));
            }
            _ => read_settings(group.stream(), settings),
        }
    }
}

/// Tells whether the tokens before a pair of parentheses call `whimbrel_build::check` or `whimbrel_build::Check::new`.
fn is_call(before: &[TokenTree], imports: bool) -> bool {
    let is = |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(ident) if ident == name);
    match before {
        [.., check, TokenTree::Punct(_), TokenTree::Punct(colon), new] if colon.as_char() == ':' && is(new, "new") => {
            is(check, "Check")
                && (imports || matches!(before, [.., krate, _, _, _, _, _, _] if is(krate, "whimbrel_build")))
        }
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
    use super::{Named, read, settings};
    use crate::rules::Level;

    fn folder(name: &str) -> Named {
        Named::Folder(name.to_owned())
    }

    #[test]
    fn the_call_is_found_wherever_it_stands() {
        for text in [
            "fn main() { whimbrel_build::check(\"db\"); }",
            "fn main() { ::whimbrel_build::check(r\"db\",); }",
            "fn main() { whimbrel_build::Check::new(\"db\").target(\"postgres@15\").run(); }",
            "use whimbrel_build::{Check, Level};\nfn main() { Check::new(\"db\").level(\"truncate\", Level::Warn).run(); }",
            "use whimbrel_build::check;\nfn main() { if true { check(\"db\") } }",
            "/* check(\"no\") */ fn main() { other::check(\"no\"); tonic::build(); whimbrel_build::check(\"db\"); }",
        ] {
            assert_eq!(read(text), folder("db"), "{text}");
        }
    }

    #[test]
    fn settings_are_read() {
        let text = "fn main() { whimbrel_build::Check::new(\"db\").target(\"postgres@15\").level(\"truncate\", whimbrel_build::Level::Warn).run(); }";
        let read = settings(text);
        assert_eq!(read.targets, ["postgres@15"]);
        assert_eq!(read.levels, [("truncate".to_owned(), Level::Warn)]);
        assert_eq!(settings("fn main() { other.target(\"x\"); }"), settings(""));
    }

    #[test]
    fn what_is_not_written_down_is_not_guessed() {
        assert_eq!(read("fn main() { whimbrel_build::check(folder()); }"), Named::Unknown);
        assert_eq!(read("fn main() { whimbrel_build::check(concat!(\"a\", \"b\")); }"), Named::Unknown);
        assert_eq!(read("fn main() { other::check(\"db\"); check(\"db\"); }"), Named::Nothing);
        assert_eq!(read("fn main() {"), Named::Nothing);
    }
}
