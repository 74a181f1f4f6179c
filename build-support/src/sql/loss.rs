use super::cursor::Cursor;
use super::tables::Tables;

/// Names something that a statement may lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The rows of a table, named as it was called before the script.
    Table(String),
    /// Anything else, in words.
    Other(String),
}

impl Loss {
    /// Says it to a person; `dropped` are the tables that are gone after the script.
    pub(crate) fn say(self, dropped: &[String]) -> String {
        match self {
            Self::Table(name) if dropped.contains(&name) => format!("drops table `{name}`"),
            Self::Table(name) => format!("drops table `{name}` and creates it anew"),
            Self::Other(words) => words,
        }
    }
}

const HARMLESS: [&str; 25] = [
    "CREATE",
    "SELECT",
    "VALUES",
    "COMMENT",
    "GRANT",
    "REVOKE",
    "SET",
    "RESET",
    "SHOW",
    "PRAGMA",
    "ANALYZE",
    "REINDEX",
    "VACUUM",
    "CLUSTER",
    "REFRESH",
    "LOCK",
    "NOTIFY",
    "SAVEPOINT",
    "RELEASE",
    "BEGIN",
    "START",
    "COMMIT",
    "END",
    "ROLLBACK",
    "ABORT",
];

/// What holds no data, or only what can be made again from other data; it may be dropped and altered.
const WITHOUT_DATA: [&str; 17] = [
    "INDEX",
    "VIEW",
    "TRIGGER",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "RULE",
    "POLICY",
    "CAST",
    "OPERATOR",
    "STATISTICS",
    "COLLATION",
    "CONVERSION",
    "EVENT",
    "PUBLICATION",
    "TRANSFORM",
];

const WITH_DATA: [&str; 8] = ["SCHEMA", "TYPE", "DOMAIN", "SEQUENCE", "EXTENSION", "DATABASE", "ROLE", "USER"];

const HARMLESS_TABLE_ACTIONS: [&str; 15] = [
    "ADD", "RENAME", "VALIDATE", "ENABLE", "DISABLE", "CLUSTER", "SET", "RESET", "OWNER", "INHERIT", "NO", "ATTACH",
    "DETACH", "REPLICA", "FORCE",
];

/// Adds what a statement may lose. What isn't known to be harmless is named; what a script does to a table of its own making isn't.
pub(crate) fn collect(mut cursor: Cursor<'_>, tables: &Tables, losses: &mut Vec<Loss>) {
    while cursor.eat_mark(b'(') {}
    let whole = cursor;
    if cursor.eat_any(&HARMLESS).is_some() {
        return;
    }
    if cursor.eat_any(&["WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"]).is_some() {
        return rows(whole, tables, losses);
    }
    let known = match cursor.eat_any(&["DROP", "ALTER", "TRUNCATE", "DO"]) {
        Some("DROP") => drop_statement(cursor, tables, losses),
        Some("ALTER") => alter_statement(cursor, tables, losses),
        Some("TRUNCATE") => {
            cursor.eat(&["TABLE"]);
            truncate(cursor, tables, losses);
            true
        }
        Some(_) => {
            losses.push(Loss::Other("runs a DO block".to_owned()));
            true
        }
        None => false,
    };
    if !known {
        losses.push(unknown(whole));
    }
}

fn unknown(cursor: Cursor<'_>) -> Loss {
    let words = cursor.words(3);
    let first = || cursor.peek().map_or("", |token| cursor.text_of(token));
    Loss::Other(format!("runs `{}`", if words.is_empty() { first() } else { &words }))
}

/// Finds the rows that are deleted or changed, at any depth, for a WITH may hold such statements too.
fn rows(mut cursor: Cursor<'_>, tables: &Tables, losses: &mut Vec<Loss>) {
    let mut say = |what: &str, name: Option<String>| {
        if let Some(name) = name.filter(|name| tables.rows_of(name).is_some()) {
            losses.push(Loss::Other(format!("{what} `{name}`")));
        }
    };
    let mut target = None;
    while !cursor.is_done() {
        if cursor.eat(&["DELETE", "FROM"]) {
            cursor.eat(&["ONLY"]);
            say("deletes from", cursor.name());
        } else if cursor.eat(&["MERGE", "INTO"]) {
            cursor.eat(&["ONLY"]);
            say("merges into", cursor.name());
        } else if cursor.eat(&["INSERT", "OR", "REPLACE", "INTO"]) || cursor.eat(&["REPLACE", "INTO"]) {
            say("replaces rows of", cursor.name());
        } else if cursor.eat(&["INTO"]) {
            target = cursor.name();
        } else if cursor.eat(&["DO", "UPDATE"]) {
            say("updates", target.clone());
        } else if cursor.eat(&["FOR", "UPDATE"]) || cursor.eat(&["KEY", "UPDATE"]) || cursor.eat(&["THEN", "UPDATE"]) {
            // Row locks, and the branches of a MERGE that is named already.
        } else if cursor.eat(&["UPDATE"]) {
            if cursor.eat(&["OR"]) {
                cursor.next();
            }
            cursor.eat(&["ONLY"]);
            say("updates", cursor.name());
        } else {
            cursor.next();
        }
    }
}

