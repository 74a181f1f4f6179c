//! `cargo whimbrel lock`: the one place that writes `whimbrel.lock`.

use super::arguments::LockOptions;
use super::chain::{Chain, prefix, tally};
use super::file;
use super::output::{Exit, Failure, counted, print};
use super::project::{self, Project};
use crate::lock::seal::{Change, Wish, seal};
use crate::lock::{self, Lock};
use crate::policy::Policy;
use crate::report::{Diagnostic, Level};
use whimbrel_grammar::Id;
use whimbrel_grammar::names::nearest;

/// Seals what is new, unless something is wrong.
pub(super) fn run(options: &LockOptions) -> Result<Exit, Failure> {
    let project = project::find(&options.place)?;
    let mut chain = Chain::read(&project);
    let history = match &options.history {
        Some(id) => Some(chain.id(id)?.number),
        None => None,
    };
    let before = before(&chain, &project)?;
    let accepted = accepted(&options.accepted, &chain, &before)?;
    let wish = Wish { accepted: &accepted, history };
    let sealed = sealed(&mut chain, &project, &before, &wish)?;
    if let Some(id) = accepted.iter().find(|id| !sealed.changes.iter().any(|(changed, _)| changed == *id)) {
        return Err(Failure::usage(format!("`{id}` is sealed as it is: there is nothing to accept")));
    }
    let path = project.folder.join(lock::NAME);
    let shown = format!("{}{}", prefix(&project.package), path.display());
    if options.check {
        return checked(&sealed, &shown);
    }
    if !sealed.changes.is_empty() {
        file::replace(&project.package.join(&path), &sealed.text)?;
    }
    print(&told(&sealed, &shown, true))?;
    Ok(Exit::Done)
}

/// A lock that may be written: with it nothing is wrong.
pub(super) struct Sealed {
    pub(super) text: String,
    pub(super) changes: Vec<(String, Change)>,
}

/// Works out the new lock, and proves that a complete lock is all that is missing.
pub(super) fn sealed(chain: &mut Chain, project: &Project, before: &Lock, wish: &Wish<'_>) -> Result<Sealed, Failure> {
    let mut open = Policy::default();
    chain.found.extend(project.settings.apply(&mut open));
    let (lock, changes, shown) = {
        let report = chain.check(&open);
        let (lock, changes) = seal(&report, before, &chain.set, wish);
        (lock, changes, report.diagnostics)
    };
    let text = lock::write(&lock);
    let path = project.folder.join(lock::NAME);
    let written = chain.set.lock;
    chain.set.lock = Some(chain.files.add(&path, text.clone()));
    let frozen = Policy { frozen: true, ..open };
    let left: Vec<Diagnostic> =
        chain.check(&frozen).diagnostics.into_iter().filter(|one| one.level == Level::Error).collect();
    if left.is_empty() {
        chain.set.lock = written.or(chain.set.lock);
        return Ok(Sealed { text, changes });
    }
    // Shown at the places of the files as they are, not of the lock that was not written.
    let is_left = |one: &&Diagnostic| left.iter().any(|other| (other.code, &other.message) == (one.code, &one.message));
    let mut known: Vec<Diagnostic> = shown.iter().filter(is_left).cloned().collect();
    let is_known =
        |one: &Diagnostic| known.iter().any(|other| (other.code, &other.message) == (one.code, &one.message));
    let new: Vec<Diagnostic> = left.iter().filter(|one| !is_known(one)).cloned().collect();
    known.extend(new);
    chain.show(&known, &prefix(&project.package))?;
    Err(Failure::wrong(format!("nothing is sealed while something is wrong: {}, shown above", tally(&known))))
}

/// Reads the lock as it is; where it can't be read, nothing can be added to it.
pub(super) fn before(chain: &Chain, project: &Project) -> Result<Lock, Failure> {
    let Some(file) = chain.set.lock else { return Ok(Lock::default()) };
    lock::read(&chain.files.get(file).text, file).or_else(|mistakes| {
        chain.show(&mistakes, &prefix(&project.package))?;
        Err(Failure::wrong(format!("`{}` can't be read: {}, shown above", lock::NAME, tally(&mistakes))))
    })
}

/// Reads the ids of `--accept`: of the chain, or of what is sealed and gone from it.
fn accepted(typed: &[String], chain: &Chain, before: &Lock) -> Result<Vec<String>, Failure> {
    let sealed = || before.entries.iter().map(|entry| entry.id.as_str());
    let read = |typed: &String| {
        let wanted = whimbrel_grammar::id::canonical(typed);
        if let Some(id) = sealed().find(|id| *id == wanted) {
            return Ok(id.to_owned());
        }
        match chain.id(typed) {
            Ok(Id { text, .. }) => Ok(text.clone()),
            Err(failure) => Err(match nearest(wanted, sealed()) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure,
            }),
        }
    };
    typed.iter().map(read).collect()
}

/// Answers `--check`.
fn checked(sealed: &Sealed, shown: &str) -> Result<Exit, Failure> {
    if sealed.changes.is_empty() {
        print(&format!("checked: {shown} is complete\n"))?;
        return Ok(Exit::Done);
    }
    print(&told(sealed, shown, false))?;
    Err(Failure::wrong(format!("{shown} is not complete"))
        .help("`cargo whimbrel lock` writes it; commit it with the migrations"))
}

/// Says what was done, or would be.
pub(super) fn told(sealed: &Sealed, shown: &str, is_done: bool) -> String {
    if sealed.changes.is_empty() {
        return format!("{shown} is complete\n");
    }
    let mut text = String::new();
    for (id, change) in &sealed.changes {
        let (done, would, means) = match change {
            Change::Sealed => ("sealed", "would seal", ""),
            Change::Imported => ("sealed", "would seal", " as history, which no rules judge"),
            Change::Accepted => (
                "accepted",
                "would accept",
                ": sealed as it is now; a database that has it already will refuse it until it is rolled back there",
            ),
            Change::Refreshed => {
                ("taken over", "would take over", ": its text or its rollback, what it does is unchanged")
            }
            Change::Replaced => {
                ("kept", "would keep", ": its migration is replaced; databases that have it are told by its checksum")
            }
            Change::Dropped => {
                ("taken out", "would take out", ": a database that has it already will refuse to go on without it")
            }
        };
        text += &format!("{} {id}{means}\n", if is_done { done } else { would });
    }
    let count = counted(sealed.changes.len(), "migration");
    text += &match is_done {
        true => format!("{shown} is written ({count}); commit it with the migrations\n"),
        false => "checked, and nothing was written\n".to_owned(),
    };
    text
}
