//! Queries: what they read, and the columns that they name.

use super::{DEEPEST, Read, Reader, Stop};
use crate::sql::TokenKind;
use crate::statement::{Name, Output, Relation, Scope, Source, Value, With};

/// Words behind a table that are no alias of it.
const NO_ALIAS: [&str; 33] = [
    "JOIN",
    "INNER",
    "LEFT",
    "RIGHT",
    "CROSS",
    "NATURAL",
    "STRAIGHT_JOIN",
    "ON",
    "USING",
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "MINUS",
    "SET",
    "FOR",
    "USE",
    "FORCE",
    "IGNORE",
    "WINDOW",
    "PROCEDURE",
    "INTO",
    "VALUES",
    "VALUE",
    "SELECT",
    "PARTITION",
    "LOCK",
    "AS",
    "RETURNING",
];

const MODIFIERS: [&str; 10] = [
    "ALL",
    "DISTINCT",
    "DISTINCTROW",
    "HIGH_PRIORITY",
    "STRAIGHT_JOIN",
    "SQL_SMALL_RESULT",
    "SQL_BIG_RESULT",
    "SQL_BUFFER_RESULT",
    "SQL_NO_CACHE",
    "SQL_CALC_FOUND_ROWS",
];

impl Reader<'_> {
    /// Tells whether a query begins here, parentheses around it included.
    pub(super) fn at_query(&self) -> bool {
        let mut ahead = 0;
        while self.is_mark(ahead, b'(') {
            ahead += 1;
        }
        ["SELECT", "WITH", "TABLE"].iter().any(|word| self.is_word(ahead, word))
            || self.is_word(ahead, "VALUES") && !self.is_mark(ahead + 1, b'(')
    }

    /// Reads a query up to the statement's end; what isn't understood makes it opaque.
    pub(super) fn whole_query(&mut self) -> Scope {
        match self.query() {
            Ok(scope) if self.is_done() => scope,
            _ => Scope { opaque: true, ..Scope::default() },
        }
    }

    /// Reads a query.
    pub(super) fn query(&mut self) -> Read<Scope> {
        if self.depth >= DEEPEST {
            return Err(Stop::Opaque);
        }
        self.depth += 1;
        let read = self.query_with();
        self.depth -= 1;
        read
    }

    fn query_with(&mut self) -> Read<Scope> {
        let mut with = Vec::new();
        let mut recursive = false;
        if self.eat(&["WITH"]) {
            recursive = self.eat(&["RECURSIVE"]);
            loop {
                let name = self.name()?;
                let columns = if self.is_mark(0, b'(') { self.name_list()? } else { Vec::new() };
                if !self.eat(&["AS"]) {
                    return Err(Stop::Opaque);
                }
                self.mark(b'(')?;
                let query = self.query()?;
                self.mark(b')')?;
                with.push(With { name, columns, query });
                if !self.eat_mark(b',') {
                    break;
                }
            }
        }
        let mut scope = self.arms()?;
        (scope.with, scope.recursive) = (with, recursive);
        Ok(scope)
    }

    fn arms(&mut self) -> Read<Scope> {
        let mut scope = self.arm()?;
        let mut alone = true;
        while self.eat_any(&["UNION", "EXCEPT", "INTERSECT", "MINUS"]).is_some() {
            self.eat_any(&["ALL", "DISTINCT"]);
            let arm = self.arm()?;
            scope.inner.push(arm);
            alone = false;
        }
        // What sorts a union are its output's columns.
        let mut sorted = Scope::default();
        self.tail(if alone { &mut scope } else { &mut sorted })?;
        Ok(scope)
    }

    fn arm(&mut self) -> Read<Scope> {
        if self.eat_mark(b'(') {
            let scope = self.query()?;
            self.mark(b')')?;
            return Ok(scope);
        }
        if !self.eat(&["SELECT"]) {
            return Err(Stop::Opaque);
        }
        while self.eat_any(&MODIFIERS).is_some() {}
        let mut scope = Scope::default();
        loop {
            self.output(&mut scope)?;
            if !self.eat_mark(b',') {
                break;
            }
        }
        self.into()?;
        if self.eat(&["FROM"]) && !self.eat(&["DUAL"]) {
            self.tables(&mut scope)?;
        }
        if self.eat(&["WHERE"]) {
            self.operands(&mut scope)?;
        }
        if self.eat(&["GROUP", "BY"]) {
            self.sorts(&mut scope)?;
            self.eat(&["WITH", "ROLLUP"]);
        }
        if self.eat(&["HAVING"]) {
            let mut having = Scope::default();
            self.operands(&mut having)?;
            self.loosely(having, &mut scope);
        }
        Ok(scope)
    }

    /// Reads what stands behind the arms of a query.
    fn tail(&mut self, scope: &mut Scope) -> Read<()> {
        if self.eat(&["ORDER", "BY"]) {
            self.sorts(scope)?;
        }
        if self.eat(&["LIMIT"]) {
            while self.peek().is_some_and(|token| matches!(token.kind, TokenKind::Number | TokenKind::Parameter))
                || self.is_mark(0, b',')
                || self.is_word(0, "OFFSET")
            {
                self.at += 1;
            }
        }
        self.into()?;
        if self.eat(&["FOR"]) {
            self.eat_any(&["UPDATE", "SHARE"]).ok_or(Stop::Opaque)?;
            self.eat_any(&["NOWAIT"]);
            self.eat(&["SKIP", "LOCKED"]);
        }
        self.eat(&["LOCK", "IN", "SHARE", "MODE"]);
        Ok(())
    }

    fn into(&mut self) -> Read<()> {
        if self.eat(&["INTO"]) {
            loop {
                self.peek().filter(|token| token.kind == TokenKind::Parameter).ok_or(Stop::Opaque)?;
                self.at += 1;
                if !self.eat_mark(b',') {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Reads what sorts or groups: expressions, whose names may be those of the output.
    pub(super) fn sorts(&mut self, scope: &mut Scope) -> Read<()> {
        loop {
            let mut one = Scope::default();
            self.operands(&mut one)?;
            self.eat_any(&["ASC", "DESC"]);
            self.loosely(one, scope);
            if !self.eat_mark(b',') {
                return Ok(());
            }
        }
    }

    /// Adds what an expression names where a name may also be that of an output's column.
    fn loosely(&self, one: Scope, scope: &mut Scope) {
        for column in one.columns {
            if column.table.is_none() {
                scope.sorts.push(column.name);
            } else {
                scope.columns.push(column);
            }
        }
        scope.inner.extend(one.inner);
        scope.opaque |= one.opaque;
    }

    fn output(&mut self, scope: &mut Scope) -> Read<()> {
        if self.eat_operator("*") {
            scope.output.push(Output::All);
            return Ok(());
        }
        let (columns, rows, from) = (scope.columns.len(), scope.rows.len(), self.at);
        self.operands(scope)?;
        if let Some(row) = scope.rows.get(rows) {
            scope.output.push(Output::Row(row.clone()));
            return Ok(());
        }
        let alone = self.at - from <= 5
            && scope.columns.len() == columns + 1
            && self.tokens[self.at - 1].kind != TokenKind::Punctuation;
        let column = scope.columns.last().filter(|_| alone && (self.at - from) % 2 == 1).cloned();
        let mut name = column.as_ref().map(|column| column.name.text.clone());
        let aliased = self.eat(&["AS"]);
        let is_alias = self.peek().is_some_and(|token| match token.kind {
            TokenKind::Word => {
                aliased || self.word().is_some_and(|word| word != "FROM" && !NO_ALIAS.contains(&word.as_str()))
            }
            TokenKind::QuotedName | TokenKind::String => true,
            _ => false,
        });
        if is_alias && let Some(token) = self.next() {
            let text = token.text(self.text);
            name = Some(if token.kind == TokenKind::Word { text.to_owned() } else { crate::sql::unquoted(text) });
        }
        let value = column.map_or(Value::Other, Value::Column);
        scope.output.push(Output::Column { name, value });
        Ok(())
    }

    /// Reads the tables of a `FROM`, an `UPDATE` or a `USING`.
    pub(super) fn tables(&mut self, scope: &mut Scope) -> Read<()> {
        loop {
            self.joined(scope)?;
            if !self.eat_mark(b',') {
                return Ok(());
            }
        }
    }

    fn joined(&mut self, scope: &mut Scope) -> Read<()> {
        self.table(scope)?;
        loop {
            self.eat(&["NATURAL"]);
            let side = self.eat_any(&["LEFT", "RIGHT", "INNER", "CROSS"]).is_some();
            self.eat(&["OUTER"]);
            if !self.eat(&["JOIN"]) && !self.eat(&["STRAIGHT_JOIN"]) {
                return if side { Err(Stop::Opaque) } else { Ok(()) };
            }
            self.table(scope)?;
            if self.eat(&["ON"]) {
                self.operands(scope)?;
            } else if self.eat(&["USING"]) {
                let names = self.name_list()?;
                scope.sorts.extend(names);
            }
        }
    }

    fn table(&mut self, scope: &mut Scope) -> Read<()> {
        if self.depth >= DEEPEST {
            return Err(Stop::Opaque);
        }
        let lateral = self.eat(&["LATERAL"]);
        if self.is_mark(0, b'(') && !self.at_query() {
            self.at += 1;
            self.depth += 1;
            let read = self.tables(scope);
            self.depth -= 1;
            read?;
            return self.mark(b')');
        }
        let source = if self.eat_mark(b'(') {
            let query = self.query()?;
            self.mark(b')')?;
            Source::Query(Box::new(query))
        } else if self.is_mark(1, b'(') && !self.is_word(1, "PARTITION") {
            self.at += 1;
            self.skip_group()?;
            Source::Other
        } else {
            let name = self.qualified()?;
            if self.eat(&["PARTITION"]) {
                self.skip_group()?;
            }
            if self.is_word(0, "FOR") && self.is_word(1, "SYSTEM_TIME") {
                return Err(Stop::Opaque);
            }
            Source::Table(name)
        };
        let alias = self.alias()?;
        let columns = if alias.is_some() && self.is_mark(0, b'(') { self.name_list()? } else { Vec::new() };
        while self.eat_any(&["USE", "FORCE", "IGNORE"]).is_some() {
            self.eat_any(&["INDEX", "KEY"]).ok_or(Stop::Opaque)?;
            if self.eat(&["FOR"]) {
                self.eat_any(&["JOIN", "ORDER", "GROUP"]);
                self.eat(&["BY"]);
            }
            self.skip_group()?;
        }
        scope.from.push(Relation { source, alias, columns, lateral, hidden: false });
        Ok(())
    }

    /// Reads the alias of a table.
    pub(super) fn alias(&mut self) -> Read<Option<Name>> {
        if self.eat(&["AS"]) {
            return self.name().map(Some);
        }
        let is_alias = self.peek().is_some_and(|token| match token.kind {
            TokenKind::Word => self.word().is_some_and(|word| !NO_ALIAS.contains(&word.as_str())),
            TokenKind::QuotedName => true,
            _ => false,
        });
        if is_alias { self.name().map(Some) } else { Ok(None) }
    }
}
