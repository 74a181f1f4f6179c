//! What there is to say about a name: not there, there already, of another kind, still needed.

use super::lookup::Space;
use super::past::Subject;
use super::{Finding, Id, Relation, Simulator, Site, StrangerKind, Table, extension};
use crate::statement::{Condition, Name};
use std::ops::Range;
use whimbrel_grammar::names::nearest;

impl Simulator {
    /// Keeps a finding, unless what is followed may not be done at all.
    pub(super) fn report(&mut self, finding: Finding) {
        let is_guarded = match finding.code.split_once('_') {
            Some(("duplicate", _)) => self.condition == Condition::IfMissing,
            Some(("unknown", _)) => self.condition == Condition::IfThere,
            _ => false,
        };
        if !is_guarded && !self.unsure() {
            self.findings.push(finding);
        }
    }

    /// Reports a relation that isn't there, and takes it for there from now on. `kind` is what the statement calls it.
    pub(super) fn unknown_relation(&mut self, kind: &str, id: &Id, range: &Range<usize>) {
        if self.open_world || kind == "index" && self.may_be_strange(StrangerKind::Index, &id.schema, &id.name) {
            self.put(id, Relation::Opaque);
            return;
        }
        let code = match kind {
            "index" => "unknown_index",
            "sequence" => "unknown_sequence",
            "view" | "materialized view" => "unknown_view",
            _ => "unknown_table",
        };
        let mut finding = finding(code, format!("there is no {kind} `{}`", id.shown()), range, "not there");
        if let Some(extension) = extension::of_relation(&id.name) {
            finding.help.push(create_extension(extension));
        } else {
            self.explain(&mut finding, Subject::relation(id), self.nearest_in(Space::Relation, &id.name));
        }
        self.report(finding);
        self.put(id, Relation::Opaque);
    }

    /// Reports something that isn't there.
    pub(super) fn unknown(
        &mut self,
        code: &'static str,
        message: String,
        range: &Range<usize>,
        subject: Subject,
        meant: Option<String>,
    ) {
        let mut finding = finding(code, message, range, "not there");
        self.explain(&mut finding, subject, meant);
        self.report(finding);
    }

    /// Reports a column that a table doesn't have.
    pub(super) fn unknown_column(&mut self, table: &Id, name: &Name) {
        let Some(held) = self.catalog.table(table) else { return };
        if held.opaque || self.unsure() {
            return;
        }
        let meant = nearest(&name.text, held.columns.iter().map(|column| column.name.as_str())).map(str::to_owned);
        let message = format!("table `{}` has no column `{}`", table.shown(), name.text);
        self.unknown("unknown_column", message, &name.range, Subject::part(table, &name.text), meant);
    }

    /// Reports a schema that isn't there, and takes it for there from now on.
    pub(super) fn unknown_schema(&mut self, name: &Name) {
        let known = self.catalog.schemas.keys().map(String::as_str);
        let meant = nearest(&name.text, known).map(str::to_owned);
        let message = format!("there is no schema `{}`", name.text);
        self.unknown("unknown_schema", message, &name.range, Subject::Schema(name.text.clone()), meant);
        self.make_schema(&name.text, true);
    }

    /// Reports something that is made and is there already.
    pub(super) fn duplicate(&mut self, code: &'static str, message: String, range: &Range<usize>, subject: &Subject) {
        let mut finding = finding(code, message, range, "there already");
        finding.related.extend(self.elsewhere(self.past.origin(subject), range));
        self.report(finding);
    }

