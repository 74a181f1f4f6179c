//! A chain in which every statement that says `IF NOT EXISTS` stands twice, one right after the other.

use crate::registry::{Migration, Migrations, Registry, Work};
use crate::script::{Script, Statement};
use std::collections::BTreeSet;

/// Names statements that stand once all the same, by migration and position from 0: what failed the second time.
pub(super) type Spared = BTreeSet<(&'static str, usize)>;

/// Writes such a chain. It is as constant as the one that it was made from: a test program makes one or two.
pub(super) fn registry(plain: &'static Registry, spared: &Spared) -> &'static Registry {
    let migrations: Vec<Migration> = plain.migrations().iter().map(|plain| migration(plain, spared)).collect();
    let Registry { name, app_version, digest, databases, .. } = *plain;
    Box::leak(Box::new(Registry {
        name,
        app_version,
        digest,
        databases,
        migrations: Migrations::Made(Vec::leak(migrations)),
    }))
}

/// Tells which statement, by its position from 0, stands for the second time at this place (from 1) of its chain.
pub(super) fn second(plain: &Migration, spared: &Spared, place: usize) -> Option<usize> {
    let Work::Script(script) = &plain.up else { return None };
    let places: Vec<usize> = places(plain.id, script, spared);
    let at = *places.get(place.checked_sub(1)?)?;
    (places.get(place.checked_sub(2)?) == Some(&at)).then_some(at)
}

fn migration(plain: &Migration, spared: &Spared) -> Migration {
    let mut migration = plain.clone();
    if let Work::Script(script) = &mut migration.up {
        let statements =
            places(plain.id, script, spared).into_iter().filter_map(|at| script.statements.get(at).copied());
        script.statements = Vec::leak(statements.collect::<Vec<Statement>>());
    }
    migration
}

/// Lists the positions of the statements, some of them twice.
fn places(id: &'static str, script: &Script, spared: &Spared) -> Vec<usize> {
    let mut places = Vec::new();
    for (at, statement) in script.statements().enumerate() {
        places.push(at);
        if says_if_not_exists(statement) && !spared.contains(&(id, at)) {
            places.push(at);
        }
    }
    places
}

/// What a routine says in its body is said when it is called.
fn says_if_not_exists(statement: &str) -> bool {
    let words: Vec<&str> = statement.split_ascii_whitespace().collect();
    let said = ["IF", "NOT", "EXISTS"];
    let says =
        |words: &[&str]| words.iter().zip(said).filter(|(word, said)| word.eq_ignore_ascii_case(said)).count() == 3;
    let is = |word: &&str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    if words.first().is_some_and(|word| is(word, &["CREATE"])) {
        let head =
            words.iter().position(|word| is(word, &["TABLE", "VIEW", "INDEX", "SCHEMA", "DATABASE", "SEQUENCE"]));
        let routine = words.iter().position(|word| is(word, &["FUNCTION", "PROCEDURE", "TRIGGER", "EVENT"]));
        if let Some(at) = routine.filter(|at| head.is_none_or(|head| *at < head)) {
            return words.get(at + 1..at + 4).is_some_and(says);
        }
    }
    words.windows(3).any(says)
}

#[cfg(test)]
mod tests {
    use super::says_if_not_exists;

    #[test]
    fn what_a_routine_says_in_its_body_is_not_said_here() {
        for statement in [
            "CREATE TABLE if not  exists a (id INTEGER)",
            "ALTER TABLE a ADD COLUMN IF NOT EXISTS b INTEGER",
            "DO $$ BEGIN IF NOT EXISTS (SELECT) THEN CREATE TABLE a (); END IF; END $$",
            "CREATE DEFINER = x PROCEDURE IF NOT EXISTS p() SELECT 1",
            "CREATE TABLE IF NOT EXISTS event (function TEXT)",
        ] {
            assert!(says_if_not_exists(statement), "{statement}");
        }
        for statement in [
            "CREATE PROCEDURE p() BEGIN IF NOT EXISTS (SELECT 1) THEN SELECT 2; END IF; END",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF NOT EXISTS (SELECT 1 FROM table) THEN SET NEW.b = 1; END IF; END",
            "CREATE TABLE a (id INTEGER)",
        ] {
            assert!(!says_if_not_exists(statement), "{statement}");
        }
    }
}
