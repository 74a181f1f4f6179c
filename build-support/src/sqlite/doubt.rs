//! Whether what SQLite says of a statement can be relied on: nothing that it depends on is unknown here.

use super::names::{Certainty, Key, Names};
use super::refusal::{Reason, Refusal};
use super::session::{Row, Session};
use super::words;
use crate::catalog::is_a_runner_s;
use crate::sql::{Dialect, Script, Statement};
use std::collections::{HashMap, HashSet};
use whimbrel_grammar::names::nearest;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) script: &'a Script<'a>,
    pub(super) statement: &'a Statement,
    pub(super) refusal: &'a Refusal,
}

/// Tells whether a real database would refuse the statement too.
pub(super) fn is_certain(question: Question<'_>, session: &Session, names: &Names) -> bool {
    let Question { refusal, .. } = question;
    if refusal.inside.as_ref().is_some_and(|inside| {
        let key = super::object::key(inside.kind == "trigger", &inside.name);
        *names.get(&key) == Certainty::Loose
    }) {
        return false;
    }
    match &refusal.reason {
        Reason::Unjudged | Reason::Function(_) | Reason::Collation(_) => false,
        // An application may attach other databases to its connection.
        Reason::UnknownSchema(name) => nearest(name, ["main", "temp"]).is_some(),
        Reason::Syntax(_) => true,
        Reason::Unknown { kind, schema, name } => {
            let is_own = schema.as_deref().is_none_or(|schema| schema == "main" || schema == "temp");
            let key = super::object::key(*kind == "trigger", name);
            is_own
                && !is_a_runner_s(name)
                && *names.get(&key) != Certainty::Loose
                && !belongs_to_loose(name, names)
                && !is_called(question, name)
        }
        Reason::Taken { kind, name } => *names.get(&super::object::key(*kind == "trigger", name)) != Certainty::Loose,
        Reason::UnknownColumn { .. } | Reason::TakenColumn(_) => !dependence(question, session, names).on_loose,
        Reason::Other(_) => {
            let dependence = dependence(question, session, names);
            !dependence.on_loose && !dependence.on_stubs
        }
    }
}

/// Tells whether a name begins like that of something unknown: a virtual table keeps its rows in others.
fn belongs_to_loose(name: &str, names: &Names) -> bool {
    let name = name.to_ascii_lowercase();
    name.match_indices('_').any(|(at, _)| names.is_named_loose(&Key::Relation(name[..at].to_owned())))
}

/// Tells whether a name is called like a function where a table can be: a module of an application's own.
fn is_called(Question { script, statement, .. }: Question<'_>, name: &str) -> bool {
    let tokens = script.tokens_of(statement);
    let text = script.text();
    let is_name = |word: &str| crate::sql::unquoted(word).eq_ignore_ascii_case(name);
    tokens.windows(3).any(|three| {
        let is_source = ["FROM", "JOIN", ","].iter().any(|before| three[0].text(text).eq_ignore_ascii_case(before));
        is_source && is_name(three[1].text(text)) && three[2].is_mark(text, b'(')
    })
}

/// What a statement depends on.
#[derive(Clone, Copy, Debug, Default)]
struct Dependence {
    /// Something that isn't known for certain.
    on_loose: bool,
    /// Something that stands for an application's own.
    on_stubs: bool,
}

/// Follows the statement's words through the views and triggers that they name.
fn dependence(Question { script, statement, refusal }: Question<'_>, session: &Session, names: &Names) -> Dependence {
    let objects = session.objects();
    let mut relations: HashMap<String, &Row> = HashMap::new();
    let mut triggers: HashMap<String, Vec<&Row>> = HashMap::new();
    for row in &objects {
        match row.kind.as_str() {
            "trigger" => triggers.entry(row.table.to_ascii_lowercase()).or_default().push(row),
            _ => drop(relations.insert(row.name.to_ascii_lowercase(), row)),
        }
    }
    let mut found = Dependence::default();
    let mut seen: HashSet<String> = HashSet::new();
    let mut waiting: Vec<String> = Vec::new();
    words::each(script.tokens_of(statement), script.text(), |word| waiting.push(word.to_owned()));
    waiting.extend(refusal.inside.as_ref().map(|inside| inside.name.to_ascii_lowercase()));
    while let Some(word) = waiting.pop() {
        if !seen.insert(word.clone()) {
            continue;
        }
        found.on_stubs |= session.is_stub(&word);
        let relation = relations.get(&word);
        let is_there = relation.is_some() || word.starts_with("sqlite_");
        let key = Key::Relation(word);
        found.on_loose |= names.is_named_loose(&key) || (is_there && *names.get(&key) == Certainty::Loose);
        let Key::Relation(word) = key else { continue };
        let mut read = |row: &Row| {
            if let Ok(script) = Script::parse(&row.sql, Dialect::Sqlite) {
                words::each(script.tokens(), &row.sql, |word| waiting.push(word.to_owned()));
            }
        };
        for trigger in triggers.get(&word).into_iter().flatten() {
            found.on_loose |= *names.get(&super::object::key(true, &trigger.name)) == Certainty::Loose;
            read(trigger);
        }
        // An index may name what an application brings along; its table is another word of the statement.
        if let Some(row) = relation.filter(|row| row.kind != "table") {
            read(row);
        }
    }
    found
}
