//! `whimbrel.lock` against the chain: what is sealed is there, at its place and unchanged.

use super::{Facts, ScriptFacts, squash};
use crate::codegen::{checksum, down_checksum};
use crate::lock::{self, Entry, Index, Lock};
use crate::policy::{EDITION, IMPORTED, Judged, Policy};
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Part, Place, Set};
use crate::sql::ALGORITHM;
use std::collections::HashSet;
use whimbrel_grammar::Id;

/// The lock file that a chain is held against.
pub(super) struct Sealed {
    pub(super) lock: Lock,
    file: Option<usize>,
    /// Whether there is one that can't be read, so that who is judged by what is unknown.
    is_unreadable: bool,
}

/// Reads the lock file of a set.
pub(super) fn read(set: &Set, files: &Files, found: &mut Vec<Diagnostic>) -> Sealed {
    let file = set.lock;
    match file.map(|file| lock::read(&files.get(file).text, file)) {
        Some(Ok(lock)) => Sealed { lock, file, is_unreadable: false },
        Some(Err(mistakes)) => {
            found.extend(mistakes);
            Sealed { lock: Lock::default(), file, is_unreadable: true }
        }
        None => Sealed { lock: Lock::default(), file, is_unreadable: false },
    }
}

/// Compares the chain with its lock file, and notes in the facts what is sealed and by which edition of the rules it is judged.
pub(super) fn check(
    set: &Set,
    chain: &[&Declaration],
    facts: &mut [Facts],
    (sealed, by_id): (&Sealed, &Index<'_>),
    files: &Files,
    policy: &Policy,
    found: &mut Vec<Diagnostic>,
) {
    judge(chain, facts, policy, if sealed.is_unreadable || set.is_foreign { IMPORTED } else { EDITION });
    if sealed.is_unreadable {
        return;
    }
    let (lock, file) = (&sealed.lock, sealed.file.unwrap_or_default());
    // What is named and can't be replaced has been reported.
    let mut covered = squash::covered(facts);
    let named = chain.iter().flat_map(|d| d.arguments.replaces.iter().map(move |(id, _)| (*d, id)));
    covered.extend(named.map(|(d, id)| (id.clone(), by_id.named(d, id).and_then(|entry| entry.on.clone()))));
    let mut comparison = Comparison { set, chain, facts, files, lock, covered, file, found };
    let unsealed = comparison.run(by_id, policy);
    if policy.frozen && !set.incomplete {
        found.extend(missing(chain, &unsealed, lock));
    } else if let [waiting @ .., newest] = unsealed.as_slice()
        && !waiting.is_empty()
        && set.lock.is_some()
    {
        found.push(waited_for(chain, waiting, *newest));
    }
}

/// Notes the edition that judges what is not sealed, and what the policy judges whether it is sealed or not.
fn judge(chain: &[&Declaration], facts: &mut [Facts], policy: &Policy, unsealed: u16) {
    let mut is_new = policy.judged == Judged::All;
    for (index, (declaration, facts)) in chain.iter().zip(facts).enumerate() {
        facts.edition = match &policy.judged {
            Judged::AsSealed => unsealed,
            _ if is_new => EDITION,
            _ => IMPORTED,
        };
        let next = chain.get(index + 1).is_some_and(|next| next.id == declaration.id);
        is_new |= matches!(&policy.judged, Judged::NewSince(id) if *id == declaration.id.text && !next);
    }
}

struct Comparison<'a> {
    set: &'a Set,
    chain: &'a [&'a Declaration],
    facts: &'a mut [Facts],
    files: &'a Files,
    lock: &'a Lock,
    /// The entries whose place squashes have taken, by id and database.
    covered: HashSet<(String, Option<String>)>,
    file: usize,
    found: &'a mut Vec<Diagnostic>,
}

