//! What a statement is, by its first words.

use super::named::words;
use super::{Read, Reader, Stop};
use crate::mysql::deed::{DeedKind, KeyKind};
use crate::sql::TokenKind;
use std::sync::Arc;

/// What a statement can begin with.
const HEADS: [&str; 76] = [
    "ALTER",
    "ANALYZE",
    "BEGIN",
    "BINLOG",
    "CACHE",
    "CALL",
    "CHANGE",
    "CHECK",
    "CHECKSUM",
    "CLONE",
    "CLOSE",
    "COMMIT",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DELIMITER",
    "DESC",
    "DESCRIBE",
    "DO",
    "DROP",
    "END",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "FLUSH",
    "GET",
    "GRANT",
    "HANDLER",
    "HELP",
    "IF",
    "IMPORT",
    "INSERT",
    "INSTALL",
    "KILL",
    "LEAVE",
    "LOAD",
    "LOCK",
    "LOOP",
    "OPEN",
    "OPTIMIZE",
    "PREPARE",
    "PURGE",
    "RELEASE",
    "RENAME",
    "REPAIR",
    "REPEAT",
    "REPLACE",
    "RESET",
    "RESIGNAL",
    "RESTART",
    "RETURN",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "SHUTDOWN",
    "SIGNAL",
    "SOURCE",
    "START",
    "STOP",
    "TABLE",
    "TRUNCATE",
    "UNINSTALL",
    "UNLOCK",
    "UPDATE",
    "USE",
    "VALUES",
    "WHILE",
    "WITH",
    "XA",
    "BACKUP",
    "CASE",
    "ITERATE",
];

const CREATED: [&str; 27] = [
    "TABLE",
    "TEMPORARY",
    "INDEX",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "VIEW",
    "OR",
    "DATABASE",
    "SCHEMA",
    "PROCEDURE",
    "FUNCTION",
    "TRIGGER",
    "EVENT",
    "USER",
    "ROLE",
    "SERVER",
    "DEFINER",
    "ALGORITHM",
    "SQL",
    "AGGREGATE",
    "LOGFILE",
    "TABLESPACE",
    "UNDO",
    "SEQUENCE",
    "PACKAGE",
    "RESOURCE",
];

const DROPPED: [&str; 17] = [
    "TABLE",
    "TABLES",
    "TEMPORARY",
    "INDEX",
    "VIEW",
    "DATABASE",
    "SCHEMA",
    "PROCEDURE",
    "FUNCTION",
    "TRIGGER",
    "EVENT",
    "USER",
    "ROLE",
    "SERVER",
    "PREPARE",
    "TABLESPACE",
    "SEQUENCE",
];

const ALTERED: [&str; 17] = [
    "TABLE",
    "DATABASE",
    "SCHEMA",
    "VIEW",
    "PROCEDURE",
    "FUNCTION",
    "EVENT",
    "USER",
    "SERVER",
    "ONLINE",
    "IGNORE",
    "INSTANCE",
    "TABLESPACE",
    "DEFINER",
    "ALGORITHM",
    "SEQUENCE",
    "LOGFILE",
];

