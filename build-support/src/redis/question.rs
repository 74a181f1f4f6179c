//! `REQUIRE` and `VERIFY`: commands that only read, each with an answer that has to be true or, after ` = `, to be this one.

use super::commands::{self, Deed};
use super::line::Argument;
use super::refused;
use crate::language::Complaint;

/// Commands of modules that only read.
const OF_MODULES: [&str; 17] = [
    "JSON.GET",
    "JSON.MGET",
    "JSON.TYPE",
    "JSON.STRLEN",
    "JSON.ARRLEN",
    "JSON.ARRINDEX",
    "JSON.OBJLEN",
    "JSON.OBJKEYS",
    "FT.INFO",
    "FT.SEARCH",
    "FT.AGGREGATE",
    "FT._LIST",
    "TS.INFO",
    "TS.GET",
    "TS.RANGE",
    "BF.EXISTS",
    "CF.EXISTS",
];

/// Takes off ` = VALUE`: an `=` that is not in quotes, before the last argument.
pub(super) fn take_comparison(text: &str, arguments: &mut Vec<Argument>) {
    if let [_, .., equals, _] = arguments.as_slice()
        && text.get(equals.range.clone()) == Some("=")
    {
        arguments.truncate(arguments.len() - 2);
    }
}

/// Reports a command that does more than read.
pub(super) fn check(name: &Argument, rest: &[Argument]) -> Option<Complaint> {
    let upper = name.text().to_ascii_uppercase();
    let first = rest.first().map(|argument| argument.text().to_ascii_uppercase()).unwrap_or_default();
    let reads = match (upper.as_str(), commands::find(&upper)) {
        (_, Some(known)) if known.deed == Deed::Reads => true,
        ("FUNCTION", _) => matches!(first.as_str(), "LIST" | "STATS" | "DUMP"),
        ("SCRIPT", _) => first == "EXISTS",
        ("ACL", _) => matches!(first.as_str(), "GETUSER" | "LIST" | "USERS" | "WHOAMI" | "CAT"),
        (name, None) => OF_MODULES.contains(&name),
        _ => false,
    };
    // What has no place in a migration at all has been reported as that.
    if reads || refused::why(&upper, rest).is_some() {
        return None;
    }
    let instead = match upper.as_str() {
        "SORT" => "write `SORT_RO`",
        "BITFIELD" => "write `BITFIELD_RO`",
        "GETEX" | "GETDEL" | "GETSET" => "write `GET`",
        "EVAL" => "write `EVAL_RO`",
        "FCALL" => "write `FCALL_RO`",
        _ => "write a command that only reads, such as `EXISTS key` or `GET key = value`",
    };
    Some(
        Complaint::error("question_writes", &name.range, format!("`{upper}` is no question"))
            .label("may change data")
            .help(instead),
    )
}
