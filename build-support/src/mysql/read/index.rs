//! Keys, indexes and foreign keys.

use super::{Read, Reader, Stop};
use crate::mysql::deed::{DeedKind, Key, KeyKind, KeyPart, Online, Part, Reference};
use crate::statement::Name;

impl Reader<'_> {
    /// Reads a key, a foreign key or a check of a table, where one begins here.
    pub(super) fn part(&mut self) -> Read<Option<Part>> {
        let from = self.at;
        let mut name = None;
        let named = self.eat(&["CONSTRAINT"]);
        if named && self.word().is_none_or(|word| !STARTS.contains(&word.as_str())) {
            name = Some(self.name()?);
        }
        let kind = match self.word().as_deref() {
            Some("PRIMARY") => KeyKind::Primary,
            Some("UNIQUE") => KeyKind::Unique,
            Some("KEY" | "INDEX") if !named => KeyKind::Plain,
            Some("FULLTEXT") if !named => KeyKind::Fulltext,
            Some("SPATIAL") if !named => KeyKind::Spatial,
            Some("VECTOR") if !named && (self.is_word(1, "INDEX") || self.is_word(1, "KEY")) => KeyKind::Vector,
            Some("FOREIGN") => {
                self.at += 1;
                self.keyword("KEY")?;
                return Ok(Some(Part::Reference(self.foreign_key(name, from)?)));
            }
            Some("CHECK") => {
                self.at += 1;
                return Ok(Some(Part::Check(self.check(name)?)));
            }
            _ if named => return Err(self.expected(&STARTS)),
            _ => return Ok(None),
        };
        self.at += 1;
        match kind {
            KeyKind::Primary => self.keyword("KEY")?,
            KeyKind::Plain => {}
            _ => {
                self.eat_any(&["KEY", "INDEX"]);
            }
        }
        Ok(Some(Part::Key(self.key(kind, name, from)?)))
    }

    /// Reads a key behind the words of its kind.
    fn key(&mut self, kind: KeyKind, constraint: Option<Name>, from: usize) -> Read<Key> {
        let if_not_exists = self.if_not_exists();
        let mut name = constraint;
        if !self.is_mark(0, b'(') && !self.is_word(0, "USING") {
            // A primary key's own name is read and forgotten.
            let own = self.name()?;
            name = (kind != KeyKind::Primary).then_some(own).or(name);
        }
        self.index_type()?;
        let parts = self.key_parts()?;
        self.index_options()?;
        Ok(Key { kind, name, parts, if_not_exists, range: self.range_since(from) })
    }

    pub(super) fn index_type(&mut self) -> Read<()> {
        if self.eat_any(&["USING", "TYPE"]).is_some() {
            self.next().ok_or(Stop::Opaque)?;
        }
        Ok(())
    }

    fn key_parts(&mut self) -> Read<Vec<KeyPart>> {
        self.mark(b'(')?;
        let mut parts = Vec::new();
        loop {
            if self.is_mark(0, b')') && !parts.is_empty() {
                return Err(self.missing("a column"));
            }
            parts.push(self.key_part()?);
            if !self.eat_mark(b',') {
                break;
            }
        }
        self.mark(b')')?;
        Ok(parts)
    }

    fn key_part(&mut self) -> Read<KeyPart> {
        let from = self.at;
        if self.is_mark(0, b'(') {
            self.skip_group()?;
            self.eat_any(&["ASC", "DESC"]);
            return Ok(KeyPart { column: None, text: self.text_since(from) });
        }
        let column = self.name()?;
        let from = self.at;
        if self.is_mark(0, b'(') {
            self.skip_group()?;
        }
        self.eat_any(&["ASC", "DESC"]);
        if self.eat(&["WITHOUT", "OVERLAPS"]) || !(self.is_mark(0, b',') || self.is_mark(0, b')')) {
            return Err(Stop::Opaque);
        }
        Ok(KeyPart { column: Some(column), text: self.text_since(from) })
    }

    fn index_options(&mut self) -> Read<()> {
        while let Some(word) = self.word() {
            match word.as_str() {
                "USING"
                | "TYPE"
                | "COMMENT"
                | "KEY_BLOCK_SIZE"
                | "CLUSTERING"
                | "ENGINE_ATTRIBUTE"
                | "SECONDARY_ENGINE_ATTRIBUTE"
                | "M"
                | "DISTANCE" => {
                    self.at += 1;
                    self.eat_operator("=");
                    self.next().ok_or(Stop::Opaque)?;
                }
                "VISIBLE" | "INVISIBLE" | "IGNORED" => self.at += 1,
                "NOT" if self.is_word(1, "IGNORED") => self.at += 2,
                "WITH" if self.is_word(1, "PARSER") => self.at += 3,
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// Reads what follows `FOREIGN KEY`.
    fn foreign_key(&mut self, name: Option<Name>, from: usize) -> Read<Reference> {
        let if_not_exists = self.if_not_exists();
        let index = if self.is_mark(0, b'(') { None } else { Some(self.name()?) };
        let columns = self.name_list()?;
        self.keyword("REFERENCES")?;
        let reference = self.references(name, columns, from)?;
        Ok(Reference { index, if_not_exists, ..reference })
    }

    /// Reads what follows `REFERENCES`.
    pub(super) fn references(&mut self, name: Option<Name>, columns: Vec<Name>, from: usize) -> Read<Reference> {
        let table = self.qualified()?;
        let references = if self.is_mark(0, b'(') { self.name_list()? } else { Vec::new() };
        if self.eat(&["MATCH"]) {
            self.next().ok_or(Stop::Opaque)?;
        }
        let (mut on_delete, mut on_update) = ("NO ACTION", "NO ACTION");
        while self.is_word(0, "ON") && !self.is_word(1, "UPDATE") || self.is_word(0, "ON") && !self.is_now(2) {
            self.at += 1;
            let Some(event) = self.eat_any(&["DELETE", "UPDATE"]) else {
                return Err(self.expected(&["DELETE", "UPDATE"]));
            };
            let action = self.action()?;
            *(if event == "DELETE" { &mut on_delete } else { &mut on_update }) = action;
        }
        let (on_delete, on_update) = (on_delete.to_owned(), on_update.to_owned());
        Ok(Reference {
            name,
            index: None,
            columns,
            table,
            references,
            on_delete,
            on_update,
            if_not_exists: false,
            inline: false,
            range: self.range_since(from),
        })
    }

    /// Tells whether a time stands so many tokens ahead: `ON UPDATE CURRENT_TIMESTAMP` is the column's.
    fn is_now(&self, ahead: usize) -> bool {
        ["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"].iter().any(|word| self.is_word(ahead, word))
    }

    fn action(&mut self) -> Read<&'static str> {
        if self.eat(&["SET", "NULL"]) {
            return Ok("SET NULL");
        }
        if self.eat(&["SET", "DEFAULT"]) {
            return Ok("SET DEFAULT");
        }
        if self.eat(&["NO"]) {
            self.keyword("ACTION")?;
            return Ok("NO ACTION");
        }
        self.eat_any(&["CASCADE", "RESTRICT"]).ok_or_else(|| self.expected(&["CASCADE", "RESTRICT", "SET", "NO"]))
    }

    /// Reads what follows `CREATE` and the words of an index's kind.
    pub(super) fn create_index(&mut self, kind: KeyKind, or_replace: bool) -> Read<DeedKind> {
        let from = self.at;
        let if_not_exists = self.if_not_exists();
        let name = self.name()?;
        self.index_type()?;
        if self.eat_any(&["WAIT"]).is_some() {
            self.next();
        }
        self.keyword("ON")?;
        let table = self.qualified()?;
        let parts = self.key_parts()?;
        let mut online = Online::default();
        loop {
            self.index_options()?;
            if !self.online(&mut online)? {
                break;
            }
        }
        if self.eat_any(&["WAIT"]).is_some() {
            self.next();
        }
        self.eat(&["NOWAIT"]);
        self.end(&["ALGORITHM", "LOCK", "COMMENT", "USING", "KEY_BLOCK_SIZE", "VISIBLE", "INVISIBLE"])?;
        let key = Key { kind, name: Some(name), parts, if_not_exists, range: self.range_since(from) };
        Ok(DeedKind::CreateIndex { table, key, or_replace, online })
    }

    /// Reads what follows `DROP INDEX`.
    pub(super) fn drop_index(&mut self) -> Read<DeedKind> {
        let if_exists = self.if_exists();
        let name = self.name()?;
        self.keyword("ON")?;
        let table = self.qualified()?;
        let mut online = Online::default();
        while self.online(&mut online)? {}
        if self.eat(&["WAIT"]) {
            self.next();
        }
        self.eat(&["NOWAIT"]);
        self.end(&["ALGORITHM", "LOCK"])?;
        Ok(DeedKind::DropIndex { name, table, if_exists })
    }

    /// Reads `ALGORITHM = …` or `LOCK = …`.
    pub(super) fn online(&mut self, online: &mut Online) -> Read<bool> {
        let Some(what) = self.eat_any(&["ALGORITHM", "LOCK"]) else { return Ok(false) };
        self.eat_operator("=");
        let value = self.word().ok_or(Stop::Opaque)?;
        let known: &[&'static str] = match what {
            "LOCK" => &["DEFAULT", "NONE", "SHARED", "EXCLUSIVE"],
            _ => &["DEFAULT", "COPY", "INPLACE", "NOCOPY", "INSTANT"],
        };
        if !known.contains(&value.as_str()) {
            return Err(self.expected(known));
        }
        self.at += 1;
        *(if what == "LOCK" { &mut online.lock } else { &mut online.algorithm }) = Some(value);
        Ok(true)
    }

    /// Demands the statement's end, where only these words could go on.
    pub(super) fn end(&self, words: &[&'static str]) -> Read<()> {
        if self.is_done() { Ok(()) } else { Err(self.expected(words)) }
    }
}

/// What a constraint begins with, behind its name.
const STARTS: [&str; 4] = ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];
