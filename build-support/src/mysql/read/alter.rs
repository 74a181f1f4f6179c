//! `ALTER TABLE`.

use super::{Read, Reader, Stop};
use crate::mysql::deed::{AlterTable, Change, ChangeKind, DeedKind, Online, Options};

/// What a change begins with.
const CHANGES: [&str; 24] = [
    "ADD",
    "DROP",
    "MODIFY",
    "CHANGE",
    "ALTER",
    "RENAME",
    "CONVERT",
    "ORDER",
    "DISABLE",
    "ENABLE",
    "DISCARD",
    "IMPORT",
    "FORCE",
    "ALGORITHM",
    "LOCK",
    "ENGINE",
    "COMMENT",
    "AUTO_INCREMENT",
    "DEFAULT",
    "CHARACTER",
    "CHARSET",
    "COLLATE",
    "PARTITION",
    "ROW_FORMAT",
];

/// What follows `ADD` where that isn't a column's name.
const ADDED: [&str; 9] = ["COLUMN", "INDEX", "KEY", "FULLTEXT", "SPATIAL", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];
const DROPPED: [&str; 8] = ["COLUMN", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CONSTRAINT", "CHECK", "PARTITION"];

impl Reader<'_> {
    /// Reads what follows `ALTER TABLE`.
    pub(super) fn alter_table(&mut self) -> Read<DeedKind> {
        let if_exists = self.if_exists();
        let table = self.qualified()?;
        let mut alter = AlterTable { table, if_exists, changes: Vec::new(), online: Online::default() };
        if self.eat(&["WAIT"]) {
            self.next();
        }
        self.eat(&["NOWAIT"]);
        loop {
            if self.online(&mut alter.online)? {
                if !self.eat_mark(b',') {
                    break;
                }
                continue;
            }
            let from = self.at;
            let kind = self.change(&mut alter)?;
            if let Some(kind) = kind {
                let range = self.range_since(from);
                alter.changes.push(Change { range, kind });
            }
            if self.eat_mark(b',') {
                if self.is_done() {
                    return Err(self.missing("a change"));
                }
                continue;
            }
            // Options of a table stand side by side.
            if self.is_done() || !self.goes_on() {
                break;
            }
        }
        self.end(&[])?;
        Ok(DeedKind::AlterTable(Box::new(alter)))
    }

    fn goes_on(&self) -> bool {
        let words = ["ENGINE", "DEFAULT", "CHARACTER", "CHARSET", "COLLATE", "COMMENT", "AUTO_INCREMENT", "ROW_FORMAT"];
        words.iter().chain(&["PARTITION", "KEY_BLOCK_SIZE", "REMOVE"]).any(|word| self.is_word(0, word))
    }

    fn change(&mut self, alter: &mut AlterTable) -> Read<Option<ChangeKind>> {
        let Some(word) = self.word() else { return Err(self.unless_done("a change")) };
        let start = self.at;
        self.at += 1;
        Ok(Some(match word.as_str() {
            "ADD" => return self.add(alter).map(|()| None),
            "DROP" => self.drop()?,
            "MODIFY" => {
                let slip = self.expected(&["COLUMN"]);
                self.eat(&["COLUMN"]);
                let if_exists = self.if_exists();
                let column = match (self.column(false), slip) {
                    (Err(_), Stop::Wrong(slip)) => return Err(Stop::Wrong(slip)),
                    (column, _) => column?,
                };
                ChangeKind::Replace { from: column.name.clone(), column: Box::new(column), if_exists }
            }
            "CHANGE" => {
                let slip = self.expected(&["COLUMN"]);
                self.eat(&["COLUMN"]);
                let if_exists = self.if_exists();
                let from = self.name()?;
                let column = match (self.column(false), slip) {
                    (Err(_), Stop::Wrong(slip)) => return Err(Stop::Wrong(slip)),
                    (column, _) => column?,
                };
                ChangeKind::Replace { from, column: Box::new(column), if_exists }
            }
            "ALTER" => self.alter_part()?,
            "RENAME" => self.rename()?,
            "CONVERT" => {
                self.keyword("TO")?;
                ChangeKind::Convert(self.charset_option()?)
            }
            "ORDER" => {
                self.keyword("BY")?;
                self.at = self.tokens.len();
                ChangeKind::Rebuild
            }
            "FORCE" => ChangeKind::Rebuild,
            "DISABLE" | "ENABLE" => {
                self.keyword("KEYS")?;
                ChangeKind::Harmless
            }
            "DISCARD" | "IMPORT" | "WITH" | "WITHOUT" => {
                self.at += 1;
                ChangeKind::Harmless
            }
            "PARTITION" | "REMOVE" | "TRUNCATE" | "REORGANIZE" | "COALESCE" | "ANALYZE" | "CHECK" | "OPTIMIZE"
            | "REBUILD" | "REPAIR" | "EXCHANGE" => {
                self.at = self.tokens.len();
                ChangeKind::Partition
            }
            _ => {
                self.at = start;
                let slip = self.expected(&CHANGES);
                let mut options = Options::default();
                match (self.table_option(&mut options), slip) {
                    (_, Stop::Wrong(slip)) => return Err(Stop::Wrong(slip)),
                    (Ok(()), _) if word == "ENGINE" => ChangeKind::Engine,
                    (Ok(()), _) if word == "ROW_FORMAT" || word == "KEY_BLOCK_SIZE" => ChangeKind::Rebuild,
                    (Ok(()), _) => options.comment.map_or(ChangeKind::Harmless, ChangeKind::Comment),
                    (Err(stop), Stop::Opaque) => return Err(stop),
                }
            }
        }))
    }

    fn unless_done(&self, what: &str) -> Stop {
        if self.is_mark(0, b',') { self.missing(what) } else { Stop::Opaque }
    }

    fn charset_option(&mut self) -> Read<String> {
        let kept = self.eat(&["CHARACTER", "SET"]) || self.eat(&["CHAR", "SET"]) || self.eat(&["CHARSET"]);
        if !kept {
            return Err(self.expected(&["CHARACTER", "CHARSET"]));
        }
        self.eat_operator("=");
        let charset = self.charset_name()?;
        if self.eat(&["COLLATE"]) {
            self.eat_operator("=");
            self.charset_name()?;
        }
        Ok(charset)
    }

    /// Reads what follows `ADD`: a column, several, a key.
    fn add(&mut self, alter: &mut AlterTable) -> Read<()> {
        let from = self.at.saturating_sub(1);
        if self.eat(&["PARTITION"]) || self.eat(&["PERIOD"]) || self.eat(&["SYSTEM"]) {
            self.at = self.tokens.len();
            let range = self.range_since(from);
            alter.changes.push(Change { range, kind: ChangeKind::Partition });
            return Ok(());
        }
        if let Some(part) = self.part()? {
            let range = self.range_since(from);
            alter.changes.push(Change { range, kind: ChangeKind::AddPart(part) });
            return Ok(());
        }
        let slip = self.expected(&ADDED);
        let column_word = self.eat(&["COLUMN"]);
        let if_not_exists = self.if_not_exists();
        if self.eat_mark(b'(') {
            loop {
                let start = self.at;
                let kind = match self.part()? {
                    Some(part) => ChangeKind::AddPart(part),
                    None => ChangeKind::Add(Box::new(self.column(if_not_exists)?)),
                };
                alter.changes.push(Change { range: self.range_since(start), kind });
                if !self.eat_mark(b',') {
                    break;
                }
            }
            return self.mark(b')');
        }
        let column = self.column(if_not_exists);
        // `ADD COLUM name text` reads as a column of the type `name`, `ADD INDX i (a)` as one of the type `i`.
        let column = match (column, slip) {
            (Err(_), Stop::Wrong(slip)) if !column_word => return Err(Stop::Wrong(slip)),
            (column, _) => column?,
        };
        let range = self.range_since(from);
        alter.changes.push(Change { range, kind: ChangeKind::Add(Box::new(column)) });
        Ok(())
    }

    fn drop(&mut self) -> Read<ChangeKind> {
        let slip = self.expected(&DROPPED);
        let word = self.word().unwrap_or_default();
        let kind = match word.as_str() {
            "PRIMARY" if self.is_word(1, "KEY") => {
                self.at += 2;
                ChangeKind::DropPrimary { if_exists: false }
            }
            "INDEX" | "KEY" => {
                self.at += 1;
                let if_exists = self.if_exists();
                ChangeKind::DropIndex { name: self.name()?, if_exists }
            }
            "FOREIGN" => {
                self.at += 1;
                self.keyword("KEY")?;
                let if_exists = self.if_exists();
                ChangeKind::DropReference { name: self.name()?, if_exists }
            }
            "CONSTRAINT" | "CHECK" => {
                self.at += 1;
                let if_exists = self.if_exists();
                ChangeKind::DropConstraint { name: self.name()?, if_exists }
            }
            "PARTITION" | "SYSTEM" | "PERIOD" => {
                self.at = self.tokens.len();
                ChangeKind::Partition
            }
            _ => {
                self.eat(&["COLUMN"]);
                let if_exists = self.if_exists();
                let name = self.name()?;
                self.eat_any(&["CASCADE", "RESTRICT"]);
                ChangeKind::DropColumn { name, if_exists }
            }
        };
        match slip {
            // `DROP COLUM name`: two words where one name can be.
            Stop::Wrong(slip) if !self.is_done() && !self.is_mark(0, b',') => Err(Stop::Wrong(slip)),
            _ => Ok(kind),
        }
    }

    /// Reads what follows `ALTER` inside of an `ALTER TABLE`.
    fn alter_part(&mut self) -> Read<ChangeKind> {
        if self.is_word(0, "INDEX") || self.is_word(0, "KEY") {
            self.at += 1;
            let if_exists = self.if_exists();
            let name = self.name()?;
            self.eat(&["NOT"]);
            if self.eat_any(&["VISIBLE", "INVISIBLE", "IGNORED"]).is_none() {
                return Err(self.expected(&["VISIBLE", "INVISIBLE", "IGNORED"]));
            }
            return Ok(ChangeKind::Index { name, if_exists });
        }
        if self.is_word(0, "CHECK") || self.is_word(0, "CONSTRAINT") {
            self.at += 2;
            self.eat(&["NOT"]);
            self.keyword("ENFORCED")?;
            return Ok(ChangeKind::Harmless);
        }
        self.eat(&["COLUMN"]);
        let if_exists = self.if_exists();
        let name = self.name()?;
        if self.eat(&["DROP", "DEFAULT"]) {
            return Ok(ChangeKind::Default { name, default: None, if_exists });
        }
        if !self.eat(&["SET"]) {
            return Err(self.expected(&["SET", "DROP"]));
        }
        if self.eat_any(&["VISIBLE", "INVISIBLE"]).is_some() {
            return Ok(ChangeKind::Harmless);
        }
        self.keyword("DEFAULT")?;
        Ok(ChangeKind::Default { name, default: Some(self.default()?), if_exists })
    }

    fn rename(&mut self) -> Read<ChangeKind> {
        let what = match self.word().as_deref() {
            Some("COLUMN") if self.is_word(2, "TO") || self.is_word(1, "IF") => "COLUMN",
            Some("INDEX" | "KEY") if self.is_word(2, "TO") || self.is_word(1, "IF") => "INDEX",
            _ => "",
        };
        if !what.is_empty() {
            self.at += 1;
            let if_exists = self.if_exists();
            let from = self.name()?;
            self.keyword("TO")?;
            let to = self.name()?;
            return Ok(match what {
                "COLUMN" => ChangeKind::RenameColumn { from, to, if_exists },
                _ => ChangeKind::RenameIndex { from, to, if_exists },
            });
        }
        let slip = self.expected(&["COLUMN", "INDEX", "TO", "AS"]);
        if self.eat_any(&["TO", "AS"]).is_none() {
            self.eat_operator("=");
        }
        let to = self.qualified()?;
        match slip {
            Stop::Wrong(slip) if !self.is_done() && !self.is_mark(0, b',') => Err(Stop::Wrong(slip)),
            _ => Ok(ChangeKind::Rename(to)),
        }
    }
}
