//! Expressions, for the columns and the queries in them.

use super::{DEEPEST, Read, Reader, Stop};
use crate::sql::TokenKind;
use crate::statement::{ColumnUse, Name, QualifiedName, Scope};

/// Words that are values.
const VALUES: [&str; 16] = [
    "NULL",
    "TRUE",
    "FALSE",
    "DEFAULT",
    "UNKNOWN",
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_USER",
    "CURRENT_ROLE",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "MAXVALUE",
];

/// Words that stand between two operands.
const BETWEEN: [&str; 16] = [
    "AND", "OR", "XOR", "DIV", "MOD", "IS", "LIKE", "RLIKE", "REGEXP", "IN", "BETWEEN", "NOT", "ESCAPE", "SOUNDS",
    "MEMBER", "OF",
];

/// Words that stand before an operand.
const PREFIXES: [&str; 8] = ["NOT", "BINARY", "PRIOR", "ROW", "ALL", "ANY", "SOME", "EXISTS"];

/// Words that end an expression, or can't be in one where an operand stands: no column is called so without quotes.
const RESERVED: [&str; 34] = [
    "SELECT", "FROM", "WHERE", "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "UNION", "SET", "INTO", "ON", "USING",
    "JOIN", "INNER", "LEFT", "RIGHT", "CROSS", "NATURAL", "AS", "WHEN", "THEN", "ELSE", "FOR", "LOCK", "ASC", "DESC",
    "TABLE", "INSERT", "UPDATE", "DELETE", "VALUES", "WINDOW", "DISTINCT",
];

/// Functions whose arguments aren't plain expressions.
const ODD: [&str; 22] = [
    "EXTRACT",
    "TRIM",
    "POSITION",
    "GROUP_CONCAT",
    "CHAR",
    "WEIGHT_STRING",
    "JSON_VALUE",
    "MATCH",
    "VALUES",
    "VALUE",
    "TIMESTAMPADD",
    "TIMESTAMPDIFF",
    "GET_FORMAT",
    "JSON_TABLE",
    "SUBSTRING",
    "SUBSTR",
    "MID",
    "ADDDATE",
    "SUBDATE",
    "CAST",
    "CONVERT",
    "DEFAULT",
];

