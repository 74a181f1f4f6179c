//! SQLite's refusals in plain words.

use super::doubt::Question;
use super::names::{Gone, Key, Names};
use super::object;
use super::refusal::{Inside, Reason};
use super::session::{Row, Session, literal};
use super::statement::{self, Effect};
use super::syntax;
use super::words;
use super::world::World;
use crate::catalog::Finding;
use crate::sql::{Cursor, Dialect, Script};
use std::ops::Range;
use whimbrel_grammar::names::nearest;

/// What a refusal is held against, to say what was meant instead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) session: &'a Session,
    pub(super) world: &'a World,
    pub(super) names: &'a Names,
}

/// Says what is wrong with a statement, and where.
pub(super) fn finding(question: Question<'_>, around: Around<'_>) -> Option<Finding> {
    let refusal = question.refusal;
    if let Some(inside) = &refusal.inside {
        return Some(broken(question, inside, "would be broken"));
    }
    if let Reason::Unknown { name, .. } | Reason::UnknownColumn { name, .. } = &refusal.reason
        && words::find(question.script, question.statement, name, 0).is_none()
        && let Some(inside) = culprit(question, around.session, name)
    {
        return Some(broken(question, &inside, "is broken"));
    }
    Some(match &refusal.reason {
        Reason::Unjudged | Reason::Function(_) | Reason::Collation(_) => return None,
        Reason::Syntax(token) => syntax::finding(question, token, around.session),
        Reason::Unknown { kind, name, .. } => unknown(question, around, kind, name),
        Reason::UnknownColumn { table, name } => unknown_column(question, around, table.as_deref(), name),
        Reason::Taken { kind, name } => {
            let code = match *kind {
                "view" => "duplicate_view",
                "index" => "duplicate_index",
                "trigger" => "duplicate_trigger",
                _ => "duplicate_table",
            };
            let message = format!("there is {} `{name}` already", article(kind));
            plain(code, message, place(question, name), "there already")
        }
        Reason::TakenColumn(name) => {
            let message = format!("there is a column `{name}` already");
            plain("duplicate_column", message, last_place(question, name), "there already")
        }
        Reason::UnknownSchema(name) => {
            let mut finding =
                plain("unknown_schema", format!("there is no database `{name}`"), place(question, name), "not there");
            finding.help.extend(nearest(name, ["main", "temp"]).map(|meant| format!("did you mean `{meant}`?")));
            finding
        }
        Reason::Other(message) => other(question, message),
    })
}

fn plain(code: &'static str, message: String, range: Range<usize>, label: &str) -> Finding {
    Finding { range, code, message, label: label.to_owned(), help: Vec::new(), related: Vec::new() }
}

/// Finds where a name stands that SQLite is unhappy about.
fn place(question: Question<'_>, name: &str) -> Range<usize> {
    let Question { script, statement, refusal } = question;
    let from = statement.range.start + refusal.offset.unwrap_or(0);
    words::find(script, statement, name, from).unwrap_or_else(|| start(question))
}

/// Finds where a name stands for the last time.
fn last_place(question: Question<'_>, name: &str) -> Range<usize> {
    let Question { script, statement, .. } = question;
    let mut found = place(question, name);
    while let Some(next) = words::find(script, statement, name, found.end).filter(|next| next.start >= found.end) {
        found = next;
    }
    found
}

/// Gives the token that SQLite points at, or the statement's first words.
fn start(Question { script, statement, refusal }: Question<'_>) -> Range<usize> {
    let tokens = script.tokens_of(statement);
    if let Some(offset) = refusal.offset {
        let at = statement.range.start + offset;
        if let Some(token) = tokens.iter().find(|token| token.end > at) {
            return token.range();
        }
    }
    let words = tokens.iter().take_while(|token| token.kind == crate::sql::TokenKind::Word).take(2);
    let end = words.last().map_or(statement.range.end, |token| token.end);
    statement.range.start..end
}

fn unknown(question: Question<'_>, around: Around<'_>, kind: &str, name: &str) -> Finding {
    let code = match kind {
        "view" => "unknown_view",
        "index" => "unknown_index",
        "trigger" => "unknown_trigger",
        _ => "unknown_table",
    };
    let mut finding = plain(code, format!("there is no {kind} `{name}`"), place(question, name), "not there");
    let kinds: &[&str] = match kind {
        "view" => &["view"],
        "index" => &["index"],
        "trigger" => &["trigger"],
        _ => &["table", "view"],
    };
    let is_gone = |name: &str| around.names.gone(&object::key(kind == "trigger", name)).is_some();
    let mut known: Vec<String> = around
        .session
        .objects()
        .into_iter()
        .filter(|row| kinds.contains(&row.kind.as_str()))
        .map(|row| row.name)
        .collect();
    known.extend(around.world.named(kinds).filter(|name| !is_gone(name)).map(str::to_owned));
    let meant = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    explain(&mut finding, around.names.gone(&object::key(kind == "trigger", name)), meant);
    finding
}

