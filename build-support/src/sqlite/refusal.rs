//! SQLite's answer to a statement that it refuses, as far as its words are understood.

use rusqlite::{Error, ErrorCode};

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    /// The byte of the statement that it is about, where SQLite says so.
    pub(super) offset: Option<usize>,
    /// The view or trigger that has the mistake, where it isn't the statement.
    pub(super) inside: Option<Inside>,
}

/// What can have a mistake that a statement runs into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inside {
    /// `view`, `trigger`, `table` or `index`.
    pub(super) kind: String,
    pub(super) name: String,
}

/// Why a statement is refused. Names are as SQLite says them, without quotes and schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A `table`, `view`, `index` or `trigger` that isn't there.
    Unknown { kind: &'static str, schema: Option<String>, name: String },
    /// A column that isn't there, with the table where SQLite names it.
    UnknownColumn { table: Option<String>, name: String },
    /// A name of a table, view, index or trigger that is taken.
    Taken { kind: &'static str, name: String },
    /// A column that is there twice.
    TakenColumn(String),
    /// A schema that isn't attached.
    UnknownSchema(String),
    /// The token at which the grammar ends; empty at the end of the statement.
    Syntax(String),
    /// A function that an application may bring along.
    Function(String),
    /// A collation that an application may bring along.
    Collation(String),
    /// Anything else that SQLite has words for.
    Other(String),
    /// What says nothing about the statement: it was denied or ended here, or needs what an application may bring along.
    Unjudged,
}

impl Refusal {
    /// Reads an error.
    pub(super) fn read(error: &Error) -> Refusal {
        let unjudged = Refusal { reason: Reason::Unjudged, offset: None, inside: None };
        let (code, message, offset) = match error {
            Error::SqlInputError { error, msg, offset, .. } => {
                (error.code, msg.as_str(), usize::try_from(*offset).ok())
            }
            Error::SqliteFailure(error, Some(message)) => (error.code, message.as_str(), None),
            _ => return unjudged,
        };
        if code != ErrorCode::Unknown {
            return unjudged;
        }
        let (inside, message) = nested(message);
        Refusal { reason: reason(message), offset, inside }
    }

    /// Says why SQLite's word doesn't count, where it doesn't.
    pub(super) fn doubt(&self) -> String {
        match &self.reason {
            Reason::Unknown { kind, schema, name } => {
                let schema = schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
                format!("{kind} `{schema}{name}` may be there in a real database")
            }
            Reason::UnknownColumn { name, .. } => format!("column `{name}` may be there in a real database"),
            Reason::Taken { kind, name } => format!("{kind} `{name}` may be gone in a real database"),
            Reason::TakenColumn(name) => format!("column `{name}` may be gone in a real database"),
            Reason::UnknownSchema(name) => format!("the application may attach `{name}`"),
            Reason::Function(name) => format!("function `{name}` may be the application's own"),
            Reason::Collation(name) => format!("collation `{name}` may be the application's own"),
            Reason::Syntax(_) | Reason::Other(_) => "it depends on what isn't known for certain".to_owned(),
            Reason::Unjudged => "SQLite in memory can't try it".to_owned(),
        }
    }
}

/// Takes apart `error in view v after rename: no such table: main.t`.
fn nested(message: &str) -> (Option<Inside>, &str) {
    let Some(rest) = message.strip_prefix("error in ") else { return (None, message) };
    let (Some((kind, rest)), true) = (rest.split_once(' '), rest.contains(": ")) else { return (None, message) };
    let Some((name, message)) = rest.split_once(": ") else { return (None, message) };
    let name = [" after rename", " after drop column", " after add column"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    (Some(Inside { kind: kind.to_owned(), name: name.to_owned() }), message)
}

fn reason(message: &str) -> Reason {
    let after = |start: &str| message.strip_prefix(start);
    for kind in ["table", "view", "index", "trigger"] {
        if let Some(name) = after(&format!("no such {kind}: ")) {
            let (schema, name) = qualified(name);
            return Reason::Unknown { kind, schema, name };
        }
        if let Some(name) = between(message, &format!("{kind} "), " already exists") {
            return Reason::Taken { kind, name: plain(name) };
        }
        if let Some(name) = after(&format!("there is already a {kind} named "))
            .or_else(|| after(&format!("there is already an {kind} named ")))
        {
            return Reason::Taken { kind, name: plain(name) };
        }
    }
    if let Some(name) = after("there is already another table or index with this name: ") {
        return Reason::Taken { kind: "table", name: plain(name) };
    }
    if let Some(name) = after("no such column: ") {
        let name = name.split(" - should this be").next().unwrap_or(name).trim_matches('"');
        let (table, name) = qualified(name);
        return Reason::UnknownColumn { table, name };
    }
    if let Some((table, name)) = after("table ").and_then(|rest| rest.split_once(" has no column named ")) {
        return Reason::UnknownColumn { table: Some(qualified(table).1), name: plain(name) };
    }
    if let Some(name) = between(message, "unknown column \"", "\" in foreign key definition")
        .or_else(|| between(message, "cannot join using column ", " - column not present in both tables"))
    {
        return Reason::UnknownColumn { table: None, name: plain(name) };
    }
    if let Some(name) = after("duplicate column name: ") {
        return Reason::TakenColumn(plain(name));
    }
    if let Some(name) = after("unknown database ") {
        return Reason::UnknownSchema(plain(name));
    }
    if let Some(token) = between(message, "near \"", "\": syntax error") {
        return Reason::Syntax(token.to_owned());
    }
    if let Some(token) = between(message, "unrecognized token: \"", "\"") {
        return Reason::Syntax(token.to_owned());
    }
    if message == "incomplete input" {
        return Reason::Syntax(String::new());
    }
    if let Some(name) = after("no such function: ") {
        return Reason::Function(plain(name));
    }
    if let Some(name) = after("no such collation sequence: ") {
        return Reason::Collation(plain(name));
    }
    if is_vague(message) { Reason::Unjudged } else { Reason::Other(message.to_owned()) }
}

/// Tells what an application may bring along, or SQLite has no words for.
fn is_vague(message: &str) -> bool {
    let starts = [
        "no such module: ",
        "no such tokenizer: ",
        "unknown tokenizer: ",
        "no such table-valued function: ",
        "error in tokenizer constructor",
        "vtable constructor failed",
        "vtable constructor did not declare schema",
        // An application may have one of the same name with other arguments.
        "wrong number of arguments to function ",
        "unable to identify the object to be reindexed",
        "malformed database schema",
        "SQL logic error",
        "not an error",
        "interrupted",
        "not authorized",
        "out of memory",
    ];
    starts.iter().any(|start| message.starts_with(start)) || message.contains("not authorized")
}

fn between<'a>(message: &'a str, start: &str, end: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.strip_suffix(end)
}

/// Takes the name's last part, and the part before it.
fn qualified(name: &str) -> (Option<String>, String) {
    match name.rsplit_once('.') {
        Some((before, last)) if !last.is_empty() => {
            let before = before.rsplit('.').next().unwrap_or(before);
            (Some(plain(before)), plain(last))
        }
        _ => (None, plain(name)),
    }
}

/// Takes off the quotes that a name was written with.
fn plain(name: &str) -> String {
    if name.starts_with(['"', '`', '[', '\'']) { crate::sql::unquoted(name) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Inside, Reason, nested, reason};

    #[test]
    fn names_are_taken_out_of_the_words() {
        let column = |table: Option<&str>, name: &str| Reason::UnknownColumn {
            table: table.map(str::to_owned),
            name: name.to_owned(),
        };
        let unknown = |kind, schema: Option<&str>, name: &str| Reason::Unknown {
            kind,
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
        };
        for (message, read) in [
            ("no such table: main.users", unknown("table", Some("main"), "users")),
            ("no such view: v", unknown("view", None, "v")),
            ("no such column: u.emial", column(Some("u"), "emial")),
            ("no such column: \"nope\" - should this be a string literal in single-quotes?", column(None, "nope")),
            ("no such column: \"nope\"", column(None, "nope")),
            ("table t has no column named c", column(Some("t"), "c")),
            ("unknown column \"zz\" in foreign key definition", column(None, "zz")),
            ("table \"t\" already exists", Reason::Taken { kind: "table", name: "t".into() }),
            ("there is already an index named i", Reason::Taken { kind: "index", name: "i".into() }),
            ("duplicate column name: a", Reason::TakenColumn("a".into())),
            ("near \"TABEL\": syntax error", Reason::Syntax("TABEL".into())),
            ("near \"\"x\"\": syntax error", Reason::Syntax("\"x\"".into())),
            ("unrecognized token: \"@\"", Reason::Syntax("@".into())),
            ("incomplete input", Reason::Syntax(String::new())),
            ("no such module: carray", Reason::Unjudged),
            ("Cannot add a UNIQUE column", Reason::Other("Cannot add a UNIQUE column".into())),
        ] {
            assert_eq!(reason(message), read, "{message}");
        }
    }

    #[test]
    fn a_mistake_of_a_view_is_not_the_statement_s() {
        let view = Inside { kind: "view".into(), name: "v".into() };
        for message in ["error in view v: no such table: main.t", "error in view v after rename: no such table: main.t"]
        {
            assert_eq!(nested(message), (Some(view.clone()), "no such table: main.t"), "{message}");
        }
        assert_eq!(nested("no such table: t"), (None, "no such table: t"));
        assert_eq!(nested("error in "), (None, "error in "));
    }
}
