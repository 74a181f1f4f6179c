//! `cargo whimbrel new`: the next migration, written as the last one is.

use super::arguments::NewOptions;
use super::chain::{Chain, prefix};
use super::file;
use super::output::{Exit, Failure, print};
use super::project::{self, Project};
use crate::source::{Declaration, Origin, tokens};
use proc_macro2::TokenTree;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use whimbrel_grammar::item::{Kind, items};
use whimbrel_grammar::{Id, Language};

/// Writes an empty migration.
pub(super) fn run(options: &NewOptions) -> Result<Exit, Failure> {
    let project = project::find(&options.place)?;
    let chain = Chain::read(&project);
    let prefix = prefix(&project.package);
    let folder = project.package.join(&project.folder);
    if !folder.join("mod.rs").is_file() {
        chain.show(&chain.found, &prefix)?;
        return Err(Failure::wrong("there is no folder of migrations yet, as shown above"));
    }
    let name = name(&options.name)?;
    let next = Next::after(&chain, options, &name);
    let written =
        if next.is_rust { next.module(&chain, &project, options.file.as_deref())? } else { next.script(&folder)? };
    let shown = |path: &String| format!("wrote {prefix}{}/{path}\n", project.folder.display());
    print(&written.iter().map(shown).collect::<String>())?;
    Ok(Exit::Done)
}

/// Writes a name as a part of an id.
pub(super) fn name(typed: &str) -> Result<String, Failure> {
    let lower = typed.trim().to_lowercase();
    let name: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.'))
        .filter(|word| !word.is_empty())
        .collect();
    let name = name.join("_");
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(Failure::usage(format!("`{typed}` can't be a migration's name"))
            .help("use letters, digits and `_`: `add_user_email`; the number comes by itself"));
    }
    Ok(name)
}

/// The migration that is to be written.
struct Next {
    id: String,
    /// What it does, in words.
    words: String,
    is_rust: bool,
    has_down: bool,
    /// Whether the files are called `.up.sql`.
    is_pair: bool,
    /// The language of a script.
    language: Language,
}

impl Next {
    /// Takes after the last migration, where the options leave that open.
    fn after(chain: &Chain, options: &NewOptions, name: &str) -> Next {
        let declarations = &chain.set.declarations;
        let last = declarations.iter().max_by_key(|declaration| declaration.id.number);
        let ids = declarations.iter().map(|declaration| &declaration.id).chain(&chain.set.refused);
        let number = number(ids.max_by_key(|id| id.number), options.timestamp);
        let is_module = |last: &Declaration| matches!(last.origin, Origin::Module(_));
        let first = chain.set.databases.0.first().map_or(Language::Sql, |(_, kind)| kind.language());
        let mut words = name.replace('_', " ");
        if let Some(first) = words.get(..1) {
            words = format!("{}{}.", first.to_uppercase(), &words[1..]);
        }
        Next {
            id: format!("{number}_{name}"),
            words,
            is_rust: options.rust || !options.sql && last.is_some_and(is_module),
            has_down: options.down || last.is_none_or(|last| last.down.is_some()),
            is_pair: last.is_some_and(|last| matches!(&last.origin, Origin::File(name) if name.contains(".up."))),
            language: last.and_then(Declaration::language).unwrap_or(first),
        }
    }

    fn script(&self, folder: &Path) -> Result<Vec<String>, Failure> {
        let (extension, comment) = (self.language.extension(), self.language.comment());
        let up = format!("{}{}.{extension}", self.id, if self.is_pair { ".up" } else { "" });
        let mut files = vec![(up, format!("{comment} {}\n\n", self.words))];
        if self.has_down {
            files.push((format!("{}.down.{extension}", self.id), String::new()));
        }
        for (name, text) in &files {
            file::create(&folder.join(name), text)?;
        }
        Ok(files.into_iter().map(|(name, _)| name).collect())
    }

    /// Writes a module: into the file that the last ones stand in, or into one of its own.
    fn module(&self, chain: &Chain, project: &Project, named: Option<&str>) -> Result<Vec<String>, Failure> {
        let folder = project.package.join(&project.folder);
        let last = chain.set.declarations.iter().rev().find_map(|declaration| match &declaration.origin {
            Origin::Module(path) => Some((path, chain.files.get(declaration.place.file))),
            Origin::File(_) => None,
        });
        let file = match (named, last) {
            (Some(named), _) => named.trim_end_matches(".rs").to_owned(),
            (None, Some((path, file))) if path.len() < 2 || path[path.len() - 2] != path[path.len() - 1] => {
                return self.append(&project.package.join(&file.path)).map(|()| vec![below(project, &file.path)]);
            }
            _ => format!("m{}", self.id),
        };
        let path = folder.join(format!("{file}.rs"));
        if named.is_some() && path.is_file() {
            return self.append(&path).map(|()| vec![format!("{file}.rs")]);
        }
        if proc_macro2::TokenStream::from_iter(file.parse::<proc_macro2::TokenStream>()).into_iter().count() != 1 {
            return Err(Failure::usage(format!("`{file}` can't be a module's name")));
        }
        let root = folder.join("mod.rs");
        let declared = declared(&root, &file)?;
        file::create(&path, &format!("use whimbrel::prelude::*;\n\n{}", self.text("#[migration]")))?;
        file::replace(&root, &declared)?;
        Ok(vec![format!("{file}.rs"), "mod.rs".to_owned()])
    }

