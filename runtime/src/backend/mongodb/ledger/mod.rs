//! A ledger in MongoDB's language: commands in Extended JSON, one a line.
//!
//! A text that changes the ledger begins with a command that holds the lease: it answers the server's time if that is still the run's
//! own, and nothing where it isn't. What follows has the time as `$$now`, and as `$$seq` the number after the ledger's last one.
//! `$$elapsed` is the time since what the command between has found.
//!
//! A row is a document of the history, and stays there after a rollback, as not applied: with the row it says in one update how it
//! came to it (`end`), so that the event about it can be written by somebody else where the run has died before it.

mod read;
mod write;

use super::extended_json::text;
use crate::error::{Kind, Result};
use crate::ledger::{Cell, Claim, Language, Ledger, Location, Row, When, user};
use crate::registry::Migration;
use mongodb::bson::{Bson, DateTime, Document, doc};
use semver::Version;

/// Writes MongoDB's texts.
#[derive(Debug)]
pub(super) struct Commands;

/// The `_id` of the event that tells that the events are there.
pub(super) const BEGINNING: i64 = 0;
/// The events that end what is told of a migration.
pub(super) const ENDS: [&str; 3] = ["applied", "baselined", "rolled_back"];

impl Language for Commands {
    fn shown(&self, location: &Location, name: &str) -> String {
        format!("{}_{name}", location.prefix_name())
    }
    fn table(&self, ledger: &Ledger<'_>, name: &str) -> Result<String> {
        let prefix = ledger.location.prefix_name();
        if prefix.is_empty() || prefix.starts_with("system.") || prefix.contains(['$', '\0']) {
            let reason =
                "the names of a ledger's collections must not be empty, contain `$` or NUL, or begin with `system.`";
            return Err(Kind::InvalidText { text: prefix.replace('\0', "\\0"), reason }.into());
        }
        Ok(self.shown(ledger.location, name))
    }
    fn create(&self, ledger: &Ledger<'_>) -> Result<Vec<String>> {
        Texts { ledger }.create()
    }
    fn glance(&self, ledger: &Ledger<'_>) -> Result<String> {
        Texts { ledger }.glance()
    }
    fn probes(&self, ledger: &Ledger<'_>) -> Result<[String; 2]> {
        Texts { ledger }.probes()
    }
    fn any(&self, ledger: &Ledger<'_>) -> Result<String> {
        Texts { ledger }.any()
    }
    fn read(&self, ledger: &Ledger<'_>) -> Result<String> {
        Texts { ledger }.read()
    }
    fn read_attempts(&self, ledger: &Ledger<'_>) -> Result<String> {
        Texts { ledger }.read_attempts()
    }
    fn read_events(&self, ledger: &Ledger<'_>, unfinished: Option<&str>) -> Result<String> {
        Texts { ledger }.read_events(unfinished)
    }
    fn insert(&self, ledger: &Ledger<'_>, row: &Row<'_>, when: When) -> Result<String> {
        Texts { ledger }.insert(row, when)
    }
    fn delete(&self, ledger: &Ledger<'_>, id: &str, _: When) -> Result<String> {
        Texts { ledger }.delete(id)
    }
    fn duration(&self, ledger: &Ledger<'_>, migration: &Migration) -> Result<String> {
        Texts { ledger }.duration(migration)
    }
    fn realign(&self, ledger: &Ledger<'_>, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String> {
        Texts { ledger }.realign(id, values, recorded)
    }
    fn event(&self, ledger: &Ledger<'_>, row: &Row<'_>, _: Option<Claim<'_>>) -> Result<String> {
        Texts { ledger }.event(row)
    }
    fn version(
        &self,
        ledger: &Ledger<'_>,
        migration: &Migration,
        version: Option<&Version>,
        breaking: bool,
    ) -> Result<Option<String>> {
        Texts { ledger }.version(migration, version, breaking).map(Some)
    }
    fn parted(&self, joined: &str) -> Vec<String> {
        serde_json::from_str(joined).unwrap_or_default()
    }
}

/// Writes one ledger's texts.
struct Texts<'a> {
    ledger: &'a Ledger<'a>,
}

impl Texts<'_> {
    fn collection(&self, name: &str) -> Result<String> {
        self.ledger.language.table(self.ledger, name)
    }

    /// Gives the `_id` of a migration's document.
    fn key(&self, id: &str) -> String {
        format!("{}/{id}/{}", self.ledger.registry.name, self.ledger.database)
    }

    fn mine(&self) -> Document {
        doc! { "registry": self.ledger.registry.name, "database": self.ledger.database }
    }

    fn find(&self, name: &str, filter: Document, sort: Document, comment: &str) -> Result<Document> {
        let (collection, comment) = (self.collection(name)?, format!("whimbrel: {comment}"));
        Ok(doc! { "find": collection, "filter": filter, "sort": sort, "comment": comment })
    }

    /// Writes a change of one document, and says that a majority has to have it.
    fn update(&self, name: &str, q: Document, u: Document, upsert: bool, comment: &str) -> Result<Document> {
        self.updates(name, &[doc! { "q": q, "u": u, "upsert": upsert }], comment)
    }

    fn updates(&self, name: &str, updates: &[Document], comment: &str) -> Result<Document> {
        let (collection, comment) = (self.collection(name)?, format!("whimbrel: {comment}"));
        let concern = doc! { "w": "majority" };
        Ok(doc! { "update": collection, "updates": updates, "writeConcern": concern, "comment": comment })
    }

    /// Begins a text that changes the ledger.
    fn hold(&self, doing: &str) -> Result<Document> {
        // The lock has no name of its own that could be refused.
        self.collection("lock")?;
        Ok(super::lease::hold(self.ledger.location.prefix_name(), self.ledger.run, doing))
    }

    fn cell(cell: &Cell<'_>) -> Bson {
        match cell {
            Cell::Null | Cell::Elapsed => Bson::Null,
            Cell::Text(text) => Bson::String(text.to_string()),
            Cell::Number(number) => Bson::Int64(*number),
            Cell::Truth(truth) => Bson::Boolean(*truth),
            Cell::Now => Bson::String("$$now".into()),
            Cell::Moment(moment) => DateTime::parse_rfc3339_str(moment).map_or(Bson::Null, Bson::DateTime),
            Cell::Actor => Bson::String(user()),
            Cell::Texts(texts) => Bson::Array(texts.iter().cloned().map(Bson::String).collect()),
        }
    }
}

fn row(row: &Row<'_>) -> Document {
    row.iter().map(|(name, cell)| ((*name).to_owned(), Texts::cell(cell))).collect()
}

/// Joins commands into a text, one a line.
fn lines(commands: &[Document]) -> String {
    commands.iter().map(text).collect::<Vec<_>>().join("\n")
}
