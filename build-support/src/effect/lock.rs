//! PostgreSQL's table locks, from the weakest to the strongest.

use std::fmt;

/// A lock on a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl Lock {
    const ALL: [(Lock, &'static str); 8] = [
        (Lock::AccessShare, "ACCESS SHARE"),
        (Lock::RowShare, "ROW SHARE"),
        (Lock::RowExclusive, "ROW EXCLUSIVE"),
        (Lock::ShareUpdateExclusive, "SHARE UPDATE EXCLUSIVE"),
        (Lock::Share, "SHARE"),
        (Lock::ShareRowExclusive, "SHARE ROW EXCLUSIVE"),
        (Lock::Exclusive, "EXCLUSIVE"),
        (Lock::AccessExclusive, "ACCESS EXCLUSIVE"),
    ];

    /// Finds a mode by its words; `LOCK TABLE` without a mode takes the strongest.
    pub(crate) fn named(words: &str) -> Lock {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
        let words = words.trim_start_matches("IN ").trim_end_matches(" MODE");
        Lock::ALL.iter().find(|(_, name)| *name == words).map_or(Lock::AccessExclusive, |(lock, _)| *lock)
    }

    /// Tells whether others can't change the table's rows while it is held.
    pub(crate) fn blocks_writes(self) -> bool {
        self >= Lock::Share
    }

    /// Tells whether others can't even read the table while it is held.
    pub(crate) fn blocks_reads(self) -> bool {
        self == Lock::AccessExclusive
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Lock::ALL.iter().find(|(lock, _)| lock == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;

    #[test]
    fn modes_are_ordered_and_found_by_their_words() {
        for pair in Lock::ALL.windows(2) {
            assert!(pair[0].0 < pair[1].0);
        }
        assert_eq!(Lock::named("share row  exclusive"), Lock::ShareRowExclusive);
        assert_eq!(Lock::named("IN SHARE MODE"), Lock::Share);
        assert_eq!(Lock::named(""), Lock::AccessExclusive);
        assert_eq!(Lock::Share.to_string(), "SHARE");
    }
}
