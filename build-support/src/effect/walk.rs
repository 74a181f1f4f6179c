//! A script's effects on those who work with the database meanwhile: what the script itself has made, nobody waits for.

use super::{Cause, Effect, Lock, Situation, effects};
use crate::by_name::ByName;
use crate::catalog::{Catalog, Relation};
use crate::statement::{Act, ActKind, AlterTable, ObjectKind, QualifiedName, Statement, TableChange};
use std::collections::BTreeSet;
use std::ops::Range;

/// Follows one script from its first statement on.
#[derive(Debug)]
pub(crate) struct Walk {
    /// Whether it is inside of a transaction: all of it, or between a `BEGIN` and a `COMMIT` of its own.
    transactional: bool,
    version: u16,
    /// `schema.name` of the relations that it has made.
    made: BTreeSet<String>,
    /// The strongest lock on each relation that was there before, since the transaction began.
    held: ByName<Held>,
    /// Whether it has done something that can't be followed, so that what isn't known may be new.
    opaque: bool,
    utc: bool,
    /// Columns that it has added to relations that were there.
    added: BTreeSet<(String, String)>,
    /// Names of the types that it has made.
    types: BTreeSet<String>,
    /// Values that it has added to enums that were there, since the transaction began.
    values: Vec<NewValue>,
}

/// A value of an enum that can't be used before the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct NewValue {
    /// `schema.type`.
    pub(crate) of: String,
    pub(crate) value: String,
    pub(crate) range: Range<usize>,
}

/// A lock that is held until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) lock: Lock,
    /// What took it.
    pub(crate) range: Range<usize>,
    /// Whether the author asked for it in as many words.
    pub(crate) asked: bool,
}

impl Walk {
    /// Begins a script on a server of this major version.
    pub(crate) fn new(transactional: bool, version: u16) -> Walk {
        Walk {
            transactional,
            version,
            made: BTreeSet::new(),
            held: ByName::new(),
            opaque: false,
            // The runner's sessions are.
            utc: true,
            added: BTreeSet::new(),
            types: BTreeSet::new(),
            values: Vec::new(),
        }
    }

    /// Tells whether what is done now is undone if a later statement fails.
    pub(crate) fn is_transactional(&self) -> bool {
        self.transactional
    }

    /// Takes a `BEGIN`, a `COMMIT` or a `ROLLBACK` of the script's own into account.
    pub(crate) fn set_transactional(&mut self, transactional: bool) {
        self.transactional = transactional;
        self.held = ByName::new();
        self.values.clear();
    }

    /// Gives what is known of the server before an act.
    pub(crate) fn situation<'a>(&self, catalog: &'a Catalog, path: &'a [String]) -> Situation<'a> {
        Situation { catalog, path, version: self.version, utc: self.utc }
    }

    /// Gives the effects of an act on relations that were there before the script. [`Walk::done`] takes them into account.
    pub(crate) fn effects(&self, statement: &Statement, act: &Act, before: &Situation<'_>) -> Vec<Effect> {
        let mut found = effects(statement, act, before);
        found.retain(|effect| !self.is_new(&effect.relation, before));
        found
    }

    /// Gives the lock that the script holds on a relation.
    pub(crate) fn held(&self, relation: &str) -> Option<&Held> {
        self.held.get(relation)
    }

    /// Lists the locks that the script holds, by relation.
    pub(crate) fn all_held(&self) -> impl Iterator<Item = (&str, &Held)> {
        self.held.iter().map(|(relation, held)| (relation.as_str(), held))
    }

    /// Tells whether a relation is the script's own.
    pub(crate) fn is_new(&self, relation: &str, before: &Situation<'_>) -> bool {
        self.made.contains(relation)
            || relation.starts_with("pg_temp.")
            || match before.at(relation) {
                Some(Relation::Table(table)) => {
                    table.temporary || table.partition_of.as_ref().is_some_and(|parent| self.made.contains(parent))
                }
                Some(Relation::Index(table)) => {
                    relation.split_once('.').is_some_and(|(schema, _)| self.made.contains(&format!("{schema}.{table}")))
                }
                Some(_) => false,
                None => self.opaque,
            }
    }

    /// Tells whether the script has made a relation of this key.
    pub(crate) fn has_made(&self, relation: &str) -> bool {
        self.made.contains(relation)
    }

    /// Tells whether the script has added a column to a relation that was there.
    pub(crate) fn has_added(&self, relation: &str, column: &str) -> bool {
        self.added.iter().any(|(of, name)| of == relation && name == column)
    }

    /// Tells whether the script has done something that can't be followed.
    pub(crate) fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// Tells whether the script has made a type of this name.
    pub(crate) fn has_made_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// Lists the values of enums that can't be used yet.
    pub(crate) fn new_values(&self) -> &[NewValue] {
        &self.values
    }

