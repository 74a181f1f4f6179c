//! The text that the build script lists a chain's migrations in, and reading it.
//!
//! rustc takes one long text in no time, and checks a thousand constants expression by expression. So the registry's
//! code includes the listing, and only what is code itself stands there as code: an author's functions, in order.
//!
//! ```text
//! number     decimal digits, then a space
//! text       a number, then so many bytes
//! maybe T    `0 `, or `1 ` and a T; `0 ` and `1 ` are also false and true
//! list T     a number, then so many Ts
//! retry      `0 ` together, `1 ` again, `2 ` ask, `3 ` and the table and the name of an index that is built, `4 ` and one
//!            that is dropped, `5 ` inside of the script's own transaction, `6 ` its end, `7 ` and the query that tells
//!            whether it took effect, `8 ` a session's setting, `9 ` one transaction with the next, `10 ` a value for its session
//! script     text; file; list (start, end, retry) of its statements; list (offset, file, line, column) of its anchors
//! part       `0 ` and a script, or `1 ` and a number: which of the author's functions
//! replaced   id; number; algorithm; checksum; list of what it replaced itself, each a replaced
//! migration  id; number; source; file; line; description; database; maybe list of ids that it comes after;
//!            maybe (major, minor, patch); transactional; maybe phase; maybe lock timeout and maybe statement timeout in
//!            milliseconds; maybe reason why it is irreversible; algorithm; checksum; text checksum; part up; maybe (part down; checksum); maybe part require; maybe part verify;
//!            list of tables created; of tables dropped; of what a rollback loses; a text, its effect; list of replaced;
//!            maybe list of what it names, in small letters; list of extensions that it needs; a line feed
//! listing    list of files' paths, which are numbers from there on; list of migrations
//! ```

use crate::registry::{Check, Migration, Migrations, Phase, Registry, Work};
use crate::script::{Anchor, Retry, Script, Statement};
use crate::step::{RustCheck, RustWork};
use semver::Version;
use std::sync::OnceLock;
use std::time::Duration;

/// The version of the way in which a listing is written.
const FORMAT: u32 = 5;

/// Holds a chain as the build script listed it; what is read from it lives as long as the program.
#[doc(hidden)]
#[derive(Debug)]
pub struct Listing {
    text: &'static str,
    works: &'static [RustWork],
    checks: &'static [RustCheck],
    migrations: OnceLock<Vec<Migration>>,
}

impl Listing {
    /// Takes what the build script wrote: the format, the text and its length, and the author's functions.
    pub const fn new(
        (format, length): (u32, usize),
        text: &'static str,
        works: &'static [RustWork],
        checks: &'static [RustCheck],
    ) -> Listing {
        assert!(format == FORMAT, "`whimbrel` and `whimbrel-build` have to be of the same version");
        assert!(text.len() == length, "the registry is half written: build again");
        Listing { text, works, checks, migrations: OnceLock::new() }
    }