impl Comparison<'_> {
    /// Compares everything; gives the indices of what may be sealed next.
    fn run(&mut self, by_id: &Index<'_>, policy: &Policy) -> Vec<usize> {
        let mut new = Vec::new();
        for (index, declaration) in self.chain.iter().enumerate() {
            let Some(entry) = by_id.entry(declaration) else {
                new.push(index);
                continue;
            };
            self.facts[index].is_sealed = true;
            if policy.judged == Judged::AsSealed {
                self.facts[index].edition = entry.rules;
            }
            self.compare(declaration, index, entry);
        }
        if !self.set.incomplete {
            self.gone(by_id, &mut new);
        }
        self.below(&mut new);
        new
    }

    fn place(&self, range: &std::ops::Range<usize>) -> Place {
        Place { file: self.file, range: range.clone() }
    }

    fn compare(&mut self, declaration: &Declaration, index: usize, entry: &Entry) {
        let is_stated_anew = self.arguments(declaration, entry);
        let facts = &self.facts[index];
        let text = facts.up.as_ref().map(|up| up.text_checksum.as_str());
        let is_cosmetic = text.is_some() && entry.text.is_some() && entry.text.as_deref() != text;
        let (now, before) = (checksum(declaration, facts), entry.checksum.as_str());
        // What can't be read has said so already.
        if now.is_empty() {
            return;
        }
        let same_algorithm = entry.algorithm == ALGORITHM;
        let is_edited = if same_algorithm { now != before } else { is_cosmetic };
        let edit = match text {
            _ if is_edited => Some(self.edited(declaration, facts, now, entry)),
            Some(text) if is_cosmetic && !is_stated_anew => Some(self.retouched(declaration, text, entry)),
            _ => None,
        };
        let rollback = self.rollback(declaration, facts, entry);
        self.found.extend(edit.into_iter().chain(rollback));
    }

    /// States an edit that changes nothing.
    fn retouched(&self, declaration: &Declaration, text: &str, entry: &Entry) -> Diagnostic {
        let id = &declaration.id.text;
        Diagnostic::warning(
            "cosmetic_edit",
            format!("`{id}` was edited after it was sealed, in its comments or layout alone"),
        )
        .at(&beginning(&declaration.up, None, self.files), format!("its text is now {text}; what it does is unchanged"))
        .at(&self.place(entry.places.text.as_ref().unwrap_or(&entry.places.id)), "was sealed with this text")
        .help("no database minds a cosmetic edit; `cargo whimbrel lock` takes it over")
    }

    /// States a real edit.
    fn edited(&self, declaration: &Declaration, facts: &Facts, now: &str, entry: &Entry) -> Diagnostic {
        let id = &declaration.id.text;
        let other = self.lock.entries.iter().find(|other| other.checksum == now && other.id != *id);
        let diagnostic = Diagnostic::error(
            "edited_migration",
            format!("`{id}` was edited after it was sealed: it does something else now"),
        )
        .at(&beginning(&declaration.up, facts.up.as_ref(), self.files), format!("its checksum is now {now}"))
        .at(&self.place(&entry.places.checksum), "was sealed with this checksum");
        match other {
            Some(other) => diagnostic.at(&self.place(&other.places.id), "what it does now was sealed as this one"),
            None => diagnostic,
        }
        .help("where it is applied already, the edit would never arrive: restore it, and put the change into a new migration (`cargo whimbrel new`)")
        .help(format!("if no database that counts has it yet, `cargo whimbrel lock --accept {id}` seals it as it is now"))
    }

    /// Warns of a rollback that is another one now; mending it is no tampering.
    fn rollback(&self, declaration: &Declaration, facts: &Facts, entry: &Entry) -> Option<Diagnostic> {
        let now = down_checksum(declaration, facts);
        if entry.algorithm != ALGORITHM || now == entry.down.as_deref() || declaration.down.is_some() && now.is_none() {
            return None;
        }
        let id = &declaration.id.text;
        let (place, what, label) = match (&declaration.down, now, &entry.down) {
            (Some(down), Some(now), Some(_)) => {
                (beginning(down, facts.down.as_ref(), self.files), "changed", format!("its checksum is now {now}"))
            }
            (Some(down), ..) => {
                (beginning(down, facts.down.as_ref(), self.files), "added", "was sealed without one".to_owned())
            }
            _ => (declaration.place.clone(), "removed", "was sealed with a rollback".to_owned()),
        };
        let mut diagnostic =
            Diagnostic::warning("changed_rollback", format!("the rollback of `{id}` was {what} after it was sealed"))
                .at(&place, label);
        if let Some(range) = &entry.places.down {
            diagnostic = diagnostic.at(&self.place(range), "was sealed with this checksum");
        }
        Some(diagnostic.help("a rollback may be mended at any time; `cargo whimbrel lock` takes it over"))
    }

    /// Reports a schema version or a database that is another one now; tells whether there was one.
    fn arguments(&mut self, declaration: &Declaration, entry: &Entry) -> bool {
        let from = self.found.len();
        let id = &declaration.id.text;
        let arguments = &declaration.arguments;
        let schema = arguments.schema.as_ref().map(|(version, place)| (super::dotted(*version), place));
        let on = arguments.on.as_ref().map(|(name, place)| (name.clone(), place));
        for (name, now, before, range) in
            [("schema", schema, &entry.schema, &entry.places.schema), ("on", on, &entry.on, &entry.places.on)]
        {
            if now.as_ref().map(|(now, _)| now) == before.as_ref() {
                continue;
            }
            let said = |value: Option<&String>| value.map_or("none".to_owned(), |value| format!("`{value}`"));
            let (before, place) = (said(before.as_ref()), now.as_ref().map_or(&declaration.place, |(_, place)| place));
            let now = said(now.as_ref().map(|(now, _)| now));
            self.found.push(
                Diagnostic::error(
                    "edited_argument",
                    format!("`{name}` of `{id}` was changed after it was sealed: {before} became {now}"),
                )
                .at(place, format!("is now {now}"))
                .at(&self.place(range.as_ref().unwrap_or(&entry.places.id)), format!("was sealed with {before}"))
                .help(match before.as_str() {
                    "none" => format!("take `{name}` out again; what is sealed keeps what it was sealed with"),
                    _ => format!("write {before} again; what is sealed keeps what it was sealed with"),
                })
                .help(format!(
                    "if no database that counts has it yet, `cargo whimbrel lock --accept {id}` seals it as it is now"
                )),
            );
        }
        self.found.len() > from
    }

    /// Reports sealed migrations that are no longer there: under this name, or at all.
    fn gone(&mut self, by_id: &Index<'_>, new: &mut Vec<usize>) {
        let refused: HashSet<&str> = self.set.refused.iter().map(|id| id.text.as_str()).collect();
        let known = self.chain.iter().filter_map(|declaration| by_id.entry(declaration));
        let known: HashSet<_> = known.map(Entry::key).collect();
        let lock = self.lock;
        let is_gone = |entry: &&Entry| {
            !known.contains(&entry.key()) && !refused.contains(entry.id.as_str()) && {
                !self.covered.contains(&(entry.id.clone(), entry.on.clone()))
            }
        };
        for entry in lock.entries.iter().filter(is_gone) {
            let sealed = self.place(&entry.places.id);
            let is_same = |index: &usize| {
                entry.algorithm == ALGORITHM && checksum(self.chain[*index], &self.facts[*index]) == entry.checksum
            };
            self.found.push(match new.iter().position(is_same) {
                Some(at) => {
                    let declaration = self.chain[new.remove(at)];
                    Diagnostic::error("renamed_migration", format!("`{}` was sealed as `{}`: it was renamed or moved", declaration.id.text, entry.id))
                        .at(&declaration.place, "does what was sealed under another id")
                        .at(&sealed, "sealed here")
                        .help(format!("databases know it as `{}`: name it so again", entry.id))
                }
                None => Diagnostic::error("removed_migration", format!("`{}` is sealed, and gone from the chain", entry.id))
                    .at(&sealed, "sealed here")
                    .help("databases have it: bring it back (`git log --diff-filter=D --summary` shows where it was removed), and undo what it does in a new migration")
                    .help(format!("if no database that counts has it, `cargo whimbrel lock --accept {}` takes it out of this file", entry.id)),
            });
        }
    }

    /// Reports new migrations among the sealed ones: where those are applied it would come too late.
    fn below(&mut self, new: &mut Vec<usize>) {
        let Some(last) = self.lock.entries.last() else { return };
        let Ok(Id { number: reached, .. }) = Id::parse(&last.id) else { return };
        let sealed = self.place(&last.places.id);
        new.retain(|index| {
            let declaration = self.chain[*index];
            // Where what a squash replaces is applied, it is recorded and never runs.
            if declaration.id.number > reached || !declaration.arguments.replaces.is_empty() {
                return true;
            }
            // A number that is taken twice has been reported, with the same advice.
            let neighbours = [index.checked_sub(1), index.checked_add(1)];
            let mut neighbours = neighbours.into_iter().flatten().filter_map(|at| self.chain.get(at));
            if neighbours.all(|other| other.id.number != declaration.id.number || other.is_part_with(declaration)) {
                let id = &declaration.id.text;
                self.found.push(
                    Diagnostic::error(
                        "below_sealed",
                        format!("`{id}` is new, and numbered below `{}`, which is sealed", last.id),
                    )
                    .at(&declaration.place, "would come too late where that one is applied")
                    .at(&sealed, "the last one that is sealed")
                    .help(format!("give it a number above {reached}"))
                    .help(format!(
                        "if every database gets it in time, `cargo whimbrel lock --accept {id}` seals it at its place"
                    )),
                );
            }
            false
        });
    }
}

