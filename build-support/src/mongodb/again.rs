//! How a command is taken up again after a run died on it. What isn't known to be harmless a second time is asked.

use super::aggregate;
use super::names::READS;
use super::value::{Form, Value};
use crate::sql::Retry;

/// What leaves a document as it was when it is done to it a second time.
const STEADY: [&str; 8] = ["$set", "$unset", "$setOnInsert", "$min", "$max", "$addToSet", "$pull", "$currentDate"];

/// Judges a command.
pub(super) fn retry(value: &Value) -> Retry {
    let Some((name, _)) = value.entries().first() else { return Retry::Ask };
    let all = |list: &str, is: fn(&Value) -> bool| {
        value.get(list).is_some_and(|list| !list.items().is_empty() && list.items().iter().all(is))
    };
    let harmless = match name.text.as_str() {
        "create" | "drop" | "createIndexes" | "dropIndexes" | "collMod" => true,
        "insert" => all("documents", |document| document.get("_id").is_some()),
        "update" => all("updates", update),
        "delete" => all("deletes", delete),
        "findAndModify" | "findandmodify" => find_and_modify(value),
        "aggregate" => aggregated(value),
        name => READS.contains(&name),
    };
    if harmless { Retry::Again } else { Retry::Ask }
}

/// Tells a condition that finds one document, and the same each time.
fn is_by_id(query: &Value) -> bool {
    query.get("_id").is_some_and(|id| {
        let names = id.entries().first().map(|(key, _)| key.text.as_str());
        let is_value = names.is_none_or(|name| !name.starts_with('$') || is_extended(name));
        is_value || names == Some("$eq")
    })
}

/// Tells a value that is written as an object.
fn is_extended(name: &str) -> bool {
    ["$oid", "$uuid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$binary", "$timestamp"]
        .contains(&name)
}

fn update(update: &Value) -> bool {
    let (Some(query), Some(change)) = (update.get("q"), update.get("u")) else { return false };
    let multi = update.get("multi").is_some_and(Value::is_true);
    let upsert = update.get("upsert").is_some_and(Value::is_true);
    changes_the_same(query, change, multi, upsert)
}

/// Tells whether a change finds the same documents a second time, and leaves them as the first time did.
fn changes_the_same(query: &Value, change: &Value, multi: bool, upsert: bool) -> bool {
    let is_by_id = is_by_id(query);
    // A second one would take another document, or make another.
    if !is_by_id && (!multi || upsert) {
        return false;
    }
    let entries = change.entries();
    let is_replacement = entries.first().is_none_or(|(key, _)| !key.text.starts_with('$'));
    if is_replacement {
        return change.is_object() && is_by_id;
    }
    entries.iter().all(|(operator, fields)| {
        // The first element that is found is another one the next time.
        let is_positional = |path: &str| path.split('.').any(|part| part == "$");
        let is_plain = fields.entries().iter().all(|(path, _)| !is_positional(&path.text));
        match operator.text.as_str() {
            "$rename" => is_plain && !by_other_fields(fields, change),
            operator => is_plain && STEADY.contains(&operator),
        }
    })
}

/// Tells whether what `$rename` takes its value from is written by another operator too.
fn by_other_fields(renamed: &Value, change: &Value) -> bool {
    let others = change.entries().iter().filter(|(operator, _)| operator.text != "$rename");
    let written: Vec<&str> =
        others.flat_map(|(_, fields)| fields.entries()).map(|(path, _)| path.text.as_str()).collect();
    let targets: Vec<&str> = renamed.entries().iter().filter_map(|(_, to)| to.text()).collect();
    // In a chain of renames the second round goes on where the first ended.
    renamed
        .entries()
        .iter()
        .any(|(from, _)| written.contains(&from.text.as_str()) || targets.contains(&from.text.as_str()))
}

fn delete(delete: &Value) -> bool {
    let Some(query) = delete.get("q") else { return false };
    let is_all = matches!(delete.get("limit").map(|limit| &limit.form), Some(Form::Number(0.0)));
    is_all || is_by_id(query)
}

fn find_and_modify(value: &Value) -> bool {
    let Some(query) = value.get("query").filter(|query| is_by_id(query)) else { return false };
    if value.get("remove").is_some_and(Value::is_true) {
        return true;
    }
    let upsert = value.get("upsert").is_some_and(Value::is_true);
    value.get("update").is_some_and(|change| changes_the_same(query, change, false, upsert))
}

/// Tells an `aggregate` that writes the same a second time: to another collection than it reads.
fn aggregated(value: &Value) -> bool {
    let Some(target) = aggregate::target(value) else { return true };
    let Some(stages) =
        value.get("pipeline").map(Value::items).and_then(|stages| stages.split_last()).map(|(_, stages)| stages)
    else {
        return false;
    };
    let reads = |value: &Value| value.text() == Some(target.collection.as_str());
    let differs = |value: &Value| {
        let changing = ["$sample", "$rand", "$function", "$accumulator", "$limit", "$skip"];
        value.entries().iter().any(|(key, _)| changing.contains(&key.text.as_str()))
            || value.text().is_some_and(|text| text.starts_with("$$NOW") || text.starts_with("$$CLUSTER_TIME"))
    };
    let steady = value.get("aggregate").is_some_and(|source| !reads(source) && source.text().is_some())
        && !stages.iter().any(|stage| stage.any(&mut |part| reads(part) || differs(part)));
    let matched = target.merge.map(|merge| merge.get("whenMatched").map(|matched| &matched.form));
    let keeps = match matched {
        None | Some(None) => true,
        Some(Some(Form::Text(how))) => matches!(how.as_str(), "replace" | "keepExisting" | "merge"),
        Some(Some(_)) => false,
    };
    let inserts = target.merge.and_then(|merge| merge.get("whenNotMatched")).and_then(Value::text) != Some("fail");
    steady && keeps && inserts
}