    /// Gives the migrations; the first call reads them.
    #[allow(clippy::expect_used)] // Both halves are of one format, and the text is whole: rustc has seen to that.
    pub(crate) fn migrations(&'static self) -> &'static [Migration] {
        self.migrations.get_or_init(|| self.read().expect("what the build script writes can be read"))
    }

    /// Tells whether it lists any; the beginning shows it.
    pub(crate) fn lists_any(&self) -> Option<bool> {
        let mut reader = Reader::new(self.text);
        reader.list(Reader::text)?;
        reader.number::<usize>().map(|migrations| migrations > 0)
    }

    fn read(&'static self) -> Option<Vec<Migration>> {
        let mut reader = Reader::new(self.text);
        reader.files = reader.list(Reader::text)?;
        let migrations = reader.list(|reader| self.migration(reader))?;
        reader.is_done().then_some(migrations)
    }

    fn migration(&'static self, reader: &mut Reader) -> Option<Migration> {
        let mut migration = Migration {
            id: reader.text()?,
            number: reader.number()?,
            source: reader.text()?,
            file: reader.file()?,
            line: reader.number()?,
            description: reader.text()?,
            database: reader.text()?,
            after: reader.maybe(Reader::texts)?,
            schema: reader.maybe(|r| Some(Version::new(r.number()?, r.number()?, r.number()?)))?,
            transactional: reader.truth()?,
            phase: reader.maybe(Reader::phase)?,
            lock_timeout: reader.maybe(Reader::time)?,
            statement_timeout: reader.maybe(Reader::time)?,
            irreversible: reader.maybe(Reader::text)?,
            checksum_algorithm: reader.number()?,
            checksum: reader.text()?,
            text_checksum: reader.text()?,
            sealed: reader.truth()?,
            up: self.work(reader)?,
            ..Migration::BLANK
        };
        if let Some((down, checksum)) = reader.maybe(|reader| Some((self.work(reader)?, reader.text()?)))? {
            (migration.down, migration.down_checksum) = (Some(down), Some(checksum));
        }
        migration.require = reader.maybe(|reader| self.check(reader))?;
        migration.verify = reader.maybe(|reader| self.check(reader))?;
        (migration.creates, migration.drops, migration.down_loses) =
            (reader.texts()?, reader.texts()?, reader.texts()?);
        migration.effect = reader.text()?;
        migration.replaces = reader.replaced(&migration)?;
        migration.names = reader.maybe(Reader::texts)?;
        migration.extensions = reader.texts()?;
        reader.rest = reader.rest.strip_prefix('\n')?;
        Some(migration)
    }

    fn work(&self, reader: &mut Reader) -> Option<Work> {
        Some(if reader.truth()? {
            Work::Rust(*self.works.get(reader.number::<usize>()?)?)
        } else {
            Work::Script(reader.script()?)
        })
    }

    fn check(&self, reader: &mut Reader) -> Option<Check> {
        Some(if reader.truth()? {
            Check::Rust(*self.checks.get(reader.number::<usize>()?)?)
        } else {
            Check::Script(reader.script()?)
        })
    }
}

impl Registry {
    /// Tells whether a database has migrations. Where it is the only one that takes no reading of them.
    pub(crate) fn uses(&self, database: &str) -> bool {
        if let (Migrations::Listed(listing), [only]) = (self.migrations, self.databases)
            && let Some(lists) = listing.lists_any()
        {
            return lists && only.name == database;
        }
        self.migrations().iter().any(|m| m.database == database)
    }
}

/// Reads a listing, or a part of one, from its beginning on.
pub(crate) struct Reader {
    rest: &'static str,
    files: Vec<&'static str>,
}

impl Reader {
    pub(crate) fn new(text: &'static str) -> Reader {
        Reader { rest: text, files: Vec::new() }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn number<N: TryFrom<u64>>(&mut self) -> Option<N> {
        let mut value: u64 = 0;
        for (at, byte) in self.rest.bytes().enumerate() {
            if byte == b' ' {
                self.rest = &self.rest[at + 1..];
                return N::try_from(value).ok();
            }
            let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
            value = value.checked_mul(10)?.checked_add(digit.into())?;
        }
        None
    }

    pub(crate) fn text(&mut self) -> Option<&'static str> {
        let length = self.number()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }

    fn file(&mut self) -> Option<&'static str> {
        let file = self.number::<usize>()?;
        self.files.get(file).copied()
    }

    pub(crate) fn truth(&mut self) -> Option<bool> {
        match self.number::<u64>()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.truth()? { read(self).map(Some) } else { Some(None) }
    }

