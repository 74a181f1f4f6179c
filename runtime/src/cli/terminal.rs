//! What the terminal can do: colours, and its width.

use clap::builder::styling::{AnsiColor, Effects, Style};
use std::io::IsTerminal;

pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const WAITING: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
pub(super) const ADVICE: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);
pub(super) const FAINT: Style = Style::new().effects(Effects::DIMMED);
pub(super) const PLAIN: Style = Style::new();

/// Tells whether standard output, or standard error, shows colours.
pub(super) fn coloured(stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Colours a text for standard output, where it shows colours.
pub(super) fn out(style: Style, text: &str) -> String {
    painted(coloured(&std::io::stdout()), style, text)
}

/// Colours a text for standard error, where it shows colours.
pub(super) fn err(style: Style, text: &str) -> String {
    painted(coloured(&std::io::stderr()), style, text)
}

pub(super) fn painted(coloured: bool, style: Style, text: &str) -> String {
    if coloured { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// Gives the width of the terminal; none in a pipe, where lines may be of any length.
pub(super) fn width() -> Option<usize> {
    console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}
