//! MySQL and MariaDB: what a database holds, in the server's own statements that make it again.

use crate::backend::{Backend, Backslash, Rows};
use crate::error::{Result, ServerError};
use crate::ledger::quote;

/// Holds a database's tables, views, routines, triggers and events, each kind by name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Definition {
    parts: Vec<Part>,
}

/// Holds one of them.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// As in `SHOW CREATE …`.
    kind: String,
    name: String,
    /// A table's engine, or what else it is besides a table.
    table: Option<String>,
    /// Empty where this user is not shown it.
    text: String,
    /// What it means in a session like the one that made it.
    session: Session,
}

/// Holds what a session was when it made something; empty where that is the same in any session.
#[derive(Debug, Default, PartialEq, Eq)]
struct Session {
    sql_mode: Option<String>,
    client: Option<String>,
    collation: Option<String>,
}

/// Tables of these hold their rows themselves, so a copy is one of its own.
const ENGINES: [&str; 4] = ["InnoDB", "Aria", "MyISAM", "MEMORY"];

// Columns of several views can't be joined: MySQL keeps names in different collations.
const LIST: &str = "\
SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, table_name,
  IF(table_type = 'BASE TABLE', engine, table_type) FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1, 2;
SELECT routine_type, routine_name, NULL FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1, 2;
SELECT 'TRIGGER', trigger_name, NULL FROM information_schema.triggers WHERE trigger_schema = DATABASE()
  ORDER BY event_object_table, action_timing, event_manipulation, action_order;
SELECT 'EVENT', event_name, NULL FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 2";

/// Reads the database that the connection is in.
pub(super) async fn read(backend: &mut dyn Backend) -> Result<Definition, ServerError> {
    let listed = backend.ask(LIST.to_owned()).await?;
    let mut asked = Vec::new();
    for row in &listed {
        let [kind, name] = [0, 1].map(|column| cell(row, column).unwrap_or_default());
        // A name that can't be written is none of a server's.
        let name = quote::identifier(&name, '`').map_err(|error| ServerError::other(error.to_string()))?;
        asked.push(format!("SHOW CREATE {kind} {name}"));
    }
    let shown = if asked.is_empty() { Rows::new() } else { backend.ask(asked.join(";\n")).await? };
    Ok(Definition { parts: listed.iter().zip(&shown).map(|(listed, shown)| part(listed, shown)).collect() })
}

fn part(listed: &[Option<String>], shown: &[Option<String>]) -> Part {
    let kind = cell(listed, 0).unwrap_or_default();
    let (mode, text, client) = match kind.as_str() {
        "TABLE" | "SEQUENCE" => (None, 1, None),
        "VIEW" => (None, 1, Some(2)),
        "EVENT" => (Some(1), 3, Some(4)),
        _ => (Some(1), 2, Some(3)),
    };
    let optional = |column: Option<usize>| column.and_then(|column| cell(shown, column));
    let session = Session {
        sql_mode: optional(mode),
        client: optional(client),
        collation: optional(client.map(|client| client + 1)),
    };
    let (name, table) = (cell(listed, 1).unwrap_or_default(), cell(listed, 2));
    Part { kind, name, table, text: cell(shown, text).unwrap_or_default(), session }
}

fn cell(row: &[Option<String>], column: usize) -> Option<String> {
    row.get(column).cloned().flatten()
}

impl Definition {
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| part.kind == "TABLE").map(|part| part.name.as_str())
    }

    /// Gives the statements that make it again in an empty database; none where they would not make the same, as with
    /// events, which would run in the template too, or with what names the database (`own`) that it is in.
    ///
    /// They are in three stages: tables; views and routines, which may need each other; and triggers, which rows come before.
    pub(super) fn statements(&self, own: &str) -> Result<Option<[Vec<String>; 3]>> {
        let mut stages = [Vec::new(), Vec::new(), Vec::new()];
        for part in &self.parts {
            let stage = match part.kind.as_str() {
                "TABLE" if part.table.as_deref().is_some_and(|engine| ENGINES.contains(&engine)) => 0,
                "VIEW" | "FUNCTION" | "PROCEDURE" => 1,
                "TRIGGER" => 2,
                _ => return Ok(None),
            };
            let is_read = part.session.client.as_deref().is_none_or(|client| client == "utf8mb4");
            if !is_read || part.text.is_empty() || part.text.contains(own) {
                return Ok(None);
            }
            if let Some(stage) = stages.get_mut(stage) {
                stage.push(part.statement()?);
            }
        }
        Ok(Some(stages))
    }
}

