//! What keeps a plan from being made, each kind typed.

use crate::escaped::Escaped;
use crate::history::HalfRollback;
use crate::registry::Phase;
use std::fmt;

/// Names one reason why a plan can't be made. All that are found are reported at once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A migration was changed after it was applied.
    ChecksumMismatch {
        /// Which.
        id: String,
        /// Where it is applied.
        database: String,
        /// The checksum in the ledger.
        recorded: String,
        /// The checksum in the code.
        expected: String,
        /// The file that declares it, with its line.
        place: String,
        /// Whether it is the last one applied and not sealed yet, so that a redo takes it as it is now.
        can_redo: bool,
    },
    /// A migration's checksum was computed in a way that this program does not know, so it can't be compared.
    UnknownChecksum {
        /// Which.
        id: String,
        /// Where it is applied.
        database: String,
        /// The version of the way in the ledger.
        algorithm: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A migration was applied, as the ledger's events say, and its row is gone from the history.
    Lost {
        /// Which.
        id: String,
        /// Where it was applied.
        database: String,
    },
    /// A migration's rollback was begun without a transaction and has not ended, so what it does is there in part.
    HalfRolledBack {
        /// Which.
        id: String,
        /// Where.
        database: String,
        /// How far it has come.
        reached: HalfRollback,
    },
    /// A recorded migration is not in the code, and is numbered before the code's last: it was removed.
    Missing {
        /// Which.
        id: String,
        /// Where it is applied.
        database: String,
        /// Where its code was.
        source: String,
    },
    /// A recorded migration is not in the code, and is numbered after the code's last: a newer binary applied it.
    Unknown {
        /// Which.
        id: String,
        /// Where it is applied.
        database: String,
        /// The application's version that applied it.
        app_version: Option<String>,
        /// The part that it has in a change, where its ledger row says so.
        phase: Option<Phase>,
    },
    /// Some of the migrations that a squash replaces are applied, and some are not.
    HalfReplaced {
        /// The squash.
        id: String,
        /// Where.
        database: String,
        /// Which of them are not applied.
        missing: Vec<String>,
        /// Whether the squash is recorded.
        is_recorded: bool,
    },
    /// A migration is pending although a later one is applied.
    OutOfOrder {
        /// Which.
        id: String,
        /// The last of the later ones that are applied.
        later: String,
        /// What it names that a later one names too; `None` where that isn't known.
        shares: Option<Vec<String>>,
    },
    /// What the only migration asked for depends on is not applied.
    NotReady {
        /// Which.
        id: String,
        /// What has to come first.
        needs: Vec<String>,
    },
    /// A migration can't be rolled back, and says why.
    Irreversible {
        /// Which.
        id: String,
        /// The declared reason.
        reason: String,
    },
    /// The ledger has no statements that roll back what a newer program has applied.
    NotStored {
        /// Which.
        id: String,
        /// The application's version that applied it.
        app_version: Option<String>,
    },
    /// A migration has no rollback.
    NoRollback {
        /// Which.
        id: String,
    },
    /// A migration can't be rolled back because others that are applied come after it.
    Needed {
        /// Which.
        id: String,
        /// By which.
        by: Vec<String>,
    },
    /// The target is not a migration of the registry.
    NoSuchMigration {
        /// The id asked for.
        id: String,
        /// The nearest that there is, where one is near.
        similar: Option<String>,
    },
    /// No migration declares the schema version asked for.
    NoSuchSchema {
        /// The version asked for.
        version: String,
        /// Those that are declared, ascending.
        declared: Vec<String>,
    },
    /// The rollback's target is not applied itself.
    TargetNotApplied {
        /// The target.
        id: String,
    },
}

impl Finding {
    /// Tells a newer migration with which this program works.
    pub(crate) fn is_compatible(&self) -> bool {
        matches!(self, Finding::Unknown { phase: Some(phase), .. } if phase.is_compatible())
    }
}

