//! A command: that it is one, has what it needs, and has a place in a migration.

use super::fields::{ANY, COMMANDS, Known, SESSION, of_items};
use super::names::{OTHERS, READS};
use super::value::{Form, Key, Value};
use crate::language::Complaint;
use whimbrel_grammar::names::nearest;

/// Checks a command.
pub(super) fn check(value: &Value) -> Vec<Complaint> {
    let Some((name, named)) = value.entries().first() else { return Vec::new() };
    if let Some((reason, instead)) = refused(&name.text) {
        let message = format!("`{}` has no place in a migration: it {reason}", name.text);
        return vec![Complaint::error("refused_command", &name.range, message).help(instead)];
    }
    let mut found: Vec<Complaint> = value
        .entries()
        .iter()
        .filter(|(key, _)| SESSION.contains(&key.text.as_str()))
        .map(|(key, _)| of_session(key))
        .collect();
    let Some(known) = COMMANDS.iter().find(|known| known.name == name.text) else {
        found.extend(unknown(name));
        return found;
    };
    let is_of_database = known.name == "aggregate" && matches!(named.form, Form::Number(_));
    if named.text().is_none() && !is_of_database {
        found.push(
            Complaint::error("json_syntax", &named.range, format!("`{}` names a collection", known.name))
                .label("no name")
                .help(format!("write `\"{}\": \"users\"`", known.name)),
        );
    }
    found.extend(missing(value, known, name));
    let fields: Vec<&str> =
        known.needs.iter().map(|(field, _)| *field).chain(known.takes.iter().copied()).chain(ANY).collect();
    found.extend(
        value
            .entries()
            .iter()
            .skip(1)
            .filter(|(key, _)| !SESSION.contains(&key.text.as_str()))
            .filter_map(|(key, _)| slip(key, &fields)),
    );
    found.extend(items(value, known.name));
    found
}

fn of_session(key: &Key) -> Complaint {
    Complaint::error(
        "refused_command",
        &key.range,
        format!("`{}` has no place in a migration: sessions and transactions are whimbrel's", key.text),
    )
    .help("take it out: where the server has transactions, a migration that only writes documents is one already")
}

/// Says why a command has no place in a migration, and what to write instead.
fn refused(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "dropDatabase" => {
            ("drops the ledger with everything else", "write `{\"drop\": \"…\"}` for each collection that is meant")
        }
        "renameCollection" => (
            "runs on the database `admin`, where a migration doesn't",
            "copy it with `{\"aggregate\": \"old\", \"pipeline\": [{\"$out\": \"new\"}], \"cursor\": {}}`, make its indexes anew and drop the old one, \
             or rename it in a function `up` in Rust",
        ),
        "eval" | "$eval" => (
            "runs code in the server, which no supported server does",
            "write the commands, or a function `up` in Rust",
        ),
        "startTransaction" | "commitTransaction" | "abortTransaction" | "startSession" | "endSessions"
        | "killSessions" => (
            "begins or ends what is whimbrel's",
            "take it out: where the server has transactions, a migration that only writes documents is one already",
        ),
        "shutdown" | "killOp" | "killAllSessions" | "setParameter" | "replSetReconfig" | "replSetInitiate"
        | "replSetStepDown" | "logRotate" => ("changes the server, not the data", "do it where the server is run"),
        "getMore" | "killCursors" => ("goes on with an answer that nobody waits for", "take it out"),
        _ => return None,
    })
}

fn unknown(name: &Key) -> Option<Complaint> {
    if READS.contains(&name.text.as_str()) || OTHERS.contains(&name.text.as_str()) {
        return None;
    }
    let all = COMMANDS.iter().map(|known| known.name).chain(READS).chain(OTHERS);
    Some(match nearest(&name.text, all) {
        Some(meant) => Complaint::error("unknown_command", &name.range, format!("there is no command `{}`", name.text))
            .help(format!("did you mean `{meant}`?")),
        None => {
            Complaint::warning("unknown_command", &name.range, format!("nobody here knows a command `{}`", name.text))
                .label("sent as it is, by itself")
                .help("the first key is the command's name; a server that is newer than this whimbrel may have it")
        }
    })
}

/// Reports the fields that a command needs and has not.
fn missing(value: &Value, known: &Known, name: &Key) -> Vec<Complaint> {
    let explains = known.name == "aggregate" && value.get("explain").is_some();
    let lacks = |(field, _): &&(&str, &str)| value.get(field).is_none() && !(explains && *field == "cursor");
    // What is a slip of a field's name is reported as that.
    let is_slip = |field: &str| value.entries().iter().skip(1).any(|(key, _)| nearest(&key.text, [field]).is_some());
    let complaint = |field: &str, example: &str| {
        Complaint::error("missing_field", &name.range, format!("`{}` needs a field `{field}`", known.name))
            .help(format!("write `\"{field}\": {example}`"))
    };
    let mut found: Vec<Complaint> = known
        .needs
        .iter()
        .filter(lacks)
        .filter(|(field, _)| !is_slip(field))
        .map(|(field, example)| complaint(field, example))
        .collect();
    let changes = ["update", "remove"].iter().any(|field| value.get(field).is_some() || is_slip(field));
    if known.name.eq_ignore_ascii_case("findAndModify") && !changes {
        found.push(complaint("update", "{\"$set\": {…}}"));
    }
    found
}

fn slip(key: &Key, fields: &[&'static str]) -> Option<Complaint> {
    if fields.contains(&key.text.as_str()) {
        return None;
    }
    let meant = nearest(&key.text, fields.iter().copied())?;
    Some(
        Complaint::error("unknown_field", &key.range, format!("there is no field `{}`", key.text))
            .help(format!("did you mean `{meant}`?")),
    )
}

/// Checks the parts of a command's list.
fn items(value: &Value, command: &str) -> Vec<Complaint> {
    let Some((list, needs, takes)) = of_items(command) else { return Vec::new() };
    let mut found = Vec::new();
    for item in value.get(list).map(Value::items).unwrap_or_default() {
        let fields: Vec<&str> = needs.iter().chain(takes).copied().collect();
        let lacking: Vec<&str> = needs.iter().copied().filter(|field| item.get(field).is_none()).collect();
        let slips: Vec<Complaint> = item.entries().iter().filter_map(|(key, _)| slip(key, &fields)).collect();
        if slips.is_empty() && !lacking.is_empty() {
            let listed = lacking.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ");
            found.push(
                Complaint::error("missing_field", &item.range, format!("a part of `{list}` needs {listed}")).help(
                    match command {
                        "delete" => "write `{\"q\": {…}, \"limit\": 0}`; 0 is all that are found, 1 the first of them",
                        "update" => "write `{\"q\": {…}, \"u\": {\"$set\": {…}}, \"multi\": true}`",
                        _ => "write `{\"key\": {\"email\": 1}, \"name\": \"email_1\"}`",
                    },
                ),
            );
        }
        // An index has options of its server's version.
        if !takes.is_empty() {
            found.extend(slips);
        }
    }
    found
}

/// Tells a command that can be in a transaction with others.
pub(super) fn is_data(value: &Value) -> bool {
    let Some((name, _)) = value.entries().first() else { return false };
    // Inside a transaction these are the transaction's.
    let has_concern = value.get("writeConcern").is_some() || value.get("readConcern").is_some();
    matches!(name.text.as_str(), "insert" | "update" | "delete" | "findAndModify" | "findandmodify") && !has_concern
}
