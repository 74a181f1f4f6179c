//! What a session's database has in it at one point, and how two points differ.

use super::migration;
use super::names::{Key, Names};
use super::object::{Object, ObjectKind, is_virtual, key};
use super::refusal::Reason;
use super::session::{Row, Session, literal, quoted};
use super::table;
use super::words;
use super::world::Delta;
use crate::sql::{Dialect, Script};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// So many views and triggers are looked at after a migration.
const JUDGED: usize = 64;

/// All objects but SQLite's own.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    rows: BTreeMap<Key, Row>,
    has_sequences: bool,
    has_statistics: bool,
}

impl Snapshot {
    /// Takes one.
    pub(super) fn of(session: &Session) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for row in session.objects() {
            snapshot.has_sequences |= row.name == "sqlite_sequence";
            snapshot.has_statistics |= row.name == "sqlite_stat1";
            if !row.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_")) {
                snapshot.rows.insert(key(row.kind == "trigger", &row.name), row);
            }
        }
        snapshot
    }

    /// Gives what has to change to come from another one to this one, which is the session's.
    pub(super) fn since(&self, before: &Snapshot, session: &Session, names: &Names) -> Delta {
        let removed: Vec<Key> = before.rows.keys().filter(|key| !self.rows.contains_key(key)).cloned().collect();
        let mut changed: Vec<&Row> =
            self.rows.iter().filter(|(key, row)| before.rows.get(key) != Some(row)).map(|(_, row)| row).collect();
        // A table is described with its indexes and triggers.
        let mut tables: Vec<&str> = changed.iter().map(|row| row.table.as_str()).collect();
        tables.extend(removed.iter().filter_map(|key| before.rows.get(key)).map(|row| row.table.as_str()));
        for table in tables {
            let row = self.rows.get(&key(false, table));
            changed.extend(row.filter(|row| !changed.contains(row)));
        }
        let mut delta = Delta {
            removed,
            has_sequences: self.has_sequences,
            has_statistics: self.has_statistics,
            ..Delta::default()
        };
        if changed.is_empty() && delta.removed.is_empty() {
            return delta;
        }
        delta.put = self.objects(changed, session);
        self.judge(session, names, &mut delta);
        delta
    }

    fn objects(&self, changed: Vec<&Row>, session: &Session) -> Vec<Arc<Object>> {
        let virtual_tables: Vec<String> =
            self.rows.values().filter(|row| is_virtual(&row.sql)).map(|row| row.name.to_ascii_lowercase()).collect();
        let shadows: Vec<String> = match virtual_tables.is_empty() {
            true => Vec::new(),
            false => session
                .names("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
                .iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
        };
        let object = |row: &Row| {
            let mut object = Object::of(row.clone(), &shadows, &virtual_tables);
            if matches!(object.kind, ObjectKind::Table | ObjectKind::Virtual | ObjectKind::View) {
                object.described = table::described(&object, session);
            }
            Arc::new(object)
        };
        changed.into_iter().map(object).collect()
    }

    /// Finds the views and triggers that make no sense any more because of what has changed: any change of a table may run
    /// into them.
    fn judge(&self, session: &Session, names: &Names, delta: &mut Delta) {
        let changed: HashSet<Key> = migration::keys(delta).collect();
        for (key, row) in self.rows.iter().filter(|(_, row)| matches!(row.kind.as_str(), "view" | "trigger")) {
            let (mut depends, mut doubtful) = (changed.contains(key), false);
            if let Ok(script) = Script::parse(&row.sql, Dialect::Sqlite) {
                words::each(script.tokens(), &row.sql, |word| {
                    let key = Key::Relation(word.to_owned());
                    depends |= changed.contains(&key);
                    doubtful |= names.is_named_loose(&key);
                });
            }
            if depends && delta.broken.len() + delta.sound.len() < JUDGED {
                let broken = !doubtful && is_broken(row, session);
                if broken { &mut delta.broken } else { &mut delta.sound }.push(key.clone());
            }
        }
    }
}

/// Tells whether SQLite can't make sense of a view or a trigger.
fn is_broken(row: &Row, session: &Session) -> bool {
    let is_refused = |sql: &str| {
        let reason = session.prepare(sql).err().map(|refusal| refusal.reason);
        matches!(reason, Some(Reason::Unknown { .. } | Reason::UnknownColumn { .. }))
    };
    let table = quoted(&row.table);
    if row.kind == "view" {
        return is_refused(&format!("SELECT 1 FROM {table}"));
    }
    let columns = session.names(&format!("SELECT name FROM pragma_table_xinfo({})", literal(&row.table)));
    let first = columns.first().map(|column| quoted(column)).unwrap_or_default();
    is_refused(&format!("DELETE FROM {table}"))
        || is_refused(&format!("INSERT INTO {table} DEFAULT VALUES"))
        || is_refused(&format!("UPDATE {table} SET {first} = NULL"))
}
