//! Redis's commands in a script: that they are some, have the right number of words, and what they do.

use super::commands::{self, Deed};
use super::line::Argument;
use super::refused;
use crate::language::Complaint;
use crate::sql::Retry;
use std::ops::Range;
use whimbrel_grammar::names::nearest;

/// Modules whose commands can be in a script, as far as they change data.
const OF_MODULES: [&str; 7] = ["JSON", "TS", "BF", "CF", "CMS", "TOPK", "TDIGEST"];

/// Checks a command.
pub(super) fn check(name: &Argument, rest: &[Argument]) -> Vec<Complaint> {
    let text = name.text();
    let upper = text.to_ascii_uppercase();
    if let Some((reason, instead)) = refused::why(&upper, rest) {
        let complaint = Complaint::error(
            "refused_command",
            &name.range,
            format!("`{upper}` has no place in a migration: it {reason}"),
        );
        return vec![complaint.help(instead)];
    }
    let Some(known) = commands::find(&text) else { return unknown(name, &text).into_iter().collect() };
    let whole = name.range.start..rest.last().unwrap_or(name).range.end;
    if let Some(wanted) = known.wants(rest.len()) {
        let complaint = Complaint::error(
            "wrong_arguments",
            &whole,
            format!(
                "`{}` takes {wanted}, and has {}",
                known.name,
                if rest.is_empty() { "none".to_owned() } else { rest.len().to_string() }
            ),
        );
        return vec![complaint.help("an argument with blanks in it is written in quotes")];
    }
    pairs(known.name, rest, &whole).into_iter().collect()
}

/// Finds a field without its value.
fn pairs(name: &str, rest: &[Argument], whole: &Range<usize>) -> Option<Complaint> {
    let (listed, of) = match name {
        "MSET" | "MSETNX" => (rest, "key"),
        "HSET" | "HMSET" => (rest.get(1..)?, "field"),
        _ => return None,
    };
    let last = listed.last().filter(|_| listed.len() % 2 == 1)?;
    let complaint = Complaint::error(
        "wrong_arguments",
        whole,
        format!("`{name}` takes a value for each {of}, and the last has none"),
    );
    Some(
        complaint.help(format!("write the value behind `{}`; one with blanks in it is written in quotes", last.text())),
    )
}

fn unknown(name: &Argument, text: &str) -> Option<Complaint> {
    let upper = text.to_ascii_uppercase();
    // A module's, which nobody here knows.
    if upper.contains('.') {
        return None;
    }
    Some(match nearest(&upper, commands::all().map(|known| known.name)) {
        Some(meant) => Complaint::error("unknown_command", &name.range, format!("there is no command `{text}`"))
            .help(format!("did you mean `{meant}`?")),
        None => Complaint::warning("unknown_command", &name.range, format!("nobody here knows a command `{text}`"))
            .label("sent as it is, by itself")
            .help("look at how it is written; a server that is newer than this whimbrel may have it"),
    })
}

/// Tells how a command is taken up again. What can be in a script is done together with the ledger's row.
pub(super) fn retry(name: &Argument, rest: &[Argument]) -> Retry {
    let upper = name.text().to_ascii_uppercase();
    let first = rest.first().map(|argument| argument.text().to_ascii_uppercase()).unwrap_or_default();
    match commands::find(&upper) {
        Some(known) if !known.is_alone => Retry::Together,
        // The runtime calls its text inside the script that it sends.
        Some(known) if known.name == "EVAL" => Retry::Together,
        Some(_) => match (upper.as_str(), first.as_str()) {
            ("SCRIPT", "LOAD" | "EXISTS") | ("FUNCTION", "FLUSH" | "LIST" | "STATS" | "DUMP") => Retry::Again,
            ("FUNCTION", "LOAD") if rest.iter().any(|argument| argument.is("REPLACE")) => Retry::Again,
            ("ACL", "SETUSER" | "DELUSER" | "SAVE" | "LOAD") => Retry::Again,
            ("EVAL_RO" | "EVALSHA_RO" | "FCALL_RO" | "SAVE" | "BGSAVE" | "BGREWRITEAOF", _) => Retry::Again,
            _ => Retry::Ask,
        },
        None => match upper.split_once('.') {
            Some((module, _)) if OF_MODULES.contains(&module) => Retry::Together,
            _ => Retry::Ask,
        },
    }
}

/// Says what running it may lose.
pub(super) fn losses(name: &Argument, rest: &[Argument]) -> Vec<String> {
    let upper = name.text().to_ascii_uppercase();
    let Some(known) = commands::find(&upper) else {
        return if super::many::is_own(&upper) { Vec::new() } else { vec![format!("runs `{upper}`")] };
    };
    let key = rest.first().map(Argument::text).unwrap_or_default();
    match (upper.as_str(), known.deed) {
        ("DEL" | "UNLINK", _) => rest.iter().map(|key| format!("deletes key `{}`", key.text())).collect(),
        ("GETDEL" | "DELEX" | "DELIFEQ", _) => vec![format!("deletes key `{key}`")],
        ("XGROUP", _) => vec![format!("changes key `{}`", rest.get(1).map(Argument::text).unwrap_or_default())],
        ("EVAL" | "EVALSHA" | "FCALL", _) => vec!["runs a script".to_owned()],
        (_, Deed::Writes) => vec![format!("changes key `{key}`")],
        (_, Deed::Reads) => Vec::new(),
        (_, Deed::Neither) => vec![format!("runs `{upper}`")],
    }
}
