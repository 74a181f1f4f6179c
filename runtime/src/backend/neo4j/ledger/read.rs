//! The texts that read it.

use super::{FORMAT_KEY, LINES, SELF, THEN, THERE, Texts};
use crate::backend::neo4j::quote;
use crate::ledger::COLUMNS;

const ENDS: &str = "['applied', 'baselined', 'rolled_back']";

impl Texts<'_> {
    pub(super) fn glance(&self) -> String {
        let (history, mine) = (&self.labels.history, self.mine());
        format!(
            "OPTIONAL MATCH (f:{history} {{key: '{FORMAT_KEY}'}}) OPTIONAL MATCH (h:{history} {{{mine}}}) WITH f, h ORDER BY \
             h.ordinal, h.id RETURN count(h), coalesce(max(f.ordinal), 0), collect(h.id + ' ' + h.checksum) AS {LINES}, \
             count(h.rollback_started_at)"
        )
    }

    /// A graph has no empty tables: events are missing where some were written and none is there.
    fn has_events(&self) -> String {
        let (event, lock, fence) = (&self.labels.event, &self.labels.lock, &self.labels.fence);
        format!(
            "(EXISTS {{ MATCH (:{event}) }} OR NOT EXISTS {{ MATCH (fence:{lock} {{name: {fence}}}) WHERE fence.events > 0 }})"
        )
    }

    pub(super) fn probes(&self) -> [String; 2] {
        let (history, event) = (&self.labels.history, &self.labels.event);
        let is = format!("EXISTS {{ MATCH (:{history}) }}");
        [
            format!("RETURN {is} AS {THERE}"),
            format!("RETURN EXISTS {{ MATCH (:{event}) }} OR ({is} AND {}) AS {THERE}", self.has_events()),
        ]
    }

    /// Nothing is to be done that could not be written down, so the ledger is not there where the events are missing.
    pub(super) fn read(&self) -> String {
        let (history, event) = (&self.labels.history, &self.labels.event);
        let (registry, database, mine) = (self.registry(), self.database(), self.mine());
        let there = format!("RETURN EXISTS {{ MATCH (:{history}) }} AND {} AS {THERE}", self.has_events());
        let rows = format!(
            "MATCH (h:{history}) WHERE (h.registry = {registry} AND h.database = {database}) OR h.registry = '{SELF}' RETURN {} \
             ORDER BY h.ordinal, h.id",
            COLUMNS.map(|column| format!("h.{column}")).join(", ")
        );
        let lost = format!(
            "MATCH (e:{event} {{{mine}}}) WHERE e.event IN {ENDS} WITH e ORDER BY e.seq WITH e.id AS id, last(collect(e)) AS end \
             WHERE end.event <> 'rolled_back' AND NOT EXISTS {{ MATCH (:{history} {{key: {registry} + '/' + id + '/' + \
             {database}}}) }} RETURN id ORDER BY end.seq"
        );
        [there, rows, lost].join(THEN)
    }

    pub(super) fn read_attempts(&self) -> String {
        let (history, event) = (&self.labels.history, &self.labels.event);
        let (registry, database, mine) = (self.registry(), self.database(), self.mine());
        let read = format!(
            "MATCH (e:{event} {{{mine}}}) WITH e ORDER BY e.seq WITH e.id AS id, last(collect(e)) AS e WHERE e.event IN \
             ['started', 'statement', 'failed'] AND NOT EXISTS {{ MATCH (:{history} {{key: {registry} + '/' + id + '/' + \
             {database}}}) }} RETURN e.id, e.database, e.event, e.at, e.statement, e.statements, e.message"
        );
        format!("{}{THEN}{read}", self.is_there())
    }

    pub(super) fn read_events(&self, unfinished: Option<&str>) -> String {
        let (event, mine) = (&self.labels.event, self.mine());
        let which = match unfinished {
            None => format!("MATCH (e:{event} {{{mine}}})"),
            Some(id) => {
                let id = quote::string(id);
                format!(
                    "OPTIONAL MATCH (x:{event} {{{mine}, id: {id}}}) WHERE x.event IN {ENDS} WITH coalesce(max(x.seq), 0) AS since \
                     MATCH (e:{event} {{{mine}, id: {id}}}) WHERE e.seq > since"
                )
            }
        };
        let read = format!(
            "{which} RETURN e.seq, e.at, e.id, e.database, e.run, e.event, e.direction, e.statement, e.statements, e.checksum, \
             e.message, e.detail, e.actor, timestamp() - e.at.epochMillis ORDER BY e.seq"
        );
        format!("{}{THEN}{read}", self.is_there())
    }

    fn is_there(&self) -> String {
        format!("RETURN EXISTS {{ MATCH (:{}) }} AS {THERE}", self.labels.history)
    }
}
