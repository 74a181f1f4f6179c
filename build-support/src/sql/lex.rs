use super::{Dialect, SqlError, SqlErrorKind, Token, TokenKind};

/// What a byte may begin. A table, because build scripts run unoptimised and a chain of comparisons for each byte is slow there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    Quote,
    Operator,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'"' => Class::Quote,
            b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'~' | b'!' | b'%' | b'&' | b'|' => Class::Operator,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// SQLite has a fixed set of operators; these are the longer ones, the longest first.
const SQLITE_OPERATORS: [&[u8]; 10] = [b"->>", b"->", b"<=", b"<>", b"<<", b">=", b">>", b"==", b"!=", b"||"];

/// MySQL's and MariaDB's longer operators, the longest first.
const MYSQL_OPERATORS: [&[u8]; 13] =
    [b"->>", b"<=>", b"->", b"<=", b"<>", b"<<", b">=", b">>", b"!=", b"||", b"&&", b":=", b"::"];

/// Reads the tokens of a text, one after the other, without white space. After an error it goes on behind it.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    dialect: Dialect,
    /// What ends a statement since a `DELIMITER` of MySQL's client; nothing where it is the semicolon.
    delimiter: String,
}

impl<'a> Lexer<'a> {
    /// Starts at the text's beginning, after a byte order mark.
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { bytes: text.as_bytes(), text, at, dialect, delimiter: String::new() }
    }

    /// Sets what ends a statement from here on.
    pub(crate) fn end_statements_with(&mut self, delimiter: &str) {
        self.delimiter = if delimiter == ";" { String::new() } else { delimiter.to_owned() };
    }

    /// Tells whether a token ends a statement although it is no semicolon; `None` where the semicolon does.
    pub(crate) fn is_delimiter(&self, token: &Token) -> Option<bool> {
        (!self.delimiter.is_empty())
            .then(|| token.kind == TokenKind::Punctuation && token.text(self.text) == self.delimiter)
    }

    /// Tells whether what ends a statement stands here.
    fn at_delimiter(&self) -> bool {
        !self.delimiter.is_empty() && self.bytes[self.at..].starts_with(self.delimiter.as_bytes())
    }

    /// Passes over the rest of the line and gives where the line ends.
    pub(crate) fn skip_line(&mut self) -> usize {
        while self.at < self.bytes.len() && self.bytes[self.at] != b'\n' {
            self.at += 1;
        }
        self.at
    }

    /// Passes over the rows that follow a `COPY … FROM stdin;`, up to a line of `\.` where there is one.
    pub(crate) fn skip_copied_rows(&mut self) {
        let start = self.at;
        loop {
            self.skip_line();
            if self.at == self.bytes.len() {
                self.at = start;
                return;
            }
            self.at += 1;
            if self.bytes[self.at..].starts_with(b"\\.") {
                self.at += 2;
                return;
            }
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.bytes.len() { self.bytes[at] } else { 0 }
    }

    fn read(&mut self, first: u8) -> Result<TokenKind, SqlError> {
        if self.at_delimiter() {
            return Ok(self.take(self.delimiter.len(), TokenKind::Punctuation));
        }
        if self.dialect == Dialect::Mysql
            && let Some(kind) = self.mysql(first)
        {
            return kind;
        }
        let (postgres, sqlite) = (self.dialect == Dialect::Postgres, self.dialect == Dialect::Sqlite);
        match CLASSES[usize::from(first)] {
            Class::Letter => self.word(first),
            Class::Digit => Ok(self.number()),
            Class::Quote if first == b'\'' => self.string(1, false, b'\''),
            Class::Quote => self.name(b'"'),
            Class::Operator if first == b'-' && self.peek(1) == b'-' => Ok(self.line_comment()),
            Class::Operator if first == b'/' && self.peek(1) == b'*' => self.block_comment(),
            Class::Operator => Ok(self.operator()),
            _ => match first {
                b'.' if self.peek(1).is_ascii_digit() => Ok(self.number()),
                b'$' if postgres && self.peek(1).is_ascii_digit() => Ok(self.parameter()),
                b'$' if postgres => self.dollar_quote(),
                b'@' | b'#' | b'?' | b'^' | b'`' if postgres => Ok(self.operator()),
                b'\\' if postgres => Err(self.psql_command()),
                b'`' => self.name(b'`'),
                b'[' if sqlite => self.name(b']'),
                b'?' => Ok(self.parameter()),
                b'$' | b'@' | b'#' | b':' if sqlite && is_word_byte(self.peek(1)) => Ok(self.parameter()),
                b':' if matches!(self.peek(1), b':' | b'=') => Ok(self.take(2, TokenKind::Operator)),
                _ => Ok(self.take(1, TokenKind::Punctuation)),
            },
        }
    }

    /// Reads what MySQL reads otherwise than the others.
    fn mysql(&mut self, first: u8) -> Option<Result<TokenKind, SqlError>> {
        let second = self.peek(1);
        Some(match first {
            b'\'' | b'"' => self.string(1, true, first),
            b'$' => {
                self.skip_word();
                Ok(TokenKind::Word)
            }
            b'#' => Ok(self.line_comment()),
            // Two dashes begin a comment only before a space, as `5--1` is a sum.
            b'-' if second == b'-' => match self.bytes.get(self.at + 2) {
                Some(byte) if *byte > b' ' && *byte != 0x7f => Ok(self.take(1, TokenKind::Operator)),
                _ => Ok(self.line_comment()),
            },
            b'@' => {
                while self.peek(0) == b'@' {
                    self.at += 1;
                }
                while is_word_byte(self.peek(0)) || self.peek(0) == b'.' && is_word_byte(self.peek(1)) {
                    self.at += 1;
                }
                Ok(TokenKind::Parameter)
            }
            _ => return None,
        })
    }

    fn take(&mut self, bytes: usize, kind: TokenKind) -> TokenKind {
        self.at += bytes;
        kind
    }

    fn skip_word(&mut self) {
        while self.at < self.bytes.len() && is_word_byte(self.bytes[self.at]) && !self.at_delimiter() {
            self.at += 1;
        }
    }

    fn word(&mut self, first: u8) -> Result<TokenKind, SqlError> {
        let second = self.peek(1);
        if second == b'\'' {
            match (self.dialect, first) {
                (Dialect::Postgres, b'e' | b'E') => return self.string(2, true, b'\''),
                (Dialect::Postgres | Dialect::Mysql, b'b' | b'B' | b'n' | b'N') | (_, b'x' | b'X') => {
                    return self.string(2, self.dialect == Dialect::Mysql, b'\'');
                }
                _ => {}
            }
        }
        if second == b'&' && matches!(first, b'u' | b'U') && self.dialect == Dialect::Postgres {
            match self.peek(2) {
                b'\'' => return self.string(3, false, b'\''),
                b'"' => {
                    self.at += 2;
                    return self.name(b'"');
                }
                _ => {}
            }
        }
        self.skip_word();
        Ok(TokenKind::Word)
    }

    fn number(&mut self) -> TokenKind {
        let radix = self.peek(0) == b'0' && self.peek(1).is_ascii_alphabetic();
        loop {
            match self.peek(0) {
                b'e' | b'E' if !radix && matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit() => {
                    self.at += 2
                }
                // `1..10` is a range in the bodies of BEGIN ATOMIC's languages: two numbers.
                b'.' if self.peek(1) != b'.' => self.at += 1,
                byte if byte.is_ascii_alphanumeric() || byte == b'_' => self.at += 1,
                _ => return TokenKind::Number,
            }
        }
    }

    fn parameter(&mut self) -> TokenKind {
        self.at += 1;
        self.skip_word();
        TokenKind::Parameter
    }

    /// Reads an operator: PostgreSQL's are as long as they can be, but no comment begins inside, and a trailing sign belongs to what
    /// follows (`x=-1`) unless the operator has a character that no standard operator has.
    fn operator(&mut self) -> TokenKind {
        let fixed: &[&[u8]] = match self.dialect {
            Dialect::Sqlite => &SQLITE_OPERATORS,
            Dialect::Mysql => &MYSQL_OPERATORS,
            Dialect::Postgres => &[],
        };
        if !fixed.is_empty() {
            let rest = &self.bytes[self.at..];
            let long = fixed.iter().find(|operator| rest.starts_with(operator));
            return self.take(long.map_or(1, |operator| operator.len()), TokenKind::Operator);
        }
        let start = self.at;
        let mut keeps_sign = false;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'-', b'-') | (b'/', b'*') => break,
                (b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'|' | b'`' | b'?', _) => keeps_sign = true,
                (b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=', _) => {}
                _ => break,
            }
            self.at += 1;
        }
        while !keeps_sign && self.at > start + 1 && matches!(self.bytes[self.at - 1], b'+' | b'-') {
            self.at -= 1;
        }
        TokenKind::Operator
    }

    fn string(&mut self, prefix: usize, escapes: bool, quote: u8) -> Result<TokenKind, SqlError> {
        let start = self.at;
        self.at += prefix;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' if escapes => self.at += 2,
                byte if byte == quote && self.peek(1) == quote => self.at += 2,
                byte if byte == quote => return Ok(self.take(1, TokenKind::String)),
                _ => self.at += 1,
            }
        }
        let kind = match quote {
            b'"' => SqlErrorKind::UnterminatedName('"'),
            _ => SqlErrorKind::UnterminatedString,
        };
        Err(SqlError { kind, range: start..start + prefix })
    }

    fn name(&mut self, close: u8) -> Result<TokenKind, SqlError> {
        let start = self.at;
        self.at += 1;
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            self.at += 1;
            if byte == close {
                if close == b']' || self.peek(0) != close {
                    return Ok(TokenKind::QuotedName);
                }
                self.at += 1;
            }
        }
        Err(SqlError { kind: SqlErrorKind::UnterminatedName(char::from(close)), range: start..start + 1 })
    }

    fn dollar_quote(&mut self) -> Result<TokenKind, SqlError> {
        let start = self.at;
        let mut tag_end = start + 1;
        while tag_end < self.bytes.len() && is_word_byte(self.bytes[tag_end]) && self.bytes[tag_end] != b'$' {
            tag_end += 1;
        }
        if self.bytes.get(tag_end) != Some(&b'$') {
            return Ok(self.take(1, TokenKind::Punctuation));
        }
        let tag = &self.bytes[start..=tag_end];
        self.at = tag_end + 1;
        while self.at < self.bytes.len() {
            if self.bytes[self.at] == b'$' && self.bytes[self.at..].starts_with(tag) {
                return Ok(self.take(tag.len(), TokenKind::String));
            }
            self.at += 1;
        }
        let range = start..tag_end + 1;
        let tag = self.text.get(range.clone()).unwrap_or_default().to_owned();
        Err(SqlError { kind: SqlErrorKind::UnterminatedDollarQuote(tag), range })
    }

    fn line_comment(&mut self) -> TokenKind {
        // A carriage return alone ends PostgreSQL's comments, and not SQLite's.
        let postgres = self.dialect == Dialect::Postgres;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\n' => break,
                b'\r' if postgres => break,
                _ => self.at += 1,
            }
        }
        TokenKind::Comment
    }

    fn block_comment(&mut self) -> Result<TokenKind, SqlError> {
        let start = self.at;
        let for_mariadb = self.dialect == Dialect::Mysql && self.peek(2) == b'M' && self.peek(3) == b'!';
        let kind = if matches!(self.peek(2), b'!' | b'+') || for_mariadb {
            TokenKind::ExecutableComment
        } else {
            TokenKind::Comment
        };
        let nests = self.dialect == Dialect::Postgres;
        let mut depth = 1;
        self.at += 2;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'*' if self.peek(1) == b'/' => {
                    self.at += 2;
                    depth -= 1;
                    if depth == 0 {
                        return Ok(kind);
                    }
                }
                b'/' if nests && self.peek(1) == b'*' => {
                    self.at += 2;
                    depth += 1;
                }
                _ => self.at += 1,
            }
        }
        // SQLite takes the end of the text for the end of the comment.
        if self.dialect == Dialect::Sqlite {
            return Ok(kind);
        }
        Err(SqlError { kind: SqlErrorKind::UnterminatedComment { nests }, range: start..start + 2 })
    }

    fn psql_command(&mut self) -> SqlError {
        let start = self.at;
        let end = self.skip_line();
        let line = self.text.get(start..end).unwrap_or_default().trim_end();
        let name = line.split_whitespace().next().unwrap_or_default().to_owned();
        SqlError { kind: SqlErrorKind::PsqlCommand(name), range: start..start + line.len() }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Result<Token, SqlError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.bytes.len() && CLASSES[usize::from(self.bytes[self.at])] == Class::Space {
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        let kind = self.read(self.bytes[start]);
        // An escape at the very end of the text points behind it.
        self.at = self.at.min(self.bytes.len());
        Some(kind.map(|kind| Token { kind, start, end: self.at }))
    }
}

fn is_word_byte(byte: u8) -> bool {
    matches!(CLASSES[usize::from(byte)], Class::Letter | Class::Digit) || byte == b'$'
}