impl From<&HalfRollback> for Finding {
    fn from(half: &HalfRollback) -> Self {
        let (id, database) = (half.reached.id.clone(), half.reached.database.clone());
        Finding::HalfRolledBack { id, database, reached: half.clone() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::ChecksumMismatch { id, database, recorded, expected, place, can_redo } => {
                write!(
                    f,
                    "`{}` was changed after it was applied to `{database}`: the ledger has {}, {place} has {expected} \
                     (comments and white space don't count); ",
                    Escaped(id),
                    Escaped(recorded)
                )?;
                f.write_str(match can_redo {
                    true => "it is not sealed yet, so `redo` may roll it back and apply it as it is now",
                    false => "restore it, and put the change into a new migration",
                })
            }
            Finding::UnknownChecksum { id, database, algorithm, known } => {
                let why = match algorithm {
                    ..1 => "no whimbrel writes such a one: correct the row in the ledger",
                    _ => "a newer whimbrel has written it: update the dependency `whimbrel`",
                };
                write!(
                    f,
                    "`{}` is applied to `{database}` with checksum algorithm {algorithm}, and this program knows \
                     algorithms 1 to {known}, so it can't be compared; {why}",
                    Escaped(id)
                )
            }
            Finding::Lost { id, database } => write!(
                f,
                "`{}` was applied to `{database}`, as the ledger's events say, and its row is gone from the history; put it \
                 back, or, if what it did is undone too, delete what the events say of it",
                Escaped(id)
            ),
            Finding::HalfRolledBack { id, database, reached } => {
                write!(f, "the rollback of `{}` on `{database}` {reached}; ", Escaped(id))?;
                f.write_str(match reached.holder {
                    Some(_) => "wait until it is through",
                    None => {
                        "nothing is applied before it has ended: roll it back again, which goes on from there, or settle it with a repair"
                    }
                })
            }
            Finding::Missing { id, database, source } => write!(
                f,
                "`{}` is applied to `{database}` but gone from the code (it was `{}`); bring it back",
                Escaped(id),
                Escaped(source)
            ),
            Finding::Unknown { id, database, app_version, phase } => {
                write!(f, "`{}` is applied to `{database}` and newer than this program", Escaped(id))?;
                if let Some(version) = app_version {
                    write!(f, " (applied by version {})", Escaped(version))?;
                }
                f.write_str(match phase {
                    Some(phase) if phase.is_compatible() => {
                        ", which works with it but has nothing to apply before it; apply with the newer program"
                    }
                    _ => ", and this program may not work with it; run the newer one, or roll it back first",
                })
            }
            Finding::HalfReplaced { id, database, missing, is_recorded } => {
                let (which, it) = match missing.as_slice() {
                    [_] => ("is", "it"),
                    _ => ("are", "them"),
                };
                write!(f, "`{id}` replaces {}, which {which} not applied to `{database}`", short(missing))?;
                f.write_str(match is_recorded {
                    true => " any more, although the squash is; ",
                    false => ", while others of its migrations are; ",
                })?;
                write!(f, "apply {it} with the program from before the squash, then run this one")
            }
            Finding::OutOfOrder { id, later, shares } => {
                write!(f, "`{id}` is pending although the later `{later}` is applied; ")?;
                match shares.as_deref() {
                    Some([]) => {
                        f.write_str("it names nothing that a later one names, so it may be allowed as independent")?
                    }
                    Some(shares) => {
                        write!(f, "a later one names {} too; give it a number after `{later}`", short(shares))?
                    }
                    None => write!(f, "give it a number after `{later}`, or allow out-of-order migrations")?,
                }
                Ok(())
            }
            Finding::NotReady { id, needs } => {
                write!(f, "`{id}` comes after {}, not yet applied; apply first what it depends on", list(needs))
            }
            Finding::Irreversible { id, reason } => write!(f, "`{id}` is irreversible: {reason}"),
            Finding::NotStored { id, app_version } => {
                write!(
                    f,
                    "the ledger has no statements that roll `{}` back: its rollback is Rust code, or it has none",
                    Escaped(id)
                )?;
                match app_version {
                    Some(version) => {
                        write!(f, "; roll it back with the program that applied it, version {}", Escaped(version))
                    }
                    None => f.write_str("; roll it back with the program that applied it"),
                }
            }
            Finding::NoRollback { id } => {
                write!(f, "`{id}` has no rollback; give it a DOWN, or declare it `irreversible = \"reason\"`")
            }
            Finding::Needed { id, by } => {
                write!(f, "`{id}` is needed by {}, applied after it; roll back first what depends on it", list(by))
            }
            Finding::NoSuchMigration { id, similar } => {
                write!(f, "there is no migration `{id}`")?;
                similar.iter().try_for_each(|similar| write!(f, "; did you mean `{similar}`?"))
            }
            Finding::NoSuchSchema { version, declared } if declared.is_empty() => {
                write!(f, "no migration declares schema {version}, nor any other version")
            }
            Finding::NoSuchSchema { version, declared } => {
                write!(f, "no migration declares schema {version}; there are {}", declared.join(", "))
            }
            Finding::TargetNotApplied { id } => {
                write!(f, "`{id}` is not applied, so there is no way back to it")
            }
        }
    }
}

/// Names a few, and counts the others.
fn short(ids: &[String]) -> String {
    match ids.split_at_checked(5) {
        Some((few, rest)) if rest.len() > 1 => format!("{} and {} more", list(few), rest.len()),
        _ => list(ids),
    }
}

fn list(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
