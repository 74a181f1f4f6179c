//! The scripts, put together from their parts; they are sent without what only their readers need.

use std::sync::OnceLock;

/// Holds a script's parts.
#[derive(Debug)]
pub(super) struct Script {
    parts: &'static [&'static str],
    text: OnceLock<String>,
}

impl Script {
    const fn of(parts: &'static [&'static str]) -> Self {
        Self { parts, text: OnceLock::new() }
    }

    /// Gives its text, without comments and indentation.
    pub(super) fn get(&self) -> &str {
        self.text.get_or_init(|| {
            let lines = self.parts.iter().flat_map(|part| part.lines()).map(str::trim);
            lines.filter(|line| !line.is_empty() && !line.starts_with("--")).collect::<Vec<_>>().join("\n")
        })
    }
}

const MOMENT: &str = include_str!("moment.lua");
const ENTRIES: &str = include_str!("entries.lua");
const ROWS: &str = include_str!("rows.lua");

pub(super) static PROGRAM: Script = Script::of(&[MOMENT, include_str!("program.lua")]);
pub(super) static GLANCE: Script = Script::of(&[ROWS, include_str!("glance.lua")]);
pub(super) static READ: Script = Script::of(&[ENTRIES, ROWS, include_str!("read.lua")]);
pub(super) static ATTEMPTS: Script = Script::of(&[MOMENT, ENTRIES, include_str!("attempts.lua")]);
pub(super) static EVENTS: Script = Script::of(&[MOMENT, ENTRIES, include_str!("events.lua")]);
pub(super) static DURATION: Script = Script::of(&[include_str!("duration.lua")]);
pub(super) static REALIGN: Script = Script::of(&[MOMENT, include_str!("realign.lua")]);
pub(super) static POLL: Script = Script::of(&[MOMENT, include_str!("poll.lua")]);
pub(super) static HOLDER: Script = Script::of(&[include_str!("holder.lua")]);
pub(super) static RELEASE: Script = Script::of(&[include_str!("release.lua")]);
pub(super) static RENEW: Script = Script::of(&[include_str!("renew.lua")]);
pub(super) static UNCHANGED_STRING: Script =
    Script::of(&[include_str!("unchanged_string.lua"), include_str!("unchanged.lua")]);
pub(super) static UNCHANGED_HASH: Script =
    Script::of(&[include_str!("unchanged_hash.lua"), include_str!("unchanged.lua")]);
pub(super) static EXAMINE: Script = Script::of(&[include_str!("examine.lua")]);