    fn append(&self, path: &Path) -> Result<(), Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path.display(), &error))?;
        let attribute = if text.contains("prelude::*") { "#[migration]" } else { "#[whimbrel::migration]" };
        file::replace(path, &format!("{}\n\n{}", text.trim_end(), self.text(attribute)))
    }

    fn text(&self, attribute: &str) -> String {
        let down = if self.has_down { "    pub const DOWN: &str = \"\";\n" } else { "" };
        format!("/// {}\n{attribute}\npub mod m{} {{\n    pub const UP: &str = \"\";\n{down}}}\n", self.words, self.id)
    }
}

/// Writes a path of the package as one below the folder.
fn below(project: &Project, path: &str) -> String {
    Path::new(path).strip_prefix(&project.folder).map_or_else(|_| path.to_owned(), |below| below.display().to_string())
}

/// Gives the next number, in the style of the last.
fn number(last: Option<&Id>, wants_timestamp: bool) -> String {
    let digits = last.map_or(4, |id| id.text.bytes().take_while(u8::is_ascii_digit).count());
    let next = last.map_or(1, |id| id.number.saturating_add(1));
    if wants_timestamp || last.is_some_and(|id| !id.is_sequence()) {
        let now = timestamp(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
        return format!("{:0digits$}", now.max(next));
    }
    format!("{next:0digits$}")
}

/// Writes seconds since 1970 as year, month, day, hour, minute and second, one after the other.
fn timestamp(seconds: u64) -> i64 {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March have their leap day at the end.
    let day = days + 719_468;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let date = (year * 100 + month) * 100 + day;
    let time = second / 3_600 * 10_000 + second % 3_600 / 60 * 100 + second % 60;
    i64::try_from(date * 1_000_000 + time).unwrap_or(i64::MAX)
}

/// Gives the text of `mod.rs` with one more `pub mod` line, behind the last one.
fn declared(root: &Path, module: &str) -> Result<String, Failure> {
    let text = std::fs::read_to_string(root).map_err(|error| Failure::file("read", root.display(), &error))?;
    let stream = tokens::read(&text).ok_or_else(|| {
        Failure::wrong(format!("`{}` can't be read as Rust", root.display()))
            .help(format!("add `pub mod {module};` to it"))
    })?;
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let items = items(stream);
    let is_line = |kind: &Kind| matches!(kind, Kind::Module { body: None, .. });
    if let Some(last) = items.iter().rev().find(|item| is_line(&item.kind)) {
        let at = last.tokens.last().map_or(0, |token| token.span().byte_range().end) + mark;
        // rustfmt sorts lines that stand together.
        let is_sorted = last.name().is_none_or(|name| name.to_string().as_str() < module);
        let gap = if is_sorted { end.to_owned() } else { end.repeat(2) };
        return Ok(format!("{}{gap}pub mod {module};{}", &text[..at], &text[at..]));
    }
    let first = items.iter().find(|item| !matches!(item.kind, Kind::Use)).map(|item| without_inner(&item.tokens));
    let at = first.and_then(<[_]>::first).map(TokenTree::span);
    let at = at.map_or(text.len(), |span| span.byte_range().start + mark);
    Ok(format!("{}pub mod {module};{end}{end}{}", &text[..at], &text[at..]))
}

/// Takes off what is said of the file: `//! …` and `#![…]`.
fn without_inner(mut tokens: &[TokenTree]) -> &[TokenTree] {
    while let [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(_), rest @ ..] = tokens
        && (hash.as_char(), bang.as_char()) == ('#', '!')
    {
        tokens = rest;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{name, timestamp};

    #[test]
    fn a_moment_is_written_as_a_date() {
        for (seconds, written) in [
            (0, 19700101000000),
            (951_782_399, 20000228235959),
            (951_782_400, 20000229000000),
            (1_709_210_096, 20240229123456),
            (1_735_689_599, 20241231235959),
            (4_107_542_400, 21000301000000),
        ] {
            assert_eq!(timestamp(seconds), written);
        }
    }

    #[test]
    fn a_name_is_made_fit() {
        assert_eq!(name(" Add user-email ").ok().as_deref(), Some("add_user_email"));
        assert!(name("add/user").is_err() && name(" - ").is_err());
    }
}