    /// Takes an act and its effects into account, before the catalog does.
    pub(crate) fn done(&mut self, act: &Act, effects: &[Effect], before: &Situation<'_>) {
        let holds = |effect: &&Effect| self.transactional && effect.cause != Cause::View;
        for effect in effects.iter().filter(holds) {
            let held = Held { lock: effect.lock, range: act.range.clone(), asked: effect.cause == Cause::Asked };
            match self.held.get_mut(&effect.relation) {
                Some(known) if known.lock >= effect.lock => {}
                Some(known) => *known = held,
                None => {
                    self.held.insert(effect.relation.clone(), held);
                }
            }
        }
        match &act.kind {
            ActKind::CreateTable(table) if !is_there(&table.name, table.if_not_exists, before) => {
                self.make(&table.name, before);
            }
            ActKind::CreateTableAs { name, if_not_exists, .. } if !is_there(name, *if_not_exists, before) => {
                self.make(name, before);
            }
            ActKind::CreateView { name, if_not_exists, or_replace, .. }
                if !is_there(name, *if_not_exists || *or_replace, before) =>
            {
                self.make(name, before);
            }
            ActKind::CreateIndex(index) if index.name.is_some() => {
                let (table, _) = before.relation(&index.table);
                let name = index.name.as_ref().map_or("", |name| name.text.as_str());
                let key = format!("{}.{name}", table.split_once('.').map_or("public", |(schema, _)| schema));
                if before.at(&key).is_none() {
                    self.made.insert(key);
                }
            }
            ActKind::Rename { name, to, .. } => {
                let (key, _) = before.relation(name);
                let schema = key.split_once('.').map_or("public", |(schema, _)| schema);
                self.rename(&key, &format!("{schema}.{}", to.text));
            }
            ActKind::Move { name, schema, .. } => {
                let (key, _) = before.relation(name);
                self.rename(&key, &format!("{}.{}", schema.text, name.name.text));
            }
            ActKind::Drop(drop)
                if matches!(drop.kind, ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView) =>
            {
                for name in &drop.names {
                    self.made.remove(&before.relation(name).0);
                }
            }
            ActKind::Set { name, value, .. } if matches!(name.as_str(), "timezone" | "time zone" | "all") => {
                self.utc = value.as_deref().is_none_or(is_utc);
            }
            ActKind::AlterTable(AlterTable { table, change: TableChange::AddColumn { column, .. }, .. }) => {
                self.added.insert((before.relation(table).0, column.name.text.clone()));
            }
            ActKind::AlterTable(AlterTable { table, change: TableChange::RenameColumn { from, to }, .. }) => {
                let key = before.relation(table).0;
                if self.added.remove(&(key.clone(), from.text.clone())) {
                    self.added.insert((key, to.text.clone()));
                }
            }
            ActKind::CreateType(made) => {
                self.types.insert(made.name.name.text.clone());
            }
            ActKind::AddEnumValue { name, value, .. }
                if self.transactional && !self.types.contains(&name.name.text) =>
            {
                if let Some((of, _)) = before.own_type(name.schema.as_ref(), &name.name.text) {
                    self.values.push(NewValue { of, value: value.text.clone(), range: act.range.clone() });
                }
            }
            ActKind::Transaction => {
                self.held = ByName::new();
                self.values.clear();
            }
            ActKind::Somewhere(_) | ActKind::Opaque { .. } => self.opaque = true,
            _ => {}
        }
    }

    fn make(&mut self, name: &QualifiedName, before: &Situation<'_>) {
        self.made.insert(before.place_of(name));
    }

    fn rename(&mut self, from: &str, to: &str) {
        if self.made.remove(from) {
            self.made.insert(to.to_owned());
        } else {
            self.made.remove(to);
        }
        let columns: Vec<String> =
            self.added.iter().filter(|(of, _)| of == from).map(|(_, column)| column.clone()).collect();
        self.added.extend(columns.into_iter().map(|column| (to.to_owned(), column)));
        if let Some(held) = self.held.remove(from) {
            self.held.insert(to.to_owned(), held);
        }
    }
}

/// Tells whether a statement that makes nothing where something is finds it there.
fn is_there(name: &QualifiedName, lenient: bool, before: &Situation<'_>) -> bool {
    lenient && before.at(&before.place_of(name)).is_some()
}

fn is_utc(zone: &str) -> bool {
    let zone = zone.trim_matches('\'').to_ascii_lowercase();
    let named = ["utc", "gmt", "uct", "zulu", "universal", "greenwich", "etc/utc", "etc/gmt", "etc/uct", "etc/zulu"];
    named.contains(&zone.as_str()) || matches!(zone.as_str(), "0" | "+0" | "-0" | "+00" | "+00:00" | "00:00")
}
