//! The ledger's texts: command lines, as redis-cli takes them.
//!
//! `{whimbrel}:history` is a hash of rows as JSON, `{whimbrel}:events` a stream, `{whimbrel}:lock` the lease. The braces keep all of
//! it in one slot of a cluster. `HSETNX`, `HDEL` and `XADD` travel inside one script that holds the lease against the run; a time that
//! says `now` is put in there.

use super::again::does_no_harm;
use super::line::join;
use super::lua;
use crate::error::{Kind, Result};
use crate::ledger::{COLUMNS, Cell, Claim, FORMAT, Language, Ledger, Location, Row, SELF, When, quote, user};
use crate::registry::Migration;
use crate::script::Retry;
use semver::Version;

/// Writes Redis's ledger.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) cluster: bool,
}

/// Names a part of the ledger.
pub(super) fn key(prefix: &str, name: &str) -> String {
    format!("{{{prefix}}}:{name}")
}

/// Names a part of the ledger whose prefix can be a hash tag.
fn part(ledger: &Ledger<'_>, name: &str) -> Result<String> {
    let prefix = ledger.location.prefix_name();
    if prefix.is_empty() || prefix.contains(['{', '}']) {
        let reason = "the name of a ledger's keys must not be empty or contain a brace";
        return Err(Kind::InvalidText { text: prefix.into(), reason }.into());
    }
    Ok(key(prefix, name))
}

/// Names a row.
fn field(registry: &str, id: &str, database: &str) -> String {
    format!("{registry}/{id}/{database}")
}

fn own(ledger: &Ledger<'_>, id: &str) -> String {
    field(ledger.registry.name, id, ledger.database)
}

/// Writes a question about history and events.
fn ask(ledger: &Ledger<'_>, script: &str, rest: &[&str]) -> Result<String> {
    let (history, events) = (part(ledger, "history")?, part(ledger, "events")?);
    let words = ["EVAL", script, "2", &history, &events, ledger.registry.name, ledger.database];
    Ok(join(words.iter().chain(rest).copied()))
}

/// Writes values as JSON, without those that are null.
fn object(row: &Row<'_>) -> String {
    let mut members = Vec::with_capacity(row.len());
    for (name, cell) in row {
        let value = match cell {
            Cell::Null | Cell::Elapsed => continue,
            Cell::Text(text) => quote::json_string(text),
            Cell::Moment(moment) => quote::json_string(moment),
            Cell::Number(number) => number.to_string(),
            Cell::Truth(truth) => truth.to_string(),
            Cell::Now => "\"now\"".into(),
            Cell::Actor => quote::json_string(&user()),
            Cell::Texts(texts) => quote::json(texts),
        };
        members.push(format!("{}:{value}", quote::json_string(name)));
    }
    // The time comes first, where the script looks for it.
    if let Some(at) = members.iter().position(|member| member.starts_with("\"applied_at\"")) {
        members[..=at].rotate_right(1);
    }
    format!("{{{}}}", members.join(","))
}