    pub(crate) fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.number::<usize>()?;
        // An item takes two bytes or more: no number makes this ask for more memory than there is text.
        let mut list = Vec::with_capacity(length.min(self.rest.len()));
        for _ in 0..length {
            list.push(read(self)?);
        }
        Some(list)
    }

    /// Keeps a list for ever; an empty one takes no memory.
    fn kept<T>(&mut self, read: impl FnMut(&mut Self) -> Option<T>) -> Option<&'static [T]> {
        self.list(read).map(|list| &*list.leak())
    }

    fn texts(&mut self) -> Option<&'static [&'static str]> {
        self.kept(Self::text)
    }

    /// Reads what a migration replaces, as migrations that are where it is and do nothing.
    fn replaced(&mut self, squash: &Migration) -> Option<&'static [Migration]> {
        self.kept(|reader| {
            let Migration { source, file, line, database, .. } = *squash;
            let (id, number) = (reader.text()?, reader.number()?);
            let (checksum_algorithm, checksum) = (reader.number()?, reader.text()?);
            let replaces = reader.replaced(squash)?;
            let place = Migration { source, file, line, database, ..Migration::BLANK };
            Some(Migration { id, number, checksum_algorithm, checksum, replaces, ..place })
        })
    }

    fn phase(&mut self) -> Option<Phase> {
        Phase::named(self.text()?)
    }

    fn time(&mut self) -> Option<Duration> {
        self.number().map(Duration::from_millis)
    }

    fn retry(&mut self) -> Option<Retry> {
        Some(match self.number::<u64>()? {
            0 => Retry::Together,
            1 => Retry::Again,
            2 => Retry::Ask,
            3 => Retry::BuildsIndex { table: self.text()?, name: self.text()? },
            4 => Retry::DropsIndex(self.text()?),
            5 => Retry::Inside,
            6 => Retry::Closes,
            7 => Retry::Seen(self.text()?),
            8 => Retry::Session,
            9 => Retry::Joined,
            10 => Retry::Carries,
            _ => return None,
        })
    }

    fn script(&mut self) -> Option<Script> {
        Some(Script {
            text: self.text()?,
            file: self.file()?,
            statements: self.kept(|r| Some(Statement { start: r.number()?, end: r.number()?, retry: r.retry()? }))?,
            anchors: self.kept(|r| {
                Some(Anchor { offset: r.number()?, file: r.file()?, line: r.number()?, column: r.number()? })
            })?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

    use super::*;

    /// `whimbrel-build` has a test that it writes the very same.
    const SAMPLE: &str = include_str!("../../build-support/src/listing/sample.txt");

    fn listing(text: &'static str) -> &'static Listing {
        Box::leak(Box::new(Listing::new((FORMAT, text.len()), text, &[], &[])))
    }

    #[test]
    fn what_the_build_script_writes_is_read() {
        let [first, second] = listing(SAMPLE).migrations() else { panic!("two migrations") };
        assert_eq!((first.id, first.number, first.line), ("0001_users", 1, 1));
        assert_eq!(
            (first.file, first.description, first.database),
            ("src/migrations/0001_users.sql", "Adds é.", "main")
        );
        let (Work::Script(up), Some(Work::Script(down))) = (&first.up, &first.down) else { panic!("two scripts") };
        assert_eq!(
            up.statements().collect::<Vec<_>>(),
            ["CREATE TABLE users (id INTEGER)", "CREATE INDEX by_id ON users (id)"]
        );
        assert_eq!(up.place(up.text.find("CREATE INDEX").unwrap()).to_string(), "src/migrations/0001_users.sql:3:1");
        assert_eq!((down.text, first.down_loses), ("DROP TABLE users;\n", &["drops table `users`"][..]));
        assert_eq!(first.effect().unwrap().changes[0].description, "adds table `users`");
        assert_eq!(
            (first.creates, first.drops, first.down_checksum.map(str::len)),
            (&["users"][..], &[][..], Some(64))
        );
        assert_eq!((second.source, second.schema.clone()), ("release::m0002_all", Some(Version::new(1, 2, 3))));
        assert_eq!((second.phase, second.lock_timeout), (Some(Phase::Migrate), Some(Duration::from_secs(2))));
        assert_eq!((first.phase, first.statement_timeout), (Some(Phase::Expand), None));
        assert_eq!((second.after, second.transactional), (Some(&["0001_users"][..]), false));
        assert_eq!((second.irreversible, second.down.is_none()), (Some("it \"goes\""), true));
        let (Work::Script(up), Some(Check::Script(verify))) = (&second.up, &second.verify) else {
            panic!("two scripts")
        };
        assert_eq!((up.text, verify.text), ("SELECT 'a\tb'", "SELECT true"));
        assert_eq!(up.place(up.text.find("b'").unwrap()).to_string(), "src/migrations/release.rs:4:34");
        assert!(second.require.is_none() && second.replaces.is_empty());
        assert_eq!((first.names, second.names), (Some(&["users"][..]), None));
        let covered: Vec<_> = first.covered().iter().map(|m| (m.id, m.number, m.checksum, m.database)).collect();
        assert_eq!(covered, [("0000_first", 0, "aa", "main"), ("0000_before", 0, "aa", "main")]);
    }

    #[test]
    fn its_beginning_tells_whether_it_lists_any() {
        assert_eq!(
            ["0 1 ", "0 0 ", "1 1 a0 ", "1 1 a7 ", "2 1 a"].map(|text| listing(text).lists_any()),
            [Some(true), Some(false), Some(false), Some(true), None]
        );
        assert_eq!(listing(SAMPLE).lists_any(), Some(true));
    }

    #[test]
    fn a_text_that_is_cut_or_changed_is_never_read_as_less() {
        for end in 0..SAMPLE.len() {
            if let Some(text) = SAMPLE.get(..end) {
                assert!(listing(text).read().is_none(), "{end}");
            }
        }
        for wrong in ["1 ", "0 2 ", "0 0 x", "99999999999999999999 ", "-1 ", "0 18446744073709551615 "] {
            assert!(listing(wrong).read().is_none(), "{wrong}");
        }
    }
}
