//! `TRUNCATE`: who refers to a table that is emptied has to be emptied with it.

use super::complaint::Need;
use super::past::Subject;
use super::{Id, Simulator};
use crate::statement::QualifiedName;
use std::collections::BTreeSet;

impl Simulator {
    pub(super) fn truncate(&mut self, tables: &[QualifiedName], cascade: bool) {
        let named: Vec<(Id, &QualifiedName)> =
            tables.iter().filter_map(|name| Some((self.relation(name, "table")?, name))).collect();
        if cascade || self.catalog.opaque {
            return;
        }
        let mut emptied: BTreeSet<String> = BTreeSet::new();
        for (id, _) in &named {
            emptied.insert(id.to_string());
            emptied.extend(self.descendants(&id.to_string()));
        }
        for (id, name) in &named {
            let needs = self.referring(id, &emptied);
            if !needs.is_empty() {
                let what = format!("the rows of `{}`", id.shown());
                self.still_needed(&what, &name.range(), &needs, false);
                if let Some(last) = self.findings.last_mut().filter(|finding| finding.code == "still_needed") {
                    let first = needs.first().map_or("", |need| need.words.as_str());
                    last.help = vec![format!(
                        "empty {first} in the same `TRUNCATE`, or write `CASCADE` to empty all that refer to it"
                    )];
                }
            }
        }
    }

    /// Lists the tables that refer to one and aren't emptied. A foreign key that isn't valid may be one that isn't enforced.
    fn referring(&self, id: &Id, emptied: &BTreeSet<String>) -> Vec<Need> {
        let mut needs = Vec::new();
        if self.catalog.table(id).is_none_or(|table| table.opaque) || self.catalog.is_doubtful(id) {
            return needs;
        }
        for user in self.links.users(id).into_iter().filter(|user| !emptied.contains(&user.to_string())) {
            let Some(table) = self.catalog.table(&user).filter(|table| !table.opaque) else { continue };
            let refers = table.references.values().any(|reference| reference.validated && id.is(&reference.table));
            if refers && !self.catalog.is_doubtful(&user) {
                needs.push(Need { words: format!("table `{}`", user.shown()), subject: Subject::relation(&user) });
            }
        }
        needs
    }
}