fn truncate(mut cursor: Cursor<'_>, tables: &Tables, losses: &mut Vec<Loss>) {
    loop {
        cursor.eat(&["ONLY"]);
        let Some(name) = cursor.name() else { return };
        if tables.rows_of(&name).is_some() {
            losses.push(Loss::Other(format!("truncates `{name}`")));
        }
        if !cursor.next_item() {
            return;
        }
    }
}

fn drop_statement(mut cursor: Cursor<'_>, tables: &Tables, losses: &mut Vec<Loss>) -> bool {
    if cursor.eat_any(&WITHOUT_DATA).is_some() {
        return true;
    }
    let is_table = cursor.eat(&["TABLE"]) || cursor.eat(&["FOREIGN", "TABLE"]);
    let kind = if is_table {
        String::new()
    } else if cursor.eat(&["MATERIALIZED", "VIEW"]) {
        "materialized view".to_owned()
    } else if let Some(kind) = cursor.eat_any(&WITH_DATA) {
        kind.to_ascii_lowercase()
    } else {
        return false;
    };
    cursor.eat(&["IF", "EXISTS"]);
    for name in cursor.names() {
        if is_table {
            losses.extend(tables.rows_of(&name).map(Loss::Table));
        } else {
            losses.push(Loss::Other(format!("drops {kind} `{name}`")));
        }
    }
    true
}

fn alter_statement(mut cursor: Cursor<'_>, tables: &Tables, losses: &mut Vec<Loss>) -> bool {
    let free = ["SEQUENCE", "SCHEMA", "DOMAIN", "EXTENSION", "DEFAULT"];
    if cursor.eat_any(&WITHOUT_DATA).or_else(|| cursor.eat_any(&free)).is_some()
        || cursor.eat(&["MATERIALIZED", "VIEW"])
    {
        return true;
    }
    let is_type = cursor.eat(&["TYPE"]);
    if !is_type {
        cursor.eat(&["FOREIGN"]);
        if !cursor.eat(&["TABLE"]) {
            return false;
        }
    }
    cursor.eat(&["IF", "EXISTS"]);
    cursor.eat(&["ONLY"]);
    let Some(name) = cursor.name() else { return false };
    if !is_type && tables.rows_of(&name).is_none() {
        return true;
    }
    loop {
        match action(cursor, &name) {
            Action::Harmless => {}
            Action::Loses(words) => losses.push(Loss::Other(words)),
            Action::Unknown => return false,
        }
        if !cursor.next_item() {
            return true;
        }
    }
}

enum Action {
    Harmless,
    Loses(String),
    Unknown,
}

/// Judges one item of an `ALTER TABLE` or `ALTER TYPE`.
fn action(mut cursor: Cursor<'_>, owner: &str) -> Action {
    if cursor.eat_any(&HARMLESS_TABLE_ACTIONS).is_some() {
        return Action::Harmless;
    }
    let drops = cursor.eat(&["DROP"]);
    if !drops && !cursor.eat(&["ALTER"]) {
        return Action::Unknown;
    }
    if cursor.eat(&["CONSTRAINT"]) {
        return Action::Harmless;
    }
    let part = if cursor.eat(&["ATTRIBUTE"]) { "attribute" } else { "column" };
    cursor.eat(&["COLUMN"]);
    cursor.eat(&["IF", "EXISTS"]);
    let Some(name) = cursor.name() else { return Action::Unknown };
    if drops {
        Action::Loses(format!("drops {part} `{owner}.{name}`"))
    } else if cursor.eat(&["TYPE"]) || cursor.eat(&["SET", "DATA", "TYPE"]) {
        Action::Loses(format!("changes the type of `{owner}.{name}`"))
    } else if cursor.eat_any(&["SET", "DROP", "ADD", "RESET", "RESTART"]).is_some() {
        Action::Harmless
    } else {
        Action::Unknown
    }
}
