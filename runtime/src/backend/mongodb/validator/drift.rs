//! A server's validator held against a type's.

use super::super::extended_json::value;
use super::super::step::MongodbStep;
use super::{commands, schema};
use crate::error::Result;
use mongodb::bson::{Bson, Document};
use schemars::JsonSchema;
use std::fmt;

/// Says in what two validators differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Where: the keys from the validator's beginning, joined by points.
    pub path: String,
    /// What the type says there, as JSON; none where it says nothing.
    pub declared: Option<String>,
    /// What the server has there, as JSON; none where it has nothing.
    pub there: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
        write!(f, "`{}`: the type says {}, the server has {}", self.path, shown(&self.declared), shown(&self.there))
    }
}

impl MongodbStep {
    /// Holds a collection's validator against a type's; empty where they are alike.
    ///
    /// # Errors
    /// What the server refuses, and a type that can't be said.
    pub async fn validator_drift<T: JsonSchema>(&mut self, collection: &str) -> Result<Vec<Difference>> {
        let reply = self.run_command(commands::options(collection)).await?;
        let there = super::tighten::Previous::read(&reply).validator.unwrap_or_default();
        Ok(differences(&schema::of::<T>()?, &there))
    }
}

/// Lists what differs; the order of keys and of what is required says nothing.
pub(super) fn differences(declared: &Document, there: &Document) -> Vec<Difference> {
    let mut all = Vec::new();
    collect(&mut all, "", declared, there);
    all
}

fn collect(all: &mut Vec<Difference>, path: &str, declared: &Document, there: &Document) {
    let keys = declared.keys().chain(there.keys().filter(|key| !declared.contains_key(*key)));
    for key in keys {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (declared.get(key), there.get(key)) {
            (Some(Bson::Document(one)), Some(Bson::Document(other))) => collect(all, &path, one, other),
            (one, other) if one.map(|one| ordered(key, one)) == other.map(|other| ordered(key, other)) => {}
            (one, other) => all.push(Difference { path, declared: one.map(value), there: other.map(value) }),
        }
    }
}

/// Sorts what is a set, and takes numbers by their value.
fn ordered(key: &str, of: &Bson) -> String {
    match of {
        Bson::Array(items) if ["required", "enum", "bsonType"].contains(&key) => {
            let mut items: Vec<_> = items.iter().map(value).collect();
            items.sort_unstable();
            items.join(",")
        }
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) => number.to_string(),
        other => value(other),
    }
}