impl Reader<'_> {
    /// Reads a statement.
    pub(super) fn statement(&mut self) -> Read<DeedKind> {
        let Some(word) = self.word() else {
            return if self.at_query() { Ok(DeedKind::Rows(self.whole_query())) } else { Err(Stop::Opaque) };
        };
        self.at += 1;
        Ok(match word.as_str() {
            "CREATE" => return self.create(),
            "ALTER" => return self.alter(),
            "DROP" => return self.drop_statement(),
            "RENAME" => return self.rename_tables(),
            "TRUNCATE" => {
                self.eat(&["TABLE"]);
                let table = self.qualified()?;
                if !self.is_done() {
                    self.at = 1;
                    return Err(self.expected(&["TABLE"]));
                }
                DeedKind::Truncate(table)
            }
            "INSERT" | "REPLACE" => self.rows(Self::insert)?,
            "UPDATE" => self.rows(Self::update)?,
            "DELETE" => self.rows(Self::delete)?,
            "SELECT" | "WITH" | "VALUES" | "TABLE" => {
                self.at -= 1;
                DeedKind::Rows(self.whole_query())
            }
            "USE" => DeedKind::Use(self.name()?),
            "SET" => self.set(),
            // MariaDB's block outside of a program.
            "BEGIN" if self.is_word(0, "NOT") => DeedKind::Block(words(self.text, self.tokens)),
            "SAVEPOINT" | "RELEASE" => DeedKind::Harmless { commits: false },
            "ROLLBACK" if self.is_word(0, "TO") || self.is_word(1, "TO") => DeedKind::Harmless { commits: false },
            "BEGIN" | "COMMIT" | "ROLLBACK" | "START" | "XA" => DeedKind::Transaction,
            "GRANT" | "REVOKE" | "ANALYZE" | "OPTIMIZE" | "FLUSH" | "LOCK" | "UNLOCK" | "CHECK" | "REPAIR"
            | "CACHE" | "INSTALL" | "UNINSTALL" => DeedKind::Harmless { commits: true },
            "SHOW" | "DESC" | "DESCRIBE" | "EXPLAIN" | "DO" | "HELP" | "CHECKSUM" | "DEALLOCATE" | "KILL"
            | "PREPARE" | "SIGNAL" | "DECLARE" => DeedKind::Harmless { commits: false },
            "CALL" => {
                self.qualified()?;
                DeedKind::Call(words(self.text, self.tokens))
            }
            "EXECUTE" => DeedKind::Execute(Arc::clone(self.script_words())),
            "LOAD" => return Err(Stop::Opaque),
            _ => {
                self.at = 0;
                return Err(self.expected(&HEADS));
            }
        })
    }

    /// Reads a change of rows; what isn't understood of it changes no schema.
    fn rows(&mut self, read: impl Fn(&mut Self) -> Read<crate::statement::Scope>) -> Read<DeedKind> {
        match read(self) {
            Ok(scope) if self.is_done() => Ok(DeedKind::Rows(scope)),
            Ok(_) | Err(Stop::Opaque) => {
                Ok(DeedKind::Rows(crate::statement::Scope { opaque: true, ..Default::default() }))
            }
            Err(wrong) => Err(wrong),
        }
    }

    fn create(&mut self) -> Read<DeedKind> {
        let or_replace = self.eat(&["OR", "REPLACE"]);
        // `ALGORITHM = MERGE DEFINER = a@b SQL SECURITY INVOKER`
        loop {
            if self.eat_any(&["ALGORITHM", "DEFINER"]).is_some() {
                self.eat_operator("=");
                self.next().ok_or(Stop::Opaque)?;
                while self.peek().is_some_and(|token| token.kind == TokenKind::Parameter) {
                    let at = self.next().is_some_and(|token| token.end - token.start == 1);
                    if at {
                        self.next();
                    }
                }
                if self.is_mark(0, b'(') {
                    self.skip_group()?;
                }
            } else if self.eat(&["SQL", "SECURITY"]) {
                self.next();
            } else {
                break;
            }
        }
        let temporary = self.eat(&["TEMPORARY"]);
        let word = self.word().ok_or(Stop::Opaque)?;
        self.at += 1;
        match word.as_str() {
            "TABLE" => self.create_table(temporary, or_replace),
            "INDEX" => self.create_index(KeyKind::Plain, or_replace),
            "UNIQUE" | "FULLTEXT" | "SPATIAL" => {
                self.keyword("INDEX")?;
                let kind = match word.as_str() {
                    "UNIQUE" => KeyKind::Unique,
                    "FULLTEXT" => KeyKind::Fulltext,
                    _ => KeyKind::Spatial,
                };
                self.create_index(kind, or_replace)
            }
            "VIEW" => self.create_view(or_replace),
            "TRIGGER" => {
                self.if_not_exists();
                self.qualified()?;
                self.eat_any(&["BEFORE", "AFTER"]).ok_or_else(|| self.expected(&["BEFORE", "AFTER"]))?;
                loop {
                    let event = ["INSERT", "UPDATE", "DELETE"];
                    self.eat_any(&event).ok_or_else(|| self.expected(&event))?;
                    if !self.eat(&["OR"]) {
                        break;
                    }
                }
                self.keyword("ON")?;
                Ok(DeedKind::CreateTrigger { table: self.qualified()? })
            }
            "PROCEDURE" | "FUNCTION" => {
                self.if_not_exists();
                let name = self.qualified()?.name.text.to_lowercase();
                Ok(DeedKind::CreateProgram { name, words: words(self.text, self.tokens) })
            }
            "DATABASE" | "SCHEMA" | "EVENT" | "USER" | "ROLE" | "SERVER" | "AGGREGATE" | "LOGFILE" | "TABLESPACE"
            | "UNDO" | "PACKAGE" | "RESOURCE" | "LIBRARY" => Ok(DeedKind::Harmless { commits: true }),
            _ => {
                self.at -= 1;
                Err(self.expected(&CREATED))
            }
        }
    }

    fn alter(&mut self) -> Read<DeedKind> {
        while self.eat_any(&["ONLINE", "OFFLINE", "IGNORE"]).is_some() {}
        match self.word().as_deref() {
            Some("TABLE") => {
                self.at += 1;
                self.alter_table()
            }
            Some("VIEW" | "SEQUENCE" | "ALGORITHM" | "DEFINER" | "SQL") => Err(Stop::Opaque),
            Some(word) if ALTERED.contains(&word) => Ok(DeedKind::Harmless { commits: true }),
            _ => Err(self.expected(&ALTERED)),
        }
    }

    fn drop_statement(&mut self) -> Read<DeedKind> {
        let temporary = self.eat(&["TEMPORARY"]);
        match self.word().as_deref() {
            Some(word @ ("TABLE" | "TABLES" | "VIEW")) => {
                let is_view = word == "VIEW";
                self.at += 1;
                let if_exists = self.if_exists();
                let mut names = Vec::new();
                loop {
                    names.push(self.qualified()?);
                    if !self.eat_mark(b',') {
                        break;
                    }
                }
                self.eat_any(&["CASCADE", "RESTRICT"]);
                if self.eat(&["WAIT"]) {
                    self.next();
                }
                self.eat(&["NOWAIT"]);
                self.end(&["CASCADE", "RESTRICT", "EXISTS"])?;
                Ok(match is_view {
                    true => DeedKind::DropViews { names, if_exists },
                    false => DeedKind::DropTables { names, if_exists, temporary },
                })
            }
            Some("INDEX") => {
                self.at += 1;
                self.drop_index()
            }
            Some("PREPARE") => Ok(DeedKind::Harmless { commits: false }),
            Some("DATABASE" | "SCHEMA" | "SEQUENCE") => Err(Stop::Opaque),
            Some(word) if DROPPED.contains(&word) || word == "PACKAGE" || word == "RESOURCE" || word == "UNDO" => {
                Ok(DeedKind::Harmless { commits: true })
            }
            _ => Err(self.expected(&DROPPED)),
        }
    }

    fn rename_tables(&mut self) -> Read<DeedKind> {
        if self.is_word(0, "USER") {
            return Ok(DeedKind::Harmless { commits: true });
        }
        if self.eat_any(&["TABLE", "TABLES"]).is_none() {
            return Err(self.expected(&["TABLE", "TABLES", "USER"]));
        }
        let if_exists = self.if_exists();
        let mut pairs = Vec::new();
        loop {
            let from = self.qualified()?;
            if self.eat(&["WAIT"]) {
                self.next();
            }
            self.eat(&["NOWAIT"]);
            self.keyword("TO")?;
            pairs.push((from, self.qualified()?));
            if !self.eat_mark(b',') {
                break;
            }
        }
        self.end(&[])?;
        Ok(DeedKind::RenameTables { pairs, if_exists })
    }

    fn set(&mut self) -> DeedKind {
        let mut checks = None;
        for at in self.at..self.tokens.len() {
            let Some(token) = self.tokens.get(at) else { break };
            let name = token.text(self.text).trim_start_matches('@').to_ascii_lowercase();
            if name.rsplit('.').next() == Some("foreign_key_checks") {
                let value = self.tokens.get(at + 2).map_or("", |token| token.text(self.text));
                checks = Some(match value.to_ascii_lowercase().as_str() {
                    "0" | "off" | "false" => false,
                    "1" | "on" | "true" => true,
                    // What it was before is kept in a variable.
                    _ => true,
                });
            }
        }
        checks.map_or(DeedKind::Harmless { commits: false }, DeedKind::ForeignKeyChecks)
    }
}
