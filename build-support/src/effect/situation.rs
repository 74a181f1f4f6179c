//! What is known of a server before a statement: what it has, where it looks names up, how it is set.

use crate::by_name::ByName;
use crate::catalog::{Catalog, Column, Domain, Relation, Schema, Table, Type};
use crate::statement::{Name, QualifiedName};

/// The version that is taken for a server's where nobody has said one.
pub(crate) const ASSUMED: u16 = 14;

/// A server before a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation<'a> {
    pub(crate) catalog: &'a Catalog,
    /// The schemas of the search path that exist, in order, `pg_catalog` left out.
    pub(crate) path: &'a [String],
    /// The server's major version.
    pub(crate) version: u16,
    /// Whether the session's time zone is known to have no offset, ever.
    pub(crate) utc: bool,
}

impl<'a> Situation<'a> {
    /// Finds a relation; what isn't known is taken to be where a new one would be made.
    pub(crate) fn relation(&self, name: &QualifiedName) -> (String, Option<&'a Relation>) {
        let plain = &name.name.text;
        let among = |schema: &str| self.catalog.schemas.get(schema).and_then(|schema| schema.relations.get(plain));
        if let Some(schema) = &name.schema {
            return (key(&schema.text, plain), among(&schema.text));
        }
        let temporary = among(TEMPORARY).map(|found| (TEMPORARY, found));
        let path = self.path.iter().filter_map(|schema| Some((schema.as_str(), among(schema)?)));
        match temporary.into_iter().chain(path).next() {
            Some((schema, found)) => (key(schema, plain), Some(found)),
            None => (self.place_of(name), None),
        }
    }

    /// Gives the key under which a relation of this name would be made.
    pub(crate) fn place_of(&self, name: &QualifiedName) -> String {
        let first = self.path.first().map_or("public", String::as_str);
        key(name.schema.as_ref().map_or(first, |schema| &schema.text), &name.name.text)
    }

    /// Finds a table.
    pub(crate) fn table(&self, name: &QualifiedName) -> (String, Option<&'a Table>) {
        let (key, relation) = self.relation(name);
        (key, relation.and_then(as_table))
    }

    /// Finds a table by its key.
    pub(crate) fn table_at(&self, key: &str) -> Option<&'a Table> {
        self.at(key).and_then(as_table)
    }

    /// Finds a relation by its key.
    pub(crate) fn at(&self, key: &str) -> Option<&'a Relation> {
        let (schema, name) = self.split(key)?;
        schema.relations.get(name)
    }

    /// Finds the domain behind a type of an author's own, `schema.name`.
    pub(crate) fn domain(&self, key: &str) -> Option<&'a Domain> {
        let (schema, name) = self.split(key)?;
        match schema.types.get(name)? {
            Type::Domain(domain) => Some(domain),
            _ => None,
        }
    }

    /// Finds a type of an author's own by its name.
    pub(crate) fn own_type(&self, schema: Option<&Name>, name: &str) -> Option<(String, &'a Type)> {
        let mut path = schema.map(|schema| schema.text.as_str()).into_iter().collect::<Vec<_>>();
        if path.is_empty() {
            path.extend(self.path.iter().map(String::as_str));
        }
        path.into_iter().find_map(|schema| {
            let found = self.catalog.schemas.get(schema)?.types.get(name)?;
            Some((key(schema, name), found))
        })
    }

    /// Tells whether every function of a name is one that may give something else at each call.
    pub(crate) fn calls_volatile(&self, name: &QualifiedName) -> bool {
        let schemas = match &name.schema {
            Some(schema) => std::slice::from_ref(&schema.text),
            None => self.path,
        };
        let functions = |schema: &String| self.catalog.schemas.get(schema)?.functions.get(&name.name.text);
        let found = schemas.iter().find_map(functions);
        found.is_some_and(|found| found.iter().all(|function| function.volatile == Some(true)))
    }

    /// Lists the tables for which something holds, with their keys.
    pub(crate) fn tables(&self, holds: impl Fn(&str, &Table) -> bool) -> Vec<(String, &'a Table)> {
        let mut found = Vec::new();
        for (schema, inside) in &self.catalog.schemas {
            for (name, relation) in &inside.relations {
                if let Some(table) = as_table(relation).filter(|table| holds(name, table)) {
                    found.push((key(schema, name), table));
                }
            }
        }
        found
    }

    /// Finds the table or the materialized view that an index belongs to.
    pub(crate) fn owner_of_index(&self, name: &QualifiedName) -> Option<String> {
        let (index, relation) = self.relation(name);
        match relation? {
            Relation::Index(table) => Some(key(index.split_once('.')?.0, table)),
            _ => None,
        }
    }

    /// A schema's name may have a dot in it, so the longest that exists is taken.
    fn split<'k>(&self, key: &'k str) -> Option<(&'a Schema, &'k str)> {
        let schemas: &'a ByName<_> = &self.catalog.schemas;
        let dots = key.match_indices('.').map(|(at, _)| at);
        dots.rev().find_map(|at| Some((schemas.get(&key[..at])?.as_ref(), &key[at + 1..])))
    }
}

/// Where temporary relations are.
const TEMPORARY: &str = "pg_temp";

fn key(schema: &str, name: &str) -> String {
    format!("{schema}.{name}")
}

fn as_table(relation: &Relation) -> Option<&Table> {
    match relation {
        Relation::Table(table) => Some(table),
        _ => None,
    }
}

/// Finds a column of a table.
pub(crate) fn column<'t>(table: &'t Table, name: &str) -> Option<&'t Column> {
    table.columns.iter().find(|column| column.name == name)
}
