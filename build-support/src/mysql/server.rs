//! Which of MySQL's and MariaDB's servers a chain is for.

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) maria: bool,
    /// A part that nobody has said is the newest of its series.
    version: [u16; 3],
}

/// Whether a server is one of those that are known.
#[cfg(feature = "cli")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Yes,
    TooOld { oldest: &'static str, newest: &'static str },
    Newer { newest: &'static str },
}

/// The one that is taken where nobody has said another.
impl Default for Server {
    fn default() -> Server {
        Server { maria: false, version: [8, 0, u16::MAX] }
    }
}

impl Server {
    /// MariaDB, where nobody has said a version.
    pub(crate) const MARIADB: Server = Server { maria: true, version: [10, 11, u16::MAX] };

    /// Reads `8.0`, `8.0.29`, `10.11`; `None` where it is no version.
    #[cfg(any(feature = "cli", test, fuzzing))]
    pub(crate) fn read(maria: bool, version: Option<&str>) -> Option<Server> {
        let Some(version) = version else {
            return Some(if maria { Server::MARIADB } else { Server::default() });
        };
        let mut parts = [u16::MAX; 3];
        let mut written = version.split('.');
        for (at, part) in parts.iter_mut().enumerate() {
            match written.next() {
                Some(number) => *part = number.parse().ok()?,
                None if at == 0 => return None,
                None => {}
            }
        }
        Some(Server { maria, version: parts })
    }

    /// Gives what it is called.
    #[cfg(feature = "cli")]
    pub(crate) fn name(self) -> &'static str {
        if self.maria { "MariaDB" } else { "MySQL" }
    }

    /// Tells whether it is one of those that are known.
    #[cfg(feature = "cli")]
    pub(crate) fn known(self) -> Known {
        let (oldest, newest, range) = match self.maria {
            true => ("10.2", "12", ([10, 2, 0], [13, 0, 0])),
            false => ("5.7", "9", ([5, 7, 0], [10, 0, 0])),
        };
        match self.version {
            version if version < range.0 => Known::TooOld { oldest, newest },
            version if version >= range.1 => Known::Newer { newest },
            _ => Known::Yes,
        }
    }

    /// Tells whether it is MySQL of at least this version.
    pub(crate) fn mysql_since(self, version: [u16; 3]) -> bool {
        !self.maria && self.version >= version
    }

    /// Tells whether it is MariaDB of at least this version.
    pub(crate) fn maria_since(self, version: [u16; 3]) -> bool {
        self.maria && self.version >= version
    }

    /// Tells whether it runs what a comment has that is for servers of a version, `/*!80016 … */`.
    pub(super) fn runs(self, comment: u32) -> bool {
        let [major, minor, patch] = self.version.map(u32::from);
        let own = major.min(99) * 10_000 + minor.min(99) * 100 + patch.min(99);
        // MariaDB leaves out what is for the versions that MySQL alone has.
        let is_mysqls = self.maria && (50_700..100_000).contains(&comment);
        comment == 0 || comment <= own && !is_mysqls
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn versions_are_as_exact_as_they_were_said() {
        let read = |maria, version| Server::read(maria, Some(version)).expect("a version");
        assert!(read(false, "8.0").mysql_since([8, 0, 29]));
        assert!(!read(false, "8.0.28").mysql_since([8, 0, 29]));
        assert!(read(false, "8").mysql_since([8, 0, 29]) && !read(true, "11").mysql_since([8, 0, 29]));
        assert!(read(true, "10.11").maria_since([10, 4, 0]) && !read(true, "10.3").maria_since([10, 4, 0]));
        for wrong in ["", "x", "8.x", "8..1"] {
            assert_eq!(Server::read(false, Some(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn comments_are_for_versions() {
        let read = |maria, version| Server::read(maria, Some(version)).expect("a version");
        assert!(read(false, "8.0").runs(40_101) && read(false, "8.0").runs(80_016) && !read(false, "5.7").runs(80_016));
        assert!(read(true, "10.11").runs(40_101) && !read(true, "10.11").runs(80_016));
        assert!(read(true, "10.11").runs(100_301) && !read(true, "10.2").runs(100_301));
    }
}
