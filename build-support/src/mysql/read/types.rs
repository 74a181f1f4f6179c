//! Column types, as MySQL 8.0 prints them.

use super::{Read, Reader, Stop};
use crate::sql::TokenKind;

/// Names that stand for another one.
const SAME: [(&str, &str); 23] = [
    ("INTEGER", "int"),
    ("INT1", "tinyint"),
    ("INT2", "smallint"),
    ("INT3", "mediumint"),
    ("INT4", "int"),
    ("INT8", "bigint"),
    ("MIDDLEINT", "mediumint"),
    ("DEC", "decimal"),
    ("NUMERIC", "decimal"),
    ("FIXED", "decimal"),
    ("NUMBER", "decimal"),
    ("REAL", "double"),
    ("FLOAT4", "float"),
    ("FLOAT8", "double"),
    ("CHARACTER", "char"),
    ("NCHAR", "char"),
    ("VARCHARACTER", "varchar"),
    ("NVARCHAR", "varchar"),
    ("VARCHAR2", "varchar"),
    ("CLOB", "longtext"),
    ("RAW", "varbinary"),
    ("GEOMCOLLECTION", "geometrycollection"),
    ("XMLTYPE", "xmltype"),
];

const NAMES: [&str; 45] = [
    "TINYINT",
    "SMALLINT",
    "MEDIUMINT",
    "INT",
    "BIGINT",
    "BOOL",
    "BOOLEAN",
    "BIT",
    "DECIMAL",
    "FLOAT",
    "DOUBLE",
    "CHAR",
    "VARCHAR",
    "NATIONAL",
    "TINYTEXT",
    "TEXT",
    "MEDIUMTEXT",
    "LONGTEXT",
    "LONG",
    "BINARY",
    "VARBINARY",
    "TINYBLOB",
    "BLOB",
    "MEDIUMBLOB",
    "LONGBLOB",
    "DATE",
    "TIME",
    "DATETIME",
    "TIMESTAMP",
    "YEAR",
    "JSON",
    "ENUM",
    "SET",
    "GEOMETRY",
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
    "INET6",
    "INET4",
    "UUID",
    "VECTOR",
];

/// A type that was read.
pub(super) struct Type {
    /// Empty where it isn't known how long a text is meant.
    pub(super) text: String,
    /// Character set and collation, as they were written.
    pub(super) charset: String,
    pub(super) serial: bool,
}

