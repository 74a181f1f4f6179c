//! The listing: the chain as one text, which the registry's code includes. `runtime/src/listing.rs` says how it is
//! written, byte by byte, and reads it.

mod effect;
mod named;
#[cfg(test)]
mod tests;

use crate::check::{Facts, Impact, Replaced, ScriptFacts, database};
use crate::codegen::{checksum, down_checksum, loses};
use crate::significance::{Significance, significance};
use crate::source::{Declaration, Files, Origin, Part, Script, Set};
use crate::sql::{ALGORITHM, Retry};
use named::{LAST, Names};
use std::collections::HashMap;
use whimbrel_grammar::{DatabaseKind, Id, Phase};

/// The version of the way in which a listing is written; the compiler holds it against the runtime's.
pub(crate) const FORMAT: u32 = 5;

/// A chain as text, and what of it is code.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) text: String,
    /// The author's functions that do work, as expressions.
    pub(crate) works: Vec<String>,
    /// The author's functions that ask.
    pub(crate) checks: Vec<String>,
}

/// Lists a chain that was checked, in its order.
pub(crate) fn list(set: &Set, chain: &[(&Declaration, &Facts)], files: &Files) -> Listing {
    let mut squashes = HashMap::new();
    for (declaration, facts) in chain {
        facts.replaces.iter().for_each(|part| {
            part.each(&mut |part| {
                squashes.insert(part.id.clone(), declaration.id.text.as_str());
            });
        });
    }
    let (numbers, paths) = (HashMap::new(), Vec::new());
    let mut writer = Writer { files, squashes, numbers, paths, listing: Listing::default() };
    let mut tables = Tables::default();
    let (names, quiet) = (Names::of(chain), chain.len().saturating_sub(LAST));
    let mut position = 0;
    writer.list(chain, |writer, (declaration, facts)| {
        let named = if position < quiet { None } else { names.within(declaration, facts) };
        position += 1;
        writer.migration(set, (declaration, facts), named, &mut tables);
    });
    let Writer { paths, listing: Listing { text, works, checks }, .. } = writer;
    let mut whole = Listing { text: String::with_capacity(text.len() + 80 * paths.len()), works, checks };
    whole.number(paths.len());
    paths.iter().for_each(|path| whole.text(path));
    whole.text.push_str(&text);
    whole
}

impl Listing {
    fn number(&mut self, number: usize) {
        self.text.push_str(&number.to_string());
        self.text.push(' ');
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.text.push_str(text);
    }
}

struct Writer<'a> {
    files: &'a Files,
    /// The id that stands for each that was replaced.
    squashes: HashMap<String, &'a str>,
    /// What the files are called in the listing.
    numbers: HashMap<usize, usize>,
    paths: Vec<&'a str>,
    listing: Listing,
}

