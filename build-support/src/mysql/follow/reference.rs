//! Foreign keys.

use super::Follower;
use super::complaint::{finding, id};
use super::key::{columns, free_name, implicit};
use super::world::{Found, plain, same};
use crate::catalog::{Reference, Relation, Subject, Table};
use crate::mysql::deed;
use crate::statement::Name;

impl Follower {
    pub(super) fn add_reference(&mut self, key: &str, own: &deed::Reference) {
        // MySQL reads one that stands with a column, and makes nothing of it.
        if own.inline && !self.server.maria_since([10, 5, 0]) {
            return;
        }
        for column in &own.columns {
            if !self.has_column(key, &column.text) {
                self.unknown_column(key, column);
                return;
            }
        }
        let target = match self.world.find(&own.table) {
            Found::Here(target) => target,
            Found::Missing(target) => {
                if self.checks && !self.world.is_opaque() {
                    self.unknown_relation(&target, "table", &own.table.range());
                    return;
                }
                target
            }
            Found::Elsewhere => return,
        };
        for column in &own.references {
            if self.checks && self.world.table(&target).is_some() && !self.has_column(&target, &column.text) {
                self.unknown_column(&target, column);
                return;
            }
        }
        let Some(table) = self.world.table(key) else { return };
        let name = own.name.as_ref().map_or_else(|| auto_name(key, table), |name| name.text.clone());
        if table.references.keys().any(|known| same(known, &name)) && !table.opaque {
            if !own.if_not_exists {
                let range = own.name.as_ref().map_or(&own.range, |name| &name.range);
                let message = format!("table `{key}` has a foreign key `{name}` already");
                self.duplicate("duplicate_constraint", message, range, &Subject::part(&id(key), &name));
            }
            return;
        }
        if let Some(named) = &own.name {
            self.past.made(Subject::part(&id(key), &named.text), self.site(&named.range));
        }
        self.world.refers(key, &target);
        let Some(table) = self.world.table_mut(key) else { return };
        let served = |index: &crate::catalog::Index| {
            let columns = columns(index);
            index.method == "btree"
                && own.columns.len() <= columns.len()
                && own.columns.iter().zip(&columns).all(|(one, other)| same(&one.text, other))
        };
        if !table.indexes.values().any(served) {
            let index = own.name.as_ref().or(own.index.as_ref()).map(|name| name.text.clone());
            let index = index.unwrap_or_else(|| free_name(table, own.columns.first()));
            table.indexes.or_insert(&index, implicit(&own.columns));
        }
        let texts = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect();
        let reference = Reference {
            columns: texts(&own.columns),
            table: id(&target).to_string(),
            references: texts(&own.references),
            on_delete: own.on_delete.clone(),
            on_update: own.on_update.clone(),
            deferral: String::new(),
            validated: true,
            inherited: false,
        };
        table.references.insert(name, reference);
    }

    pub(super) fn drop_reference(&mut self, key: &str, name: &Name, if_exists: bool) {
        let Some(table) = self.world.table_mut(key) else { return };
        let known = table.references.keys().find(|known| same(known, &name.text)).cloned();
        let Some(known) = known else {
            let known = table.references.keys().cloned().collect();
            if !if_exists {
                self.unknown_part(key, "unknown_constraint", "foreign key", name, known);
            }
            return;
        };
        table.references.remove(&known);
        self.past.dropped(Subject::part(&id(key), &known), self.site(&name.range));
    }

    /// Drops a check, a foreign key or a key by its name.
    pub(super) fn drop_constraint(&mut self, key: &str, name: &Name, if_exists: bool) {
        let Some(table) = self.world.table_mut(key) else { return };
        let is = |known: &String| same(known, &name.text);
        if table.references.keys().any(is) {
            return self.drop_reference(key, name, if_exists);
        }
        if table.keys.keys().any(is) {
            return self.drop_key(key, name, if_exists);
        }
        let before = table.checks.len();
        table.checks.retain(|known, _| !same(known, &name.text));
        if table.checks.len() == before {
            let known = table.references.keys().chain(table.checks.keys()).chain(table.keys.keys()).cloned().collect();
            if !if_exists && self.world.table(key).is_some_and(|table| table.checks.is_empty()) {
                self.unknown_part(key, "unknown_constraint", "constraint", name, known);
            }
            return;
        }
        self.past.dropped(Subject::part(&id(key), &name.text), self.site(&name.range));
    }

    /// Reports a table that can't be dropped while others have foreign keys to it.
    pub(super) fn still_referred(&mut self, key: &str, range: &std::ops::Range<usize>, dropped: &[String]) -> bool {
        let needing: Vec<String> =
            self.world.referrers(key).into_iter().filter(|from| from != key && !dropped.contains(from)).collect();
        let Some(first) = needing.first().filter(|_| self.checks && !self.world.is_opaque()) else { return false };
        let message = format!("table `{first}` needs table `{key}`: it has a foreign key to it");
        let mut found = finding("still_needed", message, range, "still needed");
        found.help.push("drop that foreign key first, or that table".to_owned());
        self.findings.push(found);
        true
    }

    /// Follows a table's new name in the foreign keys to it.
    pub(super) fn rename_target(&mut self, from: &str, to: &str) {
        for referrer in self.world.referrers(from) {
            if let Some(table) = self.world.table_mut(&referrer) {
                for reference in table.references.values_mut().filter(|own| same(plain(&own.table), from)) {
                    reference.table = id(to).to_string();
                }
            }
            self.world.refers(&referrer, to);
        }
    }

    /// Follows a column's new name in the foreign keys to it.
    pub(super) fn rename_target_column(&mut self, key: &str, from: &str, to: &str) {
        for referrer in self.world.referrers(key) {
            let Some(table) = self.world.table_mut(&referrer) else { continue };
            for reference in table.references.values_mut().filter(|own| same(plain(&own.table), key)) {
                for column in reference.references.iter_mut().filter(|column| same(column, from)) {
                    *column = to.to_owned();
                }
            }
        }
    }

    /// Puts a table under another name.
    pub(super) fn move_table(&mut self, from: &str, to: &str) {
        let Some(relation) = self.world.take(from) else { return };
        self.world.put(to, relation);
        if let Some(charset) = self.world.charsets.remove(from) {
            self.world.charsets.insert(to.to_owned(), charset);
        }
        if let Some(Relation::Table(table)) = self.world.relation(to).cloned() {
            for reference in table.references.values() {
                self.world.refers(to, plain(&reference.table));
            }
        }
        self.rename_target(from, to);
        // The keys that the server has named after the table are named anew.
        if let Some(table) = self.world.table_mut(to) {
            let prefix = format!("{from}_ibfk_");
            let generated: Vec<String> =
                table.references.keys().filter(|name| name.starts_with(&prefix)).cloned().collect();
            for name in generated {
                if let Some(reference) = table.references.remove(&name) {
                    table.references.insert(format!("{to}_ibfk_{}", &name[prefix.len()..]), reference);
                }
            }
        }
    }
}

/// Gives the name that the server makes up for a foreign key.
fn auto_name(key: &str, table: &Table) -> String {
    let prefix = format!("{key}_ibfk_");
    let number = |name: &String| name.strip_prefix(&prefix)?.parse::<u32>().ok();
    let last = table.references.keys().filter_map(number).max().unwrap_or(0);
    format!("{prefix}{}", last.saturating_add(1))
}
