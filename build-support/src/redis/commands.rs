//! Which commands there are, and how many words each has.

use std::sync::LazyLock;

const TABLE: &str = include_str!("commands.txt");

/// What a command does to data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Writes,
    Reads,
    Neither,
}

/// A command of Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) name: &'static str,
    /// How many words it has, its name included; negative is so many or more.
    words: i32,
    pub(super) deed: Deed,
    /// Whether it is refused inside a script, which a migration is.
    pub(super) is_alone: bool,
}

impl Known {
    /// Says how many arguments are wanted, where that many are wrong.
    pub(super) fn wants(&self, arguments: usize) -> Option<String> {
        let (given, least) = (i32::try_from(arguments).unwrap_or(i32::MAX), self.words.abs() - 1);
        let counted = |count: i32| format!("{count} argument{}", if count == 1 { "" } else { "s" });
        match (self.words < 0, given) {
            (true, given) if given < least => Some(format!("{} or more", counted(least))),
            (false, given) if given != least => {
                Some(if least == 0 { "no argument".to_owned() } else { counted(least) })
            }
            _ => None,
        }
    }
}

static ALL: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| line.split(';')).filter_map(known).collect()
});

fn known(entry: &'static str) -> Option<Known> {
    let mut parts = entry.split_whitespace();
    let (name, words, flags) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    let deed = match flags.as_bytes().first()? {
        b'w' => Deed::Writes,
        b'r' => Deed::Reads,
        _ => Deed::Neither,
    };
    Some(Known { name, words, deed, is_alone: flags.ends_with('!') })
}

/// Lists all of them.
pub(super) fn all() -> impl Iterator<Item = Known> {
    ALL.iter().copied()
}

/// Finds a command by its name, in any case.
pub(super) fn find(name: &str) -> Option<Known> {
    all().find(|known| known.name.eq_ignore_ascii_case(name))
}
