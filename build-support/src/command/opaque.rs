//! `check --opaque`: what can't be followed, and is believed.

use super::chain::Chain;
use crate::check::database;
use crate::mysql::{self, Server};
use crate::postgres;
use crate::report::Diagnostic;
use crate::source::{Declaration, Files, Part, Place, Script};
use crate::statement::{ActKind, HOLE, QualifiedName};
#[cfg(feature = "sqlite")]
use crate::step::{Phase, Step, Work};
use whimbrel_grammar::DatabaseKind;

/// Lists what the check passes over in silence: statements of PostgreSQL and MySQL that may do anything, those of SQLite that
/// need more than is known here, and Rust code.
pub(super) fn list(chain: &Chain, server: Server) -> Vec<Diagnostic> {
    let mut declarations: Vec<&Declaration> = chain.set.declarations.iter().collect();
    declarations.sort_by_key(|declaration| declaration.id.number);
    let mut found = Vec::new();
    for (name, kind) in &chain.set.databases.0 {
        if *kind == DatabaseKind::Sqlite {
            let is_of =
                |declaration: &&&Declaration| database(&chain.set, declaration).is_some_and(|(of, _)| of == name);
            sqlite(&declarations.iter().filter(is_of).copied().collect::<Vec<_>>(), &chain.files, &mut found);
        }
    }
    for declaration in declarations {
        let kind = database(&chain.set, declaration).map(|(_, kind)| kind);
        for part in [Some(&declaration.up), declaration.down.as_ref()].into_iter().flatten() {
            match part {
                Part::Script(script) if kind == Some(DatabaseKind::Postgres) => {
                    statements(script, &chain.files, &mut found);
                }
                Part::Script(script) if kind == Some(DatabaseKind::Mysql) => {
                    deeds(script, server, &chain.files, &mut found);
                }
                Part::Script(_) => {}
                Part::Rust(function) => found.push(note(&function.place, "it is code", &[], false)),
            }
        }
    }
    found
}

/// Lists what SQLite refuses to do in memory, and what it can't tell the effect of.
#[cfg(feature = "sqlite")]
fn sqlite(chain: &[&Declaration], files: &Files, found: &mut Vec<Diagnostic>) {
    let proof = crate::sqlite::prove(chain.iter().copied().map(step), &[]);
    for (declaration, proved) in chain.iter().zip(&proof.steps) {
        for (phase, range, why) in &proved.believed {
            if let Some(Part::Script(script)) = part(declaration, *phase) {
                let place = script.place(first_line(script, range), files);
                found.push(Diagnostic::note("opaque", format!("this can't be followed: {why}")).at(&place, "believed"));
            }
        }
    }
}

#[cfg(feature = "sqlite")]
fn step(declaration: &Declaration) -> Step<'_> {
    Step {
        key: String::new(),
        up: work(&declaration.up),
        down: declaration.down.as_ref().map(work),
        require: declaration.require.as_ref().map(work),
        verify: declaration.verify.as_ref().map(work),
    }
}

#[cfg(feature = "sqlite")]
fn work(part: &Part) -> Work<'_> {
    match part {
        Part::Script(script) => Work::Script(&script.text),
        Part::Rust(_) => Work::Code,
    }
}

#[cfg(feature = "sqlite")]
fn part(declaration: &Declaration, phase: Phase) -> Option<&Part> {
    match phase {
        Phase::Up => Some(&declaration.up),
        Phase::Down => declaration.down.as_ref(),
        Phase::Require => declaration.require.as_ref(),
        Phase::Verify => declaration.verify.as_ref(),
    }
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &[&Declaration], _: &Files, _: &mut Vec<Diagnostic>) {}

fn statements(script: &Script, files: &Files, found: &mut Vec<Diagnostic>) {
    let reading = postgres::read(&script.text);
    // What is wrong has been reported as that.
    if !reading.errors.is_empty() {
        return;
    }
    for act in reading.statements.iter().flat_map(|statement| &statement.acts) {
        if let ActKind::Opaque { reason, names } = &act.kind {
            let whole = |name: &&QualifiedName| !name.name.text.contains(HOLE);
            let known: Vec<&str> = names.iter().filter(whole).map(|name| name.name.text.as_str()).collect();
            let place = script.place(first_line(script, &act.range), files);
            found.push(note(&place, reason, &known, known.len() < names.len()));
        }
    }
}

fn deeds(script: &Script, server: Server, files: &Files, found: &mut Vec<Diagnostic>) {
    let reading = mysql::read(&script.text, server);
    if !reading.errors.is_empty() {
        return;
    }
    for deed in &reading.deeds {
        let Some((reason, names)) = deed.opaque() else { continue };
        let names: Vec<&str> = names.iter().map(|name| name.name.text.as_str()).collect();
        found.push(note(&script.place(first_line(script, &deed.range), files), reason, &names, false));
    }
}

/// Cuts a range at the end of its first line: a body of a hundred lines is recognised by its head.
fn first_line(script: &Script, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let text = script.text.get(range.clone()).unwrap_or_default();
    range.start..range.start + text.lines().next().unwrap_or_default().trim_end().len()
}

/// `is_more` says that there are names besides, of which not all is known.
fn note(place: &Place, reason: &str, names: &[&str], is_more: bool) -> Diagnostic {
    let label = match names {
        _ if is_more => "nothing is known of what it may name from here on".to_owned(),
        [] => "may have changed anything".to_owned(),
        names => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("nothing is known of {} from here on", names.join(", "))
        }
    };
    Diagnostic::note("opaque", format!("this can't be followed: {reason}")).at(place, label)
}
