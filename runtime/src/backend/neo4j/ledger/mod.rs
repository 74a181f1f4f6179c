//! A ledger in Cypher: a node for each applied migration, and one for each event.
//!
//! What changes it begins with the fence: a node that only the run which holds the lease may pass, locked until its transaction ends.
//! Each such text gives one row: whether the lease was held, and how many records it changed.

mod read;
mod write;

use super::quote;
use crate::error::{Kind, Result};
use crate::ledger::{Cell, Claim, Language, Ledger, Location, Row, SELF, When, user};
use crate::registry::Migration;
use semver::Version;

/// Stands between the statements of one text.
pub(super) const THEN: &str = ";\n// then\n";
/// The column of a text that tells whether the lease was held.
pub(super) const HELD: &str = "held";
/// The column that counts what was changed.
pub(super) const CHANGED: &str = "changed";
/// The column of a text that tells whether the ledger is there, and has no other.
pub(super) const THERE: &str = "ledger";
/// The column whose list is read as lines.
pub(super) const LINES: &str = "lines";
/// Stands between a list's items where it is read as text.
pub(super) const JOINT: &str = "\u{1e}";

/// Writes a ledger's texts.
#[derive(Debug)]
pub(super) struct Cypher;

/// The row of the ledger's own format.
const FORMAT_KEY: &str = "whimbrel/ledger_0001/*";

/// Names the nodes of a ledger.
pub(super) struct Labels {
    pub(super) history: String,
    pub(super) event: String,
    pub(super) lock: String,
    /// How the names of its constraints begin.
    prefix: String,
    /// The lease's name, and the fence's, as literals.
    pub(super) lease: String,
    pub(super) fence: String,
}

impl Labels {
    pub(super) fn of(prefix: &str) -> Self {
        let label = |part: &str| quote::name(&format!("{}{part}", quote::camel(prefix))).unwrap_or_default();
        let snake = prefix.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        Self {
            history: label("History"),
            event: label("Event"),
            lock: label("Lock"),
            prefix: snake,
            lease: quote::string(prefix),
            fence: quote::string(&format!("{prefix} fence")),
        }
    }

    /// Makes the values of a property of a label unique, by a constraint.
    pub(super) fn unique(&self, label: &str, part: &str, property: &str) -> String {
        let name = quote::name(&format!("{}_{part}", self.prefix)).unwrap_or_default();
        format!("CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{property} IS UNIQUE")
    }
}

impl Language for Cypher {
    fn shown(&self, location: &Location, name: &str) -> String {
        let labels = Labels::of(location.prefix_name());
        format!(":{}", if name == "history" { labels.history } else { labels.event })
    }
    fn create(&self, ledger: &Ledger<'_>) -> Result<Vec<String>> {
        Texts::of(ledger)?.create()
    }
    fn glance(&self, ledger: &Ledger<'_>) -> Result<String> {
        Ok(Texts::of(ledger)?.glance())
    }
    fn probes(&self, ledger: &Ledger<'_>) -> Result<[String; 2]> {
        Ok(Texts::of(ledger)?.probes())
    }
    fn any(&self, ledger: &Ledger<'_>) -> Result<String> {
        Ok(format!("MATCH (h:{}) RETURN 1 LIMIT 1", Texts::of(ledger)?.labels.history))
    }
    fn read(&self, ledger: &Ledger<'_>) -> Result<String> {
        Ok(Texts::of(ledger)?.read())
    }
    fn read_attempts(&self, ledger: &Ledger<'_>) -> Result<String> {
        Ok(Texts::of(ledger)?.read_attempts())
    }
    fn read_events(&self, ledger: &Ledger<'_>, unfinished: Option<&str>) -> Result<String> {
        Ok(Texts::of(ledger)?.read_events(unfinished))
    }
    fn insert(&self, ledger: &Ledger<'_>, row: &Row<'_>, when: When) -> Result<String> {
        Texts::of(ledger)?.insert(row, when)
    }
    fn delete(&self, ledger: &Ledger<'_>, id: &str, when: When) -> Result<String> {
        Ok(Texts::of(ledger)?.delete(id, when))
    }
    fn duration(&self, ledger: &Ledger<'_>, migration: &Migration) -> Result<String> {
        Ok(Texts::of(ledger)?.duration(migration))
    }
    fn realign(&self, ledger: &Ledger<'_>, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String> {
        Ok(Texts::of(ledger)?.realign(id, values, recorded))
    }
    fn event(&self, ledger: &Ledger<'_>, row: &Row<'_>, _: Option<Claim<'_>>) -> Result<String> {
        // Where there is a lease nobody else can have changed anything, so nothing is claimed.
        Ok(Texts::of(ledger)?.event(row))
    }
    fn version(
        &self,
        ledger: &Ledger<'_>,
        migration: &Migration,
        version: Option<&Version>,
        breaking: bool,
    ) -> Result<Option<String>> {
        Ok(Some(Texts::of(ledger)?.version(migration, version, breaking)))
    }
    fn parted(&self, joined: &str) -> Vec<String> {
        joined.split(JOINT).map(Into::into).collect()
    }
}

/// Writes one ledger's texts.
struct Texts<'a> {
    labels: Labels,
    ledger: &'a Ledger<'a>,
}

impl<'a> Texts<'a> {
    fn of(ledger: &'a Ledger<'a>) -> Result<Self> {
        let prefix = ledger.location.prefix_name();
        if quote::camel(prefix).is_empty() || prefix.contains(['\0', '\\']) {
            let reason = "the name of a ledger in Neo4j has letters or digits, no NUL and no backslash";
            return Err(Kind::InvalidText { text: prefix.replace('\0', "\\0"), reason }.into());
        }
        Ok(Self { labels: Labels::of(prefix), ledger })
    }

    fn registry(&self) -> String {
        quote::string(self.ledger.registry.name)
    }

    fn database(&self) -> String {
        quote::string(self.ledger.database)
    }

    /// Names the properties of what is this database's.
    fn mine(&self) -> String {
        format!("registry: {}, database: {}", self.registry(), self.database())
    }

    fn key(&self, id: &str) -> String {
        quote::string(&format!("{}/{id}/{}", self.ledger.registry.name, self.ledger.database))
    }

    /// Begins a text that changes something. Only after it has been written to is a node locked, and what it says read for certain.
    fn fence(&self) -> String {
        super::lease::fence(&self.labels, self.ledger.run)
    }

    fn values(row: &Row<'_>) -> Vec<(&'static str, String)> {
        row.iter().map(|(name, cell)| (*name, value(cell))).collect()
    }
}

fn value(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null | Cell::Elapsed => "null".into(),
        Cell::Text(text) => quote::string(text),
        Cell::Number(number) => number.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Now => "datetime()".into(),
        Cell::Moment(moment) => format!("datetime({})", quote::string(moment)),
        Cell::Actor => quote::string(&user()),
        Cell::Texts(texts) => {
            format!("[{}]", texts.iter().map(|text| quote::string(text)).collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
