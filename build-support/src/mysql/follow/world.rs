//! The database that is followed: its tables, found by their names in whatever case.

use crate::catalog::{Catalog, Relation, Schema, SharedMap, Table};
use crate::statement::QualifiedName;
use std::sync::Arc;

/// What the catalog calls the one database.
pub(crate) const SCHEMA: &str = "main";

/// A database, and the way to its tables.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) catalog: Catalog,
    /// Names as they were written, by their lower case.
    folded: SharedMap<String>,
    /// By the lower case of a table's name: those that may have a foreign key to it. Only ever added to.
    referrers: SharedMap<SharedMap<()>>,
    /// All of which something is sure, and maybe others.
    sure: SharedMap<()>,
    /// The character sets of tables that say theirs.
    pub(super) charsets: SharedMap<String>,
    /// What `USE` has named in this script, and the first that any has.
    pub(super) database: Option<String>,
    first: Option<String>,
}

/// A state to go back to.
#[derive(Debug)]
pub(crate) struct Snapshot {
    world: World,
    pub(super) past: usize,
}

/// What a name was found to be.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// With the name that the catalog has for it.
    Here(String),
    Missing(String),
    /// Something of another database.
    Elsewhere,
}

/// Tells whether two names are the same to the server.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || one.eq_ignore_ascii_case(other) || !one.is_ascii() && one.to_lowercase() == other.to_lowercase()
}

impl Default for World {
    fn default() -> World {
        let mut catalog = Catalog::default();
        catalog.schemas.insert(SCHEMA.to_owned(), Arc::new(Schema::default()));
        World {
            catalog,
            folded: SharedMap::default(),
            referrers: SharedMap::default(),
            sure: SharedMap::default(),
            charsets: SharedMap::default(),
            database: None,
            first: None,
        }
    }
}

impl World {
    pub(super) fn snapshot(&self, past: usize) -> Snapshot {
        Snapshot { world: self.clone(), past }
    }

    pub(super) fn restore(&mut self, snapshot: Snapshot) {
        *self = snapshot.world;
    }

    /// Goes to another database. More than one of them isn't followed.
    pub(super) fn switch(&mut self, database: &str) {
        let first = self.first.get_or_insert_with(|| database.to_owned());
        if !same(first, database) {
            self.forget_everything();
        }
        self.database = Some(database.to_owned());
    }

    /// Looks a name up.
    pub(super) fn find(&self, name: &QualifiedName) -> Found {
        if let Some(schema) = &name.schema {
            let own = self.database.as_ref().or(self.first.as_ref());
            if !own.is_some_and(|own| same(own, &schema.text)) {
                return Found::Elsewhere;
            }
        }
        self.find_bare(&name.name.text)
    }

    /// Looks up a name without its database.
    pub(super) fn find_bare(&self, name: &str) -> Found {
        if self.relation(name).is_some() {
            return Found::Here(name.to_owned());
        }
        match self.folded.get(&name.to_lowercase()) {
            Some(known) if self.relation(known).is_some() => Found::Here(known.clone()),
            _ => Found::Missing(name.to_owned()),
        }
    }

    fn schema(&self) -> Option<&Schema> {
        self.catalog.schemas.get(SCHEMA).map(Arc::as_ref)
    }

    fn schema_mut(&mut self) -> Option<&mut Schema> {
        self.catalog.schemas.get_mut(SCHEMA).map(Arc::make_mut)
    }

    pub(super) fn relation(&self, key: &str) -> Option<&Relation> {
        self.schema()?.relations.get(key)
    }

    pub(super) fn table(&self, key: &str) -> Option<&Table> {
        match self.relation(key)? {
            Relation::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(super) fn table_mut(&mut self, key: &str) -> Option<&mut Table> {
        match self.schema_mut()?.relations.get_mut(key)? {
            Relation::Table(table) => Some(Arc::make_mut(table)),
            _ => None,
        }
    }

    pub(super) fn put(&mut self, key: &str, relation: Relation) {
        self.folded.insert(key.to_lowercase(), key.to_owned());
        if relation != Relation::Opaque {
            self.sure.insert(key.to_owned(), ());
        }
        if let Some(schema) = self.schema_mut() {
            schema.relations.insert(key.to_owned(), relation);
        }
    }

    pub(super) fn take(&mut self, key: &str) -> Option<Relation> {
        self.schema_mut()?.relations.remove(key)
    }

    pub(super) fn is_opaque(&self) -> bool {
        self.catalog.opaque
    }

    /// Lists the names of all tables and views.
    pub(super) fn names(&self) -> Vec<&str> {
        let relations = self.schema().map(|schema| schema.relations.iter());
        let known = relations.into_iter().flatten().filter(|(_, relation)| **relation != Relation::Opaque);
        known.map(|(name, _)| name.as_str()).collect()
    }

    /// From now on nothing is known of anything.
    pub(super) fn forget_everything(&mut self) {
        self.catalog.opaque = true;
        for key in std::mem::take(&mut self.sure).keys() {
            self.doubt(key);
        }
    }

    /// From now on nothing is sure of a name, whether something has it or not.
    pub(super) fn obscure(&mut self, name: &str) {
        match self.find_bare(name) {
            Found::Here(key) => self.doubt(&key),
            Found::Missing(key) => self.put(&key, Relation::Opaque),
            Found::Elsewhere => {}
        }
    }

    /// From now on nothing is sure of a table.
    pub(super) fn doubt(&mut self, key: &str) {
        if !self.is_doubtful(key)
            && let Some(relation) = self.schema_mut().and_then(|schema| schema.relations.get_mut(key))
        {
            doubt(relation);
        }
    }

    /// Tells whether nothing is sure of a table.
    pub(super) fn is_doubtful(&self, key: &str) -> bool {
        match self.relation(key) {
            Some(Relation::Table(table)) => table.opaque,
            Some(Relation::View(_)) => false,
            _ => true,
        }
    }

    /// Notes that a table has a foreign key to another one.
    pub(super) fn refers(&mut self, from: &str, to: &str) {
        self.referrers.or_default(&to.to_lowercase()).insert(from.to_owned(), ());
    }

    /// Lists the tables that have a foreign key to this one.
    pub(super) fn referrers(&self, to: &str) -> Vec<String> {
        let known = self.referrers.get(&to.to_lowercase()).into_iter().flat_map(SharedMap::keys);
        let refers = |from: &&String| {
            self.table(from).is_some_and(|table| table.references.values().any(|own| same(plain(&own.table), to)))
        };
        known.filter(refers).cloned().collect()
    }
}

fn doubt(relation: &mut Relation) {
    match relation {
        Relation::Table(table) => Arc::make_mut(table).opaque = true,
        _ => *relation = Relation::Opaque,
    }
}

/// Takes the schema off a name as the catalog keeps it.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix("main.").unwrap_or(name)
}