fn unknown_column(question: Question<'_>, around: Around<'_>, table: Option<&str>, name: &str) -> Finding {
    let Question { script, statement, .. } = question;
    if Cursor::new(script, statement).eat(&["CREATE", "TABLE"]) && table.is_none() && !is_filled(question) {
        let mut finding =
            plain("unknown_column", format!("there is no column `{name}` here"), place(question, name), "not there");
        let mut words: Vec<&str> = script.tokens_of(statement).iter().map(|token| token.text(script.text())).collect();
        words.retain(|word| !word.eq_ignore_ascii_case(name));
        finding.help.extend(nearest(name, words).map(|meant| format!("did you mean `{meant}`?")));
        return finding;
    }
    let tables = tables(question, around.session);
    let of = |table: &str| around.session.names(&format!("SELECT name FROM pragma_table_xinfo({})", literal(table)));
    let named = |table: &str| tables.iter().find(|known| known.eq_ignore_ascii_case(table));
    let owner = table.and_then(named).or(match tables.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let message = match owner {
        Some(table) => format!("table `{table}` has no column `{name}`"),
        None => format!("there is no column `{name}` here"),
    };
    let mut finding = plain("unknown_column", message, place(question, name), "not there");
    let searched: Vec<&String> = owner.map_or_else(|| tables.iter().collect(), |owner| vec![owner]);
    let columns: Vec<String> = searched.iter().flat_map(|table| of(table)).collect();
    let meant = nearest(name, columns.iter().map(String::as_str)).map(str::to_owned);
    let key = |table: &str| Key::Column(table.to_ascii_lowercase(), name.to_ascii_lowercase());
    let gone = searched.iter().find_map(|table| around.names.gone(&key(table)));
    explain(&mut finding, gone, meant);
    finding
}

/// Tells whether a table is made from a query.
fn is_filled(Question { script, statement, .. }: Question<'_>) -> bool {
    matches!(statement::read(script, statement).1, Effect::Create { filled: true, .. })
}

/// Lists the tables and views that a statement names.
fn tables(Question { script, statement, .. }: Question<'_>, session: &Session) -> Vec<String> {
    let mut tables: Vec<String> = Vec::new();
    let rows = session.objects();
    let known: std::collections::HashMap<String, &str> = rows
        .iter()
        .filter(|row| matches!(row.kind.as_str(), "table" | "view"))
        .map(|row| (row.name.to_ascii_lowercase(), row.name.as_str()))
        .collect();
    words::each(script.tokens_of(statement), script.text(), |word| {
        if let Some(name) = known.get(word).filter(|name| !tables.iter().any(|table| table == *name)) {
            tables.push((*name).to_owned());
        }
    });
    tables
}

/// Adds what helps: where the thing went, or what was probably meant.
fn explain(finding: &mut Finding, gone: Option<&Gone>, meant: Option<String>) {
    match gone {
        Some(Gone { site, to: Some(to) }) => {
            finding.help.push(format!("it is called `{to}` since then"));
            finding.related.push((site.clone(), format!("renamed to `{to}` here")));
        }
        gone => {
            finding.help.extend(meant.map(|meant| format!("did you mean `{meant}`?")));
            finding.related.extend(gone.map(|gone| (gone.site.clone(), "dropped here".to_owned())));
        }
    }
}

/// Finds the view or trigger that names what the statement itself doesn't, the statement's own first.
fn culprit(Question { script, statement, .. }: Question<'_>, session: &Session, wanted: &str) -> Option<Inside> {
    let rows = session.objects();
    let mut mentions = rows.iter().filter(|row| matches!(row.kind.as_str(), "view" | "trigger")).filter(|row| {
        let mut found = false;
        if let Ok(script) = Script::parse(&row.sql, Dialect::Sqlite) {
            words::each(script.tokens(), &row.sql, |word| found |= word.eq_ignore_ascii_case(wanted));
        }
        found
    });
    let own = |row: &&Row| words::find(script, statement, &row.table, 0).is_some();
    let row = mentions.clone().find(own).or_else(|| mentions.next())?;
    Some(Inside { kind: row.kind.clone(), name: row.name.clone() })
}

/// Says that a view or a trigger stands in the way.
fn broken(question: Question<'_>, Inside { kind, name }: &Inside, how: &str) -> Finding {
    let why = match &question.refusal.reason {
        Reason::Unknown { kind, name, .. } => format!("there is no {kind} `{name}`"),
        Reason::UnknownColumn { table: Some(table), name } => format!("`{table}` has no column `{name}`"),
        Reason::UnknownColumn { table: None, name } => format!("there is no column `{name}`"),
        Reason::Other(message) => message.clone(),
        _ => "it can't be read".to_owned(),
    };
    let code = if kind == "trigger" { "broken_trigger" } else { "broken_view" };
    let message = format!("{kind} `{name}` {how}: {why}");
    let mut finding = plain(code, message, start(question), &format!("SQLite refuses this because of `{name}`"));
    finding.help.push(match how {
        "is broken" => format!("drop {kind} `{name}`, or create it anew"),
        _ => format!("drop {kind} `{name}` before, and create it again afterwards"),
    });
    finding
}

/// Says what SQLite has words of its own for.
fn other(question: Question<'_>, message: &str) -> Finding {
    let wrong_kind = |name: &str, is: &str, not: &str, instead: &str| {
        let message = format!("`{name}` is {}, not {}", article(is), article(not));
        let mut finding = plain("wrong_kind", message, place(question, name), &article(is));
        finding.help.push(format!("write `{instead}`"));
        finding
    };
    if let Some(name) = message.strip_prefix("use DROP VIEW to delete view ") {
        return wrong_kind(name, "view", "table", "DROP VIEW");
    }
    if let Some(name) = message.strip_prefix("use DROP TABLE to delete table ") {
        return wrong_kind(name, "table", "view", "DROP TABLE");
    }
    let subject = message.strip_prefix("table ").and_then(|rest| rest.split(' ').next());
    let range = subject.map_or_else(|| start(question), |subject| place(question, subject));
    plain("refused_statement", format!("SQLite refuses this: {message}"), range, "refused")
}

fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