impl Writer<'_> {
    fn number(&mut self, number: usize) {
        self.listing.number(number);
    }

    fn text(&mut self, text: &str) {
        self.listing.text(text);
    }

    fn truth(&mut self, truth: bool) {
        self.number(truth.into());
    }

    fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.truth(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T: Copy>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, T)) {
        self.number(items.len());
        for item in items {
            write(self, *item);
        }
    }

    fn texts(&mut self, items: &[String]) {
        self.number(items.len());
        items.iter().for_each(|item| self.text(item));
    }

    fn file(&mut self, file: usize) {
        let paths = &mut self.paths;
        let files = self.files;
        let number = *self.numbers.entry(file).or_insert_with(|| {
            paths.push(&files.get(file).path);
            paths.len() - 1
        });
        self.number(number);
    }

    fn migration(
        &mut self,
        set: &Set,
        (declaration, facts): (&Declaration, &Facts),
        named: Option<Vec<String>>,
        tables: &mut Tables,
    ) {
        let (database, kind) = database(set, declaration).unwrap_or(("", DatabaseKind::Sqlite));
        let door = Door { declaration, kind: kind.name() };
        // Only SQL has tables.
        let (creates, drops) = if kind.is_sql() { tables.follow(database, facts) } else { Default::default() };
        let checksum = checksum(declaration, facts);
        self.text(&declaration.id.text);
        self.number(usize::try_from(declaration.id.number).unwrap_or_default());
        self.text(&declaration.source());
        self.file(declaration.place.file);
        self.number(self.files.get(declaration.place.file).position(declaration.place.range.start).0);
        self.text(&declaration.description);
        self.text(database);
        self.maybe(declaration.arguments.after.as_ref(), |writer, ids| {
            // What is replaced stands for what has taken its place.
            let now = |id: &String| writer.squashes.get(id.as_str()).map_or_else(|| id.clone(), |id| (*id).to_owned());
            let mut ids: Vec<String> =
                ids.iter().map(|(id, _)| now(id)).filter(|id| *id != declaration.id.text).collect();
            ids.dedup();
            writer.texts(&ids);
        });
        self.maybe(declaration.arguments.schema.as_ref(), |writer, (version, _)| {
            version.iter().for_each(|part| writer.listing.text.push_str(&format!("{part} ")));
        });
        self.truth(declaration.is_transactional() && is_one_transaction(declaration, facts, kind));
        self.maybe(phase(declaration, facts), |writer, phase| writer.text(phase.name()));
        for limit in [&declaration.arguments.lock_timeout, &declaration.arguments.statement_timeout] {
            self.maybe(limit.as_ref(), |writer, (limit, _)| writer.listing.text.push_str(&format!("{limit} ")));
        }
        self.maybe(declaration.arguments.irreversible.as_ref(), |writer, (reason, _)| writer.text(reason));
        self.number(ALGORITHM.into());
        self.text(checksum);
        self.text(facts.up.as_ref().map_or(checksum, |facts| &facts.text_checksum));
        self.truth(facts.is_sealed);
        self.part(&declaration.up, facts.up.as_ref(), &door, "up");
        // A rollback that can't be read, which only history may have, is none: run as nothing it would seem to have worked.
        let is_read = |down: &&Part| matches!(down, Part::Rust(_)) || facts.down.is_some();
        self.maybe(declaration.down.as_ref().filter(is_read), |writer, down| {
            writer.part(down, facts.down.as_ref(), &door, "down");
            writer.text(down_checksum(declaration, facts).unwrap_or_default());
        });
        for (name, part, facts) in
            [("require", &declaration.require, &facts.require), ("verify", &declaration.verify, &facts.verify)]
        {
            self.maybe(part.as_ref(), |writer, part| writer.part(part, facts.as_ref(), &door, name));
        }
        self.texts(&creates);
        self.texts(&drops);
        self.texts(&loses(declaration, facts));
        self.text(&facts.impact.as_ref().map(|impact| effect::text(impact, kind)).unwrap_or_default());
        self.replaced(&facts.replaces);
        self.maybe(named, |writer, names| writer.texts(&names));
        self.texts(facts.up.as_ref().map_or(&[][..], |facts| &facts.extensions));
        self.listing.text.push('\n');
    }

    fn replaced(&mut self, replaced: &[Replaced]) {
        self.number(replaced.len());
        for part in replaced {
            self.text(&part.id);
            self.number(Id::parse(&part.id).ok().and_then(|id| usize::try_from(id.number).ok()).unwrap_or_default());
            self.number(part.algorithm.into());
            self.text(&part.checksum);
            self.replaced(&part.replaces);
        }
    }

    fn part(&mut self, part: &Part, facts: Option<&ScriptFacts>, door: &Door<'_>, name: &str) {
        self.truth(matches!(part, Part::Rust(_)));
        match part {
            Part::Script(script) => self.script(script, facts),
            Part::Rust(_) => {
                let (doors, pointer) = match name {
                    "up" | "down" => (&mut self.listing.works, "RustWork"),
                    _ => (&mut self.listing.checks, "RustCheck"),
                };
                doors.push(format!("{pointer}::{}({})", door.kind, door.path(name)));
                let last = doors.len() - 1;
                self.number(last);
            }
        }
    }

    fn retry(&mut self, retry: Option<&Retry>) {
        match retry {
            None | Some(Retry::Together) => self.number(0),
            Some(Retry::Again) => self.number(1),
            Some(Retry::Ask) => self.number(2),
            Some(Retry::Inside) => self.number(5),
            Some(Retry::Closes) => self.number(6),
            Some(Retry::BuildsIndex { table, name }) => {
                self.number(3);
                self.text(table);
                self.text(name);
            }
            Some(Retry::DropsIndex(name)) => {
                self.number(4);
                self.text(name);
            }
            Some(Retry::Seen(query)) => {
                self.number(7);
                self.text(query);
            }
            Some(Retry::Session) => self.number(8),
            Some(Retry::Joined) => self.number(9),
            Some(Retry::Carries) => self.number(10),
        }
    }

    fn script(&mut self, script: &Script, facts: Option<&ScriptFacts>) {
        self.text(&script.text);
        self.file(script.whole_file.or(script.anchors().first().map(|anchor| anchor.1)).unwrap_or_default());
        let statements = facts.map_or(&[][..], |facts| &facts.statements);
        self.number(statements.len());
        for (n, range) in statements.iter().enumerate() {
            self.number(range.start);
            self.number(range.end);
            self.retry(facts.and_then(|facts| facts.retries.get(n)));
        }
        // A whole file's bytes are where they are.
        let anchors = if script.whole_file.is_some() { &[] } else { script.anchors() };
        self.list(anchors, |writer, (offset, file, byte)| {
            let (line, column) = writer.files.get(file).position(byte);
            writer.number(offset);
            writer.file(file);
            writer.number(line);
            writer.number(column);
        });
    }
}

