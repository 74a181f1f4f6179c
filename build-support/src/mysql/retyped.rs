//! Which changes of a column's type copy its table.

use super::deed::Column;
use super::server::Server;
use crate::catalog;

/// Says why a column's new definition copies the table; `None` where it doesn't, or it isn't known.
pub(super) fn copies(old: &catalog::Column, new: &Column, server: Server) -> Option<&'static str> {
    const REASON: &str = "a column's values are kept in another form";
    let (before, after) = (canonical(&old.ty, server), canonical(&new.ty, server));
    if before.is_empty() || after.is_empty() || before == after {
        return None;
    }
    let (was, is) = (Parts::of(&before), Parts::of(&after));
    if was.name != is.name {
        return Some(REASON);
    }
    match was.name {
        "varchar" | "varbinary" => {
            let (Ok(was), Ok(is)) = (was.arguments.parse::<u32>(), is.arguments.parse::<u32>()) else { return None };
            // A length is kept in one byte up to 255 bytes; a character has one to four.
            let crosses = was <= 63 && is > 255;
            (is < was || crosses).then_some(REASON)
        }
        // Values behind those that there are change no row.
        "enum" | "set" => (!is.arguments.starts_with(was.arguments)).then_some(REASON),
        "char" | "binary" | "time" | "datetime" | "timestamp" if server.maria => None,
        _ => Some(REASON),
    }
}

/// `tinyint(1)` is a `tinyint`; MariaDB keeps JSON as text.
fn canonical(ty: &str, server: Server) -> String {
    match ty {
        "tinyint(1)" => "tinyint".to_owned(),
        "json" if server.maria => "longtext".to_owned(),
        _ => ty.trim_end_matches(" zerofill").to_owned(),
    }
}

/// A type's name, and what stands in its parentheses.
struct Parts<'a> {
    name: &'a str,
    arguments: &'a str,
}

impl Parts<'_> {
    fn of(ty: &str) -> Parts<'_> {
        match ty.split_once('(') {
            Some((name, rest)) => Parts { name, arguments: rest.rsplit_once(')').map_or(rest, |(inside, _)| inside) },
            None => Parts { name: ty, arguments: "" },
        }
    }
}