/// Gives the first line of what a part does, or of its text where the statements don't count; a function's name.
fn beginning(part: &Part, facts: Option<&ScriptFacts>, files: &Files) -> Place {
    match part {
        Part::Rust(function) => function.place.clone(),
        Part::Script(script) => {
            let text = script.text.trim_start_matches('\u{feff}').trim_start();
            let statement = facts.and_then(|facts| facts.statements.first()).map(|statement| statement.start);
            let start = statement.unwrap_or(script.text.len() - text.len());
            let line = script.text.get(start..).and_then(|text| text.lines().next()).unwrap_or_default();
            script.place(start..start + line.trim_end().len(), files)
        }
    }
}

/// States what a complete lock lacks.
fn missing(chain: &[&Declaration], unsealed: &[usize], lock: &Lock) -> Option<Diagnostic> {
    let (first, others) = unsealed.split_first()?;
    let message = match others.len() {
        0 => format!("`{}` is not sealed", chain[*first].id.text),
        _ if lock.entries.is_empty() => "no migration is sealed".to_owned(),
        others => format!("{} migrations are not sealed", others + 1),
    };
    let mut diagnostic = Diagnostic::error("unsealed", message).at(&chain[*first].place, "not in `whimbrel.lock`");
    for other in others.iter().take(4) {
        diagnostic = diagnostic.at(&chain[*other].place, "nor this");
    }
    Some(
        diagnostic
            .help("`cargo whimbrel lock` seals what is new; commit `whimbrel.lock` together with the migrations")
            .help("a complete lock is demanded where `CI` is set, or `WHIMBREL_LOCK=frozen`"),
    )
}

/// States that others came after migrations which nobody has sealed.
fn waited_for(chain: &[&Declaration], waiting: &[usize], newest: usize) -> Diagnostic {
    let message = match waiting {
        [only] => {
            format!("`{}` is not sealed, and `{}` follows it already", chain[*only].id.text, chain[newest].id.text)
        }
        _ => {
            format!("{} migrations are not sealed, and `{}` follows them already", waiting.len(), chain[newest].id.text)
        }
    };
    let mut diagnostic = Diagnostic::warning("unsealed", message);
    for (at, index) in waiting.iter().take(5).enumerate() {
        diagnostic = diagnostic.at(&chain[*index].place, if at == 0 { "can still be edited" } else { "and this" });
    }
    diagnostic.help("`cargo whimbrel lock` seals what is finished; until then an edit goes unnoticed")
}
