//! What `--to` and `--only` mean.
//!
//! | typed | means |
//! |---|---|
//! | `0003_add_user`, `m0003_add_user` | that migration |
//! | `3`, `0003` | the migration with this number |
//! | `2026` | the only migration whose number begins so, where none has exactly this number |
//! | `1.2.0` | the schema version |
//! | `+2` (applying), `-2` (rolling back) | so many migrations |

use super::args::Range;
use super::failure::Usage;
use crate::nearest::nearest;
use crate::registry::{Registry, canonical_id};
use crate::{Direction, Target};
use semver::Version;

/// Reads how far to go.
pub(super) fn target(registry: &Registry, range: &Range, direction: Direction, all: bool) -> Result<Target, Usage> {
    match (&range.to, &range.only) {
        _ if all => Ok(Target::Count(usize::MAX)),
        (None, None) => Ok(Target::Latest),
        (_, Some(only)) => id(registry, only).map(|id| Target::Only(id.into())),
        (Some(to), None) => read(registry, to, direction),
    }
}

fn read(registry: &Registry, typed: &str, direction: Direction) -> Result<Target, Usage> {
    let (sign, way) = match direction {
        Direction::Up => ('+', "forward"),
        Direction::Down => ('-', "back"),
    };
    let digits = typed.strip_prefix(['+', '-']);
    if let Some(count) = digits.filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())) {
        return match count.parse() {
            Ok(count) if count > 0 && typed.starts_with(sign) => Ok(Target::Count(count)),
            Ok(count) if count > 0 => Err(Usage::new(
                format!("`{typed}` goes the wrong way: this goes {way}"),
                format!("write `--to {sign}{count}` for so many migrations"),
            )),
            _ => Err(Usage::new(
                format!("`{typed}` is no count of migrations"),
                format!("write `--to {sign}1`, or a greater number"),
            )),
        };
    }
    if let Ok(version) = Version::parse(typed) {
        return schema(registry, version);
    }
    let is_part = |part: &str| part.parse::<u64>().is_ok();
    if typed.contains('.') && typed.split('.').all(is_part) {
        let parts: Vec<_> = typed.split('.').chain(["0", "0"]).take(3).collect();
        let help = format!("write three numbers, such as `{}`", parts.join("."));
        return Err(Usage::new(format!("`{typed}` is no schema version"), help));
    }
    id(registry, typed).map(|id| Target::Id(id.into()))
}

/// Checks before anything is opened that the version is one that the chain reaches.
fn schema(registry: &Registry, version: Version) -> Result<Target, Usage> {
    let mut declared: Vec<_> = registry.migrations().iter().filter_map(|m| m.schema()).collect();
    if declared.contains(&&version) {
        return Ok(Target::Schema(version));
    }
    declared.sort();
    declared.dedup();
    let declared: Vec<_> = declared.into_iter().map(ToString::to_string).collect();
    let help = match declared.is_empty() {
        true => "no migration declares a version; write an id".into(),
        false => format!("the versions are {}", declared.join(", ")),
    };
    Err(Usage::new(format!("no migration declares schema {version}"), help))
}

/// Finds the id that was typed, whole or by its number.
pub(super) fn id(registry: &Registry, typed: &str) -> Result<&'static str, Usage> {
    if let Some(migration) = registry.migration(typed) {
        return Ok(migration.id());
    }
    let digits = canonical_id(typed);
    if let Ok(number) = digits.parse::<i64>()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        let all = registry.migrations();
        let same: Vec<_> = all.iter().filter(|m| m.number() == number).map(|m| m.id()).collect();
        let begin = || all.iter().map(|m| m.id()).filter(|id| id.starts_with(digits)).collect();
        let mut found = if same.is_empty() { begin() } else { same };
        // One id may have a part in each database.
        found.dedup();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => {
                let shown: Vec<_> = several.iter().take(5).map(|id| format!("`{id}`")).collect();
                let more = if several.len() > shown.len() { ", …" } else { "" };
                let message =
                    format!("`{typed}` could be any of {} migrations: {}{more}", several.len(), shown.join(", "));
                return Err(Usage::new(message, "write more of the id"));
            }
        }
    }
    let ids = || registry.migrations().iter().map(|m| m.id());
    let help = match (nearest(digits, ids()), ids().next(), ids().next_back()) {
        (Some(near), ..) => format!("did you mean `{near}`?"),
        (None, Some(first), Some(last)) => {
            format!("there are {} migrations, from `{first}` to `{last}`", ids().count())
        }
        _ => "the registry has no migrations".into(),
    };
    Err(Usage::new(format!("there is no migration `{typed}`"), help))
}