    /// Reports something that other things need, so that it can't be dropped or changed.
    pub(super) fn still_needed(&mut self, what: &str, range: &Range<usize>, needs: &[Need], cascade: bool) {
        let mut words: Vec<String> = needs.iter().take(3).map(|need| need.words.clone()).collect();
        if needs.len() > 3 {
            words.push(format!("{} more", needs.len() - 3));
        }
        let last = words.pop().unwrap_or_default();
        let listed = if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) };
        let verb = if needs.len() == 1 { "needs" } else { "need" };
        let mut finding = finding("still_needed", format!("{listed} {verb} {what}"), range, "still needed");
        for need in needs.iter().take(3) {
            finding.related.extend(self.elsewhere(self.past.origin(&need.subject), range));
        }
        let first = if needs.len() == 1 { "drop that first" } else { "drop those first" };
        finding.help.push(if cascade {
            format!("{first}, or write `CASCADE` to drop all of it")
        } else {
            first.to_owned()
        });
        self.report(finding);
    }

    /// Reports a statement for another kind of object.
    pub(super) fn wrong_kind(&mut self, id: &Id, range: &Range<usize>, wanted: &str, help: Option<String>) {
        let Some(is) = self.kind_of(id) else { return };
        let message = format!("`{}` is {}, not {}", id.shown(), article(is), article(wanted));
        let mut finding = finding("wrong_kind", message, range, &article(is));
        finding.related.extend(self.elsewhere(self.past.origin(&Subject::relation(id)), range));
        finding.help.extend(help);
        self.report(finding);
    }

    /// Says what kind of relation something is; `None` where it isn't known.
    pub(super) fn kind_of(&self, id: &Id) -> Option<&'static str> {
        Some(match self.catalog.relation(id)? {
            Relation::Table(table) if table.foreign => "foreign table",
            Relation::Table(_) => "table",
            Relation::View(view) if view.materialized => "materialized view",
            Relation::View(_) => "view",
            Relation::Sequence(_) => "sequence",
            Relation::Index(_) => "index",
            Relation::Opaque => return None,
        })
    }

    /// Finds the name nearest to one that isn't known.
    pub(super) fn nearest_in(&self, space: Space, name: &str) -> Option<String> {
        let mut known: Vec<&str> = Vec::new();
        for schema in self.catalog.schemas.values() {
            match space {
                Space::Relation => {
                    let named = schema.relations.iter().filter(|(_, relation)| **relation != Relation::Opaque);
                    known.extend(named.map(|(name, _)| name.as_str()));
                }
                Space::Type => known.extend(schema.types.keys().map(String::as_str)),
                Space::Function => known.extend(schema.functions.keys().map(String::as_str)),
            }
        }
        nearest(name, known).map(str::to_owned)
    }

    /// Adds what helps: where the thing went, or what was probably meant.
    fn explain(&self, finding: &mut Finding, subject: Subject, meant: Option<String>) {
        let gone = self.past.gone(&subject);
        if let Some((site, words)) = &gone
            && let Some(name) = words.strip_prefix("renamed to ").and_then(|rest| rest.strip_suffix(" here"))
        {
            finding.help.push(format!("it is called {name} since then"));
            finding.related.push((site.clone(), words.clone()));
            return;
        }
        finding.help.extend(meant.map(|meant| format!("did you mean `{meant}`?")));
        finding.related.extend(gone);
    }

    /// Leaves out a place that is the very one that is reported.
    fn elsewhere(&self, place: Option<(Site, String)>, range: &Range<usize>) -> Option<(Site, String)> {
        place.filter(|(site, _)| *site != self.site(range))
    }
}

/// Something that needs what is to be dropped.
#[derive(Clone, Debug)]
pub(super) struct Need {
    /// What it is: "view `v`".
    pub(super) words: String,
    pub(super) subject: Subject,
}

/// Makes a finding.
pub(super) fn finding(code: &'static str, message: String, range: &Range<usize>, label: &str) -> Finding {
    Finding { range: range.clone(), code, message, label: label.to_owned(), help: Vec::new(), related: Vec::new() }
}

/// Says how to get what comes with an extension.
pub(super) fn create_extension(name: &str) -> String {
    format!(
        "it comes with an extension: write `CREATE EXTENSION IF NOT EXISTS {}` before it",
        super::server::quoted(name)
    )
}

/// Tells whether a table has a column.
pub(super) fn has_column(table: &Table, name: &str) -> bool {
    table.columns.iter().any(|column| column.name == name)
}

pub(super) fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("uni") { "an" } else { "a" };
    format!("{article} {noun}")
}
