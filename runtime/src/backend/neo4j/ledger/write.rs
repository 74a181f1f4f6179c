//! The texts that change it.

use super::{CHANGED, FORMAT_KEY, HELD, SELF, Texts, value};
use crate::backend::neo4j::quote;
use crate::error::Result;
use crate::ledger::{Cell, FORMAT, Known, Row, When};
use crate::registry::Migration;
use semver::Version;

impl Texts<'_> {
    /// Makes the keys unique and the events quick to find, and records the format; where events were taken away they are counted anew.
    pub(super) fn create(&self) -> Result<Vec<String>> {
        let (history, event) = (&self.labels.history, &self.labels.event);
        let index = quote::name(&format!("{}_event_id", self.labels.prefix))?;
        let row = [
            ("registry", Cell::from(SELF)),
            ("id", "ledger_0001".into()),
            ("database", "*".into()),
            ("ordinal", Cell::Number(FORMAT)),
            ("name", "The ledger itself".into()),
            ("source", "whimbrel".into()),
            ("kind", "cypher".into()),
            ("checksum", "-".into()),
            ("checksum_algorithm", Cell::Number(0)),
            ("transactional", Cell::Truth(true)),
            ("out_of_order", Cell::Truth(false)),
            ("applied_at", Cell::Now),
            ("applied_by", Cell::Actor),
            ("whimbrel_version", env!("CARGO_PKG_VERSION").into()),
        ];
        let row = row.map(|(name, cell)| (name, value(&cell)));
        Ok(vec![
            self.labels.unique(history, "history_key", "key"),
            self.labels.unique(event, "event_seq", "seq"),
            format!("CREATE INDEX {index} IF NOT EXISTS FOR (n:{event}) ON (n.id)"),
            // Last, so that a ledger without it is one that somebody has begun to create.
            format!(
                "{} OPTIONAL MATCH (e:{event}) WITH fence, coalesce(max(e.seq), 0) AS last SET fence.events = last MERGE (h:{history} \
                 {{key: '{FORMAT_KEY}'}}) ON CREATE SET h += {{{}}} RETURN count(fence) AS {HELD}, count(h) AS {CHANGED}",
                self.fence(),
                quote::entries(&row)
            ),
        ])
    }

    pub(super) fn insert(&self, row: &Row<'_>, when: When) -> Result<String> {
        let (fence, history) = (self.fence(), &self.labels.history);
        let text = |name: &str| match row.iter().find(|(column, _)| *column == name) {
            Some((_, Cell::Text(text))) => text.as_ref(),
            _ => "",
        };
        let key = quote::string(&[text("registry"), text("id"), text("database")].join("/"));
        let values = quote::entries(&Self::values(row));
        let result = format!("RETURN count(fence) AS {HELD}");
        Ok(match when {
            When::Always => {
                format!("{fence} CREATE (h:{history} {{key: {key}, {values}}}) {result}, count(h) AS {CHANGED}")
            }
            When::Absent => format!(
                "{fence} MERGE (h:{history} {{key: {key}}}) ON CREATE SET h += {{{values}}} {result}, count(h) AS {CHANGED}"
            ),
            When::Rows(rows) => format!(
                "{fence} CALL {{ WITH fence WITH fence WHERE {} CREATE (h:{history} {{key: {key}, {values}}}) RETURN count(h) AS \
                 made }} {result}, sum(made) AS {CHANGED}",
                self.rows(rows)
            ),
        })
    }

    /// Writes the condition that exactly so many of this database's rows are there.
    fn rows(&self, Known { rows, .. }: Known) -> String {
        format!("COUNT {{ MATCH (:{} {{{}}}) }} = {rows}", self.labels.history, self.mine())
    }

    /// Begins a text about a migration's row, which may not be there.
    fn row(&self, id: &str, condition: &str) -> String {
        let (fence, history, key) = (self.fence(), &self.labels.history, self.key(id));
        format!("{fence} OPTIONAL MATCH (h:{history} {{key: {key}}}){condition} WITH fence, h")
    }

    pub(super) fn delete(&self, id: &str, when: When) -> String {
        let condition = match when {
            When::Rows(rows) => format!(" WHERE {}", self.rows(rows)),
            When::Always | When::Absent => String::new(),
        };
        let row = self.row(id, &condition);
        format!("{row}, h.key AS gone DETACH DELETE h RETURN count(fence) AS {HELD}, count(gone) AS {CHANGED}")
    }

    pub(super) fn duration(&self, migration: &Migration) -> String {
        let row = self.row(migration.id, "");
        let (event, run, id) = (&self.labels.event, quote::string(self.ledger.run), quote::string(migration.id));
        let since = if migration.transactional {
            ", h.applied_at AS since".to_owned()
        } else {
            format!(" OPTIONAL MATCH (e:{event} {{id: {id}}}) WHERE e.run = {run} WITH fence, h, min(e.at) AS since")
        };
        format!(
            "{row}{since} SET h.duration_ms = timestamp() - since.epochMillis RETURN count(fence) AS {HELD}, count(h) AS {CHANGED}"
        )
    }

    pub(super) fn realign(&self, id: &str, values: &Row<'_>, recorded: Option<&str>) -> String {
        let checksum = recorded.map(|recorded| format!(" WHERE h.checksum = {}", quote::string(recorded)));
        let row = self.row(id, &checksum.unwrap_or_default());
        let values = quote::entries(&Self::values(values));
        format!("{row} SET h += {{{values}}} RETURN count(fence) AS {HELD}, count(h) AS {CHANGED}")
    }

    /// The fence counts the events: whoever passes it is alone with it.
    pub(super) fn event(&self, row: &Row<'_>) -> String {
        let (fence, event) = (self.fence(), &self.labels.event);
        let values = quote::entries(&Self::values(row));
        format!(
            "{fence} SET fence.events = coalesce(fence.events, 0) + 1 CREATE (e:{event} {{seq: fence.events, {values}}}) RETURN \
             count(fence) AS {HELD}, count(e) AS {CHANGED}"
        )
    }

    /// Users look for it in a node `(:SchemaVersion)`, one for each ledger, registry and database.
    pub(super) fn version(&self, migration: &Migration, version: Option<&Version>, breaking: bool) -> String {
        let (fence, mine) = (self.fence(), self.mine());
        let which = format!("(v:SchemaVersion {{ledger: {}, {mine}}})", self.labels.lease);
        let change = match version {
            None => format!("OPTIONAL MATCH {which} WITH fence, v DETACH DELETE v"),
            Some(version) => format!(
                "MERGE {which} SET v.version = {}, v.description = {}, v.applied_at = datetime(), v.breaking = {breaking}",
                quote::string(&version.to_string()),
                quote::string(migration.description)
            ),
        };
        format!("{fence} {change} RETURN count(DISTINCT fence) AS {HELD}")
    }
}
