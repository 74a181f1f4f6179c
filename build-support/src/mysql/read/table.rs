//! `CREATE TABLE`.

use super::{Read, Reader, Stop};
use crate::mysql::deed::{CreateTable, DeedKind, Options};
use crate::sql::TokenKind;
use crate::statement::{QualifiedName, Scope};

/// What an item of a table can begin with that isn't a column's name.
const ITEMS: [&str; 11] =
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL", "FOREIGN", "CHECK", "VECTOR", "PERIOD"];

impl Reader<'_> {
    /// Reads what follows `CREATE TABLE`.
    pub(super) fn create_table(&mut self, temporary: bool, or_replace: bool) -> Read<DeedKind> {
        let if_not_exists = self.if_not_exists();
        let name = self.qualified()?;
        let mut table = CreateTable {
            name,
            temporary,
            or_replace,
            if_not_exists,
            columns: Vec::new(),
            parts: Vec::new(),
            like: None,
            query: None,
            options: Options::default(),
        };
        if self.eat(&["LIKE"]) {
            table.like = Some(self.qualified()?);
            self.end(&[])?;
            return Ok(DeedKind::CreateTable(Box::new(table)));
        }
        if self.is_mark(0, b'(') && self.is_word(1, "LIKE") {
            self.at += 2;
            table.like = Some(self.qualified()?);
            self.mark(b')')?;
            self.end(&[])?;
            return Ok(DeedKind::CreateTable(Box::new(table)));
        }
        let queries = |reader: &Self, at: usize| ["SELECT", "WITH", "VALUES"].iter().any(|w| reader.is_word(at, w));
        if self.is_mark(0, b'(') && !queries(self, 1) {
            self.at += 1;
            self.items(&mut table)?;
        }
        self.table_options(&mut table)?;
        if self.eat(&["PARTITION", "BY"]) {
            self.partitions();
        }
        self.eat_any(&["IGNORE", "REPLACE"]);
        self.eat(&["AS"]);
        if !self.is_done() {
            if !queries(self, 0) && !self.is_mark(0, b'(') {
                return Err(self.expected(&["AS", "SELECT", "PARTITION"]));
            }
            table.query = Some(self.whole_query());
        }
        let empty = table.columns.is_empty() && table.query.is_none();
        if empty { Err(Stop::Opaque) } else { Ok(DeedKind::CreateTable(Box::new(table))) }
    }

    fn items(&mut self, table: &mut CreateTable) -> Read<()> {
        loop {
            if self.is_mark(0, b')') || self.is_mark(0, b',') {
                return Err(self.missing("a column or a key"));
            }
            let is_column = self.word().is_none_or(|word| !ITEMS.contains(&word.as_str()));
            if is_column {
                table.columns.push(self.item_column()?);
            } else if self.eat(&["PERIOD", "FOR"]) {
                self.skip_item();
            } else if let Some(part) = self.part()? {
                table.parts.push(part);
            } else {
                table.columns.push(self.column(false)?);
            }
            if self.eat_mark(b')') {
                return Ok(());
            }
            if !self.eat_mark(b',') {
                let quoted = self.peek().is_some_and(|token| token.kind == TokenKind::QuotedName);
                return Err(if quoted { self.missing("`,` or `)`") } else { Stop::Opaque });
            }
        }
    }

    /// Reads a column; a first word that is none of a type's column may have been meant for a key's.
    fn item_column(&mut self) -> Read<crate::mysql::deed::Column> {
        let (from, slip) = (self.at, self.expected(&ITEMS));
        let column = self.column(false);
        match slip {
            // `PRIMRY KEY (id)` would be a column of the type `KEY`.
            Stop::Wrong(slip) if column.is_err() && self.at == from + 1 => return Err(Stop::Wrong(slip)),
            _ => {}
        }
        column
    }

    /// Reads the options behind a table's columns.
    fn table_options(&mut self, table: &mut CreateTable) -> Read<()> {
        while let Some(word) = self.word() {
            let starts_query =
                ["SELECT", "AS", "PARTITION", "IGNORE", "REPLACE", "WITH", "VALUES"].contains(&word.as_str());
            if starts_query && !(word == "WITH" && self.is_word(1, "SYSTEM")) {
                return Ok(());
            }
            self.table_option(&mut table.options)?;
            self.eat_mark(b',');
        }
        Ok(())
    }

    /// Reads one option of a table.
    pub(super) fn table_option(&mut self, options: &mut Options) -> Read<()> {
        while self.eat(&["DEFAULT"]) {}
        let Some(word) = self.word() else { return Err(Stop::Opaque) };
        let from = self.at;
        self.at += 1;
        match word.as_str() {
            "CHARACTER" | "DATA" | "INDEX" if self.eat_any(&["SET", "DIRECTORY"]).is_some() => {}
            "WITH" => {
                self.keyword("SYSTEM")?;
                self.keyword("VERSIONING")?;
                return Ok(());
            }
            "START" => {
                self.keyword("TRANSACTION")?;
                return Ok(());
            }
            "UNION" => {
                self.eat_operator("=");
                self.skip_group()?;
                return Ok(());
            }
            word if OPTIONS.contains(&word) => {}
            // An option of an engine's own.
            _ if self.eat_operator("=") => {
                self.at = from;
                if let Stop::Wrong(slip) = self.expected(&OPTIONS) {
                    return Err(Stop::Wrong(slip));
                }
                self.at = from + 1;
            }
            _ => {
                self.at = from;
                return Err(self.expected(&OPTIONS));
            }
        }
        self.eat_operator("=");
        let value = self.peek().ok_or(Stop::Opaque)?;
        if word == "COMMENT" {
            options.comment = Some(self.string()?);
            return Ok(());
        }
        if matches!(word.as_str(), "CHARSET" | "CHARACTER" | "COLLATE") {
            let name = self.charset_name()?;
            if word != "COLLATE" {
                options.charset = Some(name);
            }
            return Ok(());
        }
        if !matches!(value.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String | TokenKind::Number) {
            return Err(Stop::Opaque);
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over partitions, up to a query.
    pub(super) fn partitions(&mut self) {
        while !self.is_done() && !["SELECT", "AS", "IGNORE", "REPLACE"].iter().any(|word| self.is_word(0, word)) {
            if !self.is_mark(0, b'(') || self.skip_group().is_err() {
                self.at += 1;
            }
        }
    }

    /// Reads what follows `CREATE VIEW`.
    pub(super) fn create_view(&mut self, or_replace: bool) -> Read<DeedKind> {
        let if_not_exists = self.if_not_exists();
        let name: QualifiedName = self.qualified()?;
        let columns = if self.is_mark(0, b'(') { self.name_list()? } else { Vec::new() };
        self.keyword("AS")?;
        let query: Scope = self.whole_query();
        Ok(DeedKind::CreateView { name, or_replace, if_not_exists, columns, query })
    }
}

/// The options of a table that have a value.
const OPTIONS: [&str; 48] = [
    "ENGINE",
    "TYPE",
    "AUTO_INCREMENT",
    "AVG_ROW_LENGTH",
    "CHARSET",
    "CHARACTER",
    "COLLATE",
    "CHECKSUM",
    "TABLE_CHECKSUM",
    "COMMENT",
    "COMPRESSION",
    "CONNECTION",
    "DELAY_KEY_WRITE",
    "ENCRYPTION",
    "INSERT_METHOD",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "PACK_KEYS",
    "PASSWORD",
    "ROW_FORMAT",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "TABLESPACE",
    "AUTOEXTEND_SIZE",
    "ENGINE_ATTRIBUTE",
    "SECONDARY_ENGINE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "STORAGE",
    "ENCRYPTED",
    "ENCRYPTION_KEY_ID",
    "PAGE_CHECKSUM",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "TRANSACTIONAL",
    "SEQUENCE",
    "UNION",
    "DEFAULT",
    "DATA",
    "INDEX",
    "IETF_QUOTES",
    "ATOMIC_WRITES",
    "CLUSTERING",
    "NODEGROUP",
    "BINARY",
    "PARTITION",
    "SELECT",
];
