//! A catalog, followed deed by deed as the server would: names of columns and keys in any case, one database, every statement
//! for itself.

mod alter;
mod complaint;
mod create;
mod drop;
mod key;
mod reference;
mod rows;
mod world;

pub(crate) use world::{SCHEMA, Snapshot, same};

use super::deed::{Deed, DeedKind, Words};
use super::server::Server;
use crate::catalog::{Catalog, Finding, Past, Relation, Renames, Table};
use crate::statement::{Name, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use world::{Found, World};

/// Follows deeds through a catalog.
#[derive(Debug)]
pub(crate) struct Follower {
    world: World,
    past: Past,
    server: Server,
    /// The number that sites of the script have which is being followed.
    script: usize,
    /// The statement's bytes.
    range: Range<usize>,
    /// Whether foreign keys are checked, in this session.
    checks: bool,
    /// Names of temporary tables, in lower case: what is seen by them isn't followed.
    temporary: BTreeSet<String>,
    /// Procedures and functions, by their names in lower case; what has been made is never taken out, for it would only be missed.
    programs: BTreeMap<String, Words>,
    findings: Vec<Finding>,
}

impl Follower {
    /// Begins with an empty database.
    pub(crate) fn new(server: Server) -> Follower {
        Follower {
            world: World::default(),
            past: Past::default(),
            server,
            script: 0,
            range: 0..0,
            checks: true,
            temporary: BTreeSet::new(),
            programs: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.world.catalog
    }

    pub(crate) fn server(&self) -> Server {
        self.server
    }

    /// Finds a table of which everything is known; with the name that the catalog has for it, `main.users`.
    pub(crate) fn known(&self, name: &QualifiedName) -> Option<(String, &Table)> {
        let Found::Here(key) = self.world.find(name) else { return None };
        let is_temporary = name.schema.is_none() && self.temporary.contains(&name.name.text.to_lowercase());
        let table = self.world.table(&key).filter(|table| !table.opaque && !is_temporary)?;
        Some((format!("{SCHEMA}.{key}"), table))
    }

    /// Gives a table's name as the catalog has it.
    pub(crate) fn as_known(&self, name: &QualifiedName) -> QualifiedName {
        let mut known = QualifiedName { schema: None, name: name.name.clone() };
        if let Found::Here(key) = self.world.find(name) {
            known.name.text = key;
        }
        known
    }

    /// Gives a column's name as the catalog has it.
    pub(crate) fn as_column(&self, table: &QualifiedName, name: &Name) -> Name {
        let columns = self.known(table).map(|(_, table)| table.columns.iter());
        let known = columns.into_iter().flatten().find(|column| same(&column.name, &name.text));
        Name { text: known.map_or_else(|| name.text.clone(), |column| column.name.clone()), range: name.range.clone() }
    }

    /// Tells whether a table, `main.users`, is known to be of a character set.
    pub(crate) fn is_of_charset(&self, relation: &str, charset: &str) -> bool {
        let key = relation.strip_prefix("main.").unwrap_or(relation);
        self.world.charsets.get(key).is_some_and(|known| known == charset)
    }

    /// Tells whether rows are held against new foreign keys.
    pub(crate) fn checks_references(&self) -> bool {
        self.checks
    }

    /// Begins a script, in a session of its own.
    pub(crate) fn begin(&mut self, script: usize) {
        self.script = script;
        self.checks = true;
        self.temporary.clear();
        self.world.database = None;
    }

    /// Gives a mark for asking later what was renamed since.
    pub(crate) fn mark(&self) -> usize {
        self.past.len()
    }

    pub(crate) fn renames(&self, since: usize) -> Renames {
        self.past.renames(since)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.world.snapshot(self.past.len())
    }

    /// Goes back to an earlier state.
    pub(crate) fn restore(&mut self, snapshot: Snapshot) {
        self.past.truncate(snapshot.past);
        self.world.restore(snapshot);
    }

    /// Does what a statement does, and gives what the server would refuse.
    pub(crate) fn follow(&mut self, deed: &Deed) -> Vec<Finding> {
        self.range = deed.range.clone();
        match &deed.kind {
            DeedKind::CreateTable(create) => self.create_table(create),
            DeedKind::AlterTable(alter) => self.alter_table(alter),
            DeedKind::DropTables { names, if_exists, temporary } => {
                if !temporary {
                    self.drop_tables(names, *if_exists);
                }
            }
            DeedKind::RenameTables { pairs, if_exists } => {
                for (from, to) in pairs {
                    self.rename_table(from, to, *if_exists);
                }
            }
            DeedKind::CreateIndex { table, key, or_replace, .. } => self.create_index(table, key, *or_replace),
            DeedKind::DropIndex { name, table, if_exists } => {
                if let Some(id) = self.table_for_change(table, false) {
                    self.drop_key(&id, name, *if_exists);
                }
            }
            DeedKind::CreateView { name, or_replace, if_not_exists, columns, query } => {
                self.create_view(name, *or_replace, *if_not_exists, columns, query);
            }
            DeedKind::DropViews { names, if_exists } => self.drop_views(names, *if_exists),
            DeedKind::Truncate(table) | DeedKind::CreateTrigger { table } => {
                self.relation(table, "table");
            }
            DeedKind::Rows(scope) => self.resolve(scope),
            DeedKind::CreateProgram { name, words } => {
                // A body that was replaced may be put back, by a rollback.
                self.programs.entry(name.clone()).or_default().unite(words);
            }
            DeedKind::Call(words) | DeedKind::Block(words) => self.doubt(words),
            DeedKind::Execute(words) => self.doubt(words),
            DeedKind::Use(name) => self.world.switch(&name.text),
            DeedKind::ForeignKeyChecks(on) => self.checks = *on,
            DeedKind::Transaction | DeedKind::Harmless { .. } => {}
            DeedKind::Opaque { names, .. } => self.forget(names),
        }
        std::mem::take(&mut self.findings)
    }

    /// From now on the tables that code may have changed are known no more, nor those of the procedures that it calls.
    fn doubt(&mut self, words: &Words) {
        let mut reached = BTreeSet::new();
        let mut calls: Vec<&String> = words.calls.iter().collect();
        let mut bodies = vec![words];
        while let Some(name) = calls.pop() {
            if reached.insert(name) {
                let Some(body) = self.programs.get(name) else { return self.world.forget_everything() };
                calls.extend(&body.calls);
                bodies.push(body);
            }
        }
        if bodies.iter().any(|words| words.is_wild()) {
            return self.world.forget_everything();
        }
        self.world.catalog.opaque |= bodies.iter().any(|words| words.makes());
        for word in bodies.into_iter().flat_map(|words| &words.all) {
            if let Found::Here(key) = self.world.find_bare(word) {
                self.world.doubt(&key);
            }
        }
    }

    /// From now on nothing is known of some tables, or of anything.
    pub(crate) fn forget(&mut self, names: &[QualifiedName]) {
        if names.is_empty() {
            self.world.forget_everything();
        }
        for name in names {
            match self.world.find(name) {
                Found::Here(key) => self.world.doubt(&key),
                Found::Missing(key) => self.world.put(&key, Relation::Opaque),
                Found::Elsewhere => self.elsewhere(name),
            }
        }
    }

    fn site(&self, range: &Range<usize>) -> crate::catalog::Site {
        crate::catalog::Site { script: self.script, range: range.clone() }
    }
}
