//! The names that the server makes up for constraints, indexes and sequences.
//!
//! # Source
//! `makeObjectName`, `ChooseRelationName`, `ChooseConstraintName` and `ChooseIndexNameAddition` of PostgreSQL.

use super::lookup::Space;
use super::{Id, Simulator, links};
use std::collections::HashSet;

/// The bytes that a name can have.
const LIMIT: usize = 63;

/// Joins two names and a label, the longer name cut until all of it fits.
pub(super) fn joined(first: &str, second: &str, label: &str) -> String {
    let overhead = label.len() + 1 + if second.is_empty() { 0 } else { 1 };
    let room = LIMIT.saturating_sub(overhead);
    let (mut one, mut two) = (first.len(), second.len());
    while one + two > room {
        if one > two { one -= 1 } else { two -= 1 }
    }
    let mut name = clipped(first, one).to_owned();
    for part in [clipped(second, two), label] {
        if !part.is_empty() {
            name.push('_');
            name.push_str(part);
        }
    }
    name
}

/// Joins the columns of an index as they stand in its name.
pub(super) fn columns<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut seen: HashSet<String> = HashSet::new();
    for name in names {
        // A name that is there already gets a number.
        let mut unique = name.to_owned();
        for number in 1.. {
            if seen.insert(unique.clone()) {
                break;
            }
            let digits = number.to_string();
            unique = format!("{}{digits}", clipped(name, LIMIT - digits.len()));
        }
        if !text.is_empty() {
            text.push('_');
        }
        text.push_str(&unique);
        if text.len() > LIMIT {
            break;
        }
    }
    text
}

/// Cuts a text at the end of a character.
fn clipped(text: &str, len: usize) -> &str {
    let end = (0..=len.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

impl Simulator {
    /// Chooses a name that no relation of the schema has; nor any constraint, where it is to be one.
    pub(super) fn choose_relation(&self, table: &Id, second: &str, label: &str, is_constraint: bool) -> String {
        self.choose(&table.name, second, label, |name| {
            let id = table.beside(name);
            self.catalog.relation(&id).is_some() || is_constraint && self.has_constraint(&table.schema, name)
        })
    }

    /// Chooses a name that no constraint of the schema has.
    pub(super) fn choose_constraint(&self, table: &Id, second: &str, label: &str) -> String {
        self.choose(&table.name, second, label, |name| self.has_constraint(&table.schema, name))
    }

    fn choose(&self, first: &str, second: &str, label: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let mut name = joined(first, second, label);
        for number in 1.. {
            if !is_taken(&name) {
                break;
            }
            name = joined(first, second, &format!("{label}{number}"));
        }
        name
    }

    /// Tells whether any table or domain of a schema has a constraint of this name.
    pub(super) fn has_constraint(&self, schema: &str, name: &str) -> bool {
        let mut tables = self.links.with_constraint(schema, name);
        tables.any(|table| {
            let id = Id::new(schema, table);
            let is_named = |table| links::constraint_names(table).any(|other| other == name);
            self.catalog.table(&id).is_some_and(is_named)
        })
    }

    /// Tells whether a relation or a type stands in the way of a new relation with rows.
    pub(super) fn is_taken(&self, id: &Id, space: Space) -> bool {
        self.catalog.schemas.get(&id.schema).is_some_and(|schema| space.has(schema, &id.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_and_cut_as_the_server_does() {
        assert_eq!(joined("users", "email", "key"), "users_email_key");
        assert_eq!(joined("users", "", "pkey"), "users_pkey");
        let (long, longer) = ("a".repeat(40), "b".repeat(60));
        let name = joined(&long, &longer, "fkey");
        assert_eq!(name, format!("{}_{}_fkey", "a".repeat(29), "b".repeat(28)));
        assert_eq!(name.len(), 63);
        assert_eq!(joined(&"é".repeat(31), &"b".repeat(40), "idx").len(), 62);
        assert_eq!(columns(["a", "b", "a"]), "a_b_a1");
    }
}
