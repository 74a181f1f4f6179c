//! SeaORM: migrations in Rust, of which those that only run SQL text are read.
//!
//! ```text
//! async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
//!     let db = manager.get_connection();
//!     db.execute_unprepared("CREATE TABLE cake (id int)").await?;
//!     Ok(())
//! }
//! ```

use super::listing::Listing;
use super::{Foreign, Found, Transaction, Work};
use crate::source::{Files, Script, tokens};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use whimbrel_grammar::Expression;

/// Reads the migrations in the order in which `Migrator` lists them.
pub(super) fn read(files: &mut Files, listing: &Listing) -> Result<Found, String> {
    let mut found = Found::default();
    let mut modules = Vec::new();
    for path in listing.paths.iter().filter(|path| version(path.rsplit('/').next().unwrap_or_default()).is_some()) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let Some((version, name)) = version(name) else { continue };
        let file = listing.read(files, path)?;
        let (up, down) = scripts(files, file);
        let up =
            up.map_or_else(|| Work::Code { file, why: "its `up` does more than run SQL text".to_owned() }, Work::Sql);
        modules.push(path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned());
        found.migrations.push(Foreign { version, name, up, down, transaction: Transaction::Whole });
    }
    let order = match listing.paths.iter().find(|path| path.rsplit('/').next() == Some("lib.rs")) {
        Some(path) => {
            let file = listing.read(files, path)?;
            listed(&files.get(file).text)
        }
        None => Vec::new(),
    };
    let mut together: Vec<(usize, Foreign)> = modules
        .iter()
        .map(|module| order.iter().position(|listed| listed == module).unwrap_or(usize::MAX))
        .zip(found.migrations)
        .collect();
    together.sort_by_key(|(at, migration)| (*at, super::order::key(&migration.version)));
    found.migrations = together.into_iter().map(|(_, migration)| migration).collect();
    Ok(found)
}

/// Reads `m20240131_000001_create_cake.rs` as `20240131000001` and `create_cake`.
pub(super) fn version(file: &str) -> Option<(String, String)> {
    let stem = file.strip_suffix(".rs")?.strip_prefix('m')?;
    let mut parts = stem.splitn(3, '_');
    let (date, count, name) = (parts.next()?, parts.next()?, parts.next()?);
    let are_numbers = [date, count].into_iter().all(super::pairs::is_number);
    (are_numbers && date.len() == 8).then(|| (format!("{date}{count}"), name.to_owned()))
}

/// Lists the modules of `vec![Box::new(m2024…::Migration), …]`.
fn listed(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("Box::new(") {
        let rest = text[at + "Box::new(".len()..].trim_start();
        let module = rest.split("::").next().unwrap_or_default().trim();
        if module.starts_with('m') && module.chars().all(|c| c.is_alphanumeric() || c == '_') {
            found.push(module.to_owned());
        }
    }
    found
}

/// Gives the SQL of `up` and `down`, where they are SQL alone.
fn scripts(files: &mut Files, file: usize) -> (Option<Script>, Option<Script>) {
    let Some(stream) = tokens::read(&files.get(file).text) else { return (None, None) };
    let mut read = |name| function(&stream, name).and_then(|body| script(&body, files, file));
    (read("up"), read("down"))
}

/// Finds the body of `fn name(…) … { … }`, however deep.
fn function(stream: &TokenStream, name: &str) -> Option<Group> {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let is = |token: Option<&TokenTree>, name: &str| matches!(token, Some(TokenTree::Ident(ident)) if ident == name);
    let begin = (0..tokens.len()).find(|at| is(tokens.get(*at), "fn") && is(tokens.get(at + 1), name));
    let body = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.clone()),
        _ => None,
    };
    match begin {
        Some(begin) => tokens[begin..].iter().find_map(body),
        None => tokens.iter().filter_map(body).find_map(|group| function(&group.stream(), name)),
    }
}

/// Reads a body of which every statement runs a text, or makes ready for it.
fn script(body: &Group, files: &mut Files, file: usize) -> Option<Script> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let mut script: Option<Script> = None;
    for statement in tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')) {
        let words: Vec<String> = statement.iter().filter_map(word).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] | ["Ok"] | ["return", "Ok"] | ["let", _, "manager", "get_connection"] => continue,
            _ => {}
        }
        let call = words.iter().position(|word| *word == "execute_unprepared")?;
        let is_plain =
            words[..call].iter().all(|word| !["if", "for", "while", "loop", "match", "unsafe"].contains(word));
        let (before, after) = (call <= 4, &words[call + 1..]);
        if !is_plain || !before || !matches!(after, [] | ["await"] | ["await", "map"]) {
            return None;
        }
        let expression = Expression::read(&argument(statement)?).ok()?;
        let next = Script::evaluate(&expression, file, files)?;
        script = Some(match script {
            Some(script) => script.followed_by(next),
            None => next,
        });
    }
    script
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// Gives what is handed to `execute_unprepared`, without a comma at its end.
fn argument(statement: &[TokenTree]) -> Option<Vec<TokenTree>> {
    let call =
        statement.iter().position(|token| matches!(token, TokenTree::Ident(name) if name == "execute_unprepared"))?;
    let Some(TokenTree::Group(arguments)) = statement.get(call + 1) else { return None };
    let mut arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
    if matches!(arguments.last(), Some(TokenTree::Punct(comma)) if comma.as_char() == ',') {
        arguments.pop();
    }
    Some(arguments)
}
