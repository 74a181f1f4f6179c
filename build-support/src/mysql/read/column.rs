//! A column's definition.

use super::{Read, Reader, Stop};
use crate::mysql::deed::{Check, Column, Key, KeyKind, KeyPart, Part, Place};
use crate::statement::Name;

/// Words that can follow a column's type.
const ATTRIBUTES: [&str; 28] = [
    "NOT",
    "NULL",
    "DEFAULT",
    "AUTO_INCREMENT",
    "PRIMARY",
    "KEY",
    "UNIQUE",
    "COMMENT",
    "COLLATE",
    "CHARACTER",
    "CHARSET",
    "REFERENCES",
    "CHECK",
    "CONSTRAINT",
    "GENERATED",
    "AS",
    "VIRTUAL",
    "STORED",
    "PERSISTENT",
    "ON",
    "FIRST",
    "AFTER",
    "INVISIBLE",
    "VISIBLE",
    "UNSIGNED",
    "SIGNED",
    "ZEROFILL",
    "STORAGE",
];

impl Reader<'_> {
    /// Reads a column with its name.
    pub(super) fn column(&mut self, if_not_exists: bool) -> Read<Column> {
        let from = self.at;
        let name = self.name()?;
        self.column_of(name, from, if_not_exists)
    }

    /// Reads what follows a column's name. `from` is where it begins.
    pub(super) fn column_of(&mut self, name: Name, from: usize, if_not_exists: bool) -> Read<Column> {
        let ty = self.data_type()?;
        let mut column = Column {
            ty: ty.text,
            charset: ty.charset,
            not_null: ty.serial,
            default: None,
            auto_increment: ty.serial,
            generated: None,
            comment: None,
            parts: Vec::new(),
            place: None,
            if_not_exists,
            range: name.range.clone(),
            name,
        };
        if ty.serial {
            column.parts.push(key(&column.name, KeyKind::Unique));
        }
        while !self.is_done() && !self.is_mark(0, b',') && !self.is_mark(0, b')') {
            self.attribute(&mut column)?;
        }
        column.range = self.range_since(from);
        Ok(column)
    }

    fn attribute(&mut self, column: &mut Column) -> Read<()> {
        let start = self.at;
        let Some(word) = self.word() else {
            let quoted = self.peek().is_some_and(|token| token.text(self.text).starts_with('`'));
            return Err(if quoted { self.missing("`,` or `)`") } else { Stop::Opaque });
        };
        self.at += 1;
        match word.as_str() {
            "NOT" => {
                if self.eat_any(&["SECONDARY", "ENFORCED"]).is_none() {
                    self.keyword("NULL")?;
                    column.not_null = true;
                }
            }
            "NULL" => column.not_null = false,
            "DEFAULT" => column.default = Some(self.default()?),
            "ON" => {
                self.keyword("UPDATE")?;
                let from = self.at;
                self.now()?;
                let text = self.text_since(from);
                let before = column.default.take().map_or(String::new(), |default| default + " ");
                column.default = Some(format!("{before}ON UPDATE {text}"));
            }
            "AUTO_INCREMENT" => column.auto_increment = true,
            "PRIMARY" => {
                self.eat(&["KEY"]);
                column.not_null = true;
                column.parts.push(key(&column.name, KeyKind::Primary));
            }
            "KEY" => {
                column.not_null = true;
                column.parts.push(key(&column.name, KeyKind::Primary));
            }
            "UNIQUE" => {
                self.eat(&["KEY"]);
                column.parts.push(key(&column.name, KeyKind::Unique));
            }
            "COMMENT" => {
                self.eat_operator("=");
                column.comment = Some(self.string()?);
            }
            "COLLATE" | "CHARSET" => {
                self.eat_operator("=");
                self.charset_name()?;
                column.charset = format!("{} {}", column.charset, self.text_since(start)).trim_start().to_owned();
            }
            "CHARACTER" => {
                self.keyword("SET")?;
                self.charset_name()?;
                column.charset = format!("{} {}", column.charset, self.text_since(start)).trim_start().to_owned();
            }
            "UNSIGNED" | "SIGNED" | "ZEROFILL" | "BINARY" | "ASCII" | "UNICODE" => {}
            "GENERATED" => {
                self.keyword("ALWAYS")?;
                self.keyword("AS")?;
                self.generated(column)?;
            }
            "AS" => self.generated(column)?,
            "CHECK" => column.parts.push(Part::Check(self.check(None)?)),
            "CONSTRAINT" => {
                let name = if self.is_word(0, "CHECK") { None } else { Some(self.name()?) };
                if self.is_word(0, "REFERENCES") {
                    return Err(Stop::Opaque);
                }
                if self.eat(&["CHECK"]) {
                    column.parts.push(Part::Check(self.check(name)?));
                } else if self.eat(&["NOT", "NULL"]) {
                    column.not_null = true;
                } else {
                    return Err(self.expected(&["CHECK"]));
                }
            }
            "REFERENCES" => {
                let mut reference = self.references(None, vec![column.name.clone()], start)?;
                reference.inline = true;
                column.parts.push(Part::Reference(reference));
            }
            "FIRST" => column.place = Some(Place::First),
            "AFTER" => column.place = Some(Place::After(self.name()?)),
            "INVISIBLE" | "VISIBLE" | "COMPRESSED" | "ENFORCED" | "VIRTUAL" | "STORED" | "PERSISTENT" => {}
            "STORAGE"
            | "COLUMN_FORMAT"
            | "SRID"
            | "REF_SYSTEM_ID"
            | "ENGINE_ATTRIBUTE"
            | "SECONDARY_ENGINE_ATTRIBUTE" => {
                self.eat_operator("=");
                self.next().ok_or(Stop::Opaque)?;
            }
            "WITH" | "WITHOUT" => {
                self.keyword("SYSTEM")?;
                self.keyword("VERSIONING")?;
            }
            "SERIAL" => {
                self.keyword("DEFAULT")?;
                self.keyword("VALUE")?;
                (column.auto_increment, column.not_null) = (true, true);
                column.parts.push(key(&column.name, KeyKind::Unique));
            }
            _ => {
                self.at = start;
                return Err(self.expected(&ATTRIBUTES));
            }
        }
        Ok(())
    }

    /// Reads a default's value.
    pub(super) fn default(&mut self) -> Read<String> {
        let from = self.at;
        if self.is_mark(0, b'(') {
            self.skip_group()?;
            return Ok(self.text_since(from));
        }
        while self.eat_operator("-") || self.eat_operator("+") {}
        let token = self.next().ok_or(Stop::Opaque)?;
        // `now()`, and in MariaDB any expression, as far as it is a single call; `_utf8'…'`.
        if self.is_mark(0, b'(') {
            self.skip_group()?;
        } else if token.text(self.text).starts_with('_') && self.string().is_err() {
            return Err(Stop::Opaque);
        }
        if self.peek().is_some_and(|token| token.kind == crate::sql::TokenKind::Operator) {
            return Err(Stop::Opaque);
        }
        Ok(self.text_since(from))
    }

    fn now(&mut self) -> Read<()> {
        let words = ["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"];
        if self.eat_any(&words).is_none() {
            return Err(self.expected(&words));
        }
        if self.is_mark(0, b'(') { self.skip_group() } else { Ok(()) }
    }

    fn generated(&mut self, column: &mut Column) -> Read<()> {
        if !self.is_mark(0, b'(') {
            return Err(Stop::Opaque);
        }
        let from = self.at;
        self.skip_group()?;
        let text = self.text_since(from);
        let stored = self.eat_any(&["STORED", "PERSISTENT"]).is_some();
        if !stored {
            self.eat(&["VIRTUAL"]);
        }
        column.generated = Some((text, stored));
        Ok(())
    }

    /// Reads what follows `CHECK`.
    pub(super) fn check(&mut self, name: Option<Name>) -> Read<Check> {
        self.mark(b'(')?;
        let start = self.at;
        let mut uses = crate::statement::Scope::default();
        self.expression(&mut uses);
        let end = self.at;
        if uses.opaque || !self.is_mark(0, b')') {
            self.at = start.saturating_sub(1);
            self.skip_group()?;
            uses = crate::statement::Scope { opaque: true, ..Default::default() };
        } else {
            self.at = end;
            self.mark(b')')?;
        }
        let text = self.text_since(start.saturating_sub(1));
        self.eat(&["NOT"]);
        self.eat(&["ENFORCED"]);
        Ok(Check { name, text, uses })
    }
}

fn key(column: &Name, kind: KeyKind) -> Part {
    let parts = vec![KeyPart { column: Some(column.clone()), text: String::new() }];
    Part::Key(Key { kind, name: None, parts, if_not_exists: false, range: column.range.clone() })
}