impl Reader<'_> {
    /// Reads a column's type, behind `named`.
    pub(super) fn data_type(&mut self) -> Read<Type> {
        let Some(word) = self.word() else {
            let stands_alone = self.is_done() || self.is_mark(0, b',') || self.is_mark(0, b')');
            return Err(if stands_alone { self.missing("a column type") } else { Stop::Opaque });
        };
        if word == "SERIAL" {
            self.at += 1;
            return Ok(Type { text: "bigint unsigned".to_owned(), charset: String::new(), serial: true });
        }
        let same = SAME.iter().find(|(written, _)| *written == word).map(|(_, name)| (*name).to_owned());
        let Some(name) = same.or_else(|| NAMES.contains(&word.as_str()).then(|| word.to_ascii_lowercase())) else {
            return Err(self.unknown_type());
        };
        self.at += 1;
        let text = self.of_name(name)?;
        let charset = if is_text(&text) { self.charset()? } else { String::new() };
        Ok(Type { text, charset, serial: false })
    }

    fn unknown_type(&self) -> Stop {
        let mut words = NAMES.to_vec();
        words.extend(SAME.iter().map(|(written, _)| *written));
        self.expected(&words)
    }

    fn of_name(&mut self, mut name: String) -> Read<String> {
        match name.as_str() {
            "bool" | "boolean" => return Ok("tinyint(1)".to_owned()),
            "national" => {
                let long = self.eat_any(&["VARCHAR", "VARCHARACTER"]).is_some();
                if !long && self.eat_any(&["CHAR", "CHARACTER"]).is_none() {
                    return Err(Stop::Opaque);
                }
                name = if long || self.eat(&["VARYING"]) { "varchar" } else { "char" }.to_owned();
            }
            "char" if self.eat(&["VARYING"]) => name = "varchar".to_owned(),
            "double" => {
                self.eat(&["PRECISION"]);
            }
            "long" => {
                let binary = self.eat(&["VARBINARY"]);
                if !binary {
                    self.eat_any(&["VARCHAR", "VARCHARACTER"]);
                }
                return Ok(if binary { "mediumblob" } else { "mediumtext" }.to_owned());
            }
            _ => {}
        }
        let arguments = self.arguments()?;
        let sized = |name: &str, size: &str| format!("{name}({size})");
        let first = arguments.first().map_or("", String::as_str);
        Ok(match (name.as_str(), arguments.len()) {
            ("tinyint" | "smallint" | "mediumint" | "int" | "bigint", _) => self.integer(&name, first),
            ("decimal", count) => {
                let scale = if count > 1 { arguments[1].as_str() } else { "0" };
                let precision = if count > 0 { first } else { "10" };
                self.signed(format!("decimal({precision},{scale})"))
            }
            ("float", 1) => {
                let double = first.parse::<u32>().is_ok_and(|bits| bits > 24);
                self.signed(if double { "double" } else { "float" }.to_owned())
            }
            ("float" | "double", count) => {
                self.signed(if count == 2 { sized(&name, &arguments.join(",")) } else { name })
            }
            ("char" | "binary" | "bit", 0) => sized(&name, "1"),
            // How long a text is meant depends on its character set.
            ("text" | "blob", 1) => match first.parse::<u64>() {
                Ok(256..=16_000) => name,
                _ => String::new(),
            },
            ("year", _) => name,
            ("time" | "datetime" | "timestamp", 1) if first == "0" => name,
            (_, 0) => name,
            _ => sized(&name, &arguments.join(",")),
        })
    }

    fn integer(&mut self, name: &str, width: &str) -> String {
        let text = self.signed(name.to_owned());
        // The width of what is shown is kept for the boolean alone.
        if text == "tinyint" && width == "1" { "tinyint(1)".to_owned() } else { text }
    }

    fn signed(&mut self, name: String) -> String {
        let (mut unsigned, mut zeros) = (false, false);
        while let Some(word) = self.eat_any(&["UNSIGNED", "SIGNED", "ZEROFILL"]) {
            unsigned |= word != "SIGNED";
            zeros |= word == "ZEROFILL";
        }
        match (unsigned, zeros) {
            (_, true) => format!("{name} unsigned zerofill"),
            (true, false) => format!("{name} unsigned"),
            (false, false) => name,
        }
    }

    /// Reads what stands in parentheses behind a type's name.
    fn arguments(&mut self) -> Read<Vec<String>> {
        let mut arguments = Vec::new();
        if !self.eat_mark(b'(') {
            return Ok(arguments);
        }
        loop {
            let token = self.next().ok_or(Stop::Opaque)?;
            match token.kind {
                TokenKind::Number => arguments.push(token.text(self.text).to_owned()),
                TokenKind::String => {
                    let value = crate::sql::unquoted(token.text(self.text)).replace('\'', "''");
                    arguments.push(format!("'{value}'"));
                }
                _ => return Err(Stop::Opaque),
            }
            if !self.eat_mark(b',') {
                break;
            }
        }
        self.mark(b')')?;
        Ok(arguments)
    }

    /// Reads a text's character set and collation.
    pub(super) fn charset(&mut self) -> Read<String> {
        let from = self.at;
        loop {
            if self.eat(&["CHARACTER", "SET"]) || self.eat(&["CHAR", "SET"]) || self.eat(&["CHARSET"]) {
                self.charset_name()?;
            } else if self.eat_any(&["BINARY", "ASCII", "UNICODE", "BYTE"]).is_none() {
                break;
            }
        }
        Ok(self.text_since(from))
    }
}

/// Tells whether a type has a character set.
fn is_text(ty: &str) -> bool {
    let name = ty.split(['(', ' ']).next().unwrap_or_default();
    ty.is_empty() || matches!(name, "char" | "varchar" | "enum" | "set") || name.ends_with("text")
}