/// Tells a migration that its server can run as one transaction. Code is what it is declared as, except on Redis, where no
/// transaction waits for code.
fn is_one_transaction(declaration: &Declaration, facts: &Facts, kind: DatabaseKind) -> bool {
    let is_code = |part: &&Part| matches!(part, Part::Rust(_));
    if kind == DatabaseKind::Redis
        && [Some(&declaration.up), declaration.down.as_ref()].into_iter().flatten().any(|part| is_code(&part))
    {
        return false;
    }
    [&facts.up, &facts.down].into_iter().flatten().all(|script| script.is_one_transaction)
}

/// Gives the phase as it was declared, or else by what the schema shows; `None` where that could not be followed.
fn phase(declaration: &Declaration, facts: &Facts) -> Option<Phase> {
    let breaks = |impact: &Impact| impact.changes.iter().any(|change| significance(change) == Significance::Breaking);
    let judged = |impact: &Impact| if breaks(impact) { Phase::Contract } else { Phase::Expand };
    let declared = declaration.arguments.phase.as_ref().map(|(phase, _)| *phase);
    declared.or_else(|| facts.impact.as_ref().filter(|impact| !impact.opaque).map(judged))
}

/// How the registry's code reaches an author's functions.
struct Door<'a> {
    declaration: &'a Declaration,
    kind: &'static str,
}

impl Door<'_> {
    fn path(&self, name: &str) -> String {
        match &self.declaration.origin {
            Origin::Module(path) => format!("self::{}::__{name}", path.join("::")),
            Origin::File(_) => String::new(),
        }
    }
}

/// The tables of each database that are known to exist, as the chain goes on.
#[derive(Default)]
struct Tables(HashMap<String, Vec<String>>);

impl Tables {
    /// Gives the tables that a migration creates, and those that may be gone because of it.
    fn follow(&mut self, database: &str, facts: &Facts) -> (Vec<String>, Vec<String>) {
        let known = self.0.entry(database.to_owned()).or_default();
        match &facts.up {
            // Code may have done anything with what was there before.
            None => (Vec::new(), std::mem::take(known)),
            Some(up) if up.hides_tables => (Vec::new(), std::mem::take(known)),
            Some(up) => {
                if !up.drops.is_empty() {
                    known.retain(|table| !up.drops.contains(table));
                }
                known.extend(up.creates.iter().cloned());
                (up.creates.clone(), up.drops.clone())
            }
        }
    }
}
