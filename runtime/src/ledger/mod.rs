//! The ledger: `whimbrel_history`, a row for each applied migration, and `whimbrel_events`, append only.
//!
//! **Invariant:** the columns registry, id, database, ordinal and checksum of `whimbrel_history` keep their names
//! and meaning for ever, so that a binary of any age can tell whether it understands a ledger.

pub(crate) mod quote;
mod read;
mod write;

pub(crate) use read::{Glance, Recorded, attempts, entries, glance, records};
pub(crate) use write::{Fence, Happening};

use crate::backend::Dialect;
use crate::error::{Kind, Result};
use crate::registry::Registry;

/// The newest format that this version writes and understands.
pub(crate) const FORMAT: i64 = 1;
/// The registry under which the ledger records its own format.
pub(crate) const SELF: &str = "whimbrel";

/// Says where a ledger is: in which schema, and how its two tables begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    schema: String,
    prefix: String,
    readers: Vec<String>,
}

impl Default for Location {
    fn default() -> Self {
        Self { schema: "public".into(), prefix: SELF.into(), readers: Vec::new() }
    }
}

impl Location {
    /// Chooses the schema; servers without schemas ignore it. The default is `public`.
    #[must_use]
    pub fn schema(self, schema: impl Into<String>) -> Self {
        Self { schema: schema.into(), ..self }
    }
    /// Chooses how the tables' names begin: `whimbrel` gives `whimbrel_history` and `whimbrel_events`.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }
    /// Lets a role of the server read the ledger, and no more, when it is created; for an application that serves under another role
    /// than the one that migrates. Servers without roles ignore it. There may be several.
    #[must_use]
    pub fn reader(mut self, role: impl Into<String>) -> Self {
        self.readers.push(role.into());
        self
    }
    pub(crate) fn schema_name(&self) -> &str {
        &self.schema
    }
    /// Gives the key of the lock that keeps the peace at this ledger: FNV-1a of its name.
    pub(crate) fn lock_key(&self) -> i64 {
        let name = format!("whimbrel:{}.{}", self.schema, self.prefix);
        let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        name.bytes().fold(0xcbf2_9ce4_8422_2325, fnv).cast_signed()
    }
    /// Names a table as a user would.
    pub(crate) fn shown(&self, dialect: &Dialect, name: &str) -> String {
        let table = format!("{}_{name}", self.prefix);
        if dialect.schemas { format!("{}.{table}", self.schema) } else { table }
    }
    fn table(&self, dialect: &Dialect, name: &str) -> Result<String> {
        // Names go into the body of a DO block too, so what could end one is refused.
        for part in [&self.schema, &self.prefix] {
            if part.is_empty() || part.contains('$') {
                let reason = "the names of a ledger's schema and tables must not be empty or contain `$`";
                return Err(Kind::InvalidText { text: format!("{}.{}", self.schema, self.prefix), reason }.into());
            }
        }
        let identifier = |name: &str| quote::identifier(name, dialect.mark);
        let table = identifier(&format!("{}_{name}", self.prefix))?;
        if dialect.schemas { Ok(format!("{}.{table}", identifier(&self.schema)?)) } else { Ok(table) }
    }
}

/// Writes the SQL texts of one database's ledger, for one registry and run.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    pub(crate) dialect: &'static Dialect,
    pub(crate) location: &'a Location,
    pub(crate) registry: &'a Registry,
    pub(crate) database: &'a str,
    pub(crate) run: &'a str,
}

impl Ledger<'_> {
    pub(crate) fn text(&self, text: &str) -> Result<String> {
        quote::string(text, self.dialect.backslash)
    }
    fn optional(&self, text: Option<&str>) -> Result<String> {
        text.map_or(Ok("NULL".into()), |text| self.text(text))
    }
    pub(crate) fn history(&self) -> Result<String> {
        self.location.table(self.dialect, "history")
    }
    pub(crate) fn events(&self) -> Result<String> {
        self.location.table(self.dialect, "events")
    }
    fn actor(&self) -> Result<String> {
        if let Some(expression) = self.dialect.actor {
            return Ok(expression.into());
        }
        let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
        self.text(&user.unwrap_or_else(|| "unknown".into()).replace('\0', ""))
    }
}
