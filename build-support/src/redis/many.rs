//! whimbrel's own statements over many keys: `WHIMBREL.UNLINK a:*`, `WHIMBREL.COPY a:* TO b:*`, `WHIMBREL.RENAME a:* TO b:*`.
//!
//! A pattern is a prefix, as it is, and one `*` behind it. They run in batches, and again after a death does no harm.

use super::line::Argument;
use crate::language::Complaint;
use whimbrel_grammar::names::nearest;

const NAMES: [&str; 3] = ["WHIMBREL.UNLINK", "WHIMBREL.COPY", "WHIMBREL.RENAME"];

/// Tells whimbrel's own statements from Redis's commands.
pub(super) fn is_own(name: &str) -> bool {
    name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("WHIMBREL."))
}

pub(super) fn check(name: &Argument, rest: &[Argument]) -> Vec<Complaint> {
    let upper = name.text().to_ascii_uppercase();
    let Some(known) = NAMES.into_iter().find(|known| *known == upper) else {
        let help = nearest(&upper, NAMES).map_or_else(
            || format!("there are {}", NAMES.map(|name| format!("`{name}`")).join(", ")),
            |meant| format!("did you mean `{meant}`?"),
        );
        return vec![
            Complaint::error("unknown_command", &name.range, format!("whimbrel has no statement `{}`", name.text()))
                .help(help),
        ];
    };
    let usage = match known {
        "WHIMBREL.UNLINK" => "WHIMBREL.UNLINK prefix:*",
        "WHIMBREL.COPY" => "WHIMBREL.COPY old:* TO new:*",
        _ => "WHIMBREL.RENAME old:* TO new:*",
    };
    match (known, rest) {
        ("WHIMBREL.UNLINK", [keys]) => pattern(keys, usage).err().into_iter().collect(),
        ("WHIMBREL.COPY" | "WHIMBREL.RENAME", [from, to, into]) if to.is("TO") => {
            match (pattern(from, usage), pattern(into, usage)) {
                (Ok(old), Ok(new)) => overlap(&old, &new, into).into_iter().collect(),
                (old, new) => old.err().into_iter().chain(new.err()).collect(),
            }
        }
        _ => vec![
            Complaint::error("wrong_arguments", &whole(name, rest), format!("`{known}` is written in another way"))
                .help(format!("write `{usage}`")),
        ],
    }
}

/// Gives the prefix of a pattern.
fn pattern(keys: &Argument, usage: &str) -> Result<String, Complaint> {
    let text = keys.text();
    let wrong = |message: String| Complaint::error("key_pattern", &keys.range, message);
    let Some(prefix) = text.strip_suffix('*') else {
        return Err(wrong(format!("`{text}` is no pattern of keys"))
            .label("ends without `*`")
            .help(format!("write `{usage}`; a single key has commands of its own: `UNLINK`, `COPY`, `RENAME`")));
    };
    if prefix.is_empty() {
        return Err(wrong("this would be every key there is".to_owned())
            .label("never the whole keyspace")
            .help("name the prefix of the keys that are meant: whimbrel's own keys and those of others are in the same database"));
    }
    if let Some(mark) = prefix.chars().find(|mark| matches!(mark, '*' | '?' | '[' | ']' | '\\')) {
        return Err(wrong(format!("`{mark}` inside of a pattern of keys"))
            .label("a prefix is taken as it is, with one `*` behind it")
            .help("write a statement for each prefix, or a function `up` in Rust"));
    }
    Ok(prefix.to_owned())
}

/// Finds that what is written would be read again: nobody knows where that ends.
fn overlap(old: &str, new: &str, into: &Argument) -> Option<Complaint> {
    if old != new && !old.starts_with(new) && !new.starts_with(old) {
        return None;
    }
    Some(
        Complaint::error(
            "key_pattern",
            &into.range,
            format!("the keys of `{new}*` and those of `{old}*` can be the same"),
        )
        .label("one of the prefixes begins with the other")
        .help("go by way of a prefix that has nothing to do with either, or write a function `up` in Rust"),
    )
}

fn whole(name: &Argument, rest: &[Argument]) -> std::ops::Range<usize> {
    name.range.start..rest.last().unwrap_or(name).range.end
}

/// Says what running it may lose.
pub(super) fn losses(name: &Argument, rest: &[Argument]) -> Option<String> {
    let keys = rest.first().map(Argument::text).unwrap_or_default();
    match name.text().to_ascii_uppercase().as_str() {
        "WHIMBREL.UNLINK" => Some(format!("deletes the keys `{keys}`")),
        "WHIMBREL.COPY" | "WHIMBREL.RENAME" => {
            rest.get(2).map(|into| format!("may overwrite the keys `{}`", into.text()))
        }
        _ => None,
    }
}