impl Part {
    /// A view means the same under all modes by the time that the server shows it.
    fn statement(&self) -> Result<String> {
        let mut set = Vec::new();
        for (name, value) in [("sql_mode", &self.session.sql_mode), ("collation_connection", &self.session.collation)] {
            if let Some(value) = value {
                set.push(format!("SESSION {name} = {}", quote::string(value, Backslash::Bytes)?));
            }
        }
        Ok(if set.is_empty() { self.text.clone() } else { format!("SET {};\n{}", set.join(", "), self.text) })
    }

    /// Tells it in lines; what counts up with each row is left out.
    fn lines(&self) -> Vec<String> {
        let (kind, name) = (self.kind.to_lowercase(), &self.name);
        if kind != "table" {
            let mode = self.session.sql_mode.as_deref().unwrap_or_default();
            return vec![format!("{kind} main.{name} {mode} {}", self.text.replace('\n', "\\n"))];
        }
        let parts = self.text.lines().skip(1).map(|line| match line.strip_prefix(") ") {
            Some(options) => uncounted(options),
            None => line.trim().trim_end_matches(',').to_owned(),
        });
        parts.map(|part| format!("table main.{name} {part}")).collect()
    }
}

/// Leaves out of a table's options which number comes next.
fn uncounted(options: &str) -> String {
    let Some((before, rest)) = options.split_once(" AUTO_INCREMENT=") else { return options.to_owned() };
    format!("{before}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}

const COLUMNS: &str = "\
SELECT c.table_name, c.column_name, c.column_type, IF(c.is_nullable = 'NO', ' notnull', ''), IF(c.extra LIKE '%auto_increment%', 'd', '')
  FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
  WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'";
const CONSTRAINTS: &str =
    "SELECT table_name, constraint_name FROM information_schema.table_constraints WHERE table_schema = DATABASE()";
const INDEXES: &str =
    "SELECT DISTINCT table_name, index_name FROM information_schema.statistics WHERE table_schema = DATABASE()";

/// Tells the database that the connection is in, a line for each thing in it.
///
/// Columns, constraints and indexes are told in the words that the compiler has for them besides the server's.
pub(in crate::testing) async fn lines(backend: &mut dyn Backend) -> Result<Vec<String>, ServerError> {
    let mut lines: Vec<String> = read(backend).await?.parts.iter().flat_map(Part::lines).collect();
    for row in backend.ask(COLUMNS.to_owned()).await? {
        let [table, column, ty, not_null, counts] = [0, 1, 2, 3, 4].map(|at| cell(&row, at).unwrap_or_default());
        lines.push(format!("col main.{table}.{column} {}{not_null}{counts}", without_width(&ty)));
    }
    for row in backend.ask(CONSTRAINTS.to_owned()).await? {
        let [table, name] = [0, 1].map(|at| cell(&row, at).unwrap_or_default());
        lines.push(format!("con main.{table}.{name}"));
    }
    for row in backend.ask(INDEXES.to_owned()).await? {
        let [table, name] = [0, 1].map(|at| cell(&row, at).unwrap_or_default());
        if !table.starts_with("whimbrel_") {
            lines.push(format!("idx main.{name}"));
        }
    }
    Ok(lines)
}

/// Writes a type as MySQL 8.0 does, which shows no width of integers where it means nothing.
fn without_width(ty: &str) -> String {
    let plain = ["tinyint", "smallint", "mediumint", "int", "bigint", "year"];
    let is_flag = ty == "tinyint(1)" || ty.ends_with("zerofill");
    match ty.split_once('(') {
        Some((name, rest)) if plain.contains(&name) && !is_flag => {
            format!("{name}{}", rest.split_once(')').map_or("", |(_, rest)| rest))
        }
        _ => ty.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{uncounted, without_width};

    #[test]
    fn an_integer_has_no_width_unless_it_shows() {
        for (maria, mysql) in [
            ("int(11)", "int"),
            ("bigint(20) unsigned", "bigint unsigned"),
            ("tinyint(1)", "tinyint(1)"),
            ("int(5) unsigned zerofill", "int(5) unsigned zerofill"),
            ("decimal(10,2)", "decimal(10,2)"),
            ("varchar(10)", "varchar(10)"),
        ] {
            assert_eq!(without_width(maria), mysql);
        }
    }

    #[test]
    fn the_next_number_is_no_part_of_a_table() {
        assert_eq!(
            uncounted("ENGINE=InnoDB AUTO_INCREMENT=12 DEFAULT CHARSET=utf8mb4"),
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        );
        assert_eq!(uncounted("ENGINE=InnoDB"), "ENGINE=InnoDB");
    }
}
