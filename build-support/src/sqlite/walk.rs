//! A script, statement by statement: what SQLite says to each, and what is certain afterwards.

use super::deed::{self, Deed};
use super::doubt::{self, Question};
use super::names::{Certainty, Gone, Key, Mark, Names};
use super::object::key;
use super::refusal::{Reason, Refusal};
use super::session::{Session, quoted};
use super::statement::{self, Course, Effect, Kind};
use super::weight::Weights;
use super::wording::{self, Around};
use super::words::{self, Named};
use super::world::World;
use crate::catalog::{Finding, Site};
use crate::sql::{Cursor, Script, Statement};
use std::ops::Range;

/// A statement that nobody could read leaves at most so many of its words in doubt.
const DOUBTED: usize = 64;

/// Walks through the scripts of one migration.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) session: &'a Session,
    pub(super) world: &'a World,
    pub(super) names: &'a mut Names,
    pub(super) weights: &'a mut Weights,
    /// Where the names stood before the migration.
    pub(super) start: Mark,
    /// Whether all that was done is known.
    pub(super) followed: bool,
    /// What was passed over in silence, and why.
    pub(super) believed: Vec<(Range<usize>, String)>,
    /// What was done, in order.
    pub(super) deeds: Vec<Deed>,
}

impl Walk<'_> {
    /// Runs a script and gives what is wrong with it. `site` is the number of the script.
    pub(super) fn work(&mut self, script: &Script<'_>, site: usize) -> Vec<Finding> {
        script.body().iter().filter_map(|statement| self.statement(script, statement, site)).collect()
    }

    /// Compiles a script that only asks.
    pub(super) fn question(&mut self, script: &Script<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for statement in script.statements() {
            let text = script.text().get(statement.range.clone()).unwrap_or_default();
            if let Err(refusal) = self.session.prepare(text) {
                found.extend(self.judge(Question { script, statement, refusal: &refusal }));
            }
        }
        found
    }

    fn statement(&mut self, script: &Script<'_>, statement: &Statement, site: usize) -> Option<Finding> {
        let text = script.text().get(statement.range.clone()).unwrap_or_default();
        let (course, effect) = statement::read(script, statement);
        let answer = match course {
            Course::Run if matches!(effect, Effect::Create { filled: true, .. }) => self.session.fill(text),
            Course::Run => self.session.run(text),
            Course::Prepare | Course::Read => self.session.prepare(text),
        };
        let Err(refusal) = answer else {
            if effect == Effect::Anything {
                self.believe(statement, "it goes round what SQLite keeps of a schema");
            }
            self.note(script, statement, course, &effect);
            self.done(&effect, site);
            self.weigh(&effect, statement, text);
            if course == Course::Prepare && self.may_do_anything(script, statement) {
                self.believe(statement, "it calls a function that may be the application's own");
                self.names.open();
            }
            self.followed &= !self.names.was_opened_since(self.start);
            return None;
        };
        let question = Question { script, statement, refusal: &refusal };
        let finding = self.judge(question);
        self.followed &= effect == Effect::Nothing && finding.is_none();
        self.doubt(&effect, finding.is_some(), question, site);
        finding
    }

    /// Keeps what was done for the rules.
    fn note(&mut self, script: &Script<'_>, statement: &Statement, course: Course, effect: &Effect) {
        let refusal = match effect {
            Effect::AddColumn { definition, .. } => {
                script.text().get(definition.clone()).and_then(|definition| deed::refusal(definition, self.session))
            }
            _ => None,
        };
        let rows = (course == Course::Prepare).then(|| deed::rows(script, statement));
        self.deeds.push(Deed { effect: effect.clone(), rows, refusal });
    }

    /// Takes a view out again that SQLite can't be asked about.
    fn weigh(&mut self, effect: &Effect, statement: &Statement, text: &str) {
        let Effect::Create { kind: Kind::View, name, .. } = effect else { return };
        self.weights.add(&name.name, text);
        if self.weights.is_too_heavy(&name.name) {
            self.believe(statement, "SQLite would take too long with this view");
            let _ = self.session.run(&format!("DROP VIEW {}", quoted(&name.name)));
            self.names.set(key(false, &name.name), Certainty::Loose);
            self.followed = false;
        }
    }

    fn believe(&mut self, statement: &Statement, why: &str) {
        self.believed.push((statement.range.clone(), why.to_owned()));
    }

    fn judge(&mut self, question: Question<'_>) -> Option<Finding> {
        if !doubt::is_certain(question, self.session, self.names) {
            self.believe(question.statement, &question.refusal.doubt());
            return None;
        }
        wording::finding(question, Around { session: self.session, world: self.world, names: self.names })
    }

    /// A function that is called for nothing but its effect, and is an application's own, may change any table.
    fn may_do_anything(&self, script: &Script<'_>, statement: &Statement) -> bool {
        let mut calls = false;
        let selects = Cursor::new(script, statement).eat(&["SELECT"]);
        words::each(script.tokens_of(statement), script.text(), |word| calls |= self.session.is_stub(word));
        selects && calls
    }

    /// Notes what a statement has done.
    fn done(&mut self, effect: &Effect, script: usize) {
        let site = |range: &Range<usize>| Site { script, range: range.clone() };
        match effect {
            Effect::Nothing | Effect::Alter { .. } | Effect::AddColumn { .. } => {}
            Effect::Create { kind, name, optional, filled } => {
                if *filled {
                    // What a chain does to rows is not followed, so that none may stand in the way of an index.
                    let schema = name.schema.as_ref().map(|schema| format!("{}.", quoted(schema))).unwrap_or_default();
                    let _ = self.session.run(&format!("DELETE FROM {schema}{}", quoted(&name.name)));
                }
                let key = key(*kind == Kind::Trigger, &name.name);
                let before = self.names.get(&key);
                if *before != Certainty::Exact && !(*optional && *before == Certainty::Loose) {
                    self.names.set(key, Certainty::Exact);
                }
            }
            Effect::Drop { kind, name } => {
                let gone = Gone { site: site(&name.range), to: None };
                self.names.set(key(*kind == Kind::Trigger, &name.name), Certainty::Gone(gone));
            }
            Effect::Rename { table, to } => {
                let (old, new) = (key(false, &table.name), key(false, &to.name));
                let certainty = match self.names.get(&old) {
                    Certainty::Loose => Certainty::Loose,
                    _ => Certainty::Exact,
                };
                if *self.names.get(&new) != certainty {
                    self.names.set(new, certainty);
                }
                let gone = Gone { site: site(&table.range), to: Some(to.name.clone()) };
                self.names.set(old, Certainty::Gone(gone));
            }
            Effect::RenameColumn { table, column, to } => {
                let gone = Gone { site: site(&column.range), to: Some(to.name.clone()) };
                self.names.set(Key::Column(table.name.clone(), column.name.clone()), Certainty::Gone(gone));
            }
            Effect::DropColumn { table, column } => {
                let gone = Gone { site: site(&column.range), to: None };
                self.names.set(Key::Column(table.name.clone(), column.name.clone()), Certainty::Gone(gone));
            }
            Effect::Undo => {
                for key in self.names.since(self.start) {
                    self.names.set(key, Certainty::Loose);
                }
            }
            Effect::Anything => self.names.open(),
        }
    }

    /// Notes what isn't known because a statement was not done: nothing more is said about it.
    fn doubt(&mut self, effect: &Effect, is_reported: bool, question: Question<'_>, script: usize) {
        let refusal = question.refusal;
        let loose = |names: &mut Names, named: &Named| names.set(key(false, &named.name), Certainty::Loose);
        match effect {
            Effect::Nothing => {
                if let Reason::Syntax(_) = refusal.reason {
                    self.doubt_words(question);
                }
            }
            Effect::Create { kind, name, .. } => {
                if !(is_reported && matches!(refusal.reason, Reason::Taken { .. })) {
                    self.names.set(key(*kind == Kind::Trigger, &name.name), Certainty::Loose);
                }
            }
            Effect::Drop { kind, name } => {
                if !is_reported {
                    let gone = Gone { site: Site { script, range: name.range.clone() }, to: None };
                    self.names.set(key(*kind == Kind::Trigger, &name.name), Certainty::Gone(gone));
                }
            }
            Effect::Rename { table, to } => {
                if !is_unknown(refusal, table) {
                    loose(self.names, table);
                }
                loose(self.names, to);
            }
            Effect::RenameColumn { table, .. }
            | Effect::DropColumn { table, .. }
            | Effect::AddColumn { table, .. }
            | Effect::Alter { table } => {
                if !(is_reported && is_unknown(refusal, table)) {
                    loose(self.names, table);
                }
            }
            Effect::Undo | Effect::Anything => self.names.open(),
        }
    }

    /// Takes the words of an unreadable statement that name nothing yet for what it may have made.
    fn doubt_words(&mut self, Question { script, statement, .. }: Question<'_>) {
        let mut left = DOUBTED;
        let (world, names) = (self.world, &mut *self.names);
        words::each(script.tokens_of(statement), script.text(), |word| {
            let key = Key::Relation(word.to_owned());
            if left > 0 && world.get(&key).is_none() && *names.get(&key) != Certainty::Loose {
                left -= 1;
                names.set(key, Certainty::Loose);
            }
        });
    }
}

fn is_unknown(refusal: &Refusal, table: &Named) -> bool {
    matches!(&refusal.reason, Reason::Unknown { name, .. } if name.eq_ignore_ascii_case(&table.name))
}
