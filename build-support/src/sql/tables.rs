use super::cursor::Cursor;

/// Follows the tables that a script creates, drops and renames.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    seen: Vec<Table>,
}

#[derive(Clone, Debug)]
struct Table {
    name: String,
    temporary: bool,
    before: Before,
    exists: bool,
    /// The table whose rows are in it, by its name before the script; `None` where the script itself made them.
    rows_of: Option<String>,
}

/// Whether a table was there before the script, as far as its first statement about it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    There,
    Absent,
    Unknown,
}

impl Tables {
    /// Gives the tables that are there afterwards and weren't, or may not have been, before.
    pub(crate) fn created(&self) -> Vec<String> {
        self.net(|table| table.exists && table.before != Before::There)
    }

    /// Gives the tables that aren't there afterwards and were, or may have been, before.
    pub(crate) fn dropped(&self) -> Vec<String> {
        self.net(|table| !table.exists && table.before != Before::Absent)
    }

    fn net(&self, counts: impl Fn(&Table) -> bool) -> Vec<String> {
        let lasting = self.seen.iter().filter(|table| !table.temporary && counts(table));
        lasting.map(|table| table.name.clone()).collect()
    }

    /// Names the table, as it was called before the script, whose rows are in this one; `None` where the script made it.
    pub(crate) fn rows_of(&self, name: &str) -> Option<String> {
        self.position(name).map_or_else(|| Some(name.to_owned()), |at| self.seen[at].rows_of.clone())
    }

    /// Takes a statement into account.
    pub(crate) fn apply(&mut self, mut cursor: Cursor<'_>) {
        if cursor.eat(&["CREATE"]) {
            self.create_statement(cursor);
        } else if cursor.eat(&["DROP"]) {
            cursor.eat(&["FOREIGN"]);
            if cursor.eat(&["TABLE"]) {
                let before = if cursor.eat(&["IF", "EXISTS"]) { Before::Unknown } else { Before::There };
                for name in cursor.names() {
                    self.remove(name, before);
                }
            }
        } else if cursor.eat(&["ALTER"]) {
            self.alter_statement(cursor);
        }
    }

    fn create_statement(&mut self, mut cursor: Cursor<'_>) {
        cursor.eat_any(&["GLOBAL", "LOCAL"]);
        let mut temporary = cursor.eat_any(&["TEMP", "TEMPORARY"]).is_some();
        cursor.eat_any(&["UNLOGGED", "FOREIGN", "VIRTUAL"]);
        if !cursor.eat(&["TABLE"]) {
            return;
        }
        let before = if cursor.eat(&["IF", "NOT", "EXISTS"]) { Before::Unknown } else { Before::Absent };
        let Some(name) = cursor.name() else { return };
        temporary |= name.starts_with("temp.") || name.starts_with("pg_temp.");
        let rows_of = (before == Before::Unknown && !temporary).then(|| name.clone());
        self.add(Table { name, temporary, before, exists: true, rows_of });
    }

    fn alter_statement(&mut self, mut cursor: Cursor<'_>) {
        cursor.eat(&["FOREIGN"]);
        if !cursor.eat(&["TABLE"]) {
            return;
        }
        let before = if cursor.eat(&["IF", "EXISTS"]) { Before::Unknown } else { Before::There };
        cursor.eat(&["ONLY"]);
        let Some(old) = cursor.name() else { return };
        let (schema, table) =
            old.rsplit_once('.').map_or((None, old.as_str()), |(schema, table)| (Some(schema), table));
        let new = if cursor.eat(&["RENAME", "TO"]) {
            cursor.name().map(|name| schema.map_or(name.clone(), |schema| format!("{schema}.{name}")))
        } else if cursor.eat(&["SET", "SCHEMA"]) {
            cursor.name().map(|schema| format!("{schema}.{table}"))
        } else {
            None
        };
        let Some(new) = new else { return };
        let temporary = self.position(&old).is_some_and(|at| self.seen[at].temporary);
        let rows_of = self.rows_of(&old);
        self.remove(old, before);
        self.add(Table { name: new, temporary, before: Before::Absent, exists: true, rows_of });
    }

    fn add(&mut self, table: Table) {
        match self.position(&table.name) {
            // A temporary table hides the lasting one of its name.
            Some(at) if self.seen[at].temporary == table.temporary => {
                let known = &mut self.seen[at];
                if !known.exists {
                    known.rows_of = table.rows_of;
                }
                known.exists = true;
            }
            _ => self.seen.push(table),
        }
    }

    fn remove(&mut self, name: String, before: Before) {
        match self.position(&name) {
            Some(at) => self.seen[at].exists = false,
            None => self.seen.push(Table { name, temporary: false, before, exists: false, rows_of: None }),
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        let named = |table: &Table| table.name == name;
        let temporary = self.seen.iter().position(|table| named(table) && table.temporary && table.exists);
        temporary.or_else(|| self.seen.iter().position(|table| named(table) && !table.temporary))
    }
}

/// Tells whether a statement may create, drop or rename tables that it doesn't name.
pub(crate) fn hides(mut cursor: Cursor<'_>) -> bool {
    if cursor.eat_any(&["ALTER", "DROP"]).is_some() {
        return cursor.eat_any(&["SCHEMA", "EXTENSION", "OWNED"]).is_some();
    }
    cursor.eat_any(&["DO", "CALL", "EXECUTE", "IMPORT"]).is_some() || cursor.eat(&["SET", "search_path"])
}