impl Reader<'_> {
    /// Reads an expression as far as it goes; what isn't understood makes the scope opaque.
    pub(super) fn expression(&mut self, scope: &mut Scope) {
        if self.operands(scope).is_err() {
            scope.opaque = true;
        }
    }

    /// Reads expressions between commas.
    pub(super) fn expressions(&mut self, scope: &mut Scope) -> Read<()> {
        loop {
            self.operands(scope)?;
            if !self.eat_mark(b',') {
                return Ok(());
            }
        }
    }

    /// Reads an expression.
    pub(super) fn operands(&mut self, scope: &mut Scope) -> Read<()> {
        if self.depth >= DEEPEST {
            return Err(Stop::Opaque);
        }
        self.depth += 1;
        let read = self.chain(scope);
        self.depth -= 1;
        read
    }

    fn chain(&mut self, scope: &mut Scope) -> Read<()> {
        loop {
            self.operand(scope)?;
            while self.eat(&["COLLATE"]) {
                self.next().ok_or(Stop::Opaque)?;
            }
            let mut more = false;
            while self.peek().is_some_and(|token| token.kind == TokenKind::Operator) || self.is_mark(0, b'^') {
                self.at += 1;
                more = true;
            }
            while self.eat_any(&BETWEEN).is_some() {
                more = true;
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn operand(&mut self, scope: &mut Scope) -> Read<()> {
        let mut token = self.peek().ok_or(Stop::Opaque)?;
        // What stands before an operand: `-`, `NOT`, any number of them.
        loop {
            if token.kind == TokenKind::Operator {
                self.at += 1;
                // `COUNT(*)`
                if token.text(self.text) == "*" && self.is_mark(0, b')') {
                    return Ok(());
                }
            } else if self.eat_any(&PREFIXES).is_none() {
                break;
            }
            token = self.peek().ok_or(Stop::Opaque)?;
        }
        match token.kind {
            TokenKind::String => {
                while self.string().is_ok() {}
                Ok(())
            }
            TokenKind::Number | TokenKind::Parameter if !self.is_name_number() => {
                self.at += 1;
                Ok(())
            }
            TokenKind::Punctuation if token.is_mark(self.text, b'(') => self.group(scope),
            TokenKind::Punctuation if token.is_mark(self.text, b'?') => {
                self.at += 1;
                Ok(())
            }
            TokenKind::Word => self.worded(scope),
            TokenKind::QuotedName => self.column_use(scope),
            _ => Err(Stop::Opaque),
        }
    }

    /// Tells whether a name begins with a digit here.
    fn is_name_number(&self) -> bool {
        self.is_mark(1, b'.')
    }

    fn group(&mut self, scope: &mut Scope) -> Read<()> {
        self.mark(b'(')?;
        if self.at_query() {
            let inner = self.query()?;
            scope.inner.push(inner);
        } else {
            self.expressions(scope)?;
        }
        self.mark(b')')
    }

    /// Reads an operand that begins with a word.
    fn worded(&mut self, scope: &mut Scope) -> Read<()> {
        let word = self.word().ok_or(Stop::Opaque)?;
        match word.as_str() {
            "CASE" => return self.case(scope),
            "INTERVAL" if !self.is_mark(1, b'(') || !self.is_call_of_interval() => {
                self.at += 1;
                self.operands(scope)?;
                // DAY, HOUR_SECOND
                return self.word().map(|_| self.at += 1).ok_or(Stop::Opaque);
            }
            "DATE" | "TIME" | "TIMESTAMP"
                if self.tokens.get(self.at + 1).is_some_and(|t| t.kind == TokenKind::String) =>
            {
                self.at += 2;
                return Ok(());
            }
            _ => {}
        }
        if self.is_mark(1, b'(') && !RESERVED.contains(&word.as_str())
            || self.is_mark(1, b'(') && ODD.contains(&word.as_str())
        {
            return self.call(&word, scope);
        }
        if VALUES.contains(&word.as_str()) && !self.is_mark(1, b'.') {
            self.at += 1;
            return Ok(());
        }
        if word.starts_with('_') && self.tokens.get(self.at + 1).is_some_and(|token| token.kind == TokenKind::String) {
            self.at += 2;
            return Ok(());
        }
        if RESERVED.contains(&word.as_str()) {
            return Err(Stop::Opaque);
        }
        self.column_use(scope)
    }

    /// Tells whether `INTERVAL (` begins the function's arguments, of which there are two at least.
    fn is_call_of_interval(&self) -> bool {
        let mut depth = 0usize;
        for token in &self.tokens[self.at + 1..] {
            if token.is_mark(self.text, b'(') {
                depth += 1;
            } else if token.is_mark(self.text, b')') {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return false;
                }
            } else if depth == 1 && token.is_mark(self.text, b',') {
                return true;
            }
        }
        false
    }

    fn case(&mut self, scope: &mut Scope) -> Read<()> {
        self.at += 1;
        if !self.is_word(0, "WHEN") {
            self.operands(scope)?;
        }
        while self.eat(&["WHEN"]) {
            self.operands(scope)?;
            if !self.eat(&["THEN"]) {
                return Err(Stop::Opaque);
            }
            self.operands(scope)?;
        }
        if self.eat(&["ELSE"]) {
            self.operands(scope)?;
        }
        if self.eat(&["END"]) { Ok(()) } else { Err(Stop::Opaque) }
    }

    /// Reads the call of a function.
    fn call(&mut self, word: &str, scope: &mut Scope) -> Read<()> {
        self.at += 1;
        if word == "CAST" || word == "CONVERT" {
            self.mark(b'(')?;
            self.operands(scope)?;
            while !self.is_mark(0, b')') {
                if self.is_mark(0, b'(') {
                    self.skip_group()?;
                } else {
                    self.next().ok_or(Stop::Opaque)?;
                }
            }
            return self.mark(b')');
        }
        if ODD.contains(&word) {
            self.skip_group()?;
            if word == "MATCH" {
                self.keyword("AGAINST")?;
                self.skip_group()?;
            }
        } else {
            self.mark(b'(')?;
            self.eat_any(&["DISTINCT", "ALL"]);
            if !self.is_mark(0, b')') {
                if self.at_query() {
                    let inner = self.query()?;
                    scope.inner.push(inner);
                } else {
                    self.expressions(scope)?;
                }
            }
            self.mark(b')')?;
        }
        if self.eat(&["OVER"]) {
            if self.is_mark(0, b'(') {
                self.skip_group()?;
            } else {
                self.name()?;
            }
        }
        Ok(())
    }

    /// Reads a column: `c`, `t.c`, `d.t.c`.
    fn column_use(&mut self, scope: &mut Scope) -> Read<()> {
        let column = self.column_name(scope)?;
        if let Some(column) = column {
            scope.columns.push(column);
        }
        // A function of an author's own in another database.
        if self.is_mark(0, b'(') { Err(Stop::Opaque) } else { Ok(()) }
    }

    /// Reads a column's name; `t.*` is noted as all of a table's.
    pub(super) fn column_name(&mut self, scope: &mut Scope) -> Read<Option<ColumnUse>> {
        let mut parts: Vec<Name> = vec![self.name()?];
        while self.eat_mark(b'.') {
            if self.eat_operator("*") {
                let name = parts.pop().ok_or(Stop::Opaque)?;
                scope.rows.push(QualifiedName { schema: parts.pop(), name });
                return Ok(None);
            }
            parts.push(self.name()?);
        }
        let name = parts.pop().ok_or(Stop::Opaque)?;
        let table = parts.pop();
        Ok(Some(ColumnUse { schema: parts.pop(), table, name }))
    }
}