impl Language for Lines {
    fn comment(&self) -> &'static str {
        "#"
    }
    fn separator(&self) -> &'static str {
        ""
    }

    fn commit(&self) -> &'static str {
        "# together, as far as here"
    }

    fn shown(&self, location: &Location, name: &str) -> String {
        key(location.prefix_name(), name)
    }

    fn table(&self, ledger: &Ledger<'_>, name: &str) -> Result<String> {
        part(ledger, name)
    }

    fn create(&self, ledger: &Ledger<'_>) -> Result<Vec<String>> {
        let version = env!("CARGO_PKG_VERSION");
        let create = "if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end return redis.call('XADD', KEYS[1], '*', unpack(ARGV))";
        let (history, events) = (part(ledger, "history")?, part(ledger, "events")?);
        let id = "ledger_0001";
        let event = ["registry", SELF, "id", id, "database", "*", "run", ledger.run, "event", "created"];
        let begin = ["EVAL", create, "1", &events];
        let end = ["direction", "up", "whimbrel_version", version];
        let events = join(begin.into_iter().chain(event).chain(end));
        let row: Row<'_> = vec![
            ("registry", SELF.into()),
            ("id", id.into()),
            ("database", "*".into()),
            ("ordinal", Cell::Number(FORMAT)),
            ("name", "The ledger itself".into()),
            ("source", SELF.into()),
            ("kind", "redis".into()),
            ("checksum", "-".into()),
            ("checksum_algorithm", Cell::Number(0)),
            ("transactional", Cell::Truth(true)),
            ("out_of_order", Cell::Truth(false)),
            ("applied_at", Cell::Now),
            ("applied_by", Cell::Actor),
            ("whimbrel_version", version.into()),
        ];
        let format = join(["HSETNX", &history, &field(SELF, id, "*"), &object(&row)]);
        Ok(vec![events, format])
    }

    fn glance(&self, ledger: &Ledger<'_>) -> Result<String> {
        ask(ledger, lua::GLANCE.get(), &[])
    }

    fn probes(&self, ledger: &Ledger<'_>) -> Result<[String; 2]> {
        let script = "if redis.call('EXISTS', KEYS[1]) == 0 then return redis.error_reply('NOLEDGER there is no ' .. KEYS[1]) end return {}";
        let probe = |name| Ok::<_, crate::Error>(join(["EVAL", script, "1", &part(ledger, name)?]));
        Ok([probe("history")?, probe("events")?])
    }

    fn any(&self, ledger: &Ledger<'_>) -> Result<String> {
        let script = "if redis.call('HLEN', KEYS[1]) == 0 then return {} end return {{'1'}}";
        Ok(join(["EVAL", script, "1", &part(ledger, "history")?]))
    }

    fn read(&self, ledger: &Ledger<'_>) -> Result<String> {
        ask(ledger, lua::READ.get(), &COLUMNS)
    }

    fn read_attempts(&self, ledger: &Ledger<'_>) -> Result<String> {
        ask(ledger, lua::ATTEMPTS.get(), &[])
    }

    fn read_events(&self, ledger: &Ledger<'_>, unfinished: Option<&str>) -> Result<String> {
        ask(ledger, lua::EVENTS.get(), unfinished.as_slice())
    }

    // A lease keeps others away, so the rows are as they were read; whether this one is there already is asked by the task.
    fn insert(&self, ledger: &Ledger<'_>, row: &Row<'_>, _: When) -> Result<String> {
        let named = |name: &str| match row.iter().find(|(column, _)| *column == name) {
            Some((_, Cell::Text(text))) => text.as_ref(),
            _ => "",
        };
        let field = field(named("registry"), named("id"), named("database"));
        Ok(join(["HSETNX", &part(ledger, "history")?, &field, &object(row)]))
    }

    fn delete(&self, ledger: &Ledger<'_>, id: &str, _: When) -> Result<String> {
        Ok(join(["HDEL", &part(ledger, "history")?, &own(ledger, id)]))
    }

    fn duration(&self, ledger: &Ledger<'_>, migration: &Migration) -> Result<String> {
        let (history, events) = (part(ledger, "history")?, part(ledger, "events")?);
        let field = own(ledger, migration.id);
        Ok(join(["EVAL", lua::DURATION.get(), "2", &history, &events, &field, ledger.run, migration.id]))
    }

    fn realign(&self, ledger: &Ledger<'_>, id: &str, values: &Row<'_>, recorded: Option<&str>) -> Result<String> {
        let (history, field, changed) = (part(ledger, "history")?, own(ledger, id), object(values));
        let gone: Vec<_> = values.iter().filter(|(_, cell)| *cell == Cell::Null).map(|(name, _)| *name).collect();
        let (recorded, gone) = (recorded.unwrap_or_default(), gone.join(" "));
        let words = ["EVAL", lua::REALIGN.get(), "1", &history, &field, recorded, &changed, &gone];
        Ok(join(words.iter().chain(&COLUMNS).copied()))
    }

    fn event(&self, ledger: &Ledger<'_>, row: &Row<'_>, _: Option<Claim<'_>>) -> Result<String> {
        let events = part(ledger, "events")?;
        let mut words = vec!["XADD".to_owned(), events, "*".to_owned()];
        for (name, cell) in row {
            let value = match cell {
                // The stream has the time in each entry's id.
                Cell::Null | Cell::Elapsed | Cell::Now => continue,
                Cell::Text(text) => text.clone().into_owned(),
                Cell::Moment(moment) => (*moment).to_owned(),
                Cell::Number(number) => number.to_string(),
                Cell::Truth(truth) => truth.to_string(),
                Cell::Actor => user(),
                Cell::Texts(texts) => quote::json(texts),
            };
            words.extend([(*name).to_owned(), value]);
        }
        Ok(join(words.iter().map(String::as_str)))
    }

    fn version(&self, _: &Ledger<'_>, _: &Migration, version: Option<&Version>, _: bool) -> Result<Option<String>> {
        let (key, field) = ("app:metadata", "schema_version");
        Ok(Some(match version {
            Some(version) => join(["HSET", key, field, &version.to_string()]),
            None => join(["HDEL", key, field]),
        }))
    }

    fn apart(&self, text: &str) -> Option<Retry> {
        self.cluster.then(|| if does_no_harm(text) { Retry::Again } else { Retry::Ask })
    }

    fn parted(&self, joined: &str) -> Vec<String> {
        quote::parted(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, object};

    #[test]
    fn a_row_begins_with_its_time() {
        let row = object(&vec![
            ("id", "it's \"x\"".into()),
            ("phase", Cell::Null),
            ("applied_at", Cell::Now),
            ("ordinal", Cell::Number(7)),
        ]);
        // `program.lua` looks for this.
        assert_eq!(row, r#"{"applied_at":"now","id":"it's \"x\"","ordinal":7}"#);
    }
}
