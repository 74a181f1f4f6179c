//! What `--available` has left out: the databases that can't be reached, and what waits for them.

use super::output::counted;
use super::session::Session;
use crate::databases::Databases;
use crate::escaped::Escaped;
use serde::Serialize;

/// Says what was left out; nothing where every database can be reached.
#[derive(Debug, Default, Serialize)]
pub(super) struct Unavailable {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unavailable: Vec<Down>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waiting: Vec<Waits>,
}

#[derive(Debug, Serialize)]
struct Down {
    database: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Waits {
    id: &'static str,
    database: &'static str,
    waits_for: &'static str,
}

impl Unavailable {
    pub(super) fn of(
        databases: &Databases,
        waiting: impl Iterator<Item = (&'static str, &'static str, &'static str)>,
    ) -> Self {
        let down = databases.down().map(|(database, error)| Down {
            database: database.into(),
            reason: format!("{error:#}").replace("\ncaused by: ", ": "),
        });
        let waits = waiting.map(|(id, database, waits_for)| Waits { id, database, waits_for });
        Self { unavailable: down.collect(), waiting: waits.collect() }
    }

    /// Says it to people, with the command that looks further.
    pub(super) fn text(&self, session: &Session<'_>) -> String {
        if self.unavailable.is_empty() {
            return String::new();
        }
        let mut text: String = self.lines().map(|line| line + "\n").collect();
        text += &match self.waiting.len() {
            0 => "nothing waits for it\n".to_owned(),
            waiting => format!("{} left to wait\n", counted(waiting, "migration")),
        };
        text + &format!("next: {}\n", session.call.other("doctor"))
    }

    /// Says it in a script.
    pub(super) fn comment(&self) -> String {
        self.lines().map(|line| format!("-- {line}\n")).collect()
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let down = self.unavailable.iter().map(|down| format!("left out: {}", Escaped(&down.reason)));
        let waits = self.waiting.iter();
        down.chain(waits.map(|w| format!("waiting: {} on {}, for `{}`", w.id, w.database, w.waits_for)))
    }
}
