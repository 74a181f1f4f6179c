//! MongoDB scripts: database commands as JSON, one after another, what is surely wrong with them, and how each is taken up again.

mod again;
mod aggregate;
mod command;
mod fields;
mod json;
mod lex;
mod names;
mod string;
#[cfg(test)]
mod tests;
mod value;

use crate::language::{Complaint, Reading, Role, Statement};
use value::Value;

/// Reads a script.
pub(crate) fn read(text: &str, role: Role) -> Reading {
    let mut reading = Reading::default();
    let commands = match json::parse(text) {
        Ok(commands) => commands,
        Err(complaint) => return Reading { complaints: vec![complaint], ..reading },
    };
    reading.is_readable = true;
    for json::Command { value, tokens } in commands {
        let Some((name, _)) = value.entries().first() else {
            let complaint = Complaint::error("json_syntax", &value.range, "a command without a name").label("is empty");
            reading.complaints.push(complaint.help("the first key is the command's name: `{\"create\": \"users\"}`"));
            continue;
        };
        reading.complaints.extend(command::check(&value));
        if role == Role::Question {
            reading.complaints.extend(question(&value));
        }
        losses(&name.text, &value).into_iter().for_each(|loss| reading.loses(loss));
        let (retry, is_data) = (again::retry(&value), command::is_data(&value));
        reading.statements.push(Statement { range: value.range, tokens, retry, is_data });
    }
    reading
}

/// Reports a `REQUIRE` or `VERIFY` that is no `count` and no `aggregate` that only reads.
fn question(value: &Value) -> Option<Complaint> {
    let (name, _) = value.entries().first()?;
    let reads = match name.text.as_str() {
        "count" => true,
        "aggregate" => aggregate::target(value).is_none(),
        _ => false,
    };
    (!reads).then(|| {
        Complaint::error("question_writes", &name.range, format!("`{}` is no question", name.text))
            .label("a question is a `count`, or an `aggregate` that only reads")
            .help("write `{\"count\": \"users\", \"query\": {…}}`, whose `n` has to be more than 0, or an `aggregate` whose first document's first field has to be true")
    })
}

/// Says what running a command may lose.
fn losses(name: &str, value: &Value) -> Option<String> {
    let collection = value.get(name).and_then(Value::text).unwrap_or_default();
    match name {
        "drop" => Some(format!("drops collection `{collection}`")),
        "delete" => Some(format!("deletes from `{collection}`")),
        "update" | "findAndModify" | "findandmodify" => Some(format!("updates `{collection}`")),
        "aggregate" => aggregate::target(value).map(|target| format!("writes to `{}`", target.collection)),
        "create" | "collMod" | "createIndexes" | "dropIndexes" | "insert" => None,
        name if names::READS.contains(&name) => None,
        name => Some(format!("runs `{name}`")),
    }
}
