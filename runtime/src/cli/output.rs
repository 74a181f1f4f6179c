//! What reaches the screen or the pipe: one answer on standard output, or an error on standard error.

use super::call::Call;
use super::document::{Document, Problem};
use super::exit::Exit;
use super::failure::Failure;
use super::terminal::{self, ADVICE, BAD};
use crate::escaped::lines;
use serde::Serialize;
use std::io::{self, ErrorKind, Write};
use std::time::Duration;

/// Holds what a command has to say, for people and for programs.
#[derive(Debug)]
pub(super) struct Answer {
    text: String,
    document: String,
    exit: Exit,
}

impl Answer {
    pub(super) fn new(command: &'static str, body: impl Serialize, text: String) -> Result<Self, Failure> {
        Ok(Self { text, document: document(command, body)?, exit: Exit::Done })
    }
    pub(super) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
    pub(super) fn print(&self, json: bool) -> Exit {
        match out(if json { &self.document } else { &self.text }) {
            Ok(()) => self.exit,
            Err(error) => {
                err(&format!("error: standard output can't be written: {error}\n"));
                Exit::Failed
            }
        }
    }
}

fn document(command: &'static str, body: impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&Document { format: 1, command, body });
    text.map(|text| text + "\n").map_err(|error| Failure::Runtime(error.into()))
}

/// Shows a failure: `error:`, its causes, and what to type next.
pub(super) fn fail(failure: &Failure, call: &Call, json: bool) -> Exit {
    let messages = failure.messages();
    let help = failure.help(call);
    let mut text = String::new();
    for (index, message) in messages.iter().enumerate() {
        let word = if index == 0 { "error" } else { "caused by" };
        text += &format!("{}: {}\n", terminal::err(BAD, word), lines(message));
    }
    if let Some(help) = &help {
        text += &format!("{}: {}\n", terminal::err(ADVICE, "help"), lines(help));
    }
    err(&text);
    if json && let Ok(text) = document(call.command, Problem::new(failure, &messages, help.as_deref())) {
        // Nobody is left to be told that the pipe is closed as well.
        let _ = out(&text);
    }
    failure.exit()
}

/// Writes to standard output; a reader who has gone (`| head`) is no error.
pub(super) fn out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes to standard error, the last place to complain to.
pub(super) fn err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a duration as people say it.
pub(super) fn spoken(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        0 => "<1 ms".into(),
        1..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", millis / 60_000, millis / 1_000 % 60),
    }
}

/// Writes a point in time (RFC 3339, UTC) without the letters.
pub(super) fn readable(time: &str) -> String {
    if time.is_empty() {
        return "unknown".into();
    }
    time.get(..19).unwrap_or(time).replace('T', " ")
}

/// Writes a number with its noun.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::{counted, readable, spoken};
    use std::time::Duration;

    #[test]
    fn durations_are_short() {
        let shown = [0, 7, 1_234, 59_900, 200_000].map(|millis| spoken(Duration::from_millis(millis)));
        assert_eq!(shown, ["<1 ms", "7 ms", "1.2 s", "59.9 s", "3 min 20 s"]);
    }

    #[test]
    fn times_and_counts_are_readable() {
        assert_eq!(readable("2026-11-21T13:39:04.123Z"), "2026-11-21 13:39:04");
        assert_eq!((readable("soon"), readable("")), ("soon".into(), "unknown".into()));
        assert_eq!((counted(1, "migration"), counted(2, "migration")), ("1 migration".into(), "2 migrations".into()));
    }
}
