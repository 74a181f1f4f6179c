//! Redis scripts: one command a line, as redis-cli reads it, and whimbrel's own statements over many keys.

mod command;
mod commands;
mod line;
mod many;
mod question;
mod refused;
#[cfg(test)]
mod tests;

use crate::language::{Complaint, Reading, Role, Statement};
use crate::sql::Retry;
use line::Argument;

/// Reads a script.
pub(crate) fn read(text: &str, role: Role) -> Reading {
    let mut reading = Reading { is_readable: true, ..Reading::default() };
    let mut offset = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text.get(offset..).unwrap_or_default().split_inclusive('\n') {
        match line::split(line, offset) {
            Ok(arguments) => statement(text, arguments, role, &mut reading),
            Err(complaint) => {
                reading.is_readable = false;
                reading.complaints.push(complaint);
            }
        }
        offset += line.len();
    }
    reading
}

fn statement(text: &str, mut arguments: Vec<Argument>, role: Role, reading: &mut Reading) {
    let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else { return };
    let range = first.range.start..last.range.end;
    let tokens = arguments.iter().map(|argument| argument.range.clone()).collect();
    if role == Role::Question {
        question::take_comparison(text, &mut arguments);
    }
    let Some((name, rest)) = arguments.split_first() else { return };
    let found = match many::is_own(&name.text()) {
        true => many::check(name, rest),
        false => command::check(name, rest),
    };
    if role == Role::Question {
        reading.complaints.extend(question::check(name, rest));
    }
    reading.complaints.extend(found);
    many::losses(name, rest).into_iter().chain(command::losses(name, rest)).for_each(|loss| reading.loses(loss));
    let retry = if many::is_own(&name.text()) { Retry::Again } else { command::retry(name, rest) };
    let is_data = retry == Retry::Together;
    reading.statements.push(Statement { range, tokens, retry, is_data });
}

/// Reports a quote that nothing closes.
fn unclosed(range: &std::ops::Range<usize>, quote: char) -> Complaint {
    let help = match quote {
        '"' => "close it with `\"` on the same line; a line feed inside is written `\\n`, a quote `\\\"`",
        _ => "close it with `'` on the same line; a quote inside is written `\\'`",
    };
    Complaint::error("unclosed", range, "this string is never closed").help(help)
}
