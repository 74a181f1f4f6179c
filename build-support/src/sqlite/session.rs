//! A database in memory that a statement can do no harm in, and what it answers.

use super::permission;
use super::refusal::{Reason, Refusal};
use rusqlite::functions::FunctionFlags;
use rusqlite::limits::Limit;
use rusqlite::types::Null;
use rusqlite::{Connection, Error, OpenFlags};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// After so many steps of SQLite's machine its progress is looked at.
const STEP: i32 = 1_000;
/// How often one statement is let go on: one that is compiled, whose steps are long, one that is run, and one that makes rows.
const COMPILED: u32 = 20;
const RUN: u32 = 200;
const FILLED: u32 = 1_000;
/// How often all statements of a session together are.
const SESSION: u32 = 3_000;
/// Makes SQLite as small as a schema needs. Foreign keys are off, as they are while a migration runs.
const SETTINGS: &str = "PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA max_page_count = 16384; \
                        PRAGMA temp.max_page_count = 16384; PRAGMA hard_heap_limit = 536870912;";
/// The longest value, in bytes.
const LENGTH: i32 = 64 << 20;
/// How many functions and collations of an application's own one statement may need.
const STUBS: usize = 64;

/// An object, as SQLite lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    pub(super) sql: String,
}

/// A connection to an empty database of its own.
#[derive(Debug)]
pub(super) struct Session {
    db: Connection,
    progress: Arc<Progress>,
    /// Names of functions and collations that stand for an application's own, folded.
    stubs: RefCell<BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct Progress {
    /// What is left of each.
    statement: AtomicU32,
    session: AtomicU32,
}

impl Progress {
    fn begin(&self, limit: u32) {
        self.statement.store(limit, Ordering::Relaxed);
    }

    /// Tells whether either is used up.
    fn ends(&self) -> bool {
        let used_up = |left: &AtomicU32| {
            let before = left.load(Ordering::Relaxed);
            left.store(before.saturating_sub(1), Ordering::Relaxed);
            before == 0
        };
        used_up(&self.statement) || used_up(&self.session)
    }
}

#[expect(clippy::result_large_err, reason = "a refusal ends what was asked, and is not passed on far")]
impl Session {
    /// Opens one; `None` where SQLite can't, and then nothing is proved.
    pub(super) fn open() -> Option<Session> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(":memory:", flags).ok()?;
        db.execute_batch(SETTINGS).ok()?;
        // Some versions of rusqlite answer these with a result, others with nothing.
        let _ = db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0);
        let _ = db.set_limit(Limit::SQLITE_LIMIT_LENGTH, LENGTH);
        let _ = db.authorizer(Some(|context: rusqlite::hooks::AuthContext<'_>| permission::of(&context.action)));
        let progress = Arc::new(Progress { session: AtomicU32::new(SESSION), statement: AtomicU32::new(RUN) });
        let seen = Arc::clone(&progress);
        let _ = db.progress_handler(STEP, Some(move || seen.ends()));
        Some(Session { db, progress, stubs: RefCell::default() })
    }

    /// Says which SQLite this is, and how it was built.
    pub(super) fn edition(&self) -> String {
        let mut edition = rusqlite::version().to_owned();
        let _ = self.rows("SELECT sqlite_source_id() UNION ALL SELECT * FROM pragma_compile_options", |row| {
            edition.push(' ');
            edition.push_str(&row.get::<_, String>(0)?);
            Ok(())
        });
        edition
    }

    /// Runs one statement to its end.
    pub(super) fn run(&self, sql: &str) -> Result<(), Refusal> {
        self.attempt(sql, Some(RUN))
    }

    /// Runs one statement that makes rows to its end.
    pub(super) fn fill(&self, sql: &str) -> Result<(), Refusal> {
        self.attempt(sql, Some(FILLED))
    }

    /// Has one statement compiled, and doesn't run it.
    pub(super) fn prepare(&self, sql: &str) -> Result<(), Refusal> {
        self.attempt(sql, None)
    }

    /// Gives a function or collation of an application's own a stand-in, so that the rest of the statement is judged.
    fn attempt(&self, sql: &str, run: Option<u32>) -> Result<(), Refusal> {
        let mut refusal = None;
        for _ in 0..STUBS {
            let Err(error) = self.once(sql, run) else { return Ok(()) };
            let refused = Refusal::read(&error);
            let provided = self.provide(&refused.reason);
            refusal = Some(refused);
            if !provided {
                break;
            }
        }
        Err(refusal.unwrap_or(Refusal { reason: Reason::Unjudged, offset: None, inside: None }))
    }

    fn once(&self, sql: &str, run: Option<u32>) -> Result<(), Error> {
        self.progress.begin(COMPILED);
        let mut statement = self.db.prepare(sql)?;
        if let Some(limit) = run {
            self.progress.begin(limit);
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
        }
        Ok(())
    }

    fn provide(&self, reason: &Reason) -> bool {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
        let (name, provided) = match reason {
            Reason::Function(name) => (name, self.db.create_scalar_function(name.as_str(), -1, flags, |_| Ok(Null))),
            Reason::Collation(name) => (name, self.db.create_collation(name.as_str(), |a, b| a.cmp(b))),
            _ => return false,
        };
        provided.is_ok() && self.stubs.borrow_mut().insert(name.to_ascii_lowercase())
    }

    /// Tells whether a name, folded, stands for something of an application's own.
    pub(super) fn is_stub(&self, name: &str) -> bool {
        self.stubs.borrow().contains(name)
    }

    /// Lists what is in the database, SQLite's own left out.
    pub(super) fn objects(&self) -> Vec<Row> {
        let mut objects = Vec::new();
        let _ = self.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL", |row| {
            objects.push(Row { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? });
            Ok(())
        });
        objects
    }

    /// Lists the first column of a query's rows; none where it fails.
    pub(super) fn names(&self, sql: &str) -> Vec<String> {
        let mut names = Vec::new();
        let _ = self.rows(sql, |row| {
            names.push(row.get(0)?);
            Ok(())
        });
        names
    }

    /// Takes each row of a query of our own.
    pub(super) fn rows(
        &self,
        sql: &str,
        mut take: impl FnMut(&rusqlite::Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.progress.begin(RUN);
        let mut statement = self.db.prepare(sql)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }
}

/// Writes a name so that SQLite takes it as it is.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes a text so that SQLite takes it as it is.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
